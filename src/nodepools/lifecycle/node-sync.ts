import { virtualMachines } from '../../azure/index.js';
import { configureNode, nodes } from '../../kube/index.js';
import type { ClusterNode } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import type { AgentPool, ManagedCluster } from '../model.js';
import { nodeLabelsOf, nodeTaintsOf } from '../nodes/index.js';
import { managedClusters, resourceKey } from './collections.js';
import type { LifecycleParts } from './parts.js';

/**
 * Gives the pool's nodes its present labels and taints; those that others gave them stay (AKS: node labels and taints are
 * updated in place).
 */
export function syncNodes(tx: Transaction, parts: LifecycleParts, pool: AgentPool): void {
  const cluster = tx.get(managedClusters, pool.cluster);
  if (!cluster) return;
  for (const { key, value: node } of tx.findEntries(nodes, 'byAgentPool', resourceKey(pool.id))) {
    const synced = withPoolMarks(tx, parts, cluster, pool, node);
    if (JSON.stringify(synced) !== JSON.stringify(node)) tx.put(nodes, key, synced);
  }
}

function withPoolMarks(
  tx: Transaction,
  { catalog }: LifecycleParts,
  cluster: ManagedCluster,
  pool: AgentPool,
  node: ClusterNode,
): ClusterNode {
  const vm = node.vm === undefined ? undefined : tx.get(virtualMachines, node.vm);
  const size = catalog.vmSize(pool.properties.vmSize);
  if (!vm || !size) return node;
  return configureNode(node, {
    labels: nodeLabelsOf({ pool, cluster, vm }, size),
    taints: nodeTaintsOf(pool),
  });
}
