import type { Reader } from '../../store/index.js';
import { seconds } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { milliValue, quantityValue } from '../../units/index.js';
import { StatusError, entriesIn } from '../api/index.js';
import type { Scope } from '../api/index.js';
import { containerUsage } from '../kubelet/usage.js';
import type { Usage } from '../kubelet/usage.js';
import { nodeKind, nodeTerm, pods } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { toKubeTime } from '../kube-time.js';
import { nodeCondition } from '../nodes/index.js';
import type { KubeNode } from '../nodes/index.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import { instant } from '../../units/index.js';

/** The metrics server looks at every node so often (metrics-server: --metric-resolution). */
const resolution = seconds(15);
/** What is measured is the growth between two looks, so that what began since has no metrics yet. */
const warmUp = 2 * resolution;
/** Share of what a node keeps back for itself that its kubelet and runtime use (inferred: AKS reserves twice what is needed). */
const systemShare = 0.5;

/** What objects of metrics.k8s.io hold beside their metadata. */
interface Measured {
  readonly timestamp: string;
  readonly window: string;
}

const measuredAt = (now: Instant): Measured => ({
  timestamp: toKubeTime(instant(Math.floor(now / resolution) * resolution)),
  window: `${String(resolution / 1000)}s`,
});

/** A use as the metrics server writes it: nanocores and kibibytes. */
const written = ({ cpu, memory }: Usage) => ({
  cpu: `${String(Math.round(cpu * 1e6))}n`,
  memory: `${String(Math.round(memory / 1024))}Ki`,
});

const started = (pod: Pod, name: string): number =>
  Date.parse(
    pod.status?.containerStatuses?.find((status) => status.name === name)?.state.running?.startedAt ?? '',
  );

/** What a pod's containers use, in their order; undefined until all of them have run for a while. */
export function usageOfContainers(
  pod: Pod,
  now: Instant,
): readonly { readonly name: string; readonly usage: Usage }[] | undefined {
  const measured = pod.spec.containers.flatMap((container) => {
    const usage = containerUsage(pod, container, now);
    return usage && started(pod, container.name) + warmUp <= now ? [{ name: container.name, usage }] : [];
  });
  return measured.length === pod.spec.containers.length ? measured : undefined;
}

function podMetrics(pod: Pod, now: Instant): KubeObject | undefined {
  const containers = usageOfContainers(pod, now);
  if (!containers) return undefined;
  const { name, namespace = '', labels } = pod.metadata;
  return {
    kind: 'PodMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: metadataOf(name, namespace, labels, now),
    ...measuredAt(now),
    containers: containers.map((container) => ({ name: container.name, usage: written(container.usage) })),
  } as unknown as KubeObject;
}

const metadataOf = (
  name: string,
  namespace: string | undefined,
  labels: Readonly<Record<string, string>> | undefined,
  now: Instant,
) => ({
  name,
  ...(namespace !== undefined && { namespace }),
  creationTimestamp: toKubeTime(now),
  ...(labels && { labels }),
});

/** What a node uses: its pods, and its share of what it keeps back for itself. */
function nodeUsage(reader: Reader, cluster: string, node: KubeNode, now: Instant): Usage {
  const running = reader.find(pods.collection, 'byNode', nodeTerm(cluster, node.metadata.name));
  const total = { cpu: 0, memory: 0 };
  for (const { object } of running) {
    const pod = object as Pod;
    for (const container of pod.spec.containers) {
      const usage = containerUsage(pod, container, now);
      total.cpu += usage?.cpu ?? 0;
      total.memory += usage?.memory ?? 0;
    }
  }
  const { capacity = {}, allocatable = {} } = node.status;
  const keptBack = (name: 'cpu' | 'memory', amount: (text: string) => number): number =>
    Math.max(0, amount(capacity[name] ?? '0') - amount(allocatable[name] ?? '0'));
  return {
    cpu: total.cpu + keptBack('cpu', milliValue) * systemShare,
    memory: total.memory + keptBack('memory', quantityValue) * systemShare,
  };
}

function nodeMetrics(reader: Reader, cluster: string, node: KubeNode, now: Instant): KubeObject | undefined {
  const ready = nodeCondition(node, 'Ready');
  const since = ready?.status === 'True' ? Date.parse(ready.lastTransitionTime) : NaN;
  if (!(since + warmUp <= now)) return undefined;
  const { name, labels } = node.metadata;
  return {
    kind: 'NodeMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: metadataOf(name, undefined, labels, now),
    ...measuredAt(now),
    usage: written(nodeUsage(reader, cluster, node, now)),
  } as unknown as KubeObject;
}

const absent = (plural: string, name: string): StatusError =>
  StatusError.notFound({ group: 'metrics.k8s.io', plural }, name);

/** The metrics of a pod. @throws StatusError 404 when there is no such pod, or it has not run for long */
export function metricsOfPod(reader: Reader, scope: Scope, name: string, now: Instant): KubeObject {
  const stored = reader.get(pods.collection, objectKey(scope.cluster, scope.namespace, name));
  const metrics = stored && podMetrics(stored.object as Pod, now);
  if (!metrics) throw absent('podmetrics', `${scope.namespace ?? ''}/${name}`);
  return metrics;
}

/** The metrics of a node. @throws StatusError 404 when there is no such node, or it has not been ready for long */
export function metricsOfNode(reader: Reader, scope: Scope, name: string, now: Instant): KubeObject {
  const stored = reader.get(nodeKind.collection, objectKey(scope.cluster, undefined, name));
  const metrics = stored && nodeMetrics(reader, scope.cluster, stored.object as unknown as KubeNode, now);
  if (!metrics) throw absent('nodemetrics', name);
  return metrics;
}

export const metricsOfPods = (reader: Reader, scope: Scope, now: Instant): readonly KubeObject[] =>
  entriesIn(reader, pods, scope).flatMap(({ value }) => podMetrics(value.object as Pod, now) ?? []);

export const metricsOfNodes = (reader: Reader, scope: Scope, now: Instant): readonly KubeObject[] =>
  entriesIn(reader, nodeKind, { cluster: scope.cluster }).flatMap(
    ({ value }) => nodeMetrics(reader, scope.cluster, value.object as unknown as KubeNode, now) ?? [],
  );
