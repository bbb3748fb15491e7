import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import { AzureError } from './error.js';
import type { VmSize } from './catalog.js';

/** Spot VMs count against their own quota, others against their family's and the region's. */
export type Priority = 'Regular' | 'Spot';

/** vCPUs used and allowed in a region under one name: a family, `cores` (all families) or `lowPriorityCores` (spot). */
export interface Quota {
  readonly location: string;
  readonly name: string;
  readonly used: number;
  /** Absent: the default limit. */
  readonly limit?: number;
}

/** Quotas by `location|name` in lower case; one that is absent is unused and has the default limit. */
export const quotas = defineCollection<Quota>('quotas', { byLocation: (quota) => quota.location });

/** vCPUs that a subscription may use unless told otherwise: room for a pool of 1,000 nodes of 4 and more beside it. */
export const defaultQuotaLimit = 50_000;

export const regionalCores = 'cores';
export const spotCores = 'lowPriorityCores';

const quotaKey = (location: string, name: string): string => `${location}|${name.toLowerCase()}`;

/** The quota of a name in a region. */
export const quotaOf = (reader: Reader, location: string, name: string): Required<Quota> => {
  const { used = 0, limit = defaultQuotaLimit } = reader.get(quotas, quotaKey(location, name)) ?? {};
  return { location, name, used, limit };
};

/** Sets how many vCPUs may be used; what is in use already stays. */
export function setQuotaLimit(tx: Transaction, location: string, name: string, limit: number): void {
  tx.put(quotas, quotaKey(location, name), { ...quotaOf(tx, location, name), limit });
}

/** Where a request does not fit. */
export interface QuotaShortfall {
  readonly scope: 'family' | 'regional' | 'spot';
  readonly name: string;
  readonly limit: number;
  readonly used: number;
  readonly left: number;
  readonly requested: number;
}

/** The names that a VM counts against, in the order in which Azure checks them. */
const scopesOf = (size: VmSize, priority: Priority): readonly [QuotaShortfall['scope'], string][] =>
  priority === 'Spot'
    ? [['spot', spotCores]]
    : [
        ['family', size.family],
        ['regional', regionalCores],
      ];

/** The first quota that `count` more VMs would exceed, if any. */
export function quotaShortfall(
  reader: Reader,
  request: { location: string; size: VmSize; count: number; priority: Priority },
): QuotaShortfall | undefined {
  const requested = request.count * request.size.vCPUs;
  for (const [scope, name] of scopesOf(request.size, request.priority)) {
    const { limit, used } = quotaOf(reader, request.location, name);
    const left = Math.max(0, limit - used);
    if (requested > left) return { scope, name, limit, used, left, requested };
  }
  return undefined;
}

/** Counts `vms` more VMs (fewer, when negative) against their quotas. */
export function useQuota(
  tx: Transaction,
  vm: { location: string; size: VmSize; priority: Priority },
  vms: number,
): void {
  for (const [, name] of scopesOf(vm.size, vm.priority)) {
    const key = quotaKey(vm.location, name);
    const stored = tx.get(quotas, key) ?? { location: vm.location, name, used: 0 };
    tx.put(quotas, key, { ...stored, used: stored.used + vms * vm.size.vCPUs });
  }
}

const titles = { regional: 'Total Regional', spot: 'LowPriority' } as const;

/** The failure that compute answers an allocation with (Azure: quota errors). */
export function quotaExceeded(location: string, shortfall: QuotaShortfall): AzureError {
  const { scope, name, limit, used, requested } = shortfall;
  const title = scope === 'family' ? name : titles[scope];
  return new AzureError({
    status: 409,
    code: scope === 'family' ? 'OperationNotAllowed' : 'QuotaExceeded',
    message:
      `Operation could not be completed as it results in exceeding approved ${title} Cores quota. Additional details - ` +
      `Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${String(limit)}, ` +
      `Current Usage: ${String(used)}, Additional Required: ${String(requested)}, ` +
      `(Minimum) New Limit Required: ${String(used + requested)}.`,
  });
}
