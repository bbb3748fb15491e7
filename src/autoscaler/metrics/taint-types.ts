import type { KubeNode, Taint } from '../../kube/index.js';
import { deletionCandidateKey, toBeDeletedKey } from '../actuation/taints.js';
import { isConditionTaint, isStartupTaint, isStatusTaint } from '../templates/passing-taints.js';

const oldPrefix = 'ignore-taint.cluster-autoscaler.kubernetes.io/';

/** A taint as it is counted: those that the autoscaler knows by their names, the others by what they are for. */
function typeOf(taint: Taint): string {
  if (taint.key.startsWith(oldPrefix)) return oldPrefix;
  if (taint.key === toBeDeletedKey || taint.key === deletionCandidateKey || isConditionTaint(taint))
    return taint.key;
  if (isStartupTaint(taint)) return 'startup-taint';
  return isStatusTaint(taint) ? 'status-taint' : 'other';
}

/** How many taints of each type nodes have (cluster autoscaler: CountNodeTaints). */
export function taintCounts(nodes: readonly KubeNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of nodes)
    for (const taint of spec.taints ?? []) {
      const type = typeOf(taint);
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  return counts;
}
