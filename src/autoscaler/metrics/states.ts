import type { Reader } from '../../store/index.js';
import { instant } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { deletionsOf, isToBeDeleted } from '../actuation/index.js';
import { isBackedOff } from '../backoff.js';
import type { Cloud } from '../cloud.js';
import { scalingAlarms, scalingDecisions } from '../decisions/decision.js';
import { autoscalers, nodeMemories } from '../memory.js';
import type { AutoscalerMemory } from '../memory.js';
import type { AutoscalerOptions } from '../options.js';
import { waitingPods } from '../pending/pods.js';
import { coolDownOf } from '../scale-down/removal.js';
import { capacityOf } from '../scale-up/limits.js';
import { stateOf } from '../state/cluster-state.js';
import type { ClusterState } from '../state/cluster-state.js';
import { taintCounts } from './taint-types.js';

type Labels = Readonly<Record<string, string>>;

/** Takes a value down under a name. */
export type Gauge = (name: GaugeName, value: number, labels?: Labels) => void;

/** States that are looked up as they are asked for, in the order in which they are told (cluster autoscaler: metrics). */
export const gauges = {
  cluster_safe_to_autoscale: 'Whether enough nodes are well for the cluster to be scaled: 1 if so, 0 if not.',
  nodes_count: 'Nodes and instances that are to be nodes, by their state.',
  node_groups_count: 'Node groups that the autoscaler is in charge of.',
  unschedulable_pods_count: 'Pods for which the scheduler has found no node.',
  max_nodes_count: 'How many nodes all groups may have together.',
  cluster_cpu_current_cores: 'Cores of all nodes but those that are being deleted.',
  cpu_limits_cores: 'The least and the most cores that the cluster may have.',
  cluster_memory_current_bytes: 'Memory of all nodes but those that are being deleted.',
  memory_limits_bytes: 'The least and the most memory that the cluster may have.',
  node_group_min_count: 'The least nodes that the group may have.',
  node_group_max_count: 'The most nodes that the group may have.',
  node_group_target_count: 'How many nodes the group is to have.',
  node_group_healthiness: 'Whether the group is well enough to be scaled: 1 if so, 0 if not.',
  node_group_backoff_status: 'Whether the group is let be after a failure: 1 if so, 0 if not.',
  last_activity: 'When a part of the loop was run last, in Unix seconds.',
  unneeded_nodes_count: 'Nodes that could go.',
  unremovable_nodes_count: 'Nodes that can not go, by why.',
  scale_down_in_cooldown: 'Whether no node is taken away for a while: 1 if so, 0 if not.',
  pending_node_deletions: 'Nodes that are on their way out and not gone yet.',
  node_taints_count: 'Taints of nodes, by their type.',
} as const;
export type GaugeName = keyof typeof gauges;

/** Measures what a cluster's autoscaler sees, without changing anything. */
export function measure(reader: Reader, cloud: Cloud, cluster: string, now: Instant, gauge: Gauge): void {
  const options = cloud.settings(reader, cluster)?.options;
  if (!options) return;
  const state = stateOf(reader, cloud, cluster, { now, options });
  measureCluster(state, options, gauge);
  measureGroups(state, now, gauge);
  const { unschedulable, nominated } = waitingPods(reader, cluster, options);
  gauge('unschedulable_pods_count', unschedulable.length + nominated.length, { type: 'unschedulable' });
  gauge('unschedulable_pods_count', 0, { type: 'scheduler_unprocessed' });
  measureNodes(reader, cluster, gauge);
  gauge('pending_node_deletions', deletionsOf(reader, cluster).length);
  for (const [type, count] of taintCounts(state.nodes)) gauge('node_taints_count', count, { type });
  const memory = reader.get(autoscalers, cluster);
  if (!memory) return;
  gauge('scale_down_in_cooldown', flag(coolDownOf(memory, now, options) !== undefined));
  measureActivity(reader, memory, options, now, gauge);
}

const flag = (is: boolean): number => (is ? 1 : 0);

function measureCluster(
  { isHealthy, counts, groups, nodes }: ClusterState,
  options: AutoscalerOptions,
  gauge: Gauge,
): void {
  gauge('cluster_safe_to_autoscale', flag(isHealthy));
  const states = {
    ready: counts.ready,
    unready: counts.unready + counts['resource unready'],
    notStarted: counts['not started'],
    longUnregistered: counts['long unregistered'],
    unregistered: counts.unregistered,
  };
  for (const [state, value] of Object.entries(states)) gauge('nodes_count', value, { state });
  gauge('node_groups_count', groups.size, { node_group_type: 'autoscaled' });
  gauge('node_groups_count', 0, { node_group_type: 'autoprovisioned' });
  const most = [...groups.values()].reduce((sum, { group }) => sum + group.maxSize, 0);
  const { maxNodesTotal } = options;
  gauge('max_nodes_count', maxNodesTotal > 0 ? Math.min(most, maxNodesTotal) : most);
  const present = nodes.filter((node) => !isToBeDeleted(node)).map(capacityOf);
  gauge(
    'cluster_cpu_current_cores',
    present.reduce((sum, { cpu }) => sum + cpu, 0),
  );
  gauge(
    'cluster_memory_current_bytes',
    present.reduce((sum, { memory }) => sum + memory, 0),
  );
  for (const [direction, bound] of [['minimum', 'min'] as const, ['maximum', 'max'] as const]) {
    gauge('cpu_limits_cores', options.coresTotal[bound], { direction });
    gauge('memory_limits_bytes', options.memoryTotal[bound], { direction });
  }
}

function measureGroups({ groups }: ClusterState, now: Instant, gauge: Gauge): void {
  for (const [id, { group, memory, isHealthy }] of groups) {
    const labels = { node_group: id };
    gauge('node_group_min_count', group.minSize, labels);
    gauge('node_group_max_count', group.maxSize, labels);
    gauge('node_group_target_count', group.targetSize, labels);
    gauge('node_group_healthiness', flag(isHealthy), labels);
    const isOff = isBackedOff(memory.backoff, now);
    const reason = isOff ? (memory.backoff?.cause.code ?? '') : '';
    gauge('node_group_backoff_status', flag(isOff), { ...labels, reason });
  }
}

function measureNodes(reader: Reader, cluster: string, gauge: Gauge): void {
  let unneeded = 0;
  const unremovable = new Map<string, number>();
  for (const memory of reader.find(nodeMemories, 'byCluster', cluster)) {
    if (memory.kind === 'unneeded') unneeded += 1;
    else unremovable.set(memory.reason, (unremovable.get(memory.reason) ?? 0) + 1);
  }
  gauge('unneeded_nodes_count', unneeded);
  for (const [reason, value] of [...unremovable].sort(([a], [b]) => (a < b ? -1 : 1)))
    gauge('unremovable_nodes_count', value, { reason });
}

/** Loops in which nothing could change are left out here; upstream's clock goes on through them. */
function measureActivity(
  reader: Reader,
  { cluster, lastLoop }: AutoscalerMemory,
  { scanInterval }: AutoscalerOptions,
  now: Instant,
  gauge: Gauge,
): void {
  const loop = lastLoop + Math.floor((now - lastLoop) / scanInterval) * scanInterval;
  for (const activity of ['main', 'autoscaling', 'scaleDown'])
    gauge('last_activity', loop / 1000, { activity });
  const last = reader
    .find(scalingDecisions, 'byCluster', cluster)
    .findLast(({ kind }) => kind === 'scale-up' || kind === 'no scale-up');
  if (last) gauge('last_activity', instant(last.lastAt) / 1000, { activity: 'scaleUp' });
}

/** What is exhausted now: once for each pool, or without one for the cluster. */
export function exhaustedPools(
  reader: Reader,
  cluster: string,
): readonly { readonly kind: string; readonly pool: string }[] {
  const found = new Map<string, { readonly kind: string; readonly pool: string }>();
  for (const { exhaustion } of reader.find(scalingAlarms, 'byCluster', cluster)) {
    const pools = exhaustion.kind === 'cluster' ? [''] : exhaustion.pools;
    for (const pool of pools) found.set(`${exhaustion.kind} ${pool}`, { kind: exhaustion.kind, pool });
  }
  return [...found.values()];
}
