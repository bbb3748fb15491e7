import { isObject, valueAt } from '../../object.js';
import type { JsonObject, KubeObject } from '../../object.js';
import { defineVersion } from '../../resource-type.js';
import { fill, member } from '../defaulting.js';
import { horizontalPodAutoscalers } from './horizontal-pod-autoscaler.js';
import { metricFromV1, metricToV1 } from './metric-conversion.js';

/** What v1 has no fields for it keeps in annotations (Kubernetes: HorizontalPodAutoscaler v1). */
const annotations = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
} as const;

/** autoscaling/v1: the share of CPU as a field of its own, all else of v2 in annotations. */
export const horizontalPodAutoscalersV1 = defineVersion(horizontalPodAutoscalers, {
  version: 'v1',
  schema: 'V1HorizontalPodAutoscaler',
  applyDefaults: (draft) => fill(member(draft, 'spec'), 'minReplicas', 1),
  fromStored: toV1,
  toStored: fromV1,
});

const objectsAt = (value: unknown, path: readonly string[]): readonly JsonObject[] => {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list.filter(isObject) : [];
};

/** True for the metric that v1 has a field for. */
const isCpuShare = (metric: JsonObject, side: 'target' | 'current'): boolean =>
  metric['type'] === 'Resource' &&
  valueAt(metric, ['resource', 'name']) === 'cpu' &&
  valueAt(metric, ['resource', side, 'averageUtilization']) !== undefined;

const shareOf = (metrics: readonly JsonObject[], side: 'target' | 'current'): unknown =>
  valueAt(
    metrics.find((metric) => isCpuShare(metric, side)),
    ['resource', side, 'averageUtilization'],
  );

function toV1(kept: KubeObject): KubeObject {
  const { spec, status, ...object } = kept as KubeObject & { spec?: JsonObject; status?: JsonObject };
  const metrics = objectsAt(spec, ['metrics']);
  const current = objectsAt(status, ['currentMetrics']);
  const others = metrics.filter((metric) => !isCpuShare(metric, 'target'));
  const told = encoded({
    metrics: others.map((metric) => metricToV1(metric, 'target')),
    currentMetrics: current.map((metric) => metricToV1(metric, 'current')),
    conditions: objectsAt(status, ['conditions']),
    behavior: spec?.['behavior'],
  });
  const { metrics: _metrics, behavior: _behavior, ...plainSpec } = spec ?? {};
  const { currentMetrics: _current, conditions: _conditions, ...plainStatus } = status ?? {};
  const target = shareOf(metrics, 'target');
  const now = shareOf(current, 'current');
  const shown = {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...object.metadata,
      ...(Object.keys(told).length > 0 && { annotations: { ...object.metadata.annotations, ...told } }),
    },
    ...(spec && {
      spec: { ...plainSpec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    }),
    ...(status && {
      status: {
        ...plainStatus,
        ...(now !== undefined && { currentCPUUtilizationPercentage: now }),
      },
    }),
  };
  return shown;
}

/** What is told in annotations; nothing for what is empty. */
function encoded(parts: Readonly<Record<keyof typeof annotations, unknown>>): Record<string, string> {
  const told = Object.entries(annotations).flatMap(([name, annotation]) => {
    const value = parts[name as keyof typeof annotations];
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    return isEmpty ? [] : [[annotation, JSON.stringify(value)] as const];
  });
  return Object.fromEntries(told);
}

function fromV1(draft: Record<string, unknown>): Record<string, unknown> {
  const metadata = isObject(draft['metadata']) ? draft['metadata'] : {};
  const given = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  const names: ReadonlySet<string> = new Set(Object.values(annotations));
  const left = Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)));
  const { annotations: _annotations, ...otherMetadata } = metadata;
  const status = isObject(draft['status']) ? statusFromV1(draft['status'], given) : undefined;
  return {
    ...draft,
    apiVersion: 'autoscaling/v2',
    metadata: { ...otherMetadata, ...(Object.keys(left).length > 0 && { annotations: left }) },
    ...(isObject(draft['spec']) && { spec: specFromV1(draft['spec'], given) }),
    ...(status && { status }),
  };
}

function specFromV1(v1: JsonObject, given: JsonObject): JsonObject {
  const { targetCPUUtilizationPercentage: share, ...spec } = v1;
  const cpu = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: share } },
  };
  const others = decodedList(given[annotations.metrics]).map((metric) => metricFromV1(metric, 'target'));
  const metrics = share === undefined ? others : [...others, cpu];
  const behavior = decoded(given[annotations.behavior]);
  return {
    ...spec,
    ...(metrics.length > 0 && { metrics }),
    ...(isObject(behavior) && { behavior }),
  };
}

function statusFromV1(v1: JsonObject, given: JsonObject): JsonObject {
  const { currentCPUUtilizationPercentage: share, ...status } = v1;
  const told = decodedList(given[annotations.currentMetrics]).map((metric) =>
    metricFromV1(metric, 'current'),
  );
  const cpu = {
    type: 'Resource',
    resource: { name: 'cpu', current: { averageUtilization: share } },
  };
  const currentMetrics = told.length > 0 || share === undefined ? told : [cpu];
  const conditions = decodedList(given[annotations.conditions]);
  return {
    ...status,
    ...(currentMetrics.length > 0 && { currentMetrics }),
    ...(conditions.length > 0 && { conditions }),
  };
}

/** The value of an annotation; undefined for one that holds none (what can't be read is dropped, as the API server does). */
function decoded(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const decodedList = (text: unknown): readonly JsonObject[] => {
  const value = decoded(text);
  return Array.isArray(value) ? value.filter(isObject) : [];
};
