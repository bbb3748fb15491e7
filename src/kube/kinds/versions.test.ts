import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../object.js';
import { membersOf } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { events, eventsV1, horizontalPodAutoscalers, horizontalPodAutoscalersV1 } from './index.js';

const metadata = { name: 'web', uid: 'u', creationTimestamp: 't' };
const show = (type: ResourceType, kept: object): object =>
  membersOf(type.fromStored?.(kept as KubeObject) ?? (kept as KubeObject));
const keep = (type: ResourceType, shown: object): object => type.toStored?.({ ...shown }) ?? shown;

const amount = fc.constantFrom('100m', '2', '1Gi');
const selector = { matchLabels: { a: 'b' } };
const metric = fc.oneof(
  fc.record({
    type: fc.constant('Resource'),
    resource: fc.record({
      name: fc.constantFrom('memory'),
      target: fc.record({ type: fc.constant('Utilization'), averageUtilization: fc.nat(100) }),
    }),
  }),
  fc.record({
    type: fc.constant('ContainerResource'),
    containerResource: fc.record({
      name: fc.constantFrom('cpu'),
      container: fc.constant('app'),
      target: fc.record({ type: fc.constant('AverageValue'), averageValue: amount }),
    }),
  }),
  fc.record({
    type: fc.constant('Pods'),
    pods: fc.record({
      metric: fc.constantFrom({ name: 'requests' }, { name: 'requests', selector }),
      target: fc.record({ type: fc.constant('AverageValue'), averageValue: amount }),
    }),
  }),
  fc.record({
    type: fc.constant('Object'),
    object: fc.record({
      describedObject: fc.constant({ apiVersion: 'v1', kind: 'Service', name: 's' }),
      metric: fc.constant({ name: 'queue' }),
      target: fc.oneof(
        fc.record({ type: fc.constant('Value'), value: amount }),
        fc.record({ type: fc.constant('AverageValue'), averageValue: amount }),
      ),
    }),
  }),
  fc.record({
    type: fc.constant('External'),
    external: fc.record({
      metric: fc.constantFrom({ name: 'messages' }, { name: 'messages', selector }),
      target: fc.record({ type: fc.constant('Value'), value: amount }),
    }),
  }),
);
const cpu = fc.record({
  type: fc.constant('Resource'),
  resource: fc.record({
    name: fc.constant('cpu'),
    target: fc.record({ type: fc.constant('Utilization'), averageUtilization: fc.nat(100) }),
  }),
});
const condition = fc.record({ type: fc.constant('AbleToScale'), status: fc.constantFrom('True', 'False') });
const autoscaler = fc.record({
  apiVersion: fc.constant('autoscaling/v2'),
  kind: fc.constant('HorizontalPodAutoscaler'),
  metadata: fc.constantFrom(metadata, { ...metadata, annotations: { own: 'kept' } }),
  spec: fc
    .record({
      scaleTargetRef: fc.constant({ kind: 'Deployment', name: 'web' }),
      maxReplicas: fc.nat(9),
      // v1 tells the CPU's share last.
      metrics: fc.tuple(fc.array(metric, { minLength: 1, maxLength: 3 }), fc.option(cpu)),
      behavior: fc.option(fc.constant({ scaleDown: { stabilizationWindowSeconds: 60 } })),
    })
    .map(({ metrics: [others, share], behavior, ...spec }) => ({
      ...spec,
      metrics: share ? [...others, share] : others,
      ...(behavior && { behavior }),
    })),
  status: fc.record({
    desiredReplicas: fc.nat(9),
    conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
  }),
});

describe('autoscaling/v1', () => {
  test('gives back what it was shown', () => {
    fc.assert(
      fc.property(autoscaler, (kept) => {
        expect(keep(horizontalPodAutoscalersV1, show(horizontalPodAutoscalersV1, kept))).toEqual(kept);
      }),
    );
  });

  test('shows the share of CPU as a field, other metrics in an annotation', () => {
    const kept = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        maxReplicas: 5,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
          {
            type: 'Pods',
            pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '1k' } },
          },
        ],
      },
      status: {
        currentMetrics: [
          { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 45 } } },
        ],
      },
    };
    expect(show(horizontalPodAutoscalersV1, kept)).toEqual({
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: {
        ...metadata,
        annotations: {
          'autoscaling.alpha.kubernetes.io/metrics':
            '[{"type":"Pods","pods":{"metricName":"rps","targetAverageValue":"1k"}}]',
          'autoscaling.alpha.kubernetes.io/current-metrics':
            '[{"type":"Resource","resource":{"name":"cpu","currentAverageUtilization":45}}]',
        },
      },
      spec: { maxReplicas: 5, targetCPUUtilizationPercentage: 70 },
      status: { currentCPUUtilizationPercentage: 45 },
    });
  });

  test('has the columns of the kind', () => {
    const object = { metadata, spec: { maxReplicas: 5, targetCPUUtilizationPercentage: 70 } };
    const cells = horizontalPodAutoscalersV1.columns.map(({ cell }) =>
      cell(object as unknown as KubeObject, 0 as never),
    );
    expect(cells[2]).toBe('cpu: <unknown>/70%');
    expect(horizontalPodAutoscalers.columns).toHaveLength(cells.length);
  });

  test.each([['not JSON'], ['{}'], ['[1]']])('an annotation of %s holds no metrics', (text) => {
    const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': text };
    const kept = keep(horizontalPodAutoscalersV1, { metadata: { name: 'x', annotations }, spec: {} });
    expect(kept).toEqual({ apiVersion: 'autoscaling/v2', metadata: { name: 'x' }, spec: {} });
  });
});

describe('events.k8s.io/v1', () => {
  const event = fc.record(
    {
      apiVersion: fc.constant('v1'),
      kind: fc.constant('Event'),
      metadata: fc.constant(metadata),
      involvedObject: fc.constant({ kind: 'Pod', name: 'p' }),
      message: fc.string(),
      reason: fc.string(),
      source: fc.constant({ component: 'kubelet' }),
      firstTimestamp: fc.constant('2026-08-21T00:00:00Z'),
      lastTimestamp: fc.constant('2026-08-21T00:00:00Z'),
      count: fc.nat(9),
      reportingComponent: fc.string(),
      reportingInstance: fc.string(),
      series: fc.constant({ count: 2 }),
      type: fc.constantFrom('Normal', 'Warning'),
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata'] },
  );

  test('gives back what it was shown', () => {
    fc.assert(
      fc.property(event, (kept) => {
        expect(keep(eventsV1, show(eventsV1, kept))).toEqual(kept);
      }),
    );
  });

  test('says the same in other words', () => {
    const kept = { metadata, involvedObject: { name: 'p' }, message: 'm', reportingComponent: 'c', count: 3 };
    expect(show(eventsV1, kept)).toEqual({
      apiVersion: 'events.k8s.io/v1',
      metadata,
      regarding: { name: 'p' },
      note: 'm',
      reportingController: 'c',
      deprecatedCount: 3,
    });
    expect(eventsV1.selectable).toContain('regarding.kind');
    expect(events.selectable).not.toContain('regarding.kind');
  });
});
