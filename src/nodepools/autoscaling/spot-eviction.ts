import { evictInstances } from '../../azure/index.js';
import type { Transaction } from '../../store/index.js';
import { agentPools, changeVms } from '../lifecycle/index.js';
import type { LifecycleParts } from '../lifecycle/index.js';

/**
 * Azure reclaims spot VMs of a pool, by its eviction policy: they are deleted and the pool's count is lower by them, or they are
 * deallocated and still count (AKS: spot node pools). VMs that do not run, and those of other pools, are let be.
 */
export function evictSpotVms(
  tx: Transaction,
  parts: Pick<LifecycleParts, 'clock' | 'seed' | 'catalog' | 'latency'>,
  poolKey: string,
  vms: readonly string[],
): void {
  const pool = tx.get(agentPools, poolKey);
  if (!pool) throw new Error(`There is no agent pool ${poolKey}`);
  const policy = pool.properties.scaleSetEvictionPolicy ?? 'Delete';
  changeVms(tx, parts.seed, pool, () => {
    evictInstances(tx, parts, vms, policy, parts.clock.now());
  });
}
