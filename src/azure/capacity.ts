import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import { AzureError } from './error.js';
import type { Priority } from './quota.js';

/** Where VMs are to be had: a size in a region, or in one zone of it. */
export interface Place {
  readonly location: string;
  readonly size: string;
  /** Absent: the whole region. */
  readonly zone?: string;
}

/** A VM size that runs out: how many more of it can be had. */
export interface Shortage extends Place {
  /** Spot VMs only; absent: VMs of either priority share what remains. */
  readonly priority?: 'Spot';
  readonly remaining: number;
  /** The size is not offered to the subscription here at all: nothing that is deleted makes room. */
  readonly restricted?: true;
}

/** Shortages by `location|size|zone` in lower case; without one there is room for any number of VMs. */
export const shortages = defineCollection<Shortage>('shortages');

const shortageKey = ({ location, size, zone }: Place, priority?: 'Spot'): string =>
  `${location}|${size}|${zone ?? '*'}${priority === undefined ? '' : '|spot'}`.toLowerCase();

/** From now on only `remaining` more VMs can be had; VMs that are there already stay. */
export function setShortage(tx: Transaction, shortage: Shortage): void {
  tx.put(shortages, shortageKey(shortage, shortage.priority), shortage);
}

/** The size is not offered to the subscription at the place (Azure: SKU restrictions). */
export const setRestriction = (tx: Transaction, { location, size, zone }: Place): void =>
  setShortage(tx, {
    location,
    size,
    ...(zone !== undefined && { zone }),
    remaining: 0,
    restricted: true,
  });

/** Ends a shortage or restriction of VMs of either priority; with `Spot`, one of spot VMs. */
export function clearShortage(
  tx: Transaction,
  location: string,
  size: string,
  zone?: string,
  priority?: 'Spot',
): void {
  tx.delete(shortages, shortageKey({ location, size, ...(zone !== undefined && { zone }) }, priority));
}

/** Keys of all shortages that bear on a VM: of its zone and of its region, of its priority and of both. */
function keysFor({ location, size, zone }: Place, priority: Priority): readonly string[] {
  const places =
    zone === undefined
      ? [{ location, size }]
      : [
          { location, size },
          { location, size, zone },
        ];
  return places.flatMap((place) =>
    priority === 'Spot' ? [shortageKey(place), shortageKey(place, 'Spot')] : [shortageKey(place)],
  );
}

/** VMs that can still be had at a place; Infinity without a shortage. */
export function remainingCapacity(reader: Reader, place: Place, priority: Priority): number {
  const remaining = keysFor(place, priority).map((key) => reader.get(shortages, key)?.remaining ?? Infinity);
  return Math.max(0, Math.min(...remaining));
}

/** Whether the subscription is not offered the size at the place. */
export const isRestricted = (reader: Reader, place: Place): boolean =>
  keysFor(place, 'Regular').some((key) => reader.get(shortages, key)?.restricted === true);

/** Whether the subscription is offered the size in none of the zones (or in the region, where none is asked for). */
export const isOfferedNowhere = (
  reader: Reader,
  { location, size }: Place,
  zones: readonly string[],
): boolean =>
  (zones.length > 0 ? zones.map((zone) => ({ location, size, zone })) : [{ location, size }]).every((place) =>
    isRestricted(reader, place),
  );

/** Takes one VM's room, or gives it back (`vms` of -1). */
export function useCapacity(tx: Transaction, place: Place, priority: Priority, vms: 1 | -1): void {
  for (const key of keysFor(place, priority)) {
    const shortage = tx.get(shortages, key);
    if (!shortage || shortage.restricted) continue;
    tx.put(shortages, key, { ...shortage, remaining: shortage.remaining - vms });
  }
}

/**
 * Why no zone asked for (or the region, where none is) has room for a VM: `SkuNotAvailable` where the size is offered in
 * none of them, else `ZonalAllocationFailed` or `AllocationFailed` (Azure: allocation failures).
 */
export function allocationFailed(
  reader: Reader,
  { location, size }: Place,
  zones: readonly string[],
): AzureError {
  if (isOfferedNowhere(reader, { location, size }, zones)) return skuNotAvailable(location, size);
  const [code, where] =
    zones.length > 0
      ? ['ZonalAllocationFailed', `zone ${zones.join(', ')}`]
      : ['AllocationFailed', 'this region'];
  return new AzureError({
    status: 409,
    code,
    message:
      `Allocation failed. We do not have sufficient capacity for the requested VM size ${size} in ${where}. ` +
      'Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance',
  });
}

const skuNotAvailable = (location: string, size: string): AzureError =>
  new AzureError({
    status: 409,
    code: 'SkuNotAvailable',
    target: 'sku.name',
    message:
      `The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: ${size}' is currently ` +
      `not available in location '${location}'. Please try another size or deploy to a different location or different ` +
      'zone. See https://aka.ms/azureskunotavailable for details.',
  });
