import { defineCollection } from '../../store/index.js';
import type { Reader, Transaction } from '../../store/index.js';

/** What is counted, with its labels and the values that are told from the start, as 0 (cluster autoscaler: metrics). */
export const counters = {
  scaled_up_nodes_total: {
    help: 'Nodes that were asked for.',
    labels: [],
    from0: [[]],
  },
  failed_scale_ups_total: {
    help: 'Scale-ups that failed: the cloud refused them, or their nodes did not come.',
    labels: ['reason'],
    from0: [['cloudProviderError'], ['apiCallError'], ['timeout']],
  },
  scaled_down_nodes_total: {
    help: 'Nodes that were taken away.',
    labels: ['reason'],
    from0: [['empty'], ['underutilized'], ['unready']],
  },
  evicted_pods_total: {
    help: 'Pods that were evicted from nodes on their way out, or could not be.',
    labels: ['eviction_result'],
    from0: [['succeeded'], ['failed']],
  },
  errors_total: {
    help: 'Loops that ended with an error.',
    labels: ['type'],
    from0: [['cloudProviderError'], ['apiCallError'], ['internalError']],
  },
  old_unregistered_nodes_removed_count: {
    help: 'Instances that were deleted as they never became nodes.',
    labels: [],
    from0: [[]],
  },
  skipped_scale_events_count: {
    help: 'Times that a limit of the cluster kept a group from growing or shrinking.',
    labels: ['direction', 'reason'],
    from0: [
      ['up', 'CpuResourceLimit'],
      ['up', 'MemoryResourceLimit'],
      ['down', 'CpuResourceLimit'],
      ['down', 'MemoryResourceLimit'],
    ],
  },
} as const;

export type CounterName = keyof typeof counters;

/** The labels of a counter. */
export type CounterLabels<Name extends CounterName> = Readonly<
  Record<(typeof counters)[Name]['labels'][number], string>
>;

/** How often something has happened since a cluster's autoscaler was started. */
export interface Counter {
  readonly cluster: string;
  readonly name: CounterName;
  /** Values of the labels, in their order. */
  readonly labels: readonly string[];
  readonly value: number;
}

/** By cluster, name and labels. */
export const autoscalerCounters = defineCollection<Counter>('autoscalerCounters', {
  byCluster: ({ cluster }) => cluster,
});

/** Counts something of a cluster's autoscaler. */
export function count<Name extends CounterName>(
  { tx, cluster }: { readonly tx: Transaction; readonly cluster: string },
  name: Name,
  labels: CounterLabels<Name>,
  by = 1,
): void {
  if (by === 0) return;
  const given: Readonly<Record<string, string>> = labels;
  const values = counters[name].labels.map((label) => given[label] ?? '');
  const key = `${cluster}/${[name, ...values].join('/')}`;
  const value = (tx.get(autoscalerCounters, key)?.value ?? 0) + by;
  tx.put(autoscalerCounters, key, { cluster, name, labels: values, value });
}

/** An autoscaler that is started anew counts from 0. */
export function forgetCounters(tx: Transaction, cluster: string): void {
  for (const { key } of tx.findEntries(autoscalerCounters, 'byCluster', cluster))
    tx.delete(autoscalerCounters, key);
}

/** What a cluster's autoscaler has counted. */
export const countersOf = (reader: Reader, cluster: string): readonly Counter[] =>
  reader.find(autoscalerCounters, 'byCluster', cluster);
