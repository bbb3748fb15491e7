import { beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../kube/index.js';
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
  zoneOf,
} from './volume-fixtures.js';

let cluster: TestCluster;

beforeEach(() => {
  cluster = openZonal();
});

describe('a claim that waits for its first pod', () => {
  test('gets a disk where the pod is put, and the pod runs once it is attached', () => {
    cluster.create('persistentvolumeclaims', claim('data'));
    cluster.pass(5);
    expect(phaseOf(cluster, 'persistentvolumeclaims', 'data')).toBe('Pending');
    cluster.create('pods', pod('web', 'data', inZone('westeurope-2')));
    cluster.pass(0.1);
    expect(cluster.get('pods', 'web').spec['nodeName']).toBeUndefined();
    cluster.pass(0.2);
    const node = nodeIn(cluster, 'westeurope-2');
    expect(cluster.get('pods', 'web').spec['nodeName']).toBe(node);
    expect(cluster.list('volumeattachments').map(({ status }) => status['attached'])).toEqual([false]);
    cluster.pass(0.2);
    expect(cluster.list('volumeattachments').map(({ status }) => status['attached'])).toEqual([true]);
    cluster.pass(1);
    expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
    const [disk] = cluster.list('persistentvolumes');
    expect(disk?.spec).toMatchObject({
      capacity: { storage: '10Gi' },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'disk',
      claimRef: { namespace: 'default', name: 'data' },
      csi: { driver: 'disk.csi.azure.com' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'topology.disk.csi.azure.com/zone', operator: 'In', values: ['westeurope-2'] },
              ],
            },
          ],
        },
      },
    });
    const name = disk?.metadata.name ?? '';
    expect(cluster.get('persistentvolumeclaims', 'data')).toMatchObject({
      metadata: {
        annotations: {
          'pv.kubernetes.io/bind-completed': 'yes',
          'pv.kubernetes.io/bound-by-controller': 'yes',
          'volume.kubernetes.io/selected-node': node,
          'volume.kubernetes.io/storage-provisioner': 'disk.csi.azure.com',
        },
        finalizers: ['kubernetes.io/pvc-protection'],
      },
      spec: { volumeName: name },
      status: { phase: 'Bound', capacity: { storage: '10Gi' }, accessModes: ['ReadWriteOnce'] },
    });
    expect([...cluster.events('data')].sort()).toEqual([
      expect.stringMatching(/^ExternalProvisioning Waiting for a volume to be created either by/),
      'Provisioning External provisioner is provisioning volume for claim "default/data"',
      `ProvisioningSucceeded Successfully provisioned volume ${name}`,
      'WaitForFirstConsumer waiting for first consumer to be created before binding',
    ]);
    expect(cluster.events('web')).toEqual(
      expect.arrayContaining([
        `Scheduled Successfully assigned default/web to ${node}`,
        `SuccessfulAttachVolume AttachVolume.Attach succeeded for volume "${name}" `,
      ]),
    );
    expect(cluster.get('nodes', node).status['volumesInUse']).toEqual([
      `kubernetes.io/csi/disk.csi.azure.com^${String((disk?.spec['csi'] as JsonObject)['volumeHandle'])}`,
    ]);
  });

  test('is bound to a volume that there is, where a node can reach it', () => {
    cluster.create('storageclasses', {
      metadata: { name: 'local' },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    const node = nodeIn(cluster, 'westeurope-3');
    const values = [node];
    cluster.create('persistentvolumes', {
      ...volume('ssd', {
        storageClassName: 'local',
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] },
            ],
          },
        },
      }),
    });
    cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'local' }));
    cluster.pass(1);
    expect(phaseOf(cluster, 'persistentvolumeclaims', 'data')).toBe('Pending');
    cluster.create('pods', pod('web', 'data'));
    cluster.pass(2);
    expect(cluster.get('pods', 'web').spec['nodeName']).toBe(node);
    expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
    cluster.create('persistentvolumeclaims', claim('more', { storageClassName: 'local' }));
    cluster.create('pods', pod('other', 'more'));
    cluster.pass(1);
    expect(whyWaits(cluster, 'other')).toBe(
      "0/4 nodes are available: 4 node(s) didn't find available persistent volumes to bind. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
    );
  });
});

describe('a claim that does not wait', () => {
  test('gets a disk in a zone of its own, and the pod goes there', () => {
    cluster.create('storageclasses', diskClass('now', { volumeBindingMode: 'Immediate' }));
    for (const ordinal of [0, 1, 2, 3])
      cluster.create('persistentvolumeclaims', claim(`data-${String(ordinal)}`, { storageClassName: 'now' }));
    cluster.pass(1);
    expect(cluster.list('persistentvolumeclaims').map(({ status }) => status['phase'])).toEqual(
      Array.from({ length: 4 }, () => 'Bound'),
    );
    const zones = cluster.list('persistentvolumes').map(
      ({ spec }) =>
        (
          spec['nodeAffinity'] as {
            required: { nodeSelectorTerms: { matchExpressions: { values: string[] }[] }[] };
          }
        ).required.nodeSelectorTerms[0]?.matchExpressions[0]?.values[0],
    );
    expect(new Set(zones)).toEqual(new Set(['', 'westeurope-1', 'westeurope-2', 'westeurope-3']));
    for (const ordinal of [0, 1, 2, 3])
      cluster.create('pods', pod(`web-${String(ordinal)}`, `data-${String(ordinal)}`));
    cluster.pass(2);
    const places = cluster.list('pods').map(({ spec }) => zoneOf(cluster, spec['nodeName']));
    expect(new Set(places)).toEqual(new Set(zones));
  });

  test('is made in the zones that its class allows', () => {
    cluster.create(
      'storageclasses',
      diskClass('third', {
        volumeBindingMode: 'Immediate',
        allowedTopologies: [
          { matchLabelExpressions: [{ key: 'topology.disk.csi.azure.com/zone', values: ['westeurope-3'] }] },
        ],
      }),
    );
    cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'third' }));
    cluster.pass(1);
    cluster.create('pods', pod('web', 'data'));
    cluster.pass(2);
    expect(zoneOf(cluster, cluster.get('pods', 'web').spec['nodeName'])).toBe('westeurope-3');
  });

  test('is shared by pods on all nodes when it is a file share', () => {
    cluster.create(
      'persistentvolumeclaims',
      claim('share', { storageClassName: 'azurefile-csi-premium', accessModes: ['ReadWriteMany'] }),
    );
    for (const zone of ['1', '2', '3'])
      cluster.create('pods', pod(`web-${zone}`, 'share', inZone(`westeurope-${zone}`)));
    cluster.pass(3);
    expect(cluster.list('pods').map(({ status }) => status['phase'])).toEqual([
      'Running',
      'Running',
      'Running',
    ]);
    expect(cluster.list('volumeattachments')).toEqual([]);
    expect(cluster.get('persistentvolumeclaims', 'share').status['capacity']).toEqual({ storage: '100Gi' });
  });

  test.each([
    [
      'no such class',
      { storageClassName: 'none' },
      'ProvisioningFailed storageclass.storage.k8s.io "none" not found',
    ],
    [
      'nobody to make it',
      { storageClassName: 'manual-only' },
      'ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
    [
      'no class at all',
      { storageClassName: '' },
      'FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'a disk for many nodes',
      { storageClassName: 'eager', accessModes: ['ReadWriteMany'] },
      'ProvisioningFailed failed to provision volume with StorageClass "eager": rpc error: code = InvalidArgument desc = mountVolume is not supported for access mode: MULTI_NODE_MULTI_WRITER',
    ],
  ])('says why it can not be bound: %s', (_case, spec, text) => {
    cluster.create('storageclasses', {
      metadata: { name: 'manual-only' },
      provisioner: 'kubernetes.io/no-provisioner',
    });
    cluster.create('storageclasses', diskClass('eager', { volumeBindingMode: 'Immediate' }));
    cluster.create('persistentvolumeclaims', claim('data', spec));
    cluster.create('pods', pod('web', 'data'));
    cluster.pass(5);
    expect(cluster.events('data')).toContain(text);
    expect(whyWaits(cluster, 'web')).toBe(
      '0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    );
  });

  test('takes the default class, also when that comes later', () => {
    const unclassed = (name: string) => ({
      ...claim(name),
      spec: { ...claim(name).spec, storageClassName: undefined },
    });
    cluster.create('persistentvolumeclaims', unclassed('first'));
    expect(cluster.get('persistentvolumeclaims', 'first').spec['storageClassName']).toBe('default');
    const key = 'storageclass.kubernetes.io/is-default-class';
    cluster.patch('storageclasses', 'default', { metadata: { annotations: { [key]: 'false' } } });
    cluster.create('persistentvolumeclaims', unclassed('second'));
    cluster.pass(1);
    expect(cluster.get('persistentvolumeclaims', 'second').spec['storageClassName']).toBeUndefined();
    cluster.patch('storageclasses', 'disk', { metadata: { annotations: { [key]: 'true' } } });
    cluster.pass(1);
    expect(cluster.get('persistentvolumeclaims', 'second').spec['storageClassName']).toBe('disk');
  });
});

describe('a pod whose claim', () => {
  test('is not there waits for it', () => {
    cluster.create('pods', pod('web', 'data'));
    cluster.pass(1);
    expect(whyWaits(cluster, 'web')).toBe(
      '0/4 nodes are available: persistentvolumeclaim "data" not found. not found',
    );
    cluster.create('persistentvolumeclaims', claim('data'));
    cluster.pass(2);
    expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
  });

  test('is for one pod alone waits for the other to go', () => {
    cluster.create('persistentvolumeclaims', claim('data', { accessModes: ['ReadWriteOncePod'] }));
    cluster.create('pods', pod('first', 'data'));
    cluster.pass(2);
    cluster.create('pods', pod('second', 'data'));
    cluster.pass(1);
    expect(whyWaits(cluster, 'second')).toBe(
      '0/4 nodes are available: 4 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod. no new claims to deallocate, preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod.',
    );
    cluster.delete('pods', 'first', 'Background', 0);
    cluster.pass(2);
    expect(phaseOf(cluster, 'pods', 'second')).toBe('Running');
  });
});

describe('a claim that is deleted', () => {
  test('stays while a pod uses it, and takes its disk along', () => {
    cluster.create('persistentvolumeclaims', claim('data'));
    cluster.create('pods', pod('web', 'data'));
    cluster.pass(2);
    cluster.delete('persistentvolumeclaims', 'data');
    cluster.pass(60);
    expect(phaseOf(cluster, 'persistentvolumeclaims', 'data')).toBe('Bound');
    expect(phaseOf(cluster, 'pods', 'web')).toBe('Running');
    cluster.delete('pods', 'web');
    cluster.pass(0.6);
    expect(cluster.list('persistentvolumeclaims')).toEqual([]);
    expect(cluster.list('persistentvolumes').map(({ status }) => status['phase'])).toEqual(['Released']);
    const name = cluster.list('persistentvolumes')[0]?.metadata.name ?? '';
    const node = String(cluster.list('volumeattachments')[0]?.spec['nodeName']);
    expect(cluster.events(name)).toEqual([
      `VolumeFailedDelete persistentvolume ${name} is still attached to node ${node}`,
    ]);
    cluster.pass(0.5);
    expect([cluster.list('volumeattachments'), cluster.list('persistentvolumes')]).toEqual([[], []]);
  });

  test('leaves a volume that is to be kept, which is free again once it is let go', () => {
    cluster.create(
      'storageclasses',
      diskClass('kept', { reclaimPolicy: 'Retain', volumeBindingMode: 'Immediate' }),
    );
    cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'kept' }));
    cluster.pass(1);
    const name = cluster.list('persistentvolumes')[0]?.metadata.name ?? '';
    cluster.delete('persistentvolumeclaims', 'data');
    cluster.pass(600);
    expect(phaseOf(cluster, 'persistentvolumes', name)).toBe('Released');
    cluster.create('persistentvolumeclaims', claim('again', { storageClassName: 'kept', volumeName: name }));
    cluster.pass(1);
    expect(phaseOf(cluster, 'persistentvolumeclaims', 'again')).toBe('Pending');
    cluster.patch('persistentvolumes', name, { spec: { claimRef: null } });
    cluster.pass(1);
    expect(phaseOf(cluster, 'persistentvolumeclaims', 'again')).toBe('Bound');
  });

  test('that no pod has used goes at once; a volume that is bound does not', () => {
    cluster.create('persistentvolumes', volume('disk'));
    cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'manual' }));
    cluster.pass(1);
    cluster.delete('persistentvolumes', 'disk');
    cluster.pass(60);
    expect(phaseOf(cluster, 'persistentvolumes', 'disk')).toBe('Bound');
    cluster.delete('persistentvolumeclaims', 'data');
    cluster.pass(1);
    expect([cluster.list('persistentvolumeclaims'), cluster.list('persistentvolumes')]).toEqual([[], []]);
  });
});

test('a claim whose volume is gone is lost', () => {
  cluster.create('persistentvolumes', volume('disk'));
  cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'manual' }));
  cluster.pass(1);
  cluster.patch('persistentvolumes', 'disk', { metadata: { finalizers: null } });
  cluster.delete('persistentvolumes', 'disk');
  cluster.pass(1);
  expect(phaseOf(cluster, 'persistentvolumeclaims', 'data')).toBe('Lost');
  cluster.create('pods', pod('web', 'data'));
  cluster.pass(1);
  expect(whyWaits(cluster, 'web')).toBe(
    '0/4 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "disk". not found',
  );
});

describe('a claim that grows', () => {
  const grow = (storage: string) =>
    cluster.patch('persistentvolumeclaims', 'data', { spec: { resources: { requests: { storage } } } });

  test('has more once its disk and the file system on the node have', () => {
    cluster.create('persistentvolumeclaims', claim('data'));
    cluster.create('pods', pod('web', 'data'));
    cluster.pass(2);
    grow('20Gi');
    cluster.pass(0.1);
    expect(cluster.get('persistentvolumeclaims', 'data').status).toMatchObject({
      capacity: { storage: '10Gi' },
      allocatedResources: { storage: '20Gi' },
      conditions: [{ type: 'Resizing', status: 'True' }],
    });
    cluster.pass(0.2);
    const { status } = cluster.get('persistentvolumeclaims', 'data');
    expect(status).toMatchObject({ capacity: { storage: '20Gi' } });
    expect(status['conditions']).toBeUndefined();
    expect(cluster.list('persistentvolumes')[0]?.spec['capacity']).toEqual({ storage: '20Gi' });
  });

  test('waits for a pod, when none uses it', () => {
    cluster.create('storageclasses', diskClass('now', { volumeBindingMode: 'Immediate' }));
    cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'now' }));
    cluster.pass(1);
    grow('20Gi');
    cluster.pass(5);
    expect(cluster.get('persistentvolumeclaims', 'data').status).toMatchObject({
      capacity: { storage: '10Gi' },
      conditions: [{ type: 'FileSystemResizePending', status: 'True' }],
    });
    cluster.create('pods', pod('web', 'data'));
    cluster.pass(2);
    expect(cluster.get('persistentvolumeclaims', 'data').status['capacity']).toEqual({ storage: '20Gi' });
  });

  test('is refused where its class does not let it', () => {
    cluster.create('persistentvolumes', volume('disk'));
    cluster.create('persistentvolumeclaims', claim('data', { storageClassName: 'manual' }));
    cluster.pass(1);
    expect(() => grow('20Gi')).toThrow(
      'persistentvolumeclaims "data" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  });
});
