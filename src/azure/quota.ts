import { defineCollection } from '../store/index.js';
import type { Reader, Transaction } from '../store/index.js';
import { AzureError } from './error.js';
import type { Catalog, VmSize } from './catalog.js';

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

/**
 * vCPUs that a subscription may use of every quota unless told otherwise. Chosen: room for 100 pools of 50 nodes, or a pool
 * of 1,000, of any size up to 8 vCPUs; real subscriptions begin with far less, which a world's configuration can say.
 */
export const defaultQuotaLimit = 50_000;

/** The quota of all families of a region together. */
export const regionalCores = 'cores';
/** The quota of all spot VMs of a region. */
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
export const quotaScopes = (
  size: VmSize,
  priority: Priority,
): readonly [QuotaShortfall['scope'], string][] =>
  priority === 'Spot'
    ? [['spot', spotCores]]
    : [
        ['family', size.family],
        ['regional', regionalCores],
      ];

/** VMs that are asked for. */
export interface VmRequest {
  readonly size: VmSize;
  readonly count: number;
  readonly priority: Priority;
}

/** The first quota that the requests, taken together and in their order, would exceed, if any. */
export function quotaShortfall(
  reader: Reader,
  location: string,
  requests: readonly VmRequest[],
): QuotaShortfall | undefined {
  const requested = new Map<string, number>();
  for (const { size, count, priority } of requests) {
    for (const [scope, name] of quotaScopes(size, priority)) {
      const cores = (requested.get(name) ?? 0) + count * size.vCPUs;
      requested.set(name, cores);
      const { limit, used } = quotaOf(reader, location, name);
      const left = Math.max(0, limit - used);
      if (cores > left) return { scope, name, limit, used, left, requested: cores };
    }
  }
  return undefined;
}

/** Counts `vms` more VMs (fewer, when negative) against their quotas. */
export function useQuota(
  tx: Transaction,
  vm: { location: string; size: VmSize; priority: Priority },
  vms: number,
): void {
  for (const [, name] of quotaScopes(vm.size, vm.priority)) {
    const key = quotaKey(vm.location, name);
    const stored = tx.get(quotas, key) ?? { location: vm.location, name, used: 0 };
    tx.put(quotas, key, { ...stored, used: stored.used + vms * vm.size.vCPUs });
  }
}

/** How a quota is called where it is exceeded: `standardDSv5Family Cores`, `Total Regional Cores`, `LowPriorityCores`. */
const titleOf = ({ scope, name }: QuotaShortfall): string => {
  if (scope === 'family') return `${name} Cores`;
  return scope === 'regional' ? 'Total Regional Cores' : 'LowPriorityCores';
};

/**
 * The failure that compute answers an allocation with (Azure: vCPU quota errors): `OperationNotAllowed` for the family's
 * and the spot quota; `QuotaExceeded` with that as its detail for the region's.
 */
export function quotaExceeded(location: string, shortfall: QuotaShortfall): AzureError {
  const { limit, used, requested } = shortfall;
  const message =
    `Operation could not be completed as it results in exceeding approved ${titleOf(shortfall)} quota. Additional details - ` +
    `Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${String(limit)}, ` +
    `Current Usage: ${String(used)}, Additional Required: ${String(requested)}, ` +
    `(Minimum) New Limit Required: ${String(used + requested)}.`;
  const detail = { code: 'OperationNotAllowed', message };
  return new AzureError(
    shortfall.scope === 'regional'
      ? { status: 409, code: 'QuotaExceeded', message, details: [detail] }
      : { status: 409, ...detail },
  );
}

/** A quota as a subscription's usage lists it. */
export interface QuotaUsage {
  readonly name: string;
  /** For people, e.g. `Standard DSv5 Family vCPUs`. */
  readonly localizedName: string;
  /** vCPUs. */
  readonly limit: number;
  /** vCPUs in use; a VM counts from its allocation until it is gone. */
  readonly current: number;
}

/** All vCPU quotas of a region: the regional total, every family by name, spot last (Azure: compute usages). */
export function quotaUsage(reader: Reader, catalog: Catalog, location: string): readonly QuotaUsage[] {
  const families = [...new Set(catalog.vmSizes().map(({ family }) => family))];
  families.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return [regionalCores, ...families, spotCores].map((name) => {
    const { limit, used } = quotaOf(reader, location, name);
    return { name, localizedName: localizedQuotaName(name), limit, current: used };
  });
}

function localizedQuotaName(name: string): string {
  if (name === regionalCores) return 'Total Regional vCPUs';
  if (name === spotCores) return 'Total Regional Low-priority vCPUs';
  const [, family = name] = /^standard\s*(.*?)\s*family$/i.exec(name) ?? [];
  return `Standard ${family} Family vCPUs`;
}
