import type { ScarceResource } from '../cloud.js';
import type { Exhaustion, ScalingAlarm } from '../decisions/decision.js';
import type { PodGroup } from '../estimator/index.js';
import { podName } from '../pod-name.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { Turn } from '../turn.js';
import { atMaximum } from './skip.js';
import { takenBy } from './survey.js';
import type { Survey } from './survey.js';
import type { Templates } from '../templates/templates.js';

/** What stands in the way of pods for which no group grows. */
export type Hindrance = Omit<ScalingAlarm, 'cluster' | 'since'>;

/**
 * Tells pools at their maximum from a cluster of which no pool would do, and from a subscription that gives no more: the remedies
 * differ. Groups that were not held against the pods are held against them for this. Pods whose group merely is not well now have
 * nothing to be told.
 */
export function hindrances(
  turn: Turn,
  cluster: ClusterState,
  templates: Templates,
  { skipped, candidates }: Survey,
  pods: readonly PodGroup[],
): readonly Hindrance[] {
  const fitting = new Map<PodGroup, string[]>(pods.map((group) => [group, []]));
  for (const id of cluster.groups.keys()) {
    const template = templates.of(id);
    const taken =
      candidates.get(id)?.schedulable ?? (template ? takenBy(template, pods, turn.supposed, ignore) : []);
    for (const group of taken) fitting.get(group)?.push(id);
  }
  const found: Hindrance[] = [];
  for (const [group, ids] of fitting) {
    const exhaustion = exhaustionOf(cluster, skipped, ids);
    if (!exhaustion) continue;
    const at = found.findIndex((one) => JSON.stringify(one.exhaustion) === JSON.stringify(exhaustion));
    const known = found[at];
    const [first] = group.pods;
    if (known) found[at] = { ...known, pods: known.pods + group.pods.length };
    else if (first) found.push({ exhaustion, pods: group.pods.length, example: podName(first) });
  }
  return found;
}

const ignore = (): void => undefined;

function exhaustionOf(
  { groups }: ClusterState,
  skipped: Survey['skipped'],
  fitting: readonly string[],
): Exhaustion | undefined {
  if (fitting.length === 0) return { kind: 'cluster' };
  const poolOf = (id: string): string => groups.get(id)?.group.pool ?? id;
  const refused = fitting.flatMap((id) => {
    const cause = groups.get(id)?.memory.backoff?.cause;
    const scarce: ScarceResource | undefined = skipped.get(id)?.scarce;
    return cause && scarce && scarce !== 'other' ? [{ id, scarce, message: cause.message }] : [];
  });
  const [first] = refused;
  if (first) {
    const pools = refused.filter(({ scarce }) => scarce === first.scarce).map(({ id }) => poolOf(id));
    return { kind: 'subscription', scarce: first.scarce, pools, message: first.message };
  }
  const full = fitting.filter((id) => skipped.get(id) === atMaximum);
  return full.length > 0 ? { kind: 'pool', pools: full.map(poolOf) } : undefined;
}
