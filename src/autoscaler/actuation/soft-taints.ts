import type { KubeNode } from '../../kube/index.js';
import type { Scene } from '../turn.js';
import {
  changeNode,
  isDeletionCandidate,
  isToBeDeleted,
  markedAsCandidate,
  unmarkedAsCandidate,
} from './taints.js';

/**
 * Marks nodes that are not needed, so that pods go elsewhere where they can, and takes the mark off those that are (cluster
 * autoscaler: soft taints). No more than a number of nodes is changed at once: `more` when some are left for the next loop.
 */
export function softTaints(
  scene: Pick<Scene, 'tx' | 'cluster' | 'options' | 'now'>,
  { unneeded, all }: { readonly unneeded: readonly string[]; readonly all: readonly KubeNode[] },
): 'done' | 'more' {
  const { tx, cluster, options, now } = scene;
  const most = options.maxBulkSoftTaintCount;
  if (most === 0) return 'done';
  const isUnneeded = new Set(unneeded);
  const staying = all.filter((node) => !isToBeDeleted(node));
  const unmark = staying.filter((node) => isDeletionCandidate(node) && !isUnneeded.has(node.metadata.name));
  const mark = staying.filter((node) => !isDeletionCandidate(node) && isUnneeded.has(node.metadata.name));
  for (const { metadata } of unmark.slice(0, most))
    changeNode(tx, cluster, metadata.name, unmarkedAsCandidate);
  for (const { metadata } of mark.slice(0, Math.max(0, most - unmark.length)))
    changeNode(tx, cluster, metadata.name, (node) => markedAsCandidate(node, now));
  return unmark.length + mark.length > most ? 'more' : 'done';
}
