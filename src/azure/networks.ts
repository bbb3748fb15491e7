import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import type { Ipv4Range } from '../units/index.js';
import { overlaps, parseIpv4Range } from '../units/index.js';
import { addressLeases } from './addresses.js';
import type { SubnetRange } from './addresses.js';
import { armKey } from './arm-id.js';
import { AzureError } from './error.js';

export interface Subnet {
  readonly name: string;
  readonly addressPrefix: string;
  /** Services that own the subnet, e.g. `Microsoft.Web/serverFarms`: AKS nodes can't be placed in it. */
  readonly delegations?: readonly string[];
  /** Members of its `properties` that are returned as they were sent. */
  readonly otherProperties?: Readonly<Record<string, unknown>>;
}

/** A virtual network with its subnets; their ids are the network's id and `/subnets/NAME`. */
export interface VirtualNetwork {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly addressPrefixes: readonly string[];
  readonly subnets: readonly Subnet[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Members of its `properties` that are returned as they were sent. */
  readonly otherProperties?: Readonly<Record<string, unknown>>;
}

/** Virtual networks by lower-case ARM id. */
export const virtualNetworks = defineCollection<VirtualNetwork>('virtualNetworks', {
  byResourceGroup: (network) => network.resourceGroup.toLowerCase(),
});

/** Prefix length of the smallest subnet that Azure takes. */
const longestPrefix = 29;

const invalid = (code: string, message: string, target?: string): AzureError =>
  new AzureError({ status: 400, code, message, envelope: 'arm', ...(target !== undefined && { target }) });

function range(text: string, target: string): Ipv4Range {
  const parsed = parseIpv4Range(text);
  if (!parsed) {
    throw invalid(
      'InvalidCIDRNotation',
      `The address prefix '${text}' is not valid CIDR notation: give the network's own address, e.g. 10.0.0.0/16.`,
      target,
    );
  }
  return parsed;
}

/**
 * Creates a network or replaces its definition (Microsoft.Network: virtual networks).
 *
 * @throws AzureError for prefixes that are no CIDR, subnets outside the network, overlapping or twice of one name, and for
 * a subnet in use that is removed or changed.
 */
export function putVirtualNetwork(tx: Transaction, network: VirtualNetwork): void {
  const space = 'addressSpace.addressPrefixes';
  if (network.addressPrefixes.length === 0) {
    throw invalid('InvalidRequestFormat', `${space} must hold at least one address prefix.`, space);
  }
  const prefixes = network.addressPrefixes.map((text) => range(text, space));
  const ranges = network.subnets.map((subnet) => {
    const target = `subnets.${subnet.name}.addressPrefix`;
    return { subnet, target, range: range(subnet.addressPrefix, target) };
  });
  ranges.forEach(({ subnet, target, range: own }, index) => {
    const earlier = ranges.slice(0, index);
    if (own.prefix > longestPrefix) {
      throw invalid(
        'NetcfgInvalidSubnet',
        `Subnet '${subnet.name}' is too small: the smallest is a /29.`,
        target,
      );
    }
    if (!prefixes.some((prefix) => prefix.first <= own.first && own.last <= prefix.last)) {
      throw invalid(
        'NetcfgInvalidSubnet',
        `Subnet '${subnet.name}' is not valid because its IP address range is outside the IP address range of virtual network '${network.name}'.`,
        target,
      );
    }
    if (earlier.some((other) => other.subnet.name.toLowerCase() === subnet.name.toLowerCase())) {
      throw invalid('InvalidRequestFormat', `Subnet name '${subnet.name}' is used twice.`, target);
    }
    const overlapping = earlier.find((other) => overlaps(other.range, own));
    if (overlapping) {
      throw invalid(
        'NetcfgSubnetRangesOverlap',
        `Subnet '${subnet.name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network.name}'.`,
        target,
      );
    }
  });
  const key = armKey(network.id);
  for (const old of tx.get(virtualNetworks, key)?.subnets ?? []) {
    const now = network.subnets.find(({ name }) => name.toLowerCase() === old.name.toLowerCase());
    if (!now) refuseDeletionWhileInUse(tx, network, old);
    else if (now.addressPrefix !== old.addressPrefix) refuseChangeWhileInUse(tx, network, old);
  }
  tx.put(virtualNetworks, key, network);
}

/** Deletes a network; false when there was none. @throws AzureError InUseSubnetCannotBeDeleted */
export function deleteVirtualNetwork(tx: Transaction, id: string): boolean {
  const network = tx.get(virtualNetworks, armKey(id));
  for (const subnet of network?.subnets ?? []) if (network) refuseDeletionWhileInUse(tx, network, subnet);
  return tx.delete(virtualNetworks, armKey(id));
}

/** A VM that holds addresses of the subnet, if any does. */
const holderOf = (reader: Reader, network: VirtualNetwork, subnet: Subnet): string | undefined =>
  reader.find(addressLeases, 'bySubnet', armKey(subnetId(network, subnet)))[0]?.owner;

function refuseDeletionWhileInUse(reader: Reader, network: VirtualNetwork, subnet: Subnet): void {
  const holder = holderOf(reader, network, subnet);
  if (holder === undefined) return;
  throw invalid(
    'InUseSubnetCannotBeDeleted',
    `Subnet ${subnet.name} is in use by ${holder} and cannot be deleted. In order to delete the subnet, ` +
      'delete all the resources within the subnet. See aka.ms/deletesubnet.',
  );
}

function refuseChangeWhileInUse(reader: Reader, network: VirtualNetwork, subnet: Subnet): void {
  if (holderOf(reader, network, subnet) === undefined) return;
  throw invalid(
    'InUsePrefixCannotBeDeleted',
    `IpPrefix ${subnet.addressPrefix} on Subnet ${subnet.name} has active allocations and cannot be deleted.`,
  );
}

/** ARM id of a subnet of the network. */
export const subnetId = (network: VirtualNetwork, subnet: Subnet): string =>
  `${network.id}/subnets/${subnet.name}`;

/** A subnet found by its id, with what the accounting needs of it. */
export interface FoundSubnet {
  readonly network: VirtualNetwork;
  readonly subnet: Subnet;
  readonly range: SubnetRange & { readonly first: number };
}

/** Finds a subnet by its ARM id, whatever its letter case. */
export function findSubnet(reader: Reader, id: string): FoundSubnet | undefined {
  const key = armKey(id);
  const [networkKey = '', name = ''] = key.split('/subnets/');
  const network = reader.get(virtualNetworks, networkKey);
  const subnet = network?.subnets.find((candidate) => candidate.name.toLowerCase() === name);
  const parsed = subnet && parseIpv4Range(subnet.addressPrefix);
  if (!network || !subnet || !parsed) return undefined;
  const { first, last } = parsed;
  const range = { key, name: subnet.name, prefix: subnet.addressPrefix, size: last - first + 1, first };
  return { network, subnet, range };
}
