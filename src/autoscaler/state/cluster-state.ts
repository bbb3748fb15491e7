import type { KubeNode } from '../../kube/index.js';
import { nodes as nodeCollection } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { Cloud, Instance, NodeGroup } from '../cloud.js';
import { isBackedOff } from '../backoff.js';
import { memoryKey, nodeGroupMemories } from '../memory.js';
import type { NodeGroupMemory } from '../memory.js';
import type { AutoscalerOptions } from '../options.js';
import { readinessOf } from './readiness.js';
import type { Readiness } from './readiness.js';

/** Nodes by how they count, and instances that are no nodes yet (cluster state registry). */
export type Counts = Readonly<
  Record<Readiness | 'registered' | 'unregistered' | 'long unregistered', number>
>;

/** A node group with its nodes as they count. */
export interface GroupState {
  readonly group: NodeGroup;
  readonly memory: NodeGroupMemory;
  /** In name order. */
  readonly nodes: readonly KubeNode[];
  readonly counts: Counts;
  /** Instances that are no nodes yet, the longest awaited first. */
  readonly unregistered: readonly Instance[];
  readonly isHealthy: boolean;
  /** Nodes that are on their way. */
  readonly upcoming: number;
}

/** A cluster as its autoscaler sees it at one moment. */
export interface ClusterState {
  /** By id, in order. */
  readonly groups: ReadonlyMap<string, GroupState>;
  /** All nodes, managed or not, in name order. */
  readonly nodes: readonly KubeNode[];
  readonly readiness: ReadonlyMap<string, Readiness>;
  /** The group of each managed node, by its name. */
  readonly groupOf: ReadonlyMap<string, string>;
  readonly counts: Counts;
  readonly isHealthy: boolean;
}

const none: Counts = {
  ready: 0,
  unready: 0,
  'resource unready': 0,
  'not started': 0,
  suspended: 0,
  deleted: 0,
  registered: 0,
  unregistered: 0,
  'long unregistered': 0,
};

/** The memory of a group of which nothing was kept in mind yet. */
export const memoryOf = (reader: Reader, cluster: string, group: string): NodeGroupMemory =>
  reader.get(nodeGroupMemories, memoryKey(cluster, group)) ?? {
    cluster,
    group,
    unregistered: {},
    failed: [],
  };

/** Looks at a cluster: which nodes there are, and how they count. */
export function stateOf(
  reader: Reader,
  cloud: Cloud,
  cluster: string,
  { now, options }: { readonly now: Instant; readonly options: AutoscalerOptions },
): ClusterState {
  const groups = cloud.groups(reader, cluster);
  const instances = new Map<string, { readonly group: string; readonly instance: Instance }>();
  for (const { id, instances: own } of groups)
    for (const instance of own) instances.set(instance.node, { group: id, instance });
  const nodes = reader.find(nodeCollection, 'byCluster', cluster).map(({ object }) => object);
  const readiness = new Map<string, Readiness>();
  const groupOf = new Map<string, string>();
  const nodesOf = new Map<string, KubeNode[]>(groups.map(({ id }) => [id, []]));
  const total = { ...none };
  for (const node of nodes) {
    const { name } = node.metadata;
    const managed = instances.get(name);
    const isGone = managed?.instance.state === 'deleting' && options.features.countsDeletingAsGone;
    const found = readinessOf(node, { hasInstance: !isGone, now, options });
    readiness.set(name, found);
    total[found] += 1;
    total.registered += 1;
    if (!managed) continue;
    groupOf.set(name, managed.group);
    nodesOf.get(managed.group)?.push(node);
  }
  const states = groups.map((group) => {
    const own = nodesOf.get(group.id) ?? [];
    const state = groupState({
      group,
      memory: memoryOf(reader, cluster, group.id),
      own,
      readiness,
      now,
      options,
    });
    total.unregistered += state.counts.unregistered;
    total['long unregistered'] += state.counts['long unregistered'];
    return [group.id, state] as const;
  });
  return {
    groups: new Map(states),
    nodes,
    readiness,
    groupOf,
    counts: total,
    isHealthy: isWithinLimits(unreadyOf(total), nodes.length, options),
  };
}

const unreadyOf = (counts: Counts): number => counts.unready + counts['resource unready'];

function groupState({
  group,
  memory,
  own,
  readiness,
  now,
  options,
}: {
  readonly group: NodeGroup;
  readonly memory: NodeGroupMemory;
  readonly own: readonly KubeNode[];
  readonly readiness: ReadonlyMap<string, Readiness>;
  readonly now: Instant;
  readonly options: AutoscalerOptions;
}): GroupState {
  const counts = { ...none, registered: own.length };
  for (const { metadata } of own) counts[readiness.get(metadata.name) ?? 'unready'] += 1;
  const registered = new Set(own.map(({ metadata }) => metadata.name));
  const unregistered = group.instances.filter(
    ({ node, state, failure }) => state !== 'deleting' && !failure && !registered.has(node),
  );
  for (const { id } of unregistered) {
    const since = memory.unregistered[id] ?? now;
    const isLong = now - since > options.maxNodeProvisionTime;
    counts[isLong ? 'long unregistered' : 'unregistered'] += 1;
  }
  const arrived = counts.ready + unreadyOf(counts) + counts.suspended + counts['long unregistered'];
  const upcoming = Math.max(0, group.targetSize - arrived);
  const isAwaited = memory.request !== undefined && !isBackedOff(memory.backoff, now);
  return {
    group,
    memory,
    nodes: own,
    counts,
    unregistered,
    isHealthy: isGroupHealthy(group, memory, counts, options),
    // Nodes that nobody waits for any more would keep pods waiting that another group could take.
    upcoming: options.features.revertsTimedOutScaleUps && !isAwaited ? 0 : upcoming,
  };
}

/** A group may lack as many ready nodes as the limits on unready ones allow, beside those that are awaited. */
function isGroupHealthy(
  { targetSize }: NodeGroup,
  { request }: NodeGroupMemory,
  counts: Counts,
  options: AutoscalerOptions,
): boolean {
  if (counts.registered === 0) return targetSize === 0 || request !== undefined;
  const least = targetSize - counts['long unregistered'] - (request?.increase ?? 0);
  const present = counts.ready + unreadyOf(counts) + counts['not started'];
  return isWithinLimits(least - counts.ready, present, options);
}

const isWithinLimits = (
  unready: number,
  of: number,
  { okTotalUnreadyCount, maxTotalUnreadyPercentage }: AutoscalerOptions,
): boolean => unready <= okTotalUnreadyCount || unready <= (of * maxTotalUnreadyPercentage) / 100;
