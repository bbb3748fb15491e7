import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { Cloud } from '../cloud.js';
import { counters, countersOf } from './counters.js';
import type { CounterName } from './counters.js';
import type { Metric, Sample } from './metric.js';
import { exhaustedPools, gauges, measure } from './states.js';

const prefix = 'cluster_autoscaler_';

/**
 * What the autoscalers of all clusters measure, by upstream's names, and what is exhausted, by our own.
 *
 * @param nameOf what a cluster is called in the label `cluster`, by its key
 */
export function autoscalerMetrics(
  reader: Reader,
  cloud: Cloud,
  now: Instant,
  nameOf: (cluster: string) => string,
): readonly Metric[] {
  const samples = new Map<string, Sample[]>();
  const exhausted: Sample[] = [];
  for (const cluster of cloud.clusters(reader)) {
    const own = { cluster: nameOf(cluster) };
    const take = (name: string, value: number, labels: Sample['labels'] = {}): void => {
      const sample = { labels: { ...own, ...labels }, value };
      const known = samples.get(name);
      if (known) known.push(sample);
      else samples.set(name, [sample]);
    };
    measure(reader, cloud, cluster, now, take);
    takeCounters(reader, cluster, take);
    for (const one of exhaustedPools(reader, cluster))
      exhausted.push({ labels: { ...own, ...one }, value: 1 });
  }
  const of = (name: string, type: Metric['type'], help: string): Metric => ({
    name: `${prefix}${name}`,
    type,
    help,
    samples: samples.get(name) ?? [],
  });
  return [
    ...Object.entries(gauges).map(([name, help]) => of(name, 'gauge', help)),
    ...Object.entries(counters).map(([name, { help }]) => of(name, 'counter', help)),
    {
      name: 'poolkeeper_autoscaler_exhausted',
      type: 'gauge',
      help: 'Pods wait for nodes that a pool, the whole cluster or the subscription can not give: 1 while they do.',
      samples: exhausted,
    },
  ];
}

function takeCounters(
  reader: Reader,
  cluster: string,
  take: (name: CounterName, value: number, labels: Sample['labels']) => void,
): void {
  const known = countersOf(reader, cluster);
  for (const [key, { labels: names, from0 }] of Object.entries(counters)) {
    const name = key as CounterName;
    const labelled = (values: readonly string[]): Sample['labels'] =>
      Object.fromEntries(names.map((label, index) => [label, values[index] ?? '']));
    const values = new Map<string, { readonly labels: Sample['labels']; readonly value: number }>();
    for (const zero of from0) values.set(zero.join('/'), { labels: labelled(zero), value: 0 });
    for (const one of known)
      if (one.name === name)
        values.set(one.labels.join('/'), { labels: labelled(one.labels), value: one.value });
    for (const { labels, value } of values.values()) take(name, value, labels);
  }
}
