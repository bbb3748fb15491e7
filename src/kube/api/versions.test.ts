import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster } from '../fixtures.js';
import type { KubeObject } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import type { WriteOptions } from './object-api.js';

let cluster: TestCluster;
const scope = { cluster: 'c', namespace: 'default' };
const kind = (apiVersion: string, plural: string): ResourceType => {
  const found = cluster.kubernetes.kinds.of('c').ofPlural(apiVersion, plural);
  if (!found) throw new Error(`${apiVersion} ${plural}`);
  return found;
};
const autoscalers = (version: string) => kind(`autoscaling/${version}`, 'horizontalpodautoscalers');
const writing = (manager: string): WriteOptions & { readonly manager: string } => ({
  dryRun: false,
  fieldValidation: 'Strict',
  manager,
});
const apply = (version: string, manager: string, spec: object, conflicts: 'refuse' | 'force' = 'refuse') =>
  cluster.kubernetes.objects.apply(
    autoscalers(version),
    scope,
    'web',
    { apiVersion: `autoscaling/${version}`, kind: 'HorizontalPodAutoscaler', spec },
    'object',
    { ...writing(manager), conflicts },
  ).object;
const target = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 5 };
const cpu = (averageUtilization: number) => [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } },
];
const fieldsOf = (object: KubeObject) =>
  object.metadata.managedFields?.map(({ manager, apiVersion, fieldsV1 }) => [
    manager,
    apiVersion,
    Object.keys((fieldsV1['f:spec'] ?? {}) as object),
  ]);

beforeEach(() => {
  cluster = new TestCluster();
});

describe('an object of several versions', () => {
  test('is one object, whichever version it is made, shown and watched in', () => {
    const seen: string[] = [];
    cluster.kubernetes.watches.subscribe(
      autoscalers('v1'),
      scope,
      undefined,
      cluster.store.revision,
      (type, { object }) => seen.push(`${type} ${object.apiVersion}`),
    );
    const { objects } = cluster.kubernetes;
    const body = { metadata: { name: 'web' }, spec: { ...target, metrics: cpu(70) } };
    const made = objects.create(autoscalers('v2'), scope, body, writing('x')).object;
    const v1 = objects.get(autoscalers('v1'), scope, 'web');
    expect(v1).toMatchObject({
      apiVersion: 'autoscaling/v1',
      metadata: { uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion },
      spec: { targetCPUUtilizationPercentage: 70 },
    });
    const patch = { type: 'merge', body: { spec: { targetCPUUtilizationPercentage: 50 } } } as const;
    objects.patch(autoscalers('v1'), scope, 'web', patch, 'object', writing('y'));
    expect(objects.get(autoscalers('v2'), scope, 'web')).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: { metrics: cpu(50) },
    });
    expect(seen).toEqual(['ADDED autoscaling/v1', 'MODIFIED autoscaling/v1']);
  });

  test('has its fields owned in the version that each manager wrote in', () => {
    apply('v1', 'one', { ...target, targetCPUUtilizationPercentage: 70 });
    const shared = apply('v2', 'two', { metrics: cpu(60) }, 'force');
    expect(fieldsOf(shared)).toEqual([
      ['one', 'autoscaling/v1', ['f:maxReplicas', 'f:scaleTargetRef']],
      ['two', 'autoscaling/v2', ['f:metrics']],
    ]);
  });

  test('a field that another owns in another version is a conflict', () => {
    apply('v1', 'one', { ...target, targetCPUUtilizationPercentage: 70 });
    expect(() => apply('v2', 'two', { metrics: cpu(60) })).toThrow(
      'Apply failed with 1 conflict: conflict with "one": .spec.targetCPUUtilizationPercentage',
    );
    expect(() => apply('v2', 'two', { metrics: cpu(70) })).not.toThrow();
  });

  test('is checked in the words of the version that is kept', () => {
    const body = { metadata: { name: 'web' }, spec: { ...target, maxReplicas: 0 } };
    expect(() => cluster.kubernetes.objects.create(autoscalers('v1'), scope, body, writing('x'))).toThrow(
      'spec.maxReplicas: Invalid value: 0: must be greater than 0',
    );
  });
});
