import type { Transaction } from '../store/index.js';
import { setRestriction, setShortage } from './capacity.js';
import type { Place, Shortage } from './capacity.js';
import type { Catalog } from './catalog.js';
import { regionalCores, setQuotaLimit, spotCores } from './quota.js';

/** What a subscription may use and what it can get, as a world's configuration sets it. */
export interface Limits {
  readonly quotas: readonly { readonly location: string; readonly name: string; readonly limit: number }[];
  readonly shortages: readonly Shortage[];
  readonly restrictions: readonly Place[];
}

/** Sets the limits it names; all others stay. What is in use already stays, beyond its limit if need be. */
export function applyLimits(tx: Transaction, limits: Limits): void {
  for (const { location, name, limit } of limits.quotas) setQuotaLimit(tx, location, name, limit);
  for (const shortage of limits.shortages) setShortage(tx, shortage);
  for (const restriction of limits.restrictions) setRestriction(tx, restriction);
}

const sections = ['quota', 'shortages', 'restrictions'] as const;

/**
 * Reads the part of a world's configuration that limits the subscription, as parsed from YAML:
 *
 * ```yaml
 * quota: # vCPUs by region: the total, spot, or a family
 *   westeurope: { cores: 100, lowPriorityCores: 20, standardDSv5Family: 48 }
 * shortages: # remaining is how many more VMs can be had; without zone in the whole region, with priority of spot alone
 *   - { location: westeurope, size: Standard_D4s_v5, zone: 1, priority: Spot, remaining: 3 }
 * restrictions: # sizes the subscription is not offered
 *   - { location: westeurope, size: Standard_NC6s_v3, zone: 2 }
 * ```
 *
 * @throws RangeError that names the entry at fault and what it may be.
 */
export function parseLimits(section: unknown, catalog: Catalog): Limits {
  const content = section === undefined || section === null ? {} : mapping(section, 'The limits');
  onlyKeys(content, sections, 'limits');
  const { quota, shortages, restrictions } = content;
  return {
    quotas: Object.entries(mapping(quota ?? {}, 'quota')).flatMap(([region, limits]) =>
      parseRegionQuota(region, limits, catalog),
    ),
    shortages: list(shortages, 'shortages').map((entry, index) =>
      parseShortage(entry, `shortages[${String(index)}]`, catalog),
    ),
    restrictions: list(restrictions, 'restrictions').map((entry, index) => {
      const at = `restrictions[${String(index)}]`;
      const fields = mapping(entry, at);
      onlyKeys(fields, ['location', 'size', 'zone'], at);
      return parsePlace(fields, at, catalog);
    }),
  };
}

function parseRegionQuota(region: string, limits: unknown, catalog: Catalog): Limits['quotas'] {
  const at = `quota.${region}`;
  const location = regionName(region, at, catalog);
  return Object.entries(mapping(limits, at)).map(([name, limit]) => ({
    location,
    name: quotaName(name, `${at}.${name}`, catalog),
    limit: count(limit, `${at}.${name}`),
  }));
}

function parseShortage(entry: unknown, at: string, catalog: Catalog): Shortage {
  const fields = mapping(entry, at);
  onlyKeys(fields, ['location', 'size', 'zone', 'priority', 'remaining'], at);
  const { priority, remaining } = fields;
  if (priority !== undefined && priority !== 'Spot') {
    throw new RangeError(`${at}.priority must be Spot, or left out; got ${JSON.stringify(priority)}.`);
  }
  return {
    ...parsePlace(fields, at, catalog),
    ...(priority !== undefined && { priority }),
    remaining: count(remaining, `${at}.remaining`),
  };
}

function parsePlace({ location, size, zone }: Fields, at: string, catalog: Catalog): Place {
  const name = regionName(location, `${at}.location`, catalog);
  const found = typeof size === 'string' ? catalog.vmSize(size) : undefined;
  if (!found) {
    throw new RangeError(
      `${at}.size must be a VM size, e.g. Standard_D4s_v5; got ${JSON.stringify(size) ?? 'nothing'}.`,
    );
  }
  if (zone === undefined) return { location: name, size: found.name };
  const zones = catalog.region(name)?.zones ?? [];
  if (!zones.includes(String(zone))) {
    const allowed = zones.length > 0 ? `one of ${zones.join(', ')}` : 'left out, as the region has no zones';
    throw new RangeError(`${at}.zone must be ${allowed}; got ${JSON.stringify(zone)}.`);
  }
  return { location: name, size: found.name, zone: String(zone) };
}

type Fields = Readonly<Record<string, unknown>>;

function mapping(value: unknown, at: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw new RangeError(`${at} must be a mapping; got ${JSON.stringify(value) ?? 'nothing'}.`);
}

function list(value: unknown, at: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new RangeError(`${at} must be a list; got ${JSON.stringify(value)}.`);
}

function onlyKeys(fields: Fields, known: readonly string[], at: string): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new RangeError(`'${unknown}' is not known in ${at}. What may be there: ${known.join(', ')}.`);
  }
}

function count(value: unknown, at: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(
    `${at} must be a whole number of 0 or more; got ${JSON.stringify(value) ?? 'nothing'}.`,
  );
}

function regionName(value: unknown, at: string, catalog: Catalog): string {
  const region = typeof value === 'string' ? catalog.region(value) : undefined;
  if (region) return region.name;
  throw new RangeError(`${at} must be a region, e.g. westeurope; got ${JSON.stringify(value) ?? 'nothing'}.`);
}

function quotaName(name: string, at: string, catalog: Catalog): string {
  const known = [regionalCores, spotCores, ...catalog.vmSizes().map(({ family }) => family)];
  const found = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new RangeError(
    `${at} is no vCPU quota: name ${regionalCores}, ${spotCores} or a family, e.g. standardDSv5Family.`,
  );
}
