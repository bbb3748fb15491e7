import { pods, sameJson } from '../../kube/index.js';
import type { Pod, Stored } from '../../kube/index.js';
import { cropToBudgets, deletionsOf, softTaints } from '../actuation/index.js';
import type { Actuator } from '../actuation/index.js';
import type { Agenda } from '../agenda.js';
import { recordDecision } from '../decisions/recorder.js';
import { awaitedUntil, drainContext } from '../drainability/index.js';
import { memoriesByNode, memoryKey, nodeMemories } from '../memory.js';
import type { AutoscalerMemory, NodeMemory } from '../memory.js';
import { after } from '../../units/index.js';
import { totalOf } from '../scale-up/limits.js';
import type { Templates } from '../templates/templates.js';
import { count } from '../metrics/counters.js';
import { podName } from '../pod-name.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { Turn } from '../turn.js';
import { BudgetTracker } from './budget-tracker.js';
import { surveyScaleDown } from './planner.js';
import type { RemovableNode } from './planner.js';
import { coolDownOf, mayGoAfter, nodesToRemove } from './removal.js';

/** What a loop did to take nodes away. */
export type ScaleDownTurn = 'nothing' | 'started' | 'failed';

/**
 * The shrinking half of a loop: which nodes are needed, and which of those that are not go now. What is found is kept in mind even
 * while none may go.
 *
 * @param holds pods have just come, so that nothing is deleted
 */
export function scaleDownTurn(
  turn: Turn,
  cluster: ClusterState,
  templates: Templates,
  memory: AutoscalerMemory,
  actuator: Actuator,
  agenda: Agenda,
  holds: boolean,
): ScaleDownTurn {
  const { tx, now, options } = turn;
  const budgets = new BudgetTracker(tx, turn.cluster);
  const drain = drainContext(tx, turn.cluster, { now, options, budgets });
  const leaving = deletionsOf(tx, turn.cluster);
  const isLeaving = new Set(leaving.map(({ node }) => node));
  const inMind = memoriesByNode(tx, turn.cluster);
  const { removable, memories } = surveyScaleDown(turn, cluster, { drain, budgets }, inMind, (node) =>
    isLeaving.has(node),
  );
  keepInMind(turn, inMind, memories);
  const unneeded = removable.map(({ node }) => node.metadata.name);
  if (softTaints(turn, { unneeded, all: cluster.nodes }) === 'more')
    agenda.add(after(now, options.scanInterval));
  for (const one of memories) {
    if (one.kind === 'unneeded') agenda.addPast(mayGoAfter(one, cluster, options));
    else agenda.add(one.recheckAt);
  }
  for (const { object } of tx.find(pods.collection, 'ending', turn.cluster) as readonly Stored<Pod>[])
    agenda.addPast(awaitedUntil(object));
  const coolDown = coolDownOf(memory, now, options)?.until;
  agenda.add(coolDown);
  if (holds || coolDown !== undefined) return 'nothing';
  const since = new Map(memories.map((one) => [one.node, one.since]));
  const chosen = nodesToRemove(removable, {
    cluster,
    unneededSince: (node) => since.get(node) ?? now,
    leaving: (group) => leaving.filter((one) => one.group === group).length,
    total: totalOf(cluster, (group) => templates.nodeOf(group)),
    now,
    options,
  });
  const isEmpty = ({ pods }: RemovableNode): boolean => pods.length === 0;
  const wanted = { empty: chosen.filter(isEmpty), drain: chosen.filter((one) => !isEmpty(one)) };
  const going = cropToBudgets(wanted, leaving, options);
  if (going.empty.length + going.drain.length === 0) return 'nothing';
  if (actuator.startDeletion(turn, going) === 'failed') {
    count(turn, 'errors_total', { type: 'apiCallError' });
    return 'failed';
  }
  const nodes = [...going.empty, ...going.drain].map((one) =>
    told(one, since.get(one.node.metadata.name) ?? now),
  );
  recordDecision(turn, { kind: 'scale-down', nodes });
  return 'started';
}

/** Writes what has changed, and forgets nodes that were not looked at. */
function keepInMind(
  { tx, cluster }: Turn,
  before: Map<string, NodeMemory>,
  memories: readonly NodeMemory[],
): void {
  for (const one of memories) {
    const known = before.get(one.node);
    before.delete(one.node);
    if (!known || !sameJson(one, known)) tx.put(nodeMemories, memoryKey(cluster, one.node), one);
  }
  for (const node of before.keys()) tx.delete(nodeMemories, memoryKey(cluster, node));
}

const told = ({ node, group, utilization, pods }: RemovableNode, unneededSince: NodeMemory['since']) => ({
  node: node.metadata.name,
  group,
  kind: pods.length === 0 ? ('empty' as const) : ('drained' as const),
  utilization: utilization.ratio,
  pods: pods.map(podName),
  unneededSince,
});
