import type { Pod } from '../../kube/index.js';
import type { Supposed } from '../../scheduler/index.js';
import type { GroupTemplate, PodGroup } from '../estimator/index.js';
import { count } from '../metrics/counters.js';
import type { ClusterState, GroupState } from '../state/cluster-state.js';
import type { Templates } from '../templates/templates.js';
import type { Turn } from '../turn.js';
import { capacityOf, limitNames, limitReason, roomWithinLimits, totalOf } from './limits.js';
import { notReady, skipOf } from './skip.js';
import type { Skip } from './skip.js';

/** A group that could grow, and the pods that a node of it would take. */
export interface Candidate {
  readonly state: GroupState;
  readonly template: GroupTemplate;
  readonly schedulable: readonly PodGroup[];
}

/** Every group held against the pods that ask for nodes. */
export interface Survey {
  readonly skipped: ReadonlyMap<string, Skip>;
  /** By group id. */
  readonly candidates: ReadonlyMap<string, Candidate>;
  /** Why groups would not take pods, in the scheduler's words: by the pods' group, then by node group. */
  readonly refusals: ReadonlyMap<PodGroup, ReadonlyMap<string, readonly string[]>>;
  /** Nodes that the cluster's limits let in, by group. */
  readonly room: ReadonlyMap<string, number>;
}

/** Finds out which groups could help which pods: one pod is asked for all of its kind. */
export function survey(
  turn: Turn,
  cluster: ClusterState,
  templates: Templates,
  pods: readonly PodGroup[],
): Survey {
  const { options, supposed, now } = turn;
  const total = totalOf(cluster, (group) => templates.nodeOf(group));
  const skipped = new Map<string, Skip>();
  const candidates = new Map<string, Candidate>();
  const room = new Map<string, number>();
  const refusals = new Map<PodGroup, Map<string, readonly string[]>>(pods.map((group) => [group, new Map()]));
  for (const [id, state] of cluster.groups) {
    const template = skipOf(state, now) ?? templates.of(id) ?? notReady;
    if ('reason' in template) {
      skipped.set(id, template);
      continue;
    }
    const within = roomWithinLimits(total, capacityOf(template.node), options);
    if (within.nodes < 1) {
      for (const bound of within.bound)
        count(turn, 'skipped_scale_events_count', { direction: 'up', reason: limitNames[bound] });
      skipped.set(id, { reason: limitReason(within.bound, options.features) });
      continue;
    }
    room.set(id, within.nodes);
    const schedulable = takenBy(template, pods, supposed, (group, reasons) =>
      refusals.get(group)?.set(id, reasons),
    );
    candidates.set(id, { state, template, schedulable });
  }
  return { skipped, candidates, refusals, room };
}

/** The pods that an empty node of a template would take, one of each kind being asked. */
export function takenBy(
  { node, pods: own }: GroupTemplate,
  pods: readonly PodGroup[],
  supposed: Supposed,
  refused: (group: PodGroup, reasons: readonly string[]) => void,
): readonly PodGroup[] {
  const { name } = node.metadata;
  const taken: PodGroup[] = [];
  supposed.tentatively(() => {
    supposed.putNode(node);
    for (const pod of own) supposed.putPod(pod, name);
    for (const group of pods) {
      const [example] = group.pods as readonly [Pod, ...Pod[]];
      const refusal = supposed.refusalOn(example, name);
      if (refusal) refused(group, refusal.reasons);
      else taken.push(group);
    }
    return 'take back';
  });
  return taken;
}
