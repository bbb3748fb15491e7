import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { TestCluster } from './fixtures.js';
import {
  claim,
  diskClass,
  inZone,
  nodeIn,
  openZonal,
  phaseOf,
  pod,
  volume,
  whyWaits,
} from './volume-fixtures.js';

/** A class whose volumes are made by somebody outside of the world. */
const slowClass = diskClass('slow', { provisioner: 'slow.example' });
const selectedNode = 'volume.kubernetes.io/selected-node';
const cpu = (amount: string) => ({
  containers: [{ name: 'c', image: 'image:1', resources: { requests: { cpu: amount } } }],
});

let cluster: TestCluster;
let node: string;

/** A pod that has its node in zone 2, and waits there for its volume. */
function openWaiting(): void {
  node = nodeIn(cluster, 'westeurope-2');
  cluster.create('storageclasses', slowClass);
  cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'slow' }));
  cluster.create('pods', pod('web', 'data', { ...inZone('westeurope-2'), ...cpu('1') }));
  cluster.pass(5);
}

/** The volume as its driver makes it. */
function makeVolume(spec: object = {}): void {
  const { uid } = cluster.get('persistentvolumeclaims', 'data').metadata;
  const claimRef = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace: 'default',
    name: 'data',
    uid,
  };
  cluster.create('persistentvolumes', volume('made', { storageClassName: 'slow', claimRef, ...spec }));
}

const placeOf = (name: string): unknown => cluster.get('pods', name).spec['nodeName'];

beforeEach(() => {
  cluster = openZonal();
  openWaiting();
});

test('a pod counts on its node while its volume is being made', () => {
  expect(placeOf('web')).toBeUndefined();
  expect(cluster.get('persistentvolumeclaims', 'data').metadata.annotations?.[selectedNode]).toBe(node);
  cluster.create('pods', {
    metadata: { name: 'large' },
    spec: { ...inZone('westeurope-2'), ...cpu('1500m') },
  });
  cluster.pass(5);
  expect(whyWaits(cluster, 'large')).toMatch(
    /^0\/4 nodes are available: 1 Insufficient cpu, 3 node\(s\) didn't/,
  );
  cluster.delete('pods', 'web');
  cluster.pass(1);
  expect(placeOf('large')).toBe(node);
});

test('it is bound once its claim is', () => {
  makeVolume();
  cluster.pass(0);
  expect(placeOf('web')).toBe(node);
  expect(whyWaits(cluster, 'web')).toBeUndefined();
  cluster.pass(3);
  expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
});

test('it is tried anew after it has waited for ten minutes', () => {
  const text = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded';
  const seen = cluster.timeline(1300, 1, () => cluster.condition('pods', 'web', 'PodScheduled'));
  expect(seen).toEqual([
    [0, undefined],
    [595, `False SchedulerError ${text}`],
  ]);
  expect(cluster.events('web')).toEqual([`FailedScheduling ${text}`]);
  makeVolume();
  cluster.pass(3);
  expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
});

test('it is tried anew when the volume can not be made there', () => {
  cluster.patch('persistentvolumeclaims', 'data', { metadata: { annotations: { [selectedNode]: null } } });
  cluster.pass(0);
  expect(cluster.condition('pods', 'web', 'PodScheduled')).toBe(
    'False SchedulerError running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "data"',
  );
  cluster.pass(2);
  expect(cluster.get('persistentvolumeclaims', 'data').metadata.annotations?.[selectedNode]).toBe(node);
});

test('it is tried anew when the volume was made where the node can not reach it', () => {
  const values = ['westeurope-3'];
  const terms = [{ matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values }] }];
  makeVolume({ nodeAffinity: { required: { nodeSelectorTerms: terms } } });
  cluster.pass(2);
  expect(cluster.events('web')[0]).toBe(
    `FailedScheduling running PreBind plugin "VolumeBinding": binding volumes: pv "made" node affinity doesn't match node "${node}": no matching NodeSelectorTerms`,
  );
  expect(whyWaits(cluster, 'web')).toMatch(
    /1 node\(s\) didn't match PersistentVolume's node affinity, 3 node\(s\) didn't match Pod/,
  );
});

test('it is tried anew when its node has gone', () => {
  cluster.delete('nodes', node);
  cluster.pass(0);
  expect(cluster.events('web')).toContain(
    `FailedScheduling running PreBind plugin "VolumeBinding": binding volumes: failed to get node "${node}": node "${node}" not found`,
  );
});

test('it goes on waiting on its node, no longer than before, in a world that was closed', async () => {
  const data = mkdtempSync(join(tmpdir(), 'reservations-'));
  try {
    cluster = openZonal({ data });
    openWaiting();
    cluster.pass(95);
    cluster = await cluster.reopen({ data });
    cluster.create('pods', {
      metadata: { name: 'large' },
      spec: { ...inZone('westeurope-2'), ...cpu('1500m') },
    });
    const seen = cluster.timeline(510, 5, () => [
      placeOf('large') === undefined ? 'waits' : 'placed',
      cluster.condition('pods', 'web', 'PodScheduled')?.split(' ')[1],
    ]);
    expect(seen).toEqual([
      [0, ['waits', undefined]],
      [500, ['placed', 'SchedulerError']],
      [505, ['placed', 'Unschedulable']],
    ]);
  } finally {
    await cluster.world.close();
    rmSync(data, { recursive: true });
  }
});
