import { beforeEach, describe, expect, test } from 'vitest';
import { resourceGroups } from '../azure/index.js';
import { StatusError, builtInTypes } from '../kube/index.js';
import type { JsonObject, KubeObject, ResourceType } from '../kube/index.js';
import { instant, seconds } from '../units/index.js';
import { World } from './index.js';

const day = instant(Date.UTC(2026, 7, 21));
const writing = { dryRun: false, fieldValidation: 'Strict' } as const;

interface Shown extends KubeObject {
  readonly spec: JsonObject;
  readonly status: JsonObject;
}

let world: World;
let cluster: string;

const typeOf = (plural: string): ResourceType => {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};
const placeOf = (type: ResourceType) => ({ cluster, ...(type.namespaced && { namespace: 'default' }) });
const apply = (plural: string, body: object): KubeObject => {
  const type = typeOf(plural);
  return world.kubernetes.objects.create(type, placeOf(type), body, writing).object;
};
const patch = (plural: string, name: string, body: object): void => {
  const type = typeOf(plural);
  world.kubernetes.objects.patch(type, placeOf(type), name, { type: 'merge', body }, 'object', writing);
};
const get = (plural: string, name: string): Shown => {
  const type = typeOf(plural);
  return world.kubernetes.objects.get(type, placeOf(type), name) as Shown;
};
const list = (plural: string): readonly Shown[] => {
  const type = typeOf(plural);
  return world.kubernetes.lists.list(type, placeOf(type), {}).items as unknown as readonly Shown[];
};
const remove = (plural: string, name: string, gracePeriodSeconds?: number): void => {
  const type = typeOf(plural);
  const deletion = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
  world.kubernetes.objects.delete(type, placeOf(type), name, deletion, { dryRun: false });
};
const pass = (n: number): void => world.clock.step(seconds(n));
const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof StatusError) return `${String(error.code)} ${error.message}`;
    throw error;
  }
  return 'was not refused';
};

/** What has been told of an object, in order. */
const told = (name: string): readonly string[] =>
  (
    list('events') as unknown as readonly {
      involvedObject: { name: string };
      reason: string;
      message: string;
      firstTimestamp: string;
    }[]
  )
    .filter(({ involvedObject }) => involvedObject.name === name)
    .sort((a, b) => (a.firstTimestamp < b.firstTimestamp ? -1 : 1))
    .map(({ reason, message }) => `${reason}: ${message}`);
const phase = (plural: string, name: string): unknown => get(plural, name).status['phase'];
const nodeIn = (zone: string): string => {
  const found = list('nodes').find(
    ({ metadata }) => metadata.labels?.['topology.disk.csi.azure.com/zone'] === zone,
  );
  return found?.metadata.name ?? `no node in ${zone}`;
};
const zoneOf = (node: unknown): string | undefined =>
  get('nodes', String(node)).metadata.labels?.['topology.disk.csi.azure.com/zone'];

const claim = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '10Gi' } },
    storageClassName: 'disk',
    ...spec,
  },
});
const volume = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/data' },
    storageClassName: 'manual',
    ...spec,
  },
});
const pod = (name: string, claimName: string, spec: object = {}) => ({
  metadata: { name },
  spec: {
    containers: [{ name: 'c', image: 'image:1' }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    ...spec,
  },
});
const inZone = (zone: string) => ({ nodeSelector: { 'topology.kubernetes.io/zone': zone } });
const diskClass = (name: string, members: object = {}) => ({
  metadata: { name },
  provisioner: 'disk.csi.azure.com',
  parameters: { skuName: 'Premium_LRS' },
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
  ...members,
});

/** A cluster with a node in each of the region's three zones, and one in none. */
function openWorld(): void {
  world = World.open({ mode: { kind: 'virtual' }, start: day });
  world.store.transact((tx) => {
    tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
  });
  const path = { resourceGroup: 'rg1', cluster: 'shop' };
  const vmSize = 'Standard_D2s_v5';
  world.aks.putCluster(path, {
    location: 'westeurope',
    properties: {
      dnsPrefix: 'shop',
      agentPoolProfiles: [
        { name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' },
        { name: 'zonal', mode: 'User', count: 3, vmSize, availabilityZones: ['1', '2', '3'] },
      ],
    },
  });
  world.clock.runUntilIdle();
  cluster = world.aks.cluster(path).id.toLowerCase();
}

beforeEach(() => {
  openWorld();
  apply('storageclasses', diskClass('disk'));
});

describe('a claim that waits for its first pod', () => {
  test('gets a disk where the pod is put, and the pod runs once it is attached', () => {
    apply('persistentvolumeclaims', claim('data'));
    pass(5);
    expect(phase('persistentvolumeclaims', 'data')).toBe('Pending');
    apply('pods', pod('web', 'data', inZone('westeurope-2')));
    pass(0.1);
    expect(get('pods', 'web').spec['nodeName']).toBeUndefined();
    pass(0.2);
    const node = nodeIn('westeurope-2');
    expect(get('pods', 'web').spec['nodeName']).toBe(node);
    expect(list('volumeattachments').map(({ status }) => status['attached'])).toEqual([false]);
    pass(0.2);
    expect(list('volumeattachments').map(({ status }) => status['attached'])).toEqual([true]);
    pass(1);
    expect(phase('pods', 'web')).toBe('Running');
    const [disk] = list('persistentvolumes');
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
    expect(get('persistentvolumeclaims', 'data')).toMatchObject({
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
    expect(told('data')).toEqual([
      'WaitForFirstConsumer: waiting for first consumer to be created before binding',
      expect.stringMatching(/^ExternalProvisioning: Waiting for a volume to be created either by/),
      'Provisioning: External provisioner is provisioning volume for claim "default/data"',
      `ProvisioningSucceeded: Successfully provisioned volume ${name}`,
    ]);
    expect(told('web').filter((text) => !text.startsWith('Pull'))).toEqual([
      `Scheduled: Successfully assigned default/web to ${node}`,
      `SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume "${name}" `,
      'Created: Created container: c',
      'Started: Started container c',
    ]);
    expect(get('nodes', node).status['volumesInUse']).toEqual([
      `kubernetes.io/csi/disk.csi.azure.com^${String((disk?.spec['csi'] as JsonObject)['volumeHandle'])}`,
    ]);
  });

  test('is bound to a volume that there is, where a node can reach it', () => {
    apply('storageclasses', {
      metadata: { name: 'local' },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    const node = nodeIn('westeurope-3');
    const values = [node];
    apply('persistentvolumes', {
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
    apply('persistentvolumeclaims', claim('data', { storageClassName: 'local' }));
    pass(1);
    expect(phase('persistentvolumeclaims', 'data')).toBe('Pending');
    apply('pods', pod('web', 'data'));
    pass(2);
    expect(get('pods', 'web').spec['nodeName']).toBe(node);
    expect(phase('pods', 'web')).toBe('Running');
    apply('persistentvolumeclaims', claim('more', { storageClassName: 'local' }));
    apply('pods', pod('other', 'more'));
    pass(1);
    expect(get('pods', 'other').status['conditions']).toMatchObject([
      { message: "0/4 nodes are available: 4 node(s) didn't find available persistent volumes to bind." },
    ]);
  });
});

describe('a claim that does not wait', () => {
  test('gets a disk in a zone of its own, and the pod goes there', () => {
    apply('storageclasses', diskClass('now', { volumeBindingMode: 'Immediate' }));
    for (const ordinal of [0, 1, 2, 3])
      apply('persistentvolumeclaims', claim(`data-${String(ordinal)}`, { storageClassName: 'now' }));
    pass(1);
    expect(list('persistentvolumeclaims').map(({ status }) => status['phase'])).toEqual(
      Array.from({ length: 4 }, () => 'Bound'),
    );
    const zones = list('persistentvolumes').map(
      ({ spec }) =>
        (
          spec['nodeAffinity'] as {
            required: { nodeSelectorTerms: { matchExpressions: { values: string[] }[] }[] };
          }
        ).required.nodeSelectorTerms[0]?.matchExpressions[0]?.values[0],
    );
    expect(new Set(zones)).toEqual(new Set(['', 'westeurope-1', 'westeurope-2', 'westeurope-3']));
    for (const ordinal of [0, 1, 2, 3])
      apply('pods', pod(`web-${String(ordinal)}`, `data-${String(ordinal)}`));
    pass(2);
    const places = list('pods').map(({ spec }) => zoneOf(spec['nodeName']));
    expect(new Set(places)).toEqual(new Set(zones));
  });

  test('is made in the zones that its class allows', () => {
    apply(
      'storageclasses',
      diskClass('third', {
        volumeBindingMode: 'Immediate',
        allowedTopologies: [
          { matchLabelExpressions: [{ key: 'topology.disk.csi.azure.com/zone', values: ['westeurope-3'] }] },
        ],
      }),
    );
    apply('persistentvolumeclaims', claim('data', { storageClassName: 'third' }));
    pass(1);
    apply('pods', pod('web', 'data'));
    pass(2);
    expect(zoneOf(get('pods', 'web').spec['nodeName'])).toBe('westeurope-3');
  });

  test('is shared by pods on all nodes when it is a file share', () => {
    apply(
      'persistentvolumeclaims',
      claim('share', { storageClassName: 'azurefile-csi-premium', accessModes: ['ReadWriteMany'] }),
    );
    for (const zone of ['1', '2', '3'])
      apply('pods', pod(`web-${zone}`, 'share', inZone(`westeurope-${zone}`)));
    pass(3);
    expect(list('pods').map(({ status }) => status['phase'])).toEqual(['Running', 'Running', 'Running']);
    expect(list('volumeattachments')).toEqual([]);
    expect(get('persistentvolumeclaims', 'share').status['capacity']).toEqual({ storage: '100Gi' });
  });

  test.each([
    [
      'no such class',
      { storageClassName: 'none' },
      'ProvisioningFailed: storageclass.storage.k8s.io "none" not found',
    ],
    [
      'nobody to make it',
      { storageClassName: 'manual-only' },
      'ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
    [
      'no class at all',
      { storageClassName: '' },
      'FailedBinding: no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'a disk for many nodes',
      { storageClassName: 'eager', accessModes: ['ReadWriteMany'] },
      'ProvisioningFailed: failed to provision volume with StorageClass "eager": rpc error: code = InvalidArgument desc = mountVolume is not supported for access mode: MULTI_NODE_MULTI_WRITER',
    ],
  ])('says why it can not be bound: %s', (_case, spec, text) => {
    apply('storageclasses', {
      metadata: { name: 'manual-only' },
      provisioner: 'kubernetes.io/no-provisioner',
    });
    apply('storageclasses', diskClass('eager', { volumeBindingMode: 'Immediate' }));
    apply('persistentvolumeclaims', claim('data', spec));
    apply('pods', pod('web', 'data'));
    pass(5);
    expect(told('data')).toContain(text);
    expect(get('pods', 'web').status['conditions']).toMatchObject([
      { message: '0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims.' },
    ]);
  });

  test('takes the default class, also when that comes later', () => {
    const unclassed = (name: string) => ({
      ...claim(name),
      spec: { ...claim(name).spec, storageClassName: undefined },
    });
    apply('persistentvolumeclaims', unclassed('first'));
    expect(get('persistentvolumeclaims', 'first').spec['storageClassName']).toBe('default');
    const key = 'storageclass.kubernetes.io/is-default-class';
    patch('storageclasses', 'default', { metadata: { annotations: { [key]: 'false' } } });
    apply('persistentvolumeclaims', unclassed('second'));
    pass(1);
    expect(get('persistentvolumeclaims', 'second').spec['storageClassName']).toBeUndefined();
    patch('storageclasses', 'disk', { metadata: { annotations: { [key]: 'true' } } });
    pass(1);
    expect(get('persistentvolumeclaims', 'second').spec['storageClassName']).toBe('disk');
  });
});

describe('a pod whose claim', () => {
  test('is not there waits for it', () => {
    apply('pods', pod('web', 'data'));
    pass(1);
    expect(get('pods', 'web').status['conditions']).toMatchObject([
      { message: '0/4 nodes are available: persistentvolumeclaim "data" not found.' },
    ]);
    apply('persistentvolumeclaims', claim('data'));
    pass(2);
    expect(phase('pods', 'web')).toBe('Running');
  });

  test('is for one pod alone waits for the other to go', () => {
    apply('persistentvolumeclaims', claim('data', { accessModes: ['ReadWriteOncePod'] }));
    apply('pods', pod('first', 'data'));
    pass(2);
    apply('pods', pod('second', 'data'));
    pass(1);
    expect(get('pods', 'second').status['conditions']).toMatchObject([
      {
        message:
          '0/4 nodes are available: 4 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.',
      },
    ]);
    remove('pods', 'first', 0);
    pass(2);
    expect(phase('pods', 'second')).toBe('Running');
  });

  test('has its disk on another node waits until that one is rid of it', () => {
    apply('storageclasses', diskClass('everywhere', { parameters: { skuName: 'Premium_ZRS' } }));
    apply('persistentvolumeclaims', claim('data', { storageClassName: 'everywhere' }));
    apply('pods', pod('first', 'data', inZone('westeurope-1')));
    pass(2);
    apply('pods', pod('second', 'data', inZone('westeurope-2')));
    pass(5);
    const [disk] = list('persistentvolumes');
    const name = disk?.metadata.name ?? '';
    expect(told('second')).toContain(
      `FailedAttachVolume: Multi-Attach error for volume "${name}" Volume is already used by pod(s) first`,
    );
    expect(phase('pods', 'second')).toBe('Pending');
    remove('pods', 'first');
    pass(0.5);
    expect(list('volumeattachments').map(({ spec }) => zoneOf(spec['nodeName']))).toEqual(['westeurope-1']);
    // Half a second to stop, a fifth each to detach and to attach.
    pass(0.3);
    expect(list('volumeattachments').map(({ spec }) => zoneOf(spec['nodeName']))).toEqual(['westeurope-2']);
    pass(1.5);
    expect(phase('pods', 'second')).toBe('Running');
  });

  test('would be the disk too many for a node goes to another', () => {
    // A Standard_D2s_v5 takes four data disks.
    const zone = inZone('westeurope-1');
    for (const one of [1, 2, 3, 4, 5]) {
      apply('persistentvolumeclaims', claim(`data-${String(one)}`));
      apply('pods', pod(`web-${String(one)}`, `data-${String(one)}`, zone));
    }
    pass(2);
    expect(list('pods').map(({ status }) => status['phase'])).toEqual([
      'Running',
      'Running',
      'Running',
      'Running',
      'Pending',
    ]);
    expect(get('pods', 'web-5').status['conditions']).toMatchObject([
      {
        message:
          "0/4 nodes are available: 1 node(s) exceed max volume count, 3 node(s) didn't match Pod's node affinity/selector.",
      },
    ]);
    remove('pods', 'web-1', 0);
    pass(3);
    expect(phase('pods', 'web-5')).toBe('Running');
    expect(
      list('volumeattachments')
        .map(({ status }) => (status['attachmentMetadata'] as JsonObject | undefined)?.['LUN'])
        .sort(),
    ).toEqual(['0', '1', '2', '3']);
  });
});

describe('a claim that is deleted', () => {
  test('stays while a pod uses it, and takes its disk along', () => {
    apply('persistentvolumeclaims', claim('data'));
    apply('pods', pod('web', 'data'));
    pass(2);
    remove('persistentvolumeclaims', 'data');
    pass(60);
    expect(phase('persistentvolumeclaims', 'data')).toBe('Bound');
    expect(phase('pods', 'web')).toBe('Running');
    remove('pods', 'web');
    pass(0.6);
    expect(list('persistentvolumeclaims')).toEqual([]);
    expect(list('persistentvolumes').map(({ status }) => status['phase'])).toEqual(['Released']);
    const name = list('persistentvolumes')[0]?.metadata.name ?? '';
    const node = String(list('volumeattachments')[0]?.spec['nodeName']);
    expect(told(name)).toEqual([
      `VolumeFailedDelete: persistentvolume ${name} is still attached to node ${node}`,
    ]);
    pass(0.5);
    expect([list('volumeattachments'), list('persistentvolumes')]).toEqual([[], []]);
  });

  test('leaves a volume that is to be kept, which is free again once it is let go', () => {
    apply('storageclasses', diskClass('kept', { reclaimPolicy: 'Retain', volumeBindingMode: 'Immediate' }));
    apply('persistentvolumeclaims', claim('data', { storageClassName: 'kept' }));
    pass(1);
    const name = list('persistentvolumes')[0]?.metadata.name ?? '';
    remove('persistentvolumeclaims', 'data');
    pass(600);
    expect(phase('persistentvolumes', name)).toBe('Released');
    apply('persistentvolumeclaims', claim('again', { storageClassName: 'kept', volumeName: name }));
    pass(1);
    expect(phase('persistentvolumeclaims', 'again')).toBe('Pending');
    patch('persistentvolumes', name, { spec: { claimRef: null } });
    pass(1);
    expect(phase('persistentvolumeclaims', 'again')).toBe('Bound');
  });

  test('that no pod has used goes at once; a volume that is bound does not', () => {
    apply('persistentvolumes', volume('disk'));
    apply('persistentvolumeclaims', claim('data', { storageClassName: 'manual' }));
    pass(1);
    remove('persistentvolumes', 'disk');
    pass(60);
    expect(phase('persistentvolumes', 'disk')).toBe('Bound');
    remove('persistentvolumeclaims', 'data');
    pass(1);
    expect([list('persistentvolumeclaims'), list('persistentvolumes')]).toEqual([[], []]);
  });
});

test('a claim whose volume is gone is lost', () => {
  apply('persistentvolumes', volume('disk'));
  apply('persistentvolumeclaims', claim('data', { storageClassName: 'manual' }));
  pass(1);
  patch('persistentvolumes', 'disk', { metadata: { finalizers: null } });
  remove('persistentvolumes', 'disk');
  pass(1);
  expect(phase('persistentvolumeclaims', 'data')).toBe('Lost');
  apply('pods', pod('web', 'data'));
  pass(1);
  expect(get('pods', 'web').status['conditions']).toMatchObject([
    {
      message:
        '0/4 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "disk".',
    },
  ]);
});

describe('a claim that grows', () => {
  const grow = (storage: string) =>
    patch('persistentvolumeclaims', 'data', { spec: { resources: { requests: { storage } } } });

  test('has more once its disk and the file system on the node have', () => {
    apply('persistentvolumeclaims', claim('data'));
    apply('pods', pod('web', 'data'));
    pass(2);
    grow('20Gi');
    pass(0.1);
    expect(get('persistentvolumeclaims', 'data').status).toMatchObject({
      capacity: { storage: '10Gi' },
      allocatedResources: { storage: '20Gi' },
      conditions: [{ type: 'Resizing', status: 'True' }],
    });
    pass(0.2);
    const { status } = get('persistentvolumeclaims', 'data');
    expect(status).toMatchObject({ capacity: { storage: '20Gi' } });
    expect(status['conditions']).toBeUndefined();
    expect(list('persistentvolumes')[0]?.spec['capacity']).toEqual({ storage: '20Gi' });
  });

  test('waits for a pod, when none uses it', () => {
    apply('storageclasses', diskClass('now', { volumeBindingMode: 'Immediate' }));
    apply('persistentvolumeclaims', claim('data', { storageClassName: 'now' }));
    pass(1);
    grow('20Gi');
    pass(5);
    expect(get('persistentvolumeclaims', 'data').status).toMatchObject({
      capacity: { storage: '10Gi' },
      conditions: [{ type: 'FileSystemResizePending', status: 'True' }],
    });
    apply('pods', pod('web', 'data'));
    pass(2);
    expect(get('persistentvolumeclaims', 'data').status['capacity']).toEqual({ storage: '20Gi' });
  });

  test('is refused where its class does not let it', () => {
    apply('persistentvolumes', volume('disk'));
    apply('persistentvolumeclaims', claim('data', { storageClassName: 'manual' }));
    pass(1);
    expect(refusal(() => grow('20Gi'))).toBe(
      '403 persistentvolumeclaims "data" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  });
});
