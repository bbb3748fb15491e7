import type { Instant } from '../../units/index.js';
import { isBackedOff } from '../backoff.js';
import type { AutoscalerOptions } from '../options.js';
import type { ClusterState, Counts, GroupState } from '../state/cluster-state.js';

/** How a cluster and its groups are, as the status ConfigMap says it. */
export interface StatusReport {
  readonly clusterWide: Conditions<'health' | 'scaleUp' | 'scaleDown'>;
  /** By group, in order. */
  readonly groups: ReadonlyMap<string, Conditions<'health' | 'scaleUp' | 'scaleDown'>>;
}

type Conditions<Name extends string> = Readonly<Record<Name, Condition>>;

/** A condition with what it is grounded on; members are written in their order. */
export interface Condition {
  readonly status: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Longest text of what a cloud said. */
const longest = 500;

/**
 * What there is to say of a cluster (cluster autoscaler: ClusterAutoscalerStatus).
 *
 * @param unneeded nodes that could go, by group
 */
export function reportOf(
  cluster: ClusterState,
  unneeded: ReadonlyMap<string, number>,
  { now, options }: { readonly now: Instant; readonly options: AutoscalerOptions },
): StatusReport {
  const states = [...cluster.groups.values()];
  const candidates = [...unneeded.values()].reduce((sum, count) => sum + count, 0);
  return {
    clusterWide: {
      health: { status: healthText(cluster.isHealthy), details: countsText(cluster.counts, options) },
      scaleUp: {
        status: states.some(({ memory }) => memory.request) ? 'InProgress' : 'NoActivity',
        details: {},
      },
      scaleDown: scaleDown(candidates),
    },
    groups: new Map(
      states.map((state) => [
        state.group.id,
        {
          health: { status: healthText(state.isHealthy), details: groupDetails(state, options) },
          scaleUp: scaleUp(state, now),
          scaleDown: scaleDown(unneeded.get(state.group.id) ?? 0),
        },
      ]),
    ),
  };
}

const healthText = (isHealthy: boolean): string => (isHealthy ? 'Healthy' : 'Unhealthy');

const scaleDown = (candidates: number): Condition =>
  candidates > 0
    ? { status: 'CandidatesPresent', details: { candidates } }
    : { status: 'NoCandidates', details: {} };

function scaleUp({ memory, isHealthy }: GroupState, now: Instant): Condition {
  const { request, backoff } = memory;
  if (request) return { status: 'InProgress', details: {} };
  if (!isHealthy) return { status: 'Unhealthy', details: {} };
  if (!backoff || !isBackedOff(backoff, now)) return { status: 'NoActivity', details: {} };
  const { code, message } = backoff.cause;
  return {
    status: 'Backoff',
    details: { backoffInfo: { errorCode: code, errorMessage: message.slice(0, longest) } },
  };
}

const groupDetails = ({ group, counts }: GroupState, options: AutoscalerOptions) => ({
  ...countsText(counts, options),
  cloudProviderTarget: group.targetSize,
  minSize: group.minSize,
  maxSize: group.maxSize,
});

const countsText = (counts: Counts, { features }: AutoscalerOptions) => ({
  nodeCounts: {
    registered: {
      total: counts.registered,
      ready: counts.ready,
      notStarted: counts['not started'],
      ...(features.knowsSuspended && { suspended: counts.suspended }),
      ...(counts.deleted > 0 && { beingDeleted: counts.deleted }),
      unready: {
        total: counts.unready + counts['resource unready'],
        resourceUnready: counts['resource unready'],
      },
    },
    longUnregistered: counts['long unregistered'],
    unregistered: counts.unregistered,
  },
});
