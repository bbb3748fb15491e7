import type { SizeChange } from '../decisions/decision.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { Turn } from '../turn.js';
import { changeOf, execute } from './execute.js';
import type { Execution } from './execute.js';
import { capacityOf, roomWithinLimits, totalOf } from './limits.js';
import type { Amount } from './limits.js';
import { skipOf } from './skip.js';
import type { Templates } from '../templates/templates.js';

/** Brings groups that are below their minimum up to it (cluster autoscaler: ScaleUpToNodeGroupMinSize). */
export function raiseToMinimum(
  turn: Turn,
  cluster: ClusterState,
  templates: Templates,
): (Execution & { readonly plan: readonly SizeChange[] }) | undefined {
  const plan: SizeChange[] = [];
  let total: Amount | undefined;
  for (const [id, state] of cluster.groups) {
    const { group } = state;
    const missing = group.minSize - group.targetSize;
    if (missing <= 0 || skipOf(state, turn.now)) continue;
    const template = templates.nodeOf(id);
    if (!template) continue;
    total ??= totalOf(cluster, (other) => templates.nodeOf(other));
    const by = Math.min(missing, roomWithinLimits(total, capacityOf(template), turn.options).nodes);
    if (by > 0) plan.push(changeOf(group, by));
  }
  return plan.length > 0 ? { ...execute(turn, plan), plan } : undefined;
}
