import { AzureError } from './error.js';
import type { Subnet, VirtualNetwork } from './networks.js';

type Fields = Readonly<Record<string, unknown>>;

const refuse = (target: string, what: string): never => {
  throw new AzureError({
    status: 400,
    code: 'InvalidRequestFormat',
    target,
    envelope: 'arm',
    message: `Cannot parse the request: ${target} must be ${what}.`,
  });
};

const object = (value: unknown, target: string): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : refuse(target, 'an object');

const list = (value: unknown, target: string): readonly unknown[] =>
  Array.isArray(value) ? value : refuse(target, 'an array');

const string = (value: unknown, target: string): string =>
  typeof value === 'string' && value !== '' ? value : refuse(target, 'a non-empty string');

/** Members that are kept and returned, but have no effect. None of those that the answer works out itself. */
function others(properties: Fields, known: readonly string[]): { otherProperties?: Fields } {
  const kept = Object.entries(properties).filter(
    ([name, value]) => value !== null && !known.includes(name) && !readOnly.includes(name),
  );
  return kept.length > 0 ? { otherProperties: Object.fromEntries(kept) } : {};
}

const readOnly = ['provisioningState', 'resourceGuid', 'ipConfigurations', 'purpose'];

/** Reads the body of a subnet's PUT. @throws AzureError 400 InvalidRequestFormat that names the member at fault. */
export function parseSubnetBody(body: unknown, name: string): Subnet {
  const at = `subnets.${name}.properties`;
  const properties = object(object(body, 'body')['properties'], at);
  const { addressPrefix, addressPrefixes, delegations } = properties;
  // A subnet may be sent with a list of prefixes: AKS knows subnets of one.
  const prefixes = addressPrefixes == null ? [] : list(addressPrefixes, `${at}.addressPrefixes`);
  if (prefixes.length > 1) refuse(`${at}.addressPrefixes`, 'a list of one prefix: more are not modelled');
  const services = list(delegations ?? [], `${at}.delegations`).map((delegation) => {
    const target = `${at}.delegations.properties`;
    const { serviceName } = object(object(delegation, `${at}.delegations`)['properties'], target);
    return string(serviceName, `${target}.serviceName`);
  });
  return {
    name,
    addressPrefix: string(addressPrefix ?? prefixes[0], `${at}.addressPrefix`),
    ...(services.length > 0 && { delegations: services }),
    ...others(properties, ['addressPrefix', 'addressPrefixes', 'delegations']),
  };
}

/** Reads the body of a virtual network's PUT. @throws AzureError 400 InvalidRequestFormat that names the member at fault. */
export function parseVirtualNetworkBody(
  body: unknown,
  place: Pick<VirtualNetwork, 'id' | 'name' | 'resourceGroup' | 'location'>,
): VirtualNetwork {
  const { location, tags, properties: sent } = object(body, 'body');
  const properties = object(sent, 'properties');
  const target = 'properties.addressSpace.addressPrefixes';
  const { addressPrefixes } = object(properties['addressSpace'], 'properties.addressSpace');
  return {
    ...place,
    location: location == null ? place.location : string(location, 'location'),
    addressPrefixes: list(addressPrefixes, target).map((prefix) => string(prefix, target)),
    subnets: list(properties['subnets'] ?? [], 'properties.subnets').map((subnet) =>
      parseSubnetBody(
        subnet,
        string(object(subnet, 'properties.subnets')['name'], 'properties.subnets.name'),
      ),
    ),
    ...(tags != null && { tags: parseTags(tags) }),
    ...others(properties, ['addressSpace', 'subnets']),
  };
}

const parseTags = (tags: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(object(tags, 'tags')).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : refuse(`tags.${name}`, 'a string'),
    ]),
  );
