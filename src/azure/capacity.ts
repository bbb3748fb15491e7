import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import { AzureError } from './error.js';

/** A region that runs out of a VM size: how many more of it can be had. A zone that is absent stands for the region. */
export interface Shortage {
  readonly location: string;
  readonly size: string;
  readonly zone?: string;
  readonly remaining: number;
}

/** Shortages by `location|size|zone`; without one there is room for any number of VMs. */
export const shortages = defineCollection<Shortage>('shortages');

const shortageKey = (location: string, size: string, zone: string | undefined): string =>
  `${location}|${size.toLowerCase()}|${zone ?? '*'}`;

export function setShortage(tx: Transaction, shortage: Shortage): void {
  tx.put(shortages, shortageKey(shortage.location, shortage.size, shortage.zone), shortage);
}

export function clearShortage(tx: Transaction, location: string, size: string, zone?: string): void {
  tx.delete(shortages, shortageKey(location, size, zone));
}

/** VMs of a size that can still be had in a zone (or in a region, without one). */
export function remainingCapacity(
  reader: Reader,
  location: string,
  size: string,
  zone: string | undefined,
): number {
  const scopes = zone === undefined ? [undefined] : [undefined, zone];
  const remaining = scopes.map(
    (scope) => reader.get(shortages, shortageKey(location, size, scope))?.remaining,
  );
  return Math.min(...remaining.map((count) => count ?? Infinity));
}

/** Takes one VM's room, or gives it back (`vms` of -1). */
export function useCapacity(
  tx: Transaction,
  location: string,
  size: string,
  zone: string | undefined,
  vms: 1 | -1,
): void {
  for (const scope of zone === undefined ? [undefined] : [undefined, zone]) {
    const key = shortageKey(location, size, scope);
    const shortage = tx.get(shortages, key);
    if (shortage) tx.put(shortages, key, { ...shortage, remaining: shortage.remaining - vms });
  }
}

/** The failure of an allocation that no zone asked for can hold (Azure: allocation failures). */
export function allocationFailed(size: string, zones: readonly string[]): AzureError {
  const [zone] = zones;
  if (zone === undefined) {
    return new AzureError({
      status: 409,
      code: 'AllocationFailed',
      message:
        `Allocation failed. We do not have sufficient capacity for the requested VM size ${size} in this region. ` +
        'Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance',
    });
  }
  return new AzureError({
    status: 409,
    code: 'ZonalAllocationFailed',
    message:
      `Allocation failed. We do not have sufficient capacity for the requested VM size ${size} in zone ${zones.join(', ')}. ` +
      'Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance',
  });
}
