import { describe, expect, test } from 'vitest';
import type { KubeObject, Pod } from '../../kube/index.js';
import {
  attachment,
  bound,
  capacity,
  claim,
  csiDriver,
  csiNode,
  decided,
  ephemeral,
  node,
  onHosts,
  pod,
  refusalOf,
  storageClass,
  use,
  volume,
} from '../volumes/fixtures.js';

const late = storageClass('late');
const noPreemption = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';

describe('VolumeRestrictions', () => {
  const gce = (readOnly: boolean) => ({ name: 'd', gcePersistentDisk: { pdName: 'disk', readOnly } });
  const aws = { name: 'd', awsElasticBlockStore: { volumeID: 'vol-1', readOnly: true } };
  const iscsi = (readOnly: boolean, iqn = 'iqn.x') => ({ name: 'd', iscsi: { iqn, readOnly } });
  const rbd = (image: object) => ({
    name: 'd',
    rbd: { monitors: ['m1', 'm2'], pool: 'rbd', image: 'i', ...image },
  });

  test.each([
    ['a GCE disk that both write', gce(false), gce(false), 'clash'],
    ['a GCE disk that one writes', gce(true), gce(false), 'clash'],
    ['a GCE disk that both read', gce(true), gce(true), 'fits'],
    ['an EBS volume, even read', aws, aws, 'clash'],
    ['an iSCSI target that one writes', iscsi(false), iscsi(true), 'clash'],
    ['an iSCSI target that both read', iscsi(true), iscsi(true), 'fits'],
    ['two iSCSI targets', iscsi(false), iscsi(false, 'iqn.y'), 'fits'],
    ['an RBD image', rbd({}), rbd({ monitors: ['m2', 'm3'] }), 'clash'],
    ['an RBD image that both read', rbd({ readOnly: true }), rbd({ readOnly: true }), 'fits'],
    ['an RBD image of other monitors', rbd({}), rbd({ monitors: ['m3'] }), 'fits'],
    ['an RBD image of another pool', rbd({}), rbd({ pool: 'fast' }), 'fits'],
    ['an RBD image of the pool that is the default', rbd({}), rbd({ pool: undefined }), 'clash'],
    ['disks of two kinds', gce(false), aws, 'fits'],
  ])('on one node: %s', (_case, ours, theirs, outcome) => {
    const decision = decided({
      nodes: [node('n1')],
      pods: [pod('other', [theirs], { nodeName: 'n1' })],
      pod: pod('web', [ours]),
    });
    expect(refusalOf(decision, 'n1')).toBe(
      outcome === 'clash' ? 'U VolumeRestrictions: node(s) had no available disk' : undefined,
    );
  });

  const single = [
    bound('data', 'pv', { accessModes: ['ReadWriteOncePod'] }),
    volume('pv', { claimRef: { namespace: 'default', name: 'data', uid: 'uid-data' } }),
    late,
  ];
  const inUse =
    'U VolumeRestrictions: node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';

  test('a claim for one pod alone is refused on every node while another pod has it', () => {
    const decision = decided({
      nodes: [node('n1'), node('n2')],
      pods: [pod('other', [use('data')], { nodeName: 'n1' })],
      pod: pod('web', [use('data')]),
      objects: single,
    });
    expect([refusalOf(decision, 'n1'), refusalOf(decision, 'n2')]).toEqual([inUse, inUse]);
  });

  test('a pod that matters more takes it from the other, on that pod’s node', () => {
    const decision = decided({
      nodes: [node('n1'), node('n2')],
      pods: [pod('other', [use('data')], { nodeName: 'n1', priority: 1 })],
      pod: pod('web', [use('data')], { priority: 10 }),
      objects: single,
    });
    expect(decision.preemption).toEqual({ node: 'n1', victims: ['default/other'] });
  });

  test('where two have it, taking it from one seems enough, as to kube-scheduler', () => {
    const decision = decided({
      nodes: [node('n1'), node('n2')],
      pods: [
        pod('low', [use('data')], { nodeName: 'n1', priority: 1 }),
        pod('high', [use('data')], { nodeName: 'n2', priority: 10 }),
      ],
      pod: pod('web', [use('data')], { priority: 10 }),
      objects: single,
    });
    expect(decision.preemption).toEqual({ node: 'n1', victims: ['default/low'] });
  });

  test('a pod that has ended has it no more', () => {
    const ended: Pod = { ...pod('other', [use('data')], { nodeName: 'n1' }), status: { phase: 'Succeeded' } };
    const decision = decided({
      nodes: [node('n1')],
      pods: [ended],
      pod: pod('web', [use('data')]),
      objects: single,
    });
    expect(decision.node).toBe('n1');
  });
});

describe('NodeVolumeLimits', () => {
  const disk = (name: string, driver = 'disk.csi.azure.com') =>
    volume(`pv-${name}`, {
      csi: { driver, volumeHandle: `/disks/${name}` },
      claimRef: { namespace: 'default', name, uid: `uid-${name}` },
    });
  const has = (name: string, driver?: string): readonly KubeObject[] => [
    bound(name, `pv-${name}`),
    disk(name, driver),
  ];
  const migrated = { 'storage.alpha.kubernetes.io/migrated-plugins': 'kubernetes.io/azure-disk' };
  const azure = (diskURI: string) => ({ name: 'd', azureDisk: { diskName: 'd', diskURI } });
  const full = 'U NodeVolumeLimits: node(s) exceed max volume count';

  test.each<[string, KubeObject | undefined, readonly KubeObject[], readonly Pod[], Pod, string | undefined]>(
    [
      [
        'a second disk where one is the most',
        csiNode('n1', 1),
        [...has('a'), ...has('b')],
        [pod('p', [use('a')], { nodeName: 'n1' })],
        pod('web', [use('b')]),
        full,
      ],
      [
        'a disk that the node has already',
        csiNode('n1', 1),
        has('a'),
        [pod('p', [use('a')], { nodeName: 'n1' })],
        pod('web', [use('a')]),
        undefined,
      ],
      [
        'nothing new on a node that has too many',
        csiNode('n1', 1),
        [...has('a'), ...has('b')],
        [pod('p', [use('a'), use('b')], { nodeName: 'n1' })],
        pod('web', [use('a')]),
        undefined,
      ],
      [
        'more disks than a node can take at all',
        csiNode('n1', 1),
        [...has('a'), ...has('b')],
        [],
        pod('web', [use('a'), use('b')]),
        full,
      ],
      [
        'any number without a CSINode',
        undefined,
        [...has('a'), ...has('b')],
        [],
        pod('web', [use('a'), use('b')]),
        undefined,
      ],
      [
        'volumes of a driver without a limit',
        csiNode('n1', 0),
        has('a', 'other.example'),
        [],
        pod('web', [use('a')]),
        undefined,
      ],
      [
        'a disk beside one that is attached without a pod',
        csiNode('n1', 1),
        [...has('a'), ...has('b'), attachment('va', 'n1', 'pv-b')],
        [],
        pod('web', [use('a')]),
        full,
      ],
      [
        'a disk that is attached already, and used by none: it counts twice',
        csiNode('n1', 1),
        [...has('a'), attachment('va', 'n1', 'pv-a')],
        [],
        pod('web', [use('a')]),
        full,
      ],
      [
        'a disk that is attached already, where there is room for two',
        csiNode('n1', 2),
        [...has('a'), attachment('va', 'n1', 'pv-a')],
        [],
        pod('web', [use('a')]),
        undefined,
      ],
      ['a disk that is still to be made', csiNode('n1', 0), [claim('a')], [], pod('web', [use('a')]), full],
      [
        'a disk beside one that is being made for a pod there',
        csiNode('n1', 1),
        [claim('a'), claim('b')],
        [pod('p', [use('b')], { nodeName: 'n1' })],
        pod('web', [use('a')]),
        full,
      ],
      [
        'a disk that is made for the pod alone',
        csiNode('n1', 0),
        [
          claim(
            'web-scratch',
            {},
            { ownerReferences: [{ kind: 'Pod', name: 'web', uid: 'uid-web', controller: true }] },
          ),
        ],
        [],
        pod('web', [ephemeral('scratch')]),
        full,
      ],
      [
        'an Azure disk that the pod names',
        csiNode('n1', 0, migrated),
        [],
        [],
        pod('web', [azure('/disks/a')]),
        full,
      ],
      [
        'an Azure disk that is nobody’s to count',
        csiNode('n1', 0),
        [],
        [],
        pod('web', [azure('/disks/a')]),
        undefined,
      ],
      [
        'an Azure disk that another pod has by a claim',
        csiNode('n1', 1, migrated),
        has('a'),
        [pod('p', [use('a')], { nodeName: 'n1' })],
        pod('web', [azure('/disks/a')]),
        undefined,
      ],
    ],
  )('%s', (_case, limits, objects, pods, web, refusal) => {
    const decision = decided({
      nodes: [node('n1')],
      pods,
      pod: web,
      objects: [late, ...objects, ...(limits ? [limits] : [])],
    });
    expect(refusalOf(decision, 'n1')).toBe(refusal);
  });

  test('a pod that matters more makes another give its disk back', () => {
    const decision = decided({
      nodes: [node('n1')],
      pods: [pod('p', [use('a')], { nodeName: 'n1', priority: 1 })],
      pod: pod('web', [use('b')], { priority: 2 }),
      objects: [late, ...has('a'), ...has('b'), csiNode('n1', 1)],
    });
    expect(decision.preemption).toEqual({ node: 'n1', victims: ['default/p'] });
  });
});

describe('VolumeBinding, before nodes are looked at', () => {
  const owner = (uid: string) => ({ ownerReferences: [{ kind: 'Pod', name: 'web', uid, controller: true }] });

  test.each<[string, Pod, readonly KubeObject[], string]>([
    ['a claim that is not there', pod('web', [use('data')]), [], 'persistentvolumeclaim "data" not found'],
    [
      'a claim that is being deleted',
      pod('web', [use('data')]),
      [claim('data', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
      'persistentvolumeclaim "data" is being deleted',
    ],
    [
      'a claim whose volume has gone',
      pod('web', [use('data')]),
      [claim('data', { volumeName: 'pv' }, {}, { phase: 'Lost' })],
      'persistentvolumeclaim "data" bound to non-existent persistentvolume "pv"',
    ],
    [
      'a missing claim after one that is lost',
      pod('web', [use('data'), use('more')]),
      [claim('data', { volumeName: 'pv' }, {}, { phase: 'Lost' })],
      'persistentvolumeclaim "more" not found',
    ],
    [
      'a claim that is still to be made for the pod',
      pod('web', [ephemeral('scratch')]),
      [],
      'waiting for ephemeral volume controller to create the persistentvolumeclaim "web-scratch"',
    ],
    [
      'a claim of that name that is another’s',
      pod('web', [ephemeral('scratch')]),
      [claim('web-scratch', {}, owner('somebody'))],
      'PVC default/web-scratch was not created for pod default/web (pod is not owner)',
    ],
    [
      'a claim that does not wait for a pod',
      pod('web', [use('data')]),
      [claim('data', { storageClassName: 'now' }), storageClass('now', { volumeBindingMode: 'Immediate' })],
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    [
      'a claim of a class that there is not',
      pod('web', [use('data')]),
      [claim('data', { storageClassName: 'none' })],
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    [
      'a claim that names its volume and is not bound yet',
      pod('web', [use('data')]),
      [late, claim('data', { volumeName: 'pv' })],
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    [
      'a bound claim whose volume has just gone',
      pod('web', [use('data')]),
      [bound('data', 'pv')],
      'persistentvolume "pv" not found',
    ],
  ])('%s', (_case, web, objects, text) => {
    const message = (kubernetesVersion: string) =>
      decided({ nodes: [node('n1')], pod: web, objects, kubernetesVersion }).message;
    expect([message('1.34.2'), message('1.33.5')]).toEqual([
      `0/1 nodes are available: ${text}. not found`,
      `0/1 nodes are available: ${text}. ${noPreemption}`,
    ]);
  });
});

describe('VolumeBinding, on a node', () => {
  const conflict = "node(s) didn't match PersistentVolume's node affinity";
  const unbindable = "node(s) didn't find available persistent volumes to bind";
  const tooLittle = 'node(s) did not have enough free storage';
  const missing = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
  const local = storageClass('late', { provisioner: 'kubernetes.io/no-provisioner' });
  const fast = (labels: object, members: object = {}) =>
    capacity('c', { storageClassName: 'late', nodeTopology: { matchLabels: labels }, ...members });
  const watching = csiDriver('disk.csi.azure.com', true);
  const mine = { ownerReferences: [{ kind: 'Pod', name: 'web', uid: 'uid-web', controller: true }] };
  const scratch = claim(
    'web-scratch',
    { volumeName: 'gone' },
    { ...mine, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
  );

  test.each<[string, Pod, readonly KubeObject[], string | undefined]>([
    [
      'a volume that it can reach',
      pod('web', [use('a')]),
      [bound('a', 'pv'), volume('pv', onHosts('n1'))],
      undefined,
    ],
    [
      'a volume that it can not reach',
      pod('web', [use('a')]),
      [bound('a', 'pv'), volume('pv', onHosts('n2'))],
      conflict,
    ],
    ['a volume that is to be made', pod('web', [use('a')]), [late, claim('a')], undefined],
    ['nobody to make it', pod('web', [use('a')]), [local, claim('a')], unbindable],
    [
      'a volume that there is',
      pod('web', [use('a')]),
      [local, claim('a'), volume('pv', onHosts('n1'))],
      undefined,
    ],
    [
      'a volume that there is elsewhere',
      pod('web', [use('a')]),
      [local, claim('a'), volume('pv', onHosts('n2'))],
      unbindable,
    ],
    [
      'one volume for two claims',
      pod('web', [use('a'), use('b')]),
      [local, claim('a'), claim('b'), volume('pv')],
      unbindable,
    ],
    [
      'two volumes for two claims, the smaller for the smaller',
      pod('web', [use('a'), use('b')]),
      [
        local,
        claim('a', { resources: { requests: { storage: '20Gi' } } }),
        claim('b'),
        volume('small'),
        volume('large', { capacity: { storage: '20Gi' } }),
      ],
      undefined,
    ],
    [
      'a volume that is kept for the claim elsewhere',
      pod('web', [use('a')]),
      [
        local,
        claim('a'),
        volume('pv'),
        volume('kept', { claimRef: { namespace: 'default', name: 'a' }, ...onHosts('n2') }),
      ],
      unbindable,
    ],
    [
      'a volume that is being made for another node',
      pod('web', [use('a')]),
      [late, claim('a', {}, { annotations: { 'volume.kubernetes.io/selected-node': 'n2' } })],
      unbindable,
    ],
    [
      'a volume that is being made for it',
      pod('web', [use('a')]),
      [late, claim('a', {}, { annotations: { 'volume.kubernetes.io/selected-node': 'n1' } })],
      undefined,
    ],
    [
      'a class of other zones',
      pod('web', [use('a')]),
      [
        storageClass('late', {
          allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['2'] }] }],
        }),
        claim('a'),
      ],
      unbindable,
    ],
    [
      'a class of its zone',
      pod('web', [use('a')]),
      [
        storageClass('late', {
          allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['2', '1'] }] }],
        }),
        claim('a'),
      ],
      undefined,
    ],
    [
      'a driver that tells of no room anywhere',
      pod('web', [use('a')]),
      [late, claim('a'), watching],
      tooLittle,
    ],
    [
      'a driver that does not tell',
      pod('web', [use('a')]),
      [late, claim('a'), csiDriver('disk.csi.azure.com', false)],
      undefined,
    ],
    [
      'room enough',
      pod('web', [use('a')]),
      [late, claim('a'), watching, fast({ zone: '1' }, { capacity: '10Gi' })],
      undefined,
    ],
    [
      'too little room',
      pod('web', [use('a')]),
      [late, claim('a'), watching, fast({ zone: '1' }, { capacity: '9Gi' })],
      tooLittle,
    ],
    [
      'room for smaller volumes alone',
      pod('web', [use('a')]),
      [late, claim('a'), watching, fast({ zone: '1' }, { capacity: '90Gi', maximumVolumeSize: '5Gi' })],
      tooLittle,
    ],
    [
      'room elsewhere',
      pod('web', [use('a')]),
      [late, claim('a'), watching, fast({ zone: '2' }, { capacity: '90Gi' })],
      tooLittle,
    ],
    ['a volume that is gone', pod('web', [ephemeral('scratch')]), [scratch], missing],
    [
      'a volume that is gone, and one that can not be had',
      pod('web', [ephemeral('scratch'), use('a')]),
      [scratch, local, claim('a')],
      `${unbindable} + ${missing}`,
    ],
    [
      'a volume out of reach, and too little room',
      pod('web', [use('a'), use('b')]),
      [bound('a', 'pv'), volume('pv', onHosts('n2')), late, claim('b'), watching],
      `${conflict} + ${tooLittle}`,
    ],
  ])('%s', (_case, web, objects, reasons) => {
    const decision = decided({ nodes: [node('n1', { zone: '1' })], pod: web, objects });
    expect(refusalOf(decision, 'n1')).toBe(reasons && `UU VolumeBinding: ${reasons}`);
  });

  test('each reason is counted by itself', () => {
    const { message } = decided({
      nodes: [node('n1'), node('n2')],
      pod: pod('web', [use('a'), use('b')]),
      objects: [
        bound('a', 'pv'),
        volume('pv', { ...onHosts('n2'), claimRef: { name: 'a' } }),
        local,
        claim('b'),
      ],
    });
    expect(message).toMatch(
      /^0\/2 nodes are available: 1 node\(s\) didn't match PersistentVolume's node affinity, 2 node\(s\) didn't find available persistent volumes to bind\. no new claims to deallocate, /,
    );
  });

  test.each<[string, readonly { utilization: number; score: number }[] | undefined, string, object]>([
    [
      'the fullest volumes where the shape says so',
      [
        { utilization: 0, score: 0 },
        { utilization: 100, score: 10 },
      ],
      'n1',
      { n1: 100, n2: 50 },
    ],
    [
      'the emptiest where it says so',
      [
        { utilization: 0, score: 10 },
        { utilization: 100, score: 0 },
      ],
      'n2',
      { n1: 0, n2: 50 },
    ],
    ['nothing without a shape', undefined, 'n1', {}],
  ])('scores %s', (_case, shape, expected, scores) => {
    const decision = decided({
      nodes: [node('n1'), node('n2')],
      pod: pod('web', [use('a')]),
      objects: [
        local,
        claim('a'),
        volume('small', onHosts('n1')),
        volume('large', { capacity: { storage: '20Gi' }, ...onHosts('n2') }),
      ],
      configuration: {
        profiles: [
          { schedulerName: 'default-scheduler', args: { VolumeBinding: { ...(shape && { shape }) } } },
        ],
      },
    });
    expect(decision.node).toBe(expected);
    const seen = Object.entries(decision.scores).flatMap(([name, { VolumeBinding: score }]) =>
      score === undefined ? [] : [[name, score]],
    );
    expect(Object.fromEntries(seen)).toEqual(scores);
  });
});

describe('VolumeZone', () => {
  const zone = 'topology.kubernetes.io/zone';
  const region = 'topology.kubernetes.io/region';
  const oldZone = 'failure-domain.beta.kubernetes.io/zone';
  const oldRegion = 'failure-domain.beta.kubernetes.io/region';

  test.each<[string, Record<string, string>, Record<string, string>, 'fits' | 'elsewhere']>([
    ['the same zone', { [zone]: 'w-1' }, { [zone]: 'w-1' }, 'fits'],
    ['another zone', { [zone]: 'w-1' }, { [zone]: 'w-2' }, 'elsewhere'],
    ['one of two zones', { [zone]: 'w-1__w-2' }, { [zone]: 'w-2' }, 'fits'],
    ['none of two zones', { [zone]: 'w-1__w-2' }, { [zone]: 'w-3' }, 'elsewhere'],
    ['another region', { [region]: 'w' }, { [zone]: 'n-1', [region]: 'n' }, 'elsewhere'],
    ['a node that names its region alone', { [zone]: 'w-1' }, { [region]: 'w' }, 'elsewhere'],
    ['a node that names nothing', { [zone]: 'w-1' }, {}, 'fits'],
    ['old labels on both', { [oldZone]: 'w-1' }, { [oldZone]: 'w-2' }, 'elsewhere'],
    [
      'an old label and a new one',
      { [oldZone]: 'w-1', [oldRegion]: 'w' },
      { [zone]: 'w-1', [region]: 'w' },
      'fits',
    ],
    ['an old label and another new one', { [oldRegion]: 'w' }, { [region]: 'n' }, 'elsewhere'],
    ['a new label and an old one', { [zone]: 'w-1' }, { [oldZone]: 'w-1' }, 'elsewhere'],
    ['a label that names nothing well', { [zone]: 'w-1__' }, { [zone]: 'w-3' }, 'fits'],
  ])('%s', (_case, volumeLabels, nodeLabels, outcome) => {
    const decision = decided({
      nodes: [node('n1', nodeLabels)],
      pod: pod('web', [use('a')]),
      objects: [bound('a', 'pv'), volume('pv', {}, volumeLabels)],
    });
    expect(refusalOf(decision, 'n1')).toBe(
      outcome === 'elsewhere' ? 'UU VolumeZone: node(s) had no available volume zone' : undefined,
    );
  });
});
