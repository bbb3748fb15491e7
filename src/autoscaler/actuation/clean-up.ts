import { nodeKey, nodes } from '../../kube/index.js';
import type { KubeNode } from '../../kube/index.js';
import { nodeDeletions } from './deletion.js';
import type { Scene } from '../turn.js';
import {
  changeNode,
  deletionCandidateKey,
  isDeletionCandidate,
  isToBeDeleted,
  restored,
  toBeDeletedKey,
  unmarkedAsCandidate,
} from './taints.js';
import { tell } from '../tell.js';

/**
 * What an autoscaler does as it starts: deletions that an earlier one was at are over, and the nodes of its groups that were to go
 * stay. Marks of nodes that may go stay too, unless they are not used.
 */
export function cleanUp(scene: Pick<Scene, 'tx' | 'context' | 'cloud' | 'cluster' | 'options'>): void {
  const { tx, cloud, cluster, options } = scene;
  for (const { key } of tx.findEntries(nodeDeletions, 'byCluster', cluster)) tx.delete(nodeDeletions, key);
  const cordoning = options.features.cordonsNodes ? 'cordon' : 'taint alone';
  const clean = (
    name: string,
    taint: string,
    isTainted: (node: KubeNode) => boolean,
    change: (node: KubeNode) => KubeNode,
  ): void => {
    const stored = tx.get(nodes, nodeKey(cluster, name));
    if (!stored || !isTainted(stored.object)) return;
    changeNode(tx, cluster, name, change);
    const message = `removed ${taint} taint from node ${name}`;
    tell(scene, stored.object, 'Normal', 'ClusterAutoscalerCleanup', message);
  };
  for (const { instances } of cloud.groups(tx, cluster))
    for (const { node } of instances)
      clean(node, toBeDeletedKey, isToBeDeleted, (object) => restored(object, cordoning));
  if (options.maxBulkSoftTaintCount > 0) return;
  for (const { object } of tx.find(nodes, 'byCluster', cluster))
    clean(object.metadata.name, deletionCandidateKey, isDeletionCandidate, unmarkedAsCandidate);
}
