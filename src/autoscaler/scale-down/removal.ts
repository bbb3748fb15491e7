import type { Duration, Instant } from '../../units/index.js';
import { after } from '../../units/index.js';
import type { GroupOptions } from '../cloud.js';
import type { AutoscalerMemory, NodeMemory } from '../memory.js';
import type { AutoscalerOptions } from '../options.js';
import { capacityOf, spareAbove } from '../scale-up/limits.js';
import type { Amount } from '../scale-up/limits.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { RemovableNode } from './planner.js';

/** A while in which no node may go. */
export interface CoolDown {
  readonly after: 'scale-up' | 'deletion' | 'failure';
  /** When that was. */
  readonly at: Instant;
  readonly delay: Duration;
  readonly until: Instant;
}

/** Why no node may go, as some came, went or failed to go not long ago: what holds longest; undefined when they may. */
export function coolDownOf(
  { lastScaleUp, lastDeletion, lastFailure }: AutoscalerMemory,
  now: Instant,
  { scaleDownDelayAfterAdd, scaleDownDelayAfterDelete, scaleDownDelayAfterFailure }: AutoscalerOptions,
): CoolDown | undefined {
  const [longest] = [
    { after: 'scale-up', at: lastScaleUp, delay: scaleDownDelayAfterAdd } as const,
    { after: 'deletion', at: lastDeletion, delay: scaleDownDelayAfterDelete } as const,
    { after: 'failure', at: lastFailure, delay: scaleDownDelayAfterFailure } as const,
  ]
    .map((one) => ({ ...one, until: after(one.at, one.delay) }))
    .sort((a, b) => b.until - a.until);
  return longest && now < longest.until ? longest : undefined;
}

/** How long a node has to be unneeded before it goes. */
export const unneededTime = (
  readiness: 'ready' | 'not ready',
  own: GroupOptions,
  options: AutoscalerOptions,
): Duration =>
  readiness === 'ready'
    ? (own.scaleDownUnneededTime ?? options.scaleDownUnneededTime)
    : (own.scaleDownUnreadyTime ?? options.scaleDownUnreadyTime);

/** The moment after which a node that is not needed may go. */
export function mayGoAfter(
  { since, group, node }: Pick<NodeMemory, 'since' | 'group' | 'node'>,
  { groups, readiness }: ClusterState,
  options: AutoscalerOptions,
): Instant {
  const own = groups.get(group)?.group.options ?? {};
  const how = readiness.get(node) === 'ready' ? 'ready' : 'not ready';
  return after(since, unneededTime(how, own, options));
}

/**
 * The nodes that go now: those that were not needed for long enough, as far as their groups and the cluster may shrink. Empty ones
 * first, those whose pods exceed a budget together last (planner: NodesToDelete).
 *
 * @param leaving how many nodes of a group are on their way out and still count in its size
 */
export function nodesToRemove(
  removable: readonly RemovableNode[],
  {
    cluster,
    unneededSince,
    leaving,
    total,
    now,
    options,
  }: {
    readonly cluster: ClusterState;
    readonly unneededSince: (node: string) => Instant;
    readonly leaving: (group: string) => number;
    readonly total: Amount;
    readonly now: Instant;
    readonly options: AutoscalerOptions;
  },
): readonly RemovableNode[] {
  const taken = new Map<string, number>();
  let left = total;
  const rank = ({ pods, isRisky }: RemovableNode): number => (pods.length === 0 ? 0 : isRisky ? 2 : 1);
  return [...removable]
    .sort((a, b) => rank(a) - rank(b))
    .filter(({ node, group }) => {
      const { name } = node.metadata;
      const state = cluster.groups.get(group);
      if (!state || mayGoAfter({ since: unneededSince(name), group, node: name }, cluster, options) >= now)
        return false;
      const going = (taken.get(group) ?? 0) + leaving(group);
      if (state.group.targetSize - going <= state.group.minSize) return false;
      const own = capacityOf(node);
      if (spareAbove(left, own, options) < 1) return false;
      left = { cpu: left.cpu - own.cpu, memory: left.memory - own.memory };
      taken.set(group, (taken.get(group) ?? 0) + 1);
      return true;
    });
}
