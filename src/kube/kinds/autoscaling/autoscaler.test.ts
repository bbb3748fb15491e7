import { describe, expect, test } from 'vitest';
import { checking } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { horizontalPodAutoscalers } from './horizontal-pod-autoscaler.js';
import { targetsText } from './targets.js';

const autoscaler = checking(horizontalPodAutoscalers, {
  spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
});
const spec = (change: Change): Change => ({ spec: change });
const metric = (change: Change): Change => spec({ metrics: [change] });
const up = (change: Change): Change => spec({ behavior: { scaleUp: change } });
const m = 'spec.metrics[0]';
const b = 'spec.behavior.scaleUp';
const cpu = (target: Change): Change => metric({ type: 'Resource', resource: { name: 'cpu', target } });

describe('an autoscaler with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    [
      'no least',
      spec({ minReplicas: 0 }),
      [
        'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
        'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
      ],
    ],
    [
      'no most',
      spec({ maxReplicas: null }),
      [
        'spec.maxReplicas: Invalid value: 0: must be greater than 0',
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      ],
    ],
    [
      'a least above the most',
      spec({ minReplicas: 4 }),
      ['spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`'],
    ],
    [
      'nothing to scale',
      spec({ scaleTargetRef: null }),
      [
        'spec.scaleTargetRef.kind: Required value',
        'spec.scaleTargetRef.name: Required value',
        'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
      ],
    ],
    [
      'a target of the core group',
      spec({ scaleTargetRef: { apiVersion: 'v1', kind: 'Pod', name: 'x' } }),
      ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group'],
    ],
    [
      'a replication controller',
      spec({ scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'x' } }),
      [],
    ],
    [
      'no type of metric',
      metric({}),
      [
        `${m}.type: Required value: must specify a metric source type`,
        `${m}.type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"`,
      ],
    ],
    [
      'no metric of the type',
      metric({ type: 'Resource' }),
      [`${m}.resource: Required value: must populate information for the given metric source`],
    ],
    [
      'a metric of another type besides',
      metric({
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 1 } },
        pods: { metric: { name: 'a' }, target: { type: 'AverageValue', averageValue: '1' } },
      }),
      [`${m}.pods: Forbidden: must populate the given metric source only`],
    ],
    [
      'no target',
      cpu({}),
      [
        `${m}.resource.target.type: Required value: must specify a metric target type`,
        `${m}.resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization`,
      ],
    ],
    [
      'a type of target',
      cpu({ type: 'Sum', averageUtilization: 1 }),
      [`${m}.resource.target.type: Invalid value: "Sum": must be either Utilization, Value, or AverageValue`],
    ],
    [
      'no utilization',
      cpu({ type: 'Utilization', averageUtilization: 0 }),
      [`${m}.resource.target.averageUtilization: Invalid value: 0: must be greater than 0`],
    ],
    [
      'two targets',
      cpu({ type: 'Utilization', averageUtilization: 1, averageValue: '1' }),
      [
        `${m}.resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization`,
      ],
    ],
    [
      'no average of pods',
      metric({ type: 'Pods', pods: { metric: { name: 'a' }, target: { type: 'Value', value: '1' } } }),
      [`${m}.pods.target.averageValue: Required value: must specify a positive target averageValue`],
    ],
    [
      'an object without a metric',
      metric({
        type: 'Object',
        object: { describedObject: { kind: 'A', name: 'a' }, target: { type: 'Value', value: '1' } },
      }),
      [`${m}.object.metric.name: Required value: must specify a metric name`],
    ],
    [
      'two targets from outside',
      metric({
        type: 'External',
        external: { metric: { name: 'a' }, target: { type: 'Value', value: '1', averageValue: '1' } },
      }),
      [
        `${m}.external.target.value: Forbidden: may not set both a target value for metric and a per-pod target`,
      ],
    ],
    [
      'no container',
      metric({
        type: 'ContainerResource',
        containerResource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 1 } },
      }),
      [`${m}.containerResource.container: Required value: must specify a container`],
    ],
    [
      'a window of two hours',
      up({ stabilizationWindowSeconds: 7200 }),
      [`${b}.stabilizationWindowSeconds: Invalid value: 7200: must be less than or equal to 3600`],
    ],
    [
      'no policies',
      up({ policies: [] }),
      [`${b}.policies: Required value: must specify at least one Policy`],
    ],
    [
      'a choice',
      up({ selectPolicy: 'Average' }),
      [`${b}.selectPolicy: Unsupported value: "Average": supported values: "Disabled", "Max", "Min"`],
    ],
    [
      'a policy',
      up({ policies: [{ type: 'Nodes', value: 0, periodSeconds: 3600 }] }),
      [
        `${b}.policies[0].type: Unsupported value: "Nodes": supported values: "Percent", "Pods"`,
        `${b}.policies[0].value: Invalid value: 0: must be greater than zero`,
        `${b}.policies[0].periodSeconds: Invalid value: 3600: must be less than or equal to 1800`,
      ],
    ],
  ])('%s', (_, change, faults) => expect(autoscaler.faults(change)).toEqual(faults));

  test('any behaviour has all of it', () =>
    expect(autoscaler.object(up({ selectPolicy: 'Min' }))).toMatchObject({
      spec: {
        minReplicas: 1,
        behavior: {
          scaleUp: {
            selectPolicy: 'Min',
            stabilizationWindowSeconds: 0,
            policies: [
              { type: 'Pods', value: 4, periodSeconds: 15 },
              { type: 'Percent', value: 100, periodSeconds: 15 },
            ],
          },
          scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
        },
      },
    }));
});

describe('targets', () => {
  const shown = (metrics: readonly Change[], currentMetrics: readonly Change[]): string =>
    targetsText({ ...autoscaler.object(spec({ metrics })), status: { currentMetrics } } as never);
  const usage = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
  };
  test.each<readonly [string, Change, Change, string]>([
    ['a share', usage, { resource: { current: { averageUtilization: 20 } } }, 'cpu: 20%/80%'],
    ['a share not known yet', usage, {}, 'cpu: <unknown>/80%'],
    [
      'an amount',
      {
        type: 'Resource',
        resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
      },
      { resource: { current: { averageValue: '512Mi' } } },
      'memory: 512Mi/1Gi',
    ],
    [
      'of a container',
      {
        type: 'ContainerResource',
        containerResource: {
          name: 'cpu',
          container: 'a',
          target: { type: 'Utilization', averageUtilization: 80 },
        },
      },
      { containerResource: { current: { averageUtilization: 20 } } },
      'cpu: 20%/80%',
    ],
    [
      'of pods',
      {
        type: 'Pods',
        pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '100' } },
      },
      { pods: { current: { averageValue: '50' } } },
      '50/100',
    ],
    [
      'of an object',
      { type: 'Object', object: { target: { type: 'Value', value: '100' } } },
      { object: { current: { value: '50' } } },
      '50/100',
    ],
    [
      'of an object for each pod',
      { type: 'Object', object: { target: { type: 'AverageValue', averageValue: '100' } } },
      { object: { current: { averageValue: '50' } } },
      '50/100 (avg)',
    ],
    [
      'from outside',
      { type: 'External', external: { target: { type: 'AverageValue', averageValue: '100' } } },
      {},
      '<unknown>/100 (avg)',
    ],
  ])('%s', (_, target, current, text) => expect(shown([target], [current])).toBe(text));

  test('two are shown, others counted', () =>
    expect(shown([usage, usage, usage, usage], [])).toBe(
      'cpu: <unknown>/80%, cpu: <unknown>/80% + 2 more...',
    ));
});
