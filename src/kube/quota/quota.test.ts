import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import { deployments, persistentVolumeClaims, pods, secrets, services } from '../kinds/index.js';
import type { PodSpec } from '../kinds/index.js';
import type { KubeObject } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { countUsed, isInScope, podResources, usageOf } from './index.js';
import type { ResourceQuota } from './index.js';

const container = (requests: object = {}, limits: object = {}, more: object = {}) => ({
  name: 'c',
  image: 'i',
  resources: { requests, limits },
  ...more,
});
const spec = (members: object): PodSpec => ({ containers: [container()], ...members }) as PodSpec;

test.each<[what: string, PodSpec, requests: object, limits: object]>([
  [
    'containers together',
    spec({ containers: [container({ cpu: '1' }, { cpu: '2' }), container({ cpu: '500m' })] }),
    { cpu: '1500m' },
    { cpu: '2' },
  ],
  [
    'the largest init container',
    spec({
      initContainers: [container({ cpu: '3' }), container({ cpu: '2' })],
      containers: [container({ cpu: '1' })],
    }),
    { cpu: '3' },
    {},
  ],
  [
    'sidecars beside all',
    spec({
      initContainers: [container({ cpu: '1' }, {}, { restartPolicy: 'Always' }), container({ cpu: '3' })],
      containers: [container({ cpu: '1' })],
    }),
    { cpu: '4' },
    {},
  ],
  [
    'overhead',
    spec({ containers: [container({ cpu: '1' }, { cpu: '2' })], overhead: { cpu: '100m', memory: '64Mi' } }),
    { cpu: '1100m', memory: '64Mi' },
    { cpu: '2100m' },
  ],
])('a pod asks for %s', (_, of, requests, limits) => {
  expect([podResources(of, 'requests'), podResources(of, 'limits')]).toEqual([requests, limits]);
});

const object = (members: object) => members as unknown as KubeObject;
test.each<[what: string, ResourceType, KubeObject, usage: object]>([
  [
    'a pod',
    pods,
    object({
      spec: spec({ containers: [container({ cpu: '1', 'nvidia.com/gpu': '2' }, { memory: '1Gi' })] }),
    }),
    {
      'count/pods': '1',
      pods: '1',
      cpu: '1',
      'requests.cpu': '1',
      'requests.nvidia.com/gpu': '2',
      'limits.memory': '1Gi',
    },
  ],
  [
    'a pod that has ended',
    pods,
    object({ spec: spec({ containers: [container({ cpu: '1' })] }), status: { phase: 'Succeeded' } }),
    { 'count/pods': '1' },
  ],
  [
    'a service',
    services,
    object({ spec: { type: 'ClusterIP', ports: [{}] } }),
    { 'count/services': '1', services: '1', 'services.loadbalancers': '0', 'services.nodeports': '0' },
  ],
  [
    'a service on nodes',
    services,
    object({ spec: { type: 'NodePort', ports: [{}, {}] } }),
    { 'count/services': '1', services: '1', 'services.loadbalancers': '0', 'services.nodeports': '2' },
  ],
  [
    'a balanced service',
    services,
    object({ spec: { type: 'LoadBalancer', ports: [{}] } }),
    { 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '1' },
  ],
  [
    'a balanced service without node ports',
    services,
    object({ spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{}] } }),
    { 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '0' },
  ],
  [
    'a claim',
    persistentVolumeClaims,
    object({ spec: { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } } }),
    {
      'count/persistentvolumeclaims': '1',
      persistentvolumeclaims: '1',
      'requests.storage': '1Gi',
      'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      'fast.storageclass.storage.k8s.io/requests.storage': '1Gi',
    },
  ],
  ['a secret', secrets, object({}), { 'count/secrets': '1', secrets: '1' }],
  ['a deployment', deployments, object({}), { 'count/deployments.apps': '1' }],
])('%s takes', (_, type, of, usage) => expect(usageOf(type, of)).toEqual(usage));

const anyAffinity = {
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ namespaceSelector: {} }] },
};
test.each<
  [
    scope: string,
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
    values: string[],
    spec: object,
    boolean,
  ]
>([
  ['Terminating', 'Exists', [], { activeDeadlineSeconds: 1 }, true],
  ['Terminating', 'Exists', [], {}, false],
  ['NotTerminating', 'Exists', [], {}, true],
  ['BestEffort', 'Exists', [], {}, true],
  ['BestEffort', 'Exists', [], { containers: [container({ cpu: '1' })] }, false],
  ['NotBestEffort', 'Exists', [], { containers: [container({ cpu: '1' })] }, true],
  ['PriorityClass', 'In', ['high'], { priorityClassName: 'high' }, true],
  ['PriorityClass', 'In', ['high'], { priorityClassName: 'low' }, false],
  ['PriorityClass', 'NotIn', ['high'], {}, true],
  ['PriorityClass', 'Exists', [], {}, false],
  ['PriorityClass', 'DoesNotExist', [], {}, true],
  ['CrossNamespacePodAffinity', 'Exists', [], { affinity: anyAffinity }, true],
  ['CrossNamespacePodAffinity', 'Exists', [], {}, false],
])('scope %s %s %j has a pod of %j: %s', (scopeName, operator, values, of, expected) => {
  const pod = object({ spec: spec(of) });
  expect(isInScope([{ scopeName, operator, values }], pods, pod)).toBe(expected);
});

test('a quota with scopes counts pods alone', () => {
  expect(isInScope([{ scopeName: 'NotTerminating', operator: 'Exists' }], secrets, object({}))).toBe(false);
});

describe('in a namespace with quotas', () => {
  let cluster: TestCluster;
  const quota = (hard: object, more: object = {}, name = 'q') => {
    cluster.create('resourcequotas', { metadata: { name }, spec: { hard, ...more } });
    cluster.pass(0);
  };
  const pod = (name: string, requests: object = {}, limits: object = {}, more: object = {}) =>
    cluster.create('pods', {
      metadata: { name },
      spec: { containers: [container(requests, limits)], ...more },
    });
  const used = (name = 'q') => (cluster.get('resourcequotas', name)['status'] as { used: object }).used;

  beforeEach(() => {
    cluster = new TestCluster();
  });

  test('what is there already is counted', () => {
    pod('a', { cpu: '1' });
    quota({ 'requests.cpu': '4', pods: '10', 'count/configmaps': '5', configmaps: '7' });
    expect(used()).toEqual({ 'requests.cpu': '1', pods: '1', 'count/configmaps': '1', configmaps: '1' });
  });

  test('what is taken and given back is counted at once', () => {
    quota({ cpu: '4', memory: '8Gi', pods: '3' });
    pod('a', { cpu: '1500m', memory: '1Gi' });
    expect(used()).toEqual({ cpu: '1500m', memory: '1Gi', pods: '1' });
    pod('b', { cpu: '1', memory: '512Mi' });
    cluster.remove('pods', 'a');
    cluster.pass(0);
    expect(used()).toEqual({ cpu: '1', memory: '512Mi', pods: '1' });
  });

  test('more than there is, is refused and changes nothing', () => {
    quota({ cpu: '4', pods: '10' });
    pod('a', { cpu: '3' });
    expect(refusal(() => pod('b', { cpu: '1500m' }))).toBe(
      '403 pods "b" is forbidden: exceeded quota: q, requested: cpu=1500m, used: cpu=3, limited: cpu=4',
    );
    expect(used()).toEqual({ cpu: '3', pods: '1' });
    expect(pod('c', { cpu: '1' }).metadata.name).toBe('c');
  });

  test('all that is too much is told, in order', () => {
    quota({ 'requests.memory': '1Gi', cpu: '1' });
    expect(refusal(() => pod('b', { cpu: '2', memory: '2Gi' }))).toContain(
      'exceeded quota: q, requested: cpu=2,requests.memory=2Gi, used: cpu=0,requests.memory=0, limited: cpu=1,requests.memory=1Gi',
    );
  });

  test('pods say what they take of what is limited', () => {
    quota({ 'limits.cpu': '4', 'requests.memory': '1Gi' });
    expect(refusal(() => pod('a', { cpu: '1' }))).toBe(
      '403 pods "a" is forbidden: failed quota: q: must specify limits.cpu for: c; requests.memory for: c',
    );
  });

  test('a dry run takes nothing', () => {
    quota({ pods: '1' });
    cluster.write('pods', { metadata: { name: 'a' }, spec: { containers: [container()] } }, { dryRun: true });
    expect(used()).toEqual({ pods: '0' });
  });

  test('of two quotas, none is charged for what the other refuses', () => {
    quota({ pods: '5' }, {}, 'a');
    quota({ cpu: '1' }, {}, 'b');
    expect(refusal(() => pod('a', { cpu: '2' }))).toContain('exceeded quota: b');
    expect(used('a')).toEqual({ pods: '0' });
  });

  test('a quota of a priority counts its pods alone', () => {
    cluster.create('priorityclasses', { metadata: { name: 'high' }, value: 10 });
    const matchExpressions = [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }];
    quota({ pods: '1' }, { scopeSelector: { matchExpressions } });
    pod('a');
    pod('b', {}, {}, { priorityClassName: 'high' });
    expect(used()).toEqual({ pods: '1' });
    expect(refusal(() => pod('c', {}, {}, { priorityClassName: 'high' }))).toContain('exceeded quota: q');
  });

  test('a service that becomes balanced takes of the quota', () => {
    quota({ 'services.loadbalancers': '0' });
    cluster.create('services', { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
    expect(refusal(() => cluster.patch('services', 's', { spec: { type: 'LoadBalancer' } }))).toBe(
      '403 services "s" is forbidden: exceeded quota: q, requested: services.loadbalancers=1, used: services.loadbalancers=0, limited: services.loadbalancers=0',
    );
  });

  test('a changed quota is counted anew', () => {
    quota({ pods: '1' });
    pod('a');
    cluster.patch('resourcequotas', 'q', { spec: { hard: { 'count/pods': '5' } } });
    cluster.pass(0);
    expect(cluster.get('resourcequotas', 'q')['status']).toMatchObject({ used: { 'count/pods': '1' } });
  });

  test('what a quota says is used is what is there, whatever happens', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd');
    const cpus = fc.constantFrom('100m', '1', '1500m');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('create' as const), name: names, cpu: cpus }),
      fc.record({ kind: fc.constant('remove' as const), name: names, cpu: cpus }),
      fc.record({ kind: fc.constant('finish' as const), name: names, cpu: cpus }),
      fc.record({ kind: fc.constant('pass' as const), name: names, cpu: cpus }),
    );
    const act = ({ kind, name, cpu }: { kind: string; name: string; cpu: string }) => {
      if (kind === 'create') pod(name, { cpu, memory: '64Mi' });
      else if (kind === 'remove') cluster.remove('pods', name);
      else if (kind === 'finish')
        cluster.patch('pods', name, { status: { phase: 'Succeeded' } }, { part: 'status' });
      else cluster.pass(1);
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        cluster = new TestCluster();
        quota({ cpu: '3', memory: '1Gi', pods: '3', 'count/pods': '4' });
        for (const one of steps) refusal(() => act(one));
        cluster.pass(0);
        const kept = cluster.get('resourcequotas', 'q') as unknown as ResourceQuota;
        const kinds = cluster.kubernetes.kinds.of('c').stored;
        expect(kept.status?.used).toEqual(countUsed(cluster.store, kinds, 'c', kept));
      }),
      { numRuns: 40 },
    );
  });
});
