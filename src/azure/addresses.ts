import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import { AzureError } from './error.js';

/** A run of addresses: `first` counts from the subnet's own address. */
export interface AddressBlock {
  readonly first: number;
  readonly count: number;
}

/** What of a subnet is in use. All at or above `top` is free, and so are the blocks in `released`: in order, none adjacent. */
export interface SubnetUse {
  readonly used: number;
  readonly top: number;
  readonly released: readonly AddressBlock[];
}

/** The addresses that one VM holds in one subnet. */
export interface AddressLease {
  readonly owner: string;
  readonly subnet: string;
  readonly blocks: readonly AddressBlock[];
}

/** Address use by lower-case subnet id. */
export const subnetUses = defineCollection<SubnetUse>('subnetUses');

/** Leases by `owner|subnet`. */
export const addressLeases = defineCollection<AddressLease>('addressLeases', {
  byOwner: (lease) => lease.owner,
  bySubnet: (lease) => lease.subnet,
});

/** A subnet as the accounting sees it: `size` is the number of addresses of its prefix. */
export interface SubnetRange {
  readonly key: string;
  readonly name: string;
  readonly prefix: string;
  readonly size: number;
}

const reservedAtStart = 4;
/** Azure keeps the first four addresses of a subnet and its last one. */
export const reservedAddresses = 5;

const unused: SubnetUse = { used: 0, top: reservedAtStart, released: [] };

/** Addresses of a subnet that can still be leased. */
export function freeAddresses(reader: Reader, subnet: SubnetRange): number {
  const { used } = reader.get(subnetUses, subnet.key) ?? unused;
  return Math.max(0, subnet.size - reservedAddresses - used);
}

/** Leases `count` addresses: released ones first, then ones never used. The failure is compute's SubnetIsFull. */
export function leaseAddresses(
  tx: Transaction,
  subnet: SubnetRange,
  owner: string,
  count: number,
): AddressLease | AzureError {
  if (count > freeAddresses(tx, subnet)) return subnetIsFull(subnet, count);
  const { used, top, released } = tx.get(subnetUses, subnet.key) ?? unused;
  const blocks: AddressBlock[] = [];
  const kept: AddressBlock[] = [];
  let missing = count;
  for (const block of released) {
    const taken = Math.min(missing, block.count);
    if (taken > 0) blocks.push({ first: block.first, count: taken });
    if (taken < block.count) kept.push({ first: block.first + taken, count: block.count - taken });
    missing -= taken;
  }
  if (missing > 0) blocks.push({ first: top, count: missing });
  tx.put(subnetUses, subnet.key, { used: used + count, top: top + missing, released: kept });
  const lease: AddressLease = { owner, subnet: subnet.key, blocks };
  tx.put(addressLeases, `${owner}|${subnet.key}`, lease);
  return lease;
}

/** Gives back all that `owner` holds. */
export function releaseAddresses(tx: Transaction, owner: string): void {
  for (const { subnet, blocks } of tx.find(addressLeases, 'byOwner', owner)) {
    tx.put(subnetUses, subnet, blocks.reduce(giveBack, tx.get(subnetUses, subnet) ?? unused));
    tx.delete(addressLeases, `${owner}|${subnet}`);
  }
}

/** Frees a block, joined with its free neighbours: what is stored grows with the gaps, not with what was given back. */
function giveBack({ used, top, released }: SubnetUse, block: AddressBlock): SubnetUse {
  let index = firstAfter(released, block.first);
  let { first, count } = block;
  let joined = 0;
  const next = released[index];
  if (next && first + count === next.first) {
    count += next.count;
    joined++;
  }
  const previous = released[index - 1];
  if (previous && previous.first + previous.count === first) {
    first = previous.first;
    count += previous.count;
    index--;
    joined++;
  }
  const left = used - block.count;
  return first + count === top
    ? { used: left, top: first, released: released.toSpliced(index, joined) }
    : { used: left, top, released: released.toSpliced(index, joined, { first, count }) };
}

/** Index of the first block that begins after `address`. */
function firstAfter(blocks: readonly AddressBlock[], address: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.first ?? Infinity) <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Compute's refusal of more addresses than a subnet has free. */
export const subnetIsFull = (subnet: SubnetRange, count: number): AzureError =>
  new AzureError({
    status: 400,
    code: 'SubnetIsFull',
    message:
      `Subnet ${subnet.name} with address prefix ${subnet.prefix} does not have enough capacity for ` +
      `${String(count)} IP addresses.`,
  });
