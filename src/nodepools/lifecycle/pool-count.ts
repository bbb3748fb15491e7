import type { Seed } from '../../sim/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import type { AgentPool } from '../model.js';
import { agentPools, resourceKey } from './collections.js';
import { activeOperation } from './operations.js';
import { vmsOf } from './pool-infrastructure.js';

/** The eTag of what a transaction writes; a replay makes the same one. */
export const nextEtag = (tx: Transaction, seed: Seed, key: string): string =>
  seed.stream('etag', `${key}@${String(tx.revision)}`).guid();

/**
 * Lets `change` add or take VMs of a pool on behalf of others than its owner: the autoscaler, or Azure itself. The pool's count
 * becomes the number of its VMs then (AKS shows the present count; no operation begins).
 */
export function changeVms<T>(tx: Transaction, seed: Seed, pool: AgentPool, change: () => T): T {
  const key = resourceKey(pool.id);
  const awaited = countAwaited(tx, key, pool);
  const result = change();
  const count = Math.max(vmsOf(tx, key).length, awaited);
  if (count !== pool.properties.count) {
    const etag = nextEtag(tx, seed, key);
    tx.put(agentPools, key, { ...pool, etag, properties: { ...pool.properties, count } });
  }
  return result;
}

/** The count that the operation on a pool is still to ask VMs for; 0 when it has no more to ask for. */
function countAwaited(reader: Reader, key: string, pool: AgentPool): number {
  const operation = activeOperation(reader, key);
  const grows = operation?.kind === 'create' || operation?.kind === 'scale' || operation?.kind === 'update';
  if (!grows || operation.allocated === true) return 0;
  const { count } = pool.properties;
  return count > vmsOf(reader, key).length ? count : 0;
}
