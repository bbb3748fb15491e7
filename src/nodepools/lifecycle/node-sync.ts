import { scaleSets, virtualMachines } from '../../azure/index.js';
import { nodes } from '../../kube/index.js';
import type { ClusterNode } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import type { AgentPool, ManagedCluster } from '../model.js';
import { nodeLabelsOf, nodeTaintsOf } from '../nodes/index.js';
import { managedClusters, resourceKey } from './collections.js';
import type { LifecycleParts } from './parts.js';

/** Gives the pool's nodes its present labels and taints (AKS: node labels and taints are updated in place). */
export function syncNodes(tx: Transaction, parts: LifecycleParts, pool: AgentPool): void {
  const cluster = tx.get(managedClusters, pool.cluster);
  if (!cluster) return;
  for (const node of tx.find(nodes, 'byAgentPool', resourceKey(pool.id))) {
    const synced = withPoolMarks(tx, parts, cluster, pool, node);
    if (JSON.stringify(synced) === JSON.stringify(node)) continue;
    tx.put(nodes, `${node.cluster}/${node.object.metadata.name}`, synced);
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
  if (!vm || !size || !tx.get(scaleSets, vm.scaleSet)) return node;
  const labels = nodeLabelsOf({ pool, cluster, vm }, size);
  const taints = nodeTaintsOf(pool);
  const { taints: _before, ...spec } = node.object.spec;
  return {
    ...node,
    object: {
      ...node.object,
      metadata: { ...node.object.metadata, labels },
      spec: { ...spec, ...(taints.length > 0 && { taints }) },
    },
  };
}
