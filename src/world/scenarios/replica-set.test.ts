import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, podTemplate } from './fixtures.js';

const labels = { app: 'web' };
const set = (replicas: number, spec: object = {}) => ({
  metadata: { name: 'web' },
  spec: { replicas, selector: { matchLabels: labels }, template: podTemplate(labels), ...spec },
});

let cluster: TestCluster;
const names = () => cluster.names('pods', 'app=web');

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe.each([
  ['replicasets', set, 'ReplicaSet'],
  [
    'replicationcontrollers',
    (replicas: number) => ({ ...set(replicas), spec: { ...set(replicas).spec, selector: labels } }),
    'ReplicationController',
  ],
] as const)('one of %s', (plural, make, kind) => {
  test('keeps as many pods as it is asked for, and tells of each', () => {
    cluster.create(plural, make(3));
    cluster.pass(3);
    expect(cluster.get(plural, 'web').status).toMatchObject({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    const [first = ''] = names();
    cluster.delete('pods', first);
    cluster.pass(3);
    expect(names().length).toBe(3);
    cluster.patch(plural, 'web', { spec: { replicas: 1 } });
    cluster.pass(3);
    expect(names().length).toBe(1);
    const reasons = cluster.events('web').map((text) => text.replace(/web-.*/, 'NAME'));
    expect(reasons.filter((text) => text === 'SuccessfulCreate Created pod: NAME').length).toBe(4);
    expect(reasons.filter((text) => text === 'SuccessfulDelete Deleted pod: NAME').length).toBe(2);
  });

  test('adopts the pods it selects, releases those it does not, and makes up for them', () => {
    cluster.create('pods', { metadata: { name: 'bare', labels }, spec: podTemplate(labels).spec });
    cluster.create(plural, make(2));
    cluster.pass(3);
    expect(names()).toHaveLength(2);
    expect(cluster.get('pods', 'bare').metadata.ownerReferences).toMatchObject([{ kind, controller: true }]);
    cluster.patch('pods', 'bare', { metadata: { labels: { app: 'debug' } } });
    cluster.pass(3);
    expect(cluster.get('pods', 'bare').metadata.ownerReferences).toBeUndefined();
    expect(names()).toHaveLength(2);
  });

  test('adopts a pod that comes to be selected, and has one less of its own', () => {
    cluster.create(plural, make(2));
    cluster.pass(3);
    cluster.create('pods', {
      metadata: { name: 'bare', labels: { ...labels, more: 'yes' } },
      spec: podTemplate(labels).spec,
    });
    cluster.pass(3);
    expect(names()).toHaveLength(2);
  });

  test('leaves another controller its pods', () => {
    cluster.create(plural, make(1));
    cluster.create('replicasets', { ...set(1), metadata: { name: 'other' } });
    cluster.pass(3);
    expect(
      cluster
        .list('pods')
        .map(({ metadata }) => metadata.ownerReferences?.[0]?.name)
        .sort(),
    ).toEqual(['other', 'web']);
  });
});

describe('a ReplicaSet', () => {
  test('loses the pod that costs least first', () => {
    cluster.create('replicasets', set(3));
    cluster.pass(3);
    const [first = '', second = '', third = ''] = names();
    for (const [name, cost] of [
      [first, '10'],
      [second, '-10'],
      [third, '0'],
    ] as const) {
      cluster.patch('pods', name, {
        metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } },
      });
    }
    cluster.patch('replicasets', 'web', { spec: { replicas: 1 } });
    cluster.pass(3);
    expect(names()).toEqual([first]);
  });

  test('that is refused pods says so, and tries again after ever longer times', () => {
    cluster.create('replicasets', set(3, { template: podTemplate(labels, { serviceAccountName: 'robot' }) }));
    cluster.pass(0);
    const text = 'error looking up service account default/robot: serviceaccount "robot" not found';
    expect(cluster.condition('replicasets', 'web', 'ReplicaFailure')).toContain(
      `True FailedCreate pods "web-`,
    );
    cluster.pass(10);
    const tries = cluster.list('events') as unknown as readonly {
      reason: string;
      count: number;
      message: string;
    }[];
    const failed = tries.filter(({ reason }) => reason === 'FailedCreate');
    // At 0 ms, 5, 15, 35 and so on: eleven tries in the first ten seconds, each of one pod.
    expect(failed.reduce((sum, { count }) => sum + count, 0)).toBe(11);
    expect(failed[0]?.message).toContain(text);
    cluster.create('serviceaccounts', { metadata: { name: 'robot' } });
    cluster.pass(15);
    expect(names().length).toBe(3);
    expect(cluster.condition('replicasets', 'web', 'ReplicaFailure')).toBeUndefined();
  });

  test('counts its terminating pods from Kubernetes 1.35 on', () => {
    cluster.create(
      'replicasets',
      set(1, { template: podTemplate(labels, {}, { 'poolkeeper.dev/stop-duration': '9s' }) }),
    );
    cluster.pass(3);
    cluster.delete('pods', names()[0] ?? '');
    cluster.pass(1);
    const told = cluster.get('replicasets', 'web').status['terminatingReplicas'];
    const minor = cluster.world.kubernetes.context.minorOf(cluster.key);
    expect(told).toBe(minor >= 35 ? 1 : undefined);
  });
});
