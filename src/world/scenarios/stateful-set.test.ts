import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, imageOf, isGoing, podTemplate, withImage } from './fixtures.js';

const labels = { app: 'db' };
const readyLater = { 'poolkeeper.dev/ready-delay': '4s' };
const set = (spec: object = {}) => ({
  metadata: { name: 'db' },
  spec: {
    replicas: 3,
    serviceName: 'db',
    selector: { matchLabels: labels },
    template: podTemplate(labels, {}, readyLater),
    ...spec,
  },
});
const claims = {
  volumeClaimTemplates: [
    {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  ],
};

let cluster: TestCluster;
const pods = () => cluster.list('pods', 'app=db');
const names = () => pods().map(({ metadata }) => metadata.name);
const going = () =>
  pods()
    .filter(isGoing)
    .map(({ metadata }) => metadata.name);
const images = () =>
  pods()
    .map((pod) => imageOf(pod).slice(-1))
    .join('');
const status = () => cluster.get('statefulsets', 'db').status;
const change = (image: string, strategy: object = {}) =>
  cluster.patch('statefulsets', 'db', {
    spec: { template: withImage(labels, image, readyLater), ...strategy },
  });
const partition = (from: number) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: from } },
});

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe('a StatefulSet', () => {
  test('makes its pods one after the other, each when the one before is ready', () => {
    cluster.create('statefulsets', set());
    const steps = cluster.timeline(25, 0.5, () => names().length);
    expect(steps.map(([, count]) => count)).toEqual([0, 1, 2, 3]);
    const [first, second, third] = steps.slice(1).map(([at]) => at);
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(4);
    expect(Number(third) - Number(second)).toBeGreaterThanOrEqual(4);
    expect(pods()[0]?.metadata.labels).toMatchObject({
      'statefulset.kubernetes.io/pod-name': 'db-0',
      'apps.kubernetes.io/pod-index': '0',
      'controller-revision-hash': status()['currentRevision'],
    });
    expect(pods()[0]?.spec).toMatchObject({ hostname: 'db-0', subdomain: 'db' });
    expect(status()).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      collisionCount: 0,
    });
    expect(cluster.events('db')).toContain('SuccessfulCreate create Pod db-0 in StatefulSet db successful');
  });

  test('makes them all at once when it is parallel', () => {
    cluster.create('statefulsets', set({ podManagementPolicy: 'Parallel' }));
    cluster.pass(0);
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
  });

  test('counts from the ordinal it starts at', () => {
    cluster.create('statefulsets', set({ replicas: 2, ordinals: { start: 5 } }));
    cluster.pass(30);
    expect(names()).toEqual(['db-5', 'db-6']);
    cluster.patch('statefulsets', 'db', { spec: { ordinals: { start: 4 } } });
    cluster.pass(40);
    expect(names()).toEqual(['db-4', 'db-5']);
  });

  test('shrinks from the highest, one after the other', () => {
    cluster.create('statefulsets', set());
    cluster.pass(30);
    cluster.patch('statefulsets', 'db', { spec: { replicas: 0 } });
    expect(cluster.timeline(10, 0.1, () => going().join()).map(([, seen]) => seen)).toEqual([
      '',
      'db-2',
      'db-1',
      'db-0',
      '',
    ]);
  });

  test('does not shrink past a pod that is not well', () => {
    cluster.create('statefulsets', set());
    cluster.pass(30);
    const unready = {
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-08-21T00:01:00Z' }],
    };
    cluster.patch('pods', 'db-0', { metadata: { finalizers: ['acme.io/hold'] } });
    cluster.delete('pods', 'db-0');
    cluster.pass(1);
    cluster.patch('pods', 'db-1', { status: unready }, 'status');
    cluster.patch('statefulsets', 'db', { spec: { replicas: 1 } });
    cluster.pass(0);
    expect(going()).toEqual(['db-0']);
  });

  test('makes a pod anew that has failed', () => {
    cluster.create('statefulsets', set());
    cluster.pass(30);
    const { uid } = cluster.get('pods', 'db-1').metadata;
    cluster.patch('pods', 'db-1', { status: { phase: 'Failed' } }, 'status');
    cluster.pass(10);
    expect(cluster.get('pods', 'db-1').metadata.uid).not.toBe(uid);
    expect(cluster.events('db')).toContain(
      'RecreatingFailedPod StatefulSet default/db is recreating failed Pod db-1',
    );
  });

  test('takes up pods of its names that nobody has', () => {
    cluster.create('statefulsets', set());
    cluster.pass(30);
    const uids = pods().map(({ metadata }) => metadata.uid);
    cluster.delete('statefulsets', 'db', 'Orphan');
    cluster.pass(5);
    cluster.create('pods', { metadata: { name: 'other', labels }, spec: podTemplate(labels).spec });
    cluster.create('statefulsets', set());
    cluster.pass(20);
    expect(
      pods()
        .map(({ metadata }) => metadata.uid)
        .slice(0, 3),
    ).toEqual(uids);
    expect(cluster.get('pods', 'other').metadata.ownerReferences).toBeUndefined();
    expect(cluster.list('controllerrevisions').length).toBe(1);
  });
});

describe('an update of a StatefulSet', () => {
  beforeEach(() => {
    cluster.create('statefulsets', set());
    cluster.pass(30);
  });

  test('goes from the highest to the lowest, each when the one above is ready', () => {
    const before = status()['currentRevision'];
    change('image:2');
    const seen = cluster.timeline(60, 0.5, images).map(([, text]) => text);
    expect(seen.filter((text) => text.length === 3)).toEqual(['111', '112', '122', '222']);
    expect(status()).toMatchObject({ updatedReplicas: 3, currentReplicas: 3 });
    expect(status()['currentRevision']).toBe(status()['updateRevision']);
    expect(status()['currentRevision']).not.toBe(before);
  });

  test('stops at its partition, below which pods come again as they were', () => {
    change('image:2', partition(1));
    cluster.pass(40);
    expect(images()).toBe('122');
    expect(status()).toMatchObject({ currentReplicas: 1, updatedReplicas: 2 });
    cluster.delete('pods', 'db-0');
    cluster.delete('pods', 'db-2');
    cluster.pass(40);
    expect(images()).toBe('122');
    cluster.patch('statefulsets', 'db', { spec: partition(0) });
    cluster.pass(30);
    expect(images()).toBe('222');
  });

  test('on delete waits for pods to be deleted', () => {
    change('image:2', { updateStrategy: { type: 'OnDelete', rollingUpdate: null } });
    cluster.pass(20);
    expect(images()).toBe('111');
    cluster.delete('pods', 'db-1');
    cluster.pass(20);
    expect(images()).toBe('121');
  });

  test('that is broken is not mended by the template before: its pod has to be deleted', () => {
    cluster.patch('statefulsets', 'db', {
      spec: { template: podTemplate(labels, { nodeSelector: { none: 'such' } }, readyLater) },
    });
    cluster.pass(30);
    expect(cluster.get('pods', 'db-2').status['phase']).toBe('Pending');
    cluster.patch('statefulsets', 'db', { spec: { template: { spec: { nodeSelector: null } } } });
    cluster.pass(60);
    expect(cluster.get('pods', 'db-2').status['phase']).toBe('Pending');
    cluster.delete('pods', 'db-2');
    cluster.pass(20);
    expect(cluster.get('pods', 'db-2').status['phase']).toBe('Running');
  });

  test('waits for the seconds that pods have to be ready', () => {
    cluster.patch('statefulsets', 'db', { spec: { minReadySeconds: 10 } });
    change('image:2');
    cluster.pass(12);
    expect(images()).toBe('112');
    expect(status()['availableReplicas']).toBe(2);
    cluster.pass(60);
    expect(images()).toBe('222');
  });

  test('keeps the revisions of its history, and counts on', () => {
    cluster.patch('statefulsets', 'db', { spec: { revisionHistoryLimit: 1 } });
    const numbers = () =>
      cluster
        .list('controllerrevisions')
        .map((one) => (one as unknown as { revision: number }).revision)
        .sort();
    for (const image of ['image:2', 'image:3']) {
      change(image);
      cluster.pass(40);
    }
    expect(numbers()).toEqual([2, 3]);
    change('image:2');
    cluster.pass(40);
    expect(numbers()).toEqual([3, 4]);
  });

  test('goes on after the world was closed in its middle', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const data = mkdtempSync('/tmp/poolkeeper-stateful-');
    try {
      cluster = TestCluster.open(2, { data });
      cluster.create('statefulsets', set());
      cluster.pass(30);
      change('image:2');
      cluster.pass(8);
      cluster = await cluster.reopen({ data });
      cluster.pass(30);
      expect(images()).toBe('222');
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});

describe('the claims of a StatefulSet', () => {
  const retention = (whenDeleted: string, whenScaled: string) => ({
    persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
  });
  const claimNames = () => cluster.names('persistentvolumeclaims');

  test('are made for each pod, with the labels of its selector, and stay', () => {
    cluster.create('statefulsets', set(claims));
    cluster.pass(60);
    expect(claimNames()).toEqual(['data-db-0', 'data-db-1', 'data-db-2']);
    expect(cluster.list('persistentvolumeclaims')[0]?.metadata).toMatchObject({ labels });
    expect(pods()[0]?.spec['volumes']).toMatchObject([
      { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
      {},
    ]);
    expect(cluster.events('db')).toContain(
      'SuccessfulCreate create Claim data-db-0 Pod db-0 in StatefulSet db success',
    );
    cluster.patch('statefulsets', 'db', { spec: { replicas: 1 } });
    cluster.pass(30);
    cluster.delete('statefulsets', 'db');
    cluster.pass(30);
    expect([names(), claimNames()]).toEqual([[], ['data-db-0', 'data-db-1', 'data-db-2']]);
  });

  test('go when it is scaled down, where it says so', () => {
    cluster.create('statefulsets', set({ ...claims, ...retention('Retain', 'Delete') }));
    cluster.pass(60);
    cluster.patch('statefulsets', 'db', { spec: { replicas: 1 } });
    cluster.pass(60);
    expect(claimNames()).toEqual(['data-db-0']);
  });

  test('go with it, where it says so', () => {
    cluster.create('statefulsets', set({ ...claims, ...retention('Delete', 'Retain') }));
    cluster.pass(60);
    cluster.patch('statefulsets', 'db', { spec: { replicas: 1 } });
    cluster.pass(30);
    expect(claimNames().length).toBe(3);
    cluster.delete('statefulsets', 'db');
    cluster.pass(60);
    expect(claimNames()).toEqual([]);
  });

  test('that are going are waited for', () => {
    cluster.create('statefulsets', set({ ...claims, replicas: 1 }));
    cluster.pass(30);
    const { uid } = cluster.get('persistentvolumeclaims', 'data-db-0').metadata;
    cluster.delete('persistentvolumeclaims', 'data-db-0');
    cluster.delete('pods', 'db-0');
    cluster.pass(60);
    expect(names()).toEqual(['db-0']);
    expect(cluster.get('persistentvolumeclaims', 'data-db-0').metadata.uid).not.toBe(uid);
  });
});
