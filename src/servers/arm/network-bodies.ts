import { AzureError } from '../../azure/index.js';
import type { Subnet, VirtualNetwork } from '../../azure/index.js';
import { parseTagsBody } from '../../nodepools/index.js';

const refuse = (target: string, what: string): never => {
  throw new AzureError({
    status: 400,
    code: 'InvalidRequestFormat',
    target,
    envelope: 'arm',
    message: `Cannot parse the request: ${target} must be ${what}.`,
  });
};

const object = (value: unknown, target: string): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : refuse(target, 'an object');

const list = (value: unknown, target: string): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : refuse(target, 'an array');

const string = (value: unknown, target: string): string =>
  typeof value === 'string' && value !== '' ? value : refuse(target, 'a non-empty string');

/** Reads the body of a subnet's PUT. @throws AzureError 400 that names the member at fault. */
export function subnetFromBody(body: unknown, name: string): Subnet {
  const properties = object(object(body, 'body')['properties'], 'properties');
  const prefixes = properties['addressPrefixes'];
  const addressPrefix = string(
    properties['addressPrefix'] ?? (Array.isArray(prefixes) ? (prefixes[0] as unknown) : undefined),
    `subnets.${name}.properties.addressPrefix`,
  );
  const delegations = list(properties['delegations'] ?? [], 'delegations').map((delegation) =>
    string(
      object(object(delegation, 'delegations')['properties'], 'delegations.properties')['serviceName'],
      'delegations.properties.serviceName',
    ),
  );
  return { name, addressPrefix, ...(delegations.length > 0 && { delegations }) };
}

/** Reads the body of a virtual network's PUT. @throws AzureError 400 that names the member at fault. */
export function networkFromBody(
  body: unknown,
  known: {
    readonly id: string;
    readonly name: string;
    readonly resourceGroup: string;
    readonly location: string;
  },
): VirtualNetwork {
  const { location, tags, properties: sent } = object(body, 'body');
  const properties = object(sent, 'properties');
  const space = object(properties['addressSpace'], 'properties.addressSpace');
  const target = 'properties.addressSpace.addressPrefixes';
  return {
    ...known,
    location: location === undefined ? known.location : string(location, 'location'),
    addressPrefixes: list(space['addressPrefixes'], target).map((prefix) => string(prefix, target)),
    subnets: list(properties['subnets'] ?? [], 'properties.subnets').map((subnet) =>
      subnetFromBody(subnet, string(object(subnet, 'properties.subnets')['name'], 'properties.subnets.name')),
    ),
    ...(tags !== undefined && tags !== null && { tags: parseTagsBody({ tags }) }),
  };
}
