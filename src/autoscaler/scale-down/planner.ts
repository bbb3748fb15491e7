import { sameJson } from '../../kube/index.js';
import type { KubeNode, Pod } from '../../kube/index.js';
import { after } from '../../units/index.js';
import { recentEvictions, unbound } from '../actuation/index.js';
import { needNoPlace, podsToMove } from '../drainability/index.js';
import type { DrainContext } from '../drainability/index.js';
import type { NodeMemory } from '../memory.js';
import { podName } from '../pod-name.js';
import type { ClusterState, GroupState } from '../state/cluster-state.js';
import type { Turn } from '../turn.js';
import type { BudgetTracker } from './budget-tracker.js';
import { DevicePools } from './device-pools.js';
import { eligibilityOf } from './eligibility.js';
import type { Utilization } from './utilization.js';

/** A node that could go, as all of its pods would find another. */
export interface RemovableNode {
  readonly node: KubeNode;
  readonly group: string;
  readonly utilization: Utilization;
  /** Those that need another node, none for an empty one. */
  readonly pods: readonly Pod[];
  /** Pods that would be evicted within no budget if all went at once. */
  readonly isRisky: boolean;
}

/** What was found out of the nodes that might go. */
export interface ScaleDownSurvey {
  /** In the order in which they were found. */
  readonly removable: readonly RemovableNode[];
  /** What is to be kept in mind, of every node that was looked at. */
  readonly memories: readonly NodeMemory[];
}

/** A node that is used little. */
interface Candidate {
  readonly node: KubeNode;
  readonly state: GroupState;
  readonly utilization: Utilization;
  readonly before: NodeMemory | undefined;
}

/**
 * Finds the nodes that could go together, each of whose pods would find another node (cluster autoscaler: planner,
 * categorizeNodes).
 *
 * @param inMind what is in mind of nodes, by their names
 * @param isLeaving of nodes that are on their way out already
 */
export function surveyScaleDown(
  turn: Turn,
  cluster: ClusterState,
  { drain, budgets }: { readonly drain: DrainContext; readonly budgets: BudgetTracker },
  inMind: ReadonlyMap<string, NodeMemory>,
  isLeaving: (node: string) => boolean,
): ScaleDownSurvey {
  const { tx, supposed, now, options } = turn;
  for (const pod of recentEvictions(tx, turn.cluster)) supposed.placeNext(pod);
  const devices = new DevicePools(tx, turn.cluster);
  const memories: NodeMemory[] = [];
  const removable: RemovableNode[] = [];
  const candidates: Candidate[] = [];
  let unneededBefore = 0;
  for (const { node, state } of nodesThatMayGo(cluster, isLeaving)) {
    const { name } = node.metadata;
    const before = inMind.get(name);
    if (before?.kind === 'unneeded') unneededBefore += 1;
    const context = { supposed, now, options, group: () => state.group, memory: () => before, devices };
    const found = eligibilityOf(node, context);
    if (found.kind === 'eligible') candidates.push({ node, state, utilization: found.utilization, before });
    else if (before && found.reason === 'RecentlyUnremovable') memories.push(before);
    else {
      const { reason } = found;
      const utilization = found.utilization?.ratio;
      memories.push(
        unremovable(turn, name, state.group.id, before, {
          reason,
          ...(utilization !== undefined && { utilization }),
        }),
      );
    }
  }
  const limit = mostUnneeded(unneededBefore, turn);
  const gone = new Set<string>();
  for (const { node, state, utilization, before } of inOrder(candidates, turn, drain)) {
    const { name } = node.metadata;
    const group = state.group.id;
    if (removable.length >= limit) break;
    // Pods may have been moved there meanwhile, and budgets used up.
    const pods = podsToMove(byName(supposed.podsOn(name)), drain);
    const recheckAt = after(now, options.unremovableNodeRecheckTimeout);
    if (pods.kind === 'blocked') {
      const pod = podName(pods.pod);
      const found = { reason: 'BlockedByPod', pod, blocking: pods.reason, recheckAt } as const;
      memories.push(unremovable(turn, name, group, before, found));
      continue;
    }
    if (pods.waiting.length > 0) {
      memories.push(
        unremovable(turn, name, group, before, { reason: 'BlockedByOnCompletionPod', recheckAt }),
      );
      continue;
    }
    const within = budgets.canRemove(pods.movable);
    const isRisky = within.kind === 'no' || !within.atOnce;
    const homeless = moveAll(turn, cluster, name, pods.movable, gone);
    if (homeless) {
      const pod = podName(homeless);
      memories.push(unremovable(turn, name, group, before, { reason: 'NoPlaceToMovePods', pod, recheckAt }));
      continue;
    }
    gone.add(name);
    budgets.remove(pods.movable);
    removable.push({ node, group, utilization, pods: pods.movable, isRisky });
    const since = before?.kind === 'unneeded' ? before.since : now;
    memories.push(
      before?.kind === 'unneeded'
        ? before
        : { kind: 'unneeded', cluster: turn.cluster, node: name, group, since },
    );
  }
  return { removable, memories };
}

/** Nodes of groups that may shrink: those that have been ready once and are not leaving. */
function* nodesThatMayGo(
  { groups, readiness }: ClusterState,
  isLeaving: (node: string) => boolean,
): Generator<{ readonly node: KubeNode; readonly state: GroupState }> {
  for (const state of groups.values()) {
    if (state.group.isHeld || state.group.targetSize <= state.group.minSize) continue;
    for (const node of state.nodes) {
      const { name } = node.metadata;
      const how = readiness.get(name);
      if (how === 'not started' || how === 'deleted' || isLeaving(name)) continue;
      yield { node, state };
    }
  }
}

/** Empty nodes first, and among equals those that were not needed before either. */
function inOrder(
  candidates: readonly Candidate[],
  { supposed }: Turn,
  drain: DrainContext,
): readonly Candidate[] {
  const ranked = candidates.map((candidate) => {
    const isEmpty = needNoPlace(supposed.podsOn(candidate.node.metadata.name), drain);
    return { candidate, rank: (isEmpty ? 0 : 2) + (candidate.before?.kind === 'unneeded' ? 0 : 1) };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ candidate }) => candidate);
}

/** Pods in an order that does not hang on which came first: a world that is opened again does not know. */
const byName = (pods: readonly Pod[]): readonly Pod[] =>
  [...pods].sort((a, b) => (podName(a) < podName(b) ? -1 : 1));

/** How many nodes are found unneeded at most: as many as could go in time (planner: unneededNodesLimit). */
function mostUnneeded(before: number, { options }: Turn): number {
  const { maxScaleDownParallelism: parallel, scaleDownUnneededTime, scanInterval } = options;
  const inTime = parallel * Math.floor(scaleDownUnneededTime / scanInterval) + parallel;
  return Math.min(before + 2 * parallel, inTime);
}

/** Moves pods off a node to any other that stays; the first that finds none is returned, and all is as it was. */
function moveAll(
  { supposed }: Turn,
  { readiness }: ClusterState,
  from: string,
  pods: readonly Pod[],
  gone: ReadonlySet<string>,
): Pod | undefined {
  let homeless: Pod | undefined;
  // Nodes that are only on their way are no place to move to.
  const allows = (node: string): boolean => node !== from && readiness.has(node) && !gone.has(node);
  supposed.tentatively(() => {
    for (const pod of pods) supposed.removePod(pod);
    homeless = [...pods]
      .sort((a, b) => (b.spec.priority ?? 0) - (a.spec.priority ?? 0))
      .find((pod) => supposed.placeNext(unbound(pod), { allows }) === undefined);
    return homeless ? 'take back' : 'keep';
  });
  return homeless;
}

type Found = Pick<
  NodeMemory & { readonly kind: 'unremovable' },
  'reason' | 'pod' | 'blocking' | 'recheckAt' | 'utilization'
>;

/** A node that can not go, since when that is known for the same reason. */
function unremovable(
  { cluster, now }: Turn,
  node: string,
  group: string,
  before: NodeMemory | undefined,
  found: Found,
): NodeMemory {
  const isSame = before?.kind === 'unremovable' && before.reason === found.reason && before.pod === found.pod;
  if (!isSame) return { kind: 'unremovable', cluster, node, group, since: now, ...found };
  const next: NodeMemory = { kind: 'unremovable', cluster, node, group, since: before.since, ...found };
  // What is known already is not written again.
  return sameJson(before, next) ? before : next;
}
