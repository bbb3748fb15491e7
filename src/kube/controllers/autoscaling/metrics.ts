import type { Instant } from '../../../units/index.js';
import { fromMilli, milliValue, own } from '../../../units/index.js';
import { Seed } from '../../../sim/index.js';
import { amountCurve, behaviourOf } from '../../kubelet/behaviour/index.js';
import type { Curve } from '../../kubelet/behaviour/index.js';
import { isReady, podCondition } from '../../kinds/index.js';
import type { Container, Pod } from '../../kinds/index.js';
import { usageOfContainers } from '../../metrics/index.js';
import type { Autoscaler, MetricSpec, MetricTarget } from './autoscaler.js';
import { syncInterval } from './history.js';
import { podReplicas, sharedReplicas, valueReplicas } from './replica-calculator.js';
import type { PodSample, PodTarget, Tolerance } from './replica-calculator.js';

/** Where simulated metrics of other sources than pods' use are given: annotations of the autoscaler. */
const prefix = 'poolkeeper.dev/';

/** What a metric says. */
export type MetricOutcome =
  | {
      readonly kind: 'valid';
      readonly replicas: number;
      /** What an event calls it, e.g. `cpu resource utilization (percentage of request)`. */
      readonly name: string;
      readonly status: object;
    }
  | { readonly kind: 'invalid'; readonly reason: string; readonly message: string; readonly what: string };

/** What metrics are read of. */
export interface MetricScene {
  readonly autoscaler: Autoscaler;
  readonly pods: readonly Pod[];
  readonly current: number;
  readonly tolerance: Tolerance;
  readonly now: Instant;
}

/** Reads a metric and says how many replicas it asks for. */
export function read(spec: MetricSpec, scene: MetricScene): MetricOutcome {
  switch (spec.type) {
    case 'Resource': {
      const { name, target } = spec.resource;
      return readResource(scene, name, target, undefined, (current) => ({
        type: 'Resource',
        resource: { name, current },
      }));
    }
    case 'ContainerResource': {
      const { name, container, target } = spec.containerResource;
      return readResource(scene, name, target, container, (current) => ({
        type: 'ContainerResource',
        containerResource: { name, container, current },
      }));
    }
    case 'Pods': {
      const { metric, target } = spec.pods;
      return readPodsMetric(scene, metric, target);
    }
    case 'Object': {
      const { metric, target, describedObject } = spec.object;
      const named = { kind: 'object', name: `${describedObject.kind} metric ${metric.name}` } as const;
      return readValue(scene, named, metric.name, target, (current) => ({
        type: 'Object',
        object: { metric, describedObject, current },
      }));
    }
    case 'External': {
      const { metric, target } = spec.external;
      const named = {
        kind: 'external',
        name: `external metric ${metric.name}(${selectorText(metric.selector)})`,
      } as const;
      return readValue(scene, named, metric.name, target, (current) => ({
        type: 'External',
        external: { metric, current },
      }));
    }
  }
}

/** A selector as the controller's texts have it. */
const selectorText = (selector: unknown): string =>
  selector === undefined ? 'nil' : `&LabelSelector${JSON.stringify(selector)}`;

function readResource(
  { pods, current, tolerance, now }: MetricScene,
  resource: string,
  target: MetricTarget,
  container: string | undefined,
  status: (current: object) => object,
): MetricOutcome {
  const isShare = target.averageUtilization !== undefined;
  const reason = container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric';
  const failed = (why: string): MetricOutcome => {
    const message = `failed to get ${resource} ${isShare ? 'utilization' : 'usage'}: ${why}`;
    return {
      kind: 'invalid',
      reason,
      message,
      what: `failed to get ${resource} resource metric value: ${message}`,
    };
  };
  if (pods.length === 0) return failed('no pods returned by selector while calculating replica count');
  const samples: PodSample[] = [];
  for (const pod of pods) {
    const request = isShare ? requestOf(pod, resource, container) : 0;
    if (typeof request === 'string') return failed(request);
    samples.push(sampleOf(pod, resource, container, request, now));
  }
  if (samples.every(({ value }) => value === undefined))
    return failed(
      `unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`,
    );
  const aim: PodTarget = isShare
    ? { kind: 'utilization', percent: target.averageUtilization ?? 0 }
    : { kind: 'average', milli: milliValue(target.averageValue ?? '0') };
  const proposal = podReplicas(samples, aim, current, tolerance, { isCpu: resource === 'cpu', now });
  if (!proposal) return failed('did not receive metrics for targeted pods (pods might be unready)');
  const averageValue = fromMilli(proposal.average);
  const { utilization } = proposal;
  return {
    kind: 'valid',
    replicas: proposal.replicas,
    name: isShare ? `${resource} resource utilization (percentage of request)` : `${resource} resource`,
    status: status({ ...(utilization !== undefined && { averageUtilization: utilization }), averageValue }),
  };
}

/** Thousandths that a pod requests; else the words for what it lacks. */
function requestOf({ spec, metadata }: Pod, resource: string, only: string | undefined): number | string {
  let sum = 0;
  for (const { name, resources } of spec.containers) {
    if (only !== undefined && name !== only) continue;
    const request = own(resources?.requests, resource);
    if (request === undefined)
      return `missing request for ${resource} in container ${name} of Pod ${metadata.name}`;
    sum += milliValue(request);
  }
  return sum;
}

function sampleOf(
  pod: Pod,
  resource: string,
  only: string | undefined,
  request: number,
  now: Instant,
): PodSample {
  const used = usageOfContainers(pod, now)?.filter(({ name }) => only === undefined || name === only);
  const value = used?.reduce(
    (sum, { usage }) =>
      sum + (resource === 'cpu' ? usage.cpu : resource === 'memory' ? usage.memory * 1000 : 0),
    0,
  );
  return { ...stateOf(pod), value, request };
}

function stateOf(pod: Pod): Omit<PodSample, 'value' | 'request'> {
  const { status, metadata } = pod;
  const condition = podCondition(pod, 'Ready');
  return {
    name: metadata.name,
    phase: status?.phase ?? 'Pending',
    isGoing: metadata.deletionTimestamp !== undefined,
    startedAt: status?.startTime === undefined ? undefined : Date.parse(status.startTime),
    ready: condition && {
      isReady: condition.status === 'True',
      since: Date.parse(condition.lastTransitionTime ?? ''),
    },
  };
}

/** A metric of a source that annotations simulate, in thousandths; its time begins with the autoscaler. */
function curveAt({ autoscaler }: MetricScene, kind: string, metric: string): Curve | undefined {
  const { annotations, creationTimestamp, uid } = autoscaler.metadata;
  const text = annotations?.[`${prefix}${kind}-metric.${metric}`];
  if (text === undefined) return undefined;
  return amountCurve(text, Date.parse(creationTimestamp), () =>
    new Seed(uid).stream('metric', `${kind}/${metric}`),
  );
}

function readPodsMetric(
  scene: MetricScene,
  metric: { readonly name: string; readonly selector?: unknown },
  target: MetricTarget,
): MetricOutcome {
  const { pods, current, tolerance, now } = scene;
  const curve = curveAt(scene, 'pods', metric.name);
  const failed = (why: string): MetricOutcome => {
    const message = `unable to get metric ${metric.name}: ${why}`;
    return {
      kind: 'invalid',
      reason: 'FailedGetPodsMetric',
      message,
      what: `failed to get pods metric value: ${message}`,
    };
  };
  if (!curve) return failed('no metrics returned from custom metrics API');
  const value = curve.at(now);
  const samples = pods.map((pod) => ({
    ...stateOf(pod),
    value: pod.status?.phase === 'Running' ? value : undefined,
    request: 0,
  }));
  const aim: PodTarget = { kind: 'average', milli: milliValue(target.averageValue ?? '0') };
  const proposal = podReplicas(samples, aim, current, tolerance, { isCpu: false, now });
  if (!proposal) return failed('did not receive metrics for targeted pods (pods might be unready)');
  const averageValue = fromMilli(proposal.average);
  return {
    kind: 'valid',
    replicas: proposal.replicas,
    name: `pods metric ${metric.name}`,
    status: { type: 'Pods', pods: { metric, current: { averageValue } } },
  };
}

function readValue(
  scene: MetricScene,
  { kind, name }: { readonly kind: 'object' | 'external'; readonly name: string },
  metric: string,
  target: MetricTarget,
  status: (current: object) => object,
): MetricOutcome {
  const { pods, current, tolerance, now } = scene;
  const curve = curveAt(scene, kind, metric);
  if (!curve) {
    const api = kind === 'object' ? 'custom' : 'external';
    const message = `unable to get ${kind} metric ${metric}: no metrics returned from ${api} metrics API`;
    const reason = kind === 'object' ? 'FailedGetObjectMetric' : 'FailedGetExternalMetric';
    return { kind: 'invalid', reason, message, what: `failed to get ${kind} metric value: ${message}` };
  }
  const value = curve.at(now);
  if (target.averageValue !== undefined) {
    const replicas = sharedReplicas(value, milliValue(target.averageValue), current, tolerance);
    const averageValue = fromMilli(Math.ceil(value / Math.max(1, current)));
    return { kind: 'valid', replicas, name, status: status({ averageValue }) };
  }
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isReady(pod)).length;
  const replicas = valueReplicas(value, milliValue(target.value ?? '0'), current, ready, tolerance);
  return { kind: 'valid', replicas, name, status: status({ value: fromMilli(value) }) };
}

/** CPU counts differently while pods are young (replica calculator). */
const youth = 300_000;

/** True while what a metric says may change by time alone. */
export function changesWithTime(spec: MetricSpec, scene: MetricScene): Instant | undefined {
  const { pods, now } = scene;
  const next = (now + syncInterval) as Instant;
  if (spec.type === 'Resource' || spec.type === 'ContainerResource') {
    const { name } = spec.type === 'Resource' ? spec.resource : spec.containerResource;
    return pods.some((pod) => isChanging(pod, name, now)) ? next : undefined;
  }
  const kind = spec.type === 'Pods' ? 'pods' : spec.type === 'Object' ? 'object' : 'external';
  const { name } =
    spec.type === 'Pods'
      ? spec.pods.metric
      : spec.type === 'Object'
        ? spec.object.metric
        : spec.external.metric;
  const curve = curveAt(scene, kind, name);
  if (!curve) return undefined;
  const jump = curve.nextJump(now);
  const isLevel = curve.rise(now) === 0 && (jump !== undefined || curve.at(now) === curve.at(now + century));
  return isLevel ? (jump as Instant | undefined) : next;
}

const century = 3_155_760_000_000;

function isChanging(pod: Pod, resource: string, now: Instant): boolean {
  const { status, spec } = pod;
  if (status?.phase !== 'Running' || pod.metadata.deletionTimestamp !== undefined) return false;
  if (usageOfContainers(pod, now) === undefined) return true;
  if (resource === 'cpu' && Date.parse(status.startTime ?? '') + youth > now) return true;
  const follows = (container: Container): boolean => {
    const { cpu, memory } = behaviourOf(pod, container);
    return (resource === 'cpu' ? cpu : memory) !== undefined;
  };
  return spec.containers.some(follows);
}
