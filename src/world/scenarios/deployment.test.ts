import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Shown } from './fixtures.js';
import { TestCluster, imageOf, isGoing, podTemplate, withImage } from './fixtures.js';

const labels = { app: 'web' };
const readyLater = { 'poolkeeper.dev/ready-delay': '2s' };
const deployment = (replicas: number, spec: object = {}) => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: podTemplate(labels, {}, readyLater),
    ...spec,
  },
});

let cluster: TestCluster;
const pods = () => cluster.list('pods', 'app=web');
const isReady = ({ status }: Shown) =>
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
const change = (image = 'image:2') =>
  cluster.patch('deployments', 'web', { spec: { template: withImage(labels, image, readyLater) } });
const progressing = () => cluster.condition('deployments', 'web', 'Progressing');
/** Sizes of the ReplicaSets, by revision. */
const sizes = () =>
  Object.fromEntries(
    cluster
      .list('replicasets')
      .map(({ metadata, spec }) => [
        metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '',
        spec['replicas'],
      ]),
  );

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe('a rolling update', () => {
  test('goes step by step', () => {
    cluster.create('deployments', deployment(4));
    cluster.pass(10);
    expect(progressing()).toMatch(
      /^True NewReplicaSetAvailable ReplicaSet "web-\w{10}" has successfully progressed\.$/,
    );
    change();
    // One more and one less at a time: 25 % of 4. A pod takes 0.3 s to start, once its image is there, and 2 s to be ready.
    expect(cluster.timeline(15, 0.1, sizes)).toEqual([
      [0, { 1: 4 }],
      [0.1, { 1: 3, 2: 2 }],
      [2.6, { 1: 1, 2: 4 }],
      [4.9, { 1: 0, 2: 4 }],
    ]);
    const { status, metadata } = cluster.get('deployments', 'web');
    expect(status).toMatchObject({ replicas: 4, updatedReplicas: 4, readyReplicas: 4, availableReplicas: 4 });
    expect(metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '2' });
    expect(status.conditions?.map(({ type }) => type)).toEqual(['Available', 'Progressing']);
    const scaled = cluster.events('web').filter((text) => text.startsWith('ScalingReplicaSet'));
    expect(scaled.map((text) => text.replace(/web-\w+/, 'SET')).sort()).toEqual([
      'ScalingReplicaSet Scaled down replica set SET from 1 to 0',
      'ScalingReplicaSet Scaled down replica set SET from 3 to 1',
      'ScalingReplicaSet Scaled down replica set SET from 4 to 3',
      'ScalingReplicaSet Scaled up replica set SET from 0 to 1',
      'ScalingReplicaSet Scaled up replica set SET from 0 to 4',
      'ScalingReplicaSet Scaled up replica set SET from 1 to 2',
      'ScalingReplicaSet Scaled up replica set SET from 2 to 4',
    ]);
  });

  test('tells its progress in its conditions', () => {
    cluster.create('deployments', deployment(1));
    const told = cluster.timeline(10, 0.1, () => [
      progressing()?.split(' ')[1],
      cluster.condition('deployments', 'web', 'Available')?.split(' ')[1],
    ]);
    expect(told.map(([, seen]) => seen)).toEqual([
      [undefined, undefined],
      ['ReplicaSetUpdated', 'MinimumReplicasUnavailable'],
      ['NewReplicaSetAvailable', 'MinimumReplicasAvailable'],
    ]);
  });

  test('waits for the seconds that pods have to be ready', () => {
    cluster.create('deployments', deployment(1, { minReadySeconds: 10 }));
    cluster.pass(5);
    expect(cluster.get('deployments', 'web').status).toMatchObject({
      readyReplicas: 1,
      unavailableReplicas: 1,
    });
    cluster.pass(10);
    expect(cluster.get('deployments', 'web').status).toMatchObject({ availableReplicas: 1 });
  });

  test('that can make no progress says so after its deadline, and gets on when it can', () => {
    const stuck = podTemplate(labels, { nodeSelector: { none: 'such' } });
    cluster.create('deployments', deployment(1, { progressDeadlineSeconds: 60, template: stuck }));
    expect(cluster.timeline(70, 1, () => progressing()?.split(' ').slice(0, 2).join(' '))).toEqual([
      [0, undefined],
      [1, 'True ReplicaSetUpdated'],
      [61, 'False ProgressDeadlineExceeded'],
    ]);
    expect(progressing()).toMatch(/ReplicaSet "web-\w+" has timed out progressing\.$/);
    cluster.patch('deployments', 'web', { spec: { template: { spec: { nodeSelector: null } } } });
    cluster.pass(10);
    expect(progressing()).toContain('True NewReplicaSetAvailable');
  });

  test('never has more pods than its surge, nor fewer available than its minimum, whatever the limits', () => {
    const limit = fc.oneof(
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 100 }).map((n) => `${String(n)}%`),
    );
    const up = (value: number | string, total: number, round: (n: number) => number) =>
      typeof value === 'number' ? value : round((Number(value.slice(0, -1)) * total) / 100);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), limit, limit, (replicas, maxSurge, maxUnavailable) => {
        const surge = up(maxSurge, replicas, Math.ceil);
        const missing = up(maxUnavailable, replicas, Math.floor);
        fc.pre(!(['0%', 0].includes(maxSurge) && ['0%', 0].includes(maxUnavailable)));
        cluster = TestCluster.open(2);
        cluster.create(
          'deployments',
          deployment(replicas, { strategy: { rollingUpdate: { maxSurge, maxUnavailable } } }),
        );
        cluster.pass(20);
        change();
        let [most, least] = [0, replicas];
        for (let step = 0; step < 150; step += 1) {
          cluster.pass(0.3);
          const active = pods().filter((pod) => !isGoing(pod));
          most = Math.max(most, active.length);
          least = Math.min(least, active.filter(isReady).length);
        }
        expect(most).toBeLessThanOrEqual(replicas + surge);
        expect(least).toBeGreaterThanOrEqual(
          replicas - Math.min(replicas, surge === 0 && missing === 0 ? 1 : missing),
        );
        expect(pods().map(imageOf)).toEqual(Array.from({ length: replicas }, () => 'image:2'));
      }),
      { numRuns: 12 },
    );
  });

  test('goes on after the world was closed in its middle', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const data = mkdtempSync('/tmp/poolkeeper-deployment-');
    try {
      cluster = TestCluster.open(2, { data });
      cluster.create('deployments', deployment(4));
      cluster.pass(10);
      change();
      cluster.pass(3.5);
      expect(sizes()).toEqual({ 1: 1, 2: 4 });
      cluster = await cluster.reopen({ data });
      cluster.pass(10);
      expect(sizes()).toEqual({ 1: 0, 2: 4 });
      expect(pods().map(imageOf)).toEqual(Array.from({ length: 4 }, () => 'image:2'));
      expect(progressing()).toContain('NewReplicaSetAvailable');
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});

describe('recreating', () => {
  test('has no old pod beside a new one', () => {
    const stops = { ...readyLater, 'poolkeeper.dev/stop-duration': '5s' };
    cluster.create(
      'deployments',
      deployment(2, { strategy: { type: 'Recreate' }, template: podTemplate(labels, {}, stops) }),
    );
    cluster.pass(10);
    change();
    const seen = cluster.timeline(15, 0.1, () => [...new Set(pods().map(imageOf))].join());
    expect(seen).toEqual([
      [0, 'image:1'],
      [5, 'image:2'],
    ]);
    expect(cluster.get('deployments', 'web').status).toMatchObject({
      availableReplicas: 2,
      updatedReplicas: 2,
    });
  });
});

describe('scaling', () => {
  test('in the middle of a rollout grows and shrinks all sets by their shares', () => {
    const strategy = { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
    cluster.create('deployments', deployment(10, { strategy }));
    cluster.pass(10);
    cluster.patch('deployments', 'web', {
      spec: { template: podTemplate(labels, { nodeSelector: { none: 'such' } }) },
    });
    cluster.pass(5);
    expect(sizes()).toEqual({ 1: 8, 2: 5 });
    cluster.patch('deployments', 'web', { spec: { replicas: 15 } });
    cluster.pass(0);
    expect(sizes()).toEqual({ 1: 11, 2: 7 });
  });

  test('to nothing and back is told in events, and makes no rollout', () => {
    cluster.create('deployments', deployment(2));
    cluster.pass(5);
    cluster.patch('deployments', 'web', { spec: { replicas: 0 } });
    cluster.pass(5);
    expect([pods(), cluster.condition('deployments', 'web', 'Available')]).toMatchObject([
      [],
      'True MinimumReplicasAvailable Deployment has minimum availability.',
    ]);
    cluster.patch('deployments', 'web', { spec: { replicas: 3 } });
    cluster.pass(5);
    expect(pods().length).toBe(3);
    expect(cluster.list('replicasets').length).toBe(1);
  });
});

describe('a paused Deployment', () => {
  test('is scaled and not rolled, and its deadline does not run', () => {
    cluster.create('deployments', deployment(2, { progressDeadlineSeconds: 20 }));
    cluster.pass(10);
    cluster.patch('deployments', 'web', { spec: { paused: true } });
    cluster.pass(1);
    expect(progressing()).toBe('Unknown DeploymentPaused Deployment is paused');
    change();
    cluster.patch('deployments', 'web', { spec: { replicas: 3 } });
    cluster.pass(60);
    expect(sizes()).toEqual({ 1: 3 });
    cluster.patch('deployments', 'web', { spec: { paused: false } });
    expect(cluster.timeline(10, 0.1, () => progressing()?.split(' ')[1]).map(([, reason]) => reason)).toEqual(
      ['DeploymentPaused', 'ReplicaSetUpdated', 'NewReplicaSetAvailable'],
    );
    expect(sizes()).toEqual({ 1: 0, 2: 3 });
  });
});

describe('revisions', () => {
  test('are counted on, one that comes back gets a new number, and its old one is remembered', () => {
    cluster.create('deployments', deployment(1));
    cluster.pass(5);
    change('image:2');
    cluster.pass(10);
    change('image:1');
    cluster.patch('deployments', 'web', {
      spec: { template: podTemplate(labels, {}, readyLater) },
      metadata: { annotations: { 'kubernetes.io/change-cause': 'back again' } },
    });
    cluster.pass(10);
    const present = cluster.list('replicasets').find(({ spec }) => spec['replicas'] === 1);
    expect(present?.metadata.annotations).toMatchObject({
      'kubernetes.io/change-cause': 'back again',
      'deployment.kubernetes.io/revision-history': '1',
      'deployment.kubernetes.io/desired-replicas': '1',
      'deployment.kubernetes.io/max-replicas': '2',
    });
  });

  test('beyond the history are forgotten, the oldest first', () => {
    cluster.create('deployments', deployment(1, { revisionHistoryLimit: 2 }));
    for (const image of ['image:2', 'image:3', 'image:4', 'image:5']) {
      cluster.pass(10);
      change(image);
    }
    cluster.pass(10);
    expect(Object.keys(sizes())).toEqual(['3', '4', '5']);
  });

  test('of a set that has the name already get another hash', () => {
    cluster.create('deployments', deployment(1));
    cluster.pass(5);
    const [name = ''] = cluster.names('replicasets');
    cluster.delete('deployments', 'web', 'Orphan');
    cluster.pass(1);
    // Taken by a set that the deployment does not select.
    cluster.delete('replicasets', name);
    cluster.pass(5);
    cluster.create('replicasets', {
      metadata: { name },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'other' } },
        template: podTemplate({ app: 'other' }),
      },
    });
    cluster.create('deployments', deployment(1));
    cluster.pass(5);
    expect(cluster.get('deployments', 'web').status).toMatchObject({
      collisionCount: 1,
      availableReplicas: 1,
    });
  });

  test('that nobody has are taken up, with their pods', () => {
    cluster.create('deployments', deployment(2));
    cluster.pass(5);
    const before = pods().map(({ metadata }) => metadata.uid);
    cluster.delete('deployments', 'web', 'Orphan');
    cluster.pass(5);
    cluster.create('deployments', deployment(2));
    cluster.pass(5);
    expect(pods().map(({ metadata }) => metadata.uid)).toEqual(before);
    expect(progressing()).toContain('NewReplicaSetAvailable');
  });

  test('that have got another label are let go', () => {
    cluster.create('deployments', deployment(1));
    cluster.pass(5);
    const [name = ''] = cluster.names('replicasets');
    cluster.patch('replicasets', name, { metadata: { labels: { app: 'kept' } } });
    cluster.pass(5);
    expect(cluster.get('replicasets', name).metadata.ownerReferences).toBeUndefined();
    expect(cluster.list('replicasets').length).toBe(2);
  });
});
