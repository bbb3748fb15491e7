import type { Change, Reader, Revision, Store } from '../../store/index.js';
import type { Kinds } from '../custom/index.js';
import { resourceQuotas } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { Stored } from '../object.js';
import { namespaceTerm } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import { differenceOf, only, sumOf } from './amounts.js';
import type { Amounts } from './amounts.js';
import { isInScope, requirementsOf } from './scopes.js';
import type { ResourceQuota } from './scopes.js';
import { concerns, usageOf } from './usage.js';

interface Tracked {
  readonly quota: ResourceQuota;
  readonly types: ReadonlyMap<string, ResourceType>;
  used: Amounts;
  /** What was written up to here is counted. */
  countedTo: Revision;
}

const quotaNames = ({ spec }: ResourceQuota): readonly string[] => Object.keys(spec?.hard ?? {});

/** What of a quota's resources an object takes; nothing when the quota does not count it. */
export function quotaUsage(quota: ResourceQuota, type: ResourceType, { object }: Stored): Amounts {
  return isInScope(requirementsOf(quota), type, object) ? only(usageOf(type, object), quotaNames(quota)) : {};
}

/** The kinds whose objects a quota counts, by their collections. */
function countedTypes(kinds: readonly ResourceType[], quota: ResourceQuota): Map<string, ResourceType> {
  const names = quotaNames(quota);
  const counted = kinds.filter((type) => type.namespaced && names.some((name) => concerns(type, name)));
  return new Map(counted.map((type) => [type.collection.name, type]));
}

/** Counts all that is in a quota's namespace. */
export function countUsed(
  reader: Reader,
  kinds: readonly ResourceType[],
  cluster: string,
  quota: ResourceQuota,
): Amounts {
  const term = namespaceTerm(cluster, quota.metadata.namespace ?? '');
  let used: Amounts = Object.fromEntries(quotaNames(quota).map((name) => [name, '0']));
  for (const type of countedTypes(kinds, quota).values()) {
    for (const stored of reader.find(type.collection, 'byNamespace', term)) {
      used = sumOf(used, quotaUsage(quota, type, stored));
    }
  }
  return used;
}

/**
 * What every quota's namespace has in use: counted once, then kept in step with what changes, so that a change costs a look
 * at its own namespace's quotas alone.
 */
export class QuotaUsage {
  readonly #store: Store;
  readonly #kinds: Kinds;
  /** By namespace, then by the quota's key. */
  readonly #namespaces = new Map<string, Map<string, Tracked>>();
  readonly #listeners: ((quotaKey: string) => void)[] = [];

  constructor(store: Store, kinds: Kinds) {
    this.#store = store;
    this.#kinds = kinds;
    store.watch({}, ({ revision, changes }) => {
      for (const change of changes) this.#follow(change, revision);
    });
  }

  /** Calls `listener` with the key of every quota whose usage or limits have changed. */
  onChange(listener: (quotaKey: string) => void): void {
    this.#listeners.push(listener);
  }

  /** What a quota's namespace has in use now. Not to be asked in a transaction that has written. */
  usedOf(key: string, { cluster, object }: Stored): Amounts {
    const quota = object as ResourceQuota;
    const term = namespaceTerm(cluster, quota.metadata.namespace ?? '');
    let inNamespace = this.#namespaces.get(term);
    if (!inNamespace) this.#namespaces.set(term, (inNamespace = new Map<string, Tracked>()));
    const known = inNamespace.get(key);
    if (known && canonicalJson(known.quota.spec ?? {}) === canonicalJson(quota.spec ?? {})) return known.used;
    const kinds = this.#kinds.of(cluster).stored;
    const used = countUsed(this.#store, kinds, cluster, quota);
    const types = countedTypes(kinds, quota);
    inNamespace.set(key, { quota, types, used, countedTo: this.#store.revision });
    return used;
  }

  #follow({ collection, key, before, after }: Change, revision: Revision): void {
    const stored = (after ?? before) as Stored | undefined;
    const namespace = stored?.object?.metadata.namespace;
    if (!stored || namespace === undefined) return;
    const inNamespace = this.#namespaces.get(namespaceTerm(stored.cluster, namespace));
    if (collection === resourceQuotas.collection.name) {
      if (!after) inNamespace?.delete(key);
      this.#tell(key);
    }
    if (!inNamespace) return;
    for (const [quotaKey, tracked] of inNamespace) {
      const type = tracked.types.get(collection);
      if (!type || revision <= tracked.countedTo) continue;
      const was = before ? quotaUsage(tracked.quota, type, before as Stored) : {};
      const is = after ? quotaUsage(tracked.quota, type, after as Stored) : {};
      const used = differenceOf(sumOf(tracked.used, is), was);
      if (canonicalJson(used) === canonicalJson(tracked.used)) continue;
      tracked.used = used;
      this.#tell(quotaKey);
    }
  }

  #tell(key: string): void {
    for (const listener of this.#listeners) listener(key);
  }
}
