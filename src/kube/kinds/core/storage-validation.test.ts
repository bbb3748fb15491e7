import { describe, expect, test } from 'vitest';
import { checking, completed } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { errorText } from '../../api/field-error.js';
import { storageClasses } from '../storage/storage-class.js';
import { persistentVolumeClaims } from './persistent-volume-claim.js';
import { persistentVolumes } from './persistent-volume.js';

const claim = checking(persistentVolumeClaims, {
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
});
const volume = checking(persistentVolumes, {
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '10Gi' },
    csi: { driver: 'disk.csi.azure.com', volumeHandle: 'd' },
  },
});
const storageClass = checking(storageClasses, { provisioner: 'disk.csi.azure.com', parameters: { a: 'b' } });
const spec = (change: Change): Change => ({ spec: change });
const modes = '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"';

describe('a claim with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    [
      'no way of access',
      spec({ accessModes: null }),
      ['spec.accessModes: Required value: at least 1 access mode is required'],
    ],
    [
      'an unknown way of access',
      spec({ accessModes: ['RWO'] }),
      [`spec.accessModes: Unsupported value: "RWO": supported values: ${modes}`],
    ],
    [
      'one pod and many',
      spec({ accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] }),
      ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
    ],
    ['no size', spec({ resources: null }), ['spec.resources[storage]: Required value']],
    [
      'the size of nothing',
      spec({ resources: { requests: { storage: '0' } } }),
      ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
    ],
    [
      'a mode',
      spec({ volumeMode: 'Raw' }),
      ['spec.volumeMode: Unsupported value: "Raw": supported values: "Block", "Filesystem"'],
    ],
    [
      'a class',
      spec({ storageClassName: 'A' }),
      [
        expect.stringMatching(
          /^spec.storageClassName: Invalid value: "A": a lowercase RFC 1123 subdomain/,
        ) as string,
      ],
    ],
    [
      'a source without a group',
      spec({ dataSource: { kind: 'VolumeSnapshot', name: 's' } }),
      [
        'spec.dataSource: Invalid value: "VolumeSnapshot": must be \'PersistentVolumeClaim\' when referencing the default apiGroup',
      ],
    ],
  ])('%s', (_, change, faults) => expect(claim.faults(change)).toEqual(faults));

  const immutable =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n';
  const larger = spec({ resources: { requests: { storage: '20Gi' } } });
  test.each<readonly [string, Change, Change, readonly unknown[]]>([
    ['its volume', {}, spec({ volumeName: 'v' }), []],
    [
      'another volume',
      spec({ volumeName: 'v' }),
      spec({ volumeName: 'w' }),
      [expect.stringContaining(immutable)],
    ],
    ['its class, once', {}, spec({ storageClassName: 'a' }), []],
    [
      'another class',
      spec({ storageClassName: 'a' }),
      spec({ storageClassName: 'b' }),
      [expect.stringContaining(immutable)],
    ],
    ['a larger size before it is bound', {}, larger, [expect.stringContaining(immutable)]],
    [
      'another mode',
      {},
      spec({ volumeMode: 'Block' }),
      [expect.stringContaining(immutable), 'volumeMode: Invalid value: "Block": field is immutable'],
    ],
  ])('%s once it exists', (_, before, after, faults) =>
    expect(claim.changeFaults(before, after)).toEqual(faults),
  );

  const bound = (storage: string) => ({
    ...completed(persistentVolumeClaims, {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    }),
    status: { phase: 'Bound', capacity: { storage: '10Gi' } },
  });
  test.each([
    ['20Gi', []],
    ['5Gi', ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity']],
  ])('%s once it is bound to 10Gi', (size, faults) =>
    expect(persistentVolumeClaims.validate(bound(size), bound('10Gi')).map(errorText)).toEqual(faults),
  );
});

describe('a volume with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    [
      'no size',
      spec({ capacity: null }),
      ['spec.capacity: Required value', 'spec.capacity: Unsupported value: {}: supported values: "storage"'],
    ],
    [
      'another size',
      spec({ capacity: { storage: null, cpu: '1' } }),
      ['spec.capacity: Unsupported value: {"cpu":"1"}: supported values: "storage"'],
    ],
    ['no way of access', spec({ accessModes: null }), ['spec.accessModes: Required value']],
    ['nothing behind it', spec({ csi: null }), ['spec: Required value: must specify a volume type']],
    [
      'two things behind it',
      spec({ hostPath: { path: '/x' } }),
      ['spec.hostPath: Forbidden: may not specify more than 1 volume type'],
    ],
    ['no disk', spec({ csi: { volumeHandle: '' } }), ['spec.csi.volumeHandle: Required value']],
    [
      'a path of any node',
      spec({ csi: null, local: { path: '/x' } }),
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      'a policy',
      spec({ persistentVolumeReclaimPolicy: 'Keep' }),
      [
        'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"',
      ],
    ],
  ])('%s', (_, change, faults) => expect(volume.faults(change)).toEqual(faults));

  test.each<readonly [string, Change, readonly unknown[]]>([
    ['a claim', spec({ claimRef: { name: 'c', namespace: 'd' } }), []],
    ['another size', spec({ capacity: { storage: '20Gi' } }), []],
    [
      'another disk',
      spec({ csi: { volumeHandle: 'e' } }),
      [
        expect.stringContaining(
          'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n',
        ),
      ],
    ],
  ])('%s once it exists', (_, change, faults) => expect(volume.changeFaults({}, change)).toEqual(faults));
});

describe('a storage class with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    ['no provisioner', { provisioner: '' }, ['provisioner: Required value']],
    [
      'a policy',
      { reclaimPolicy: 'Recycle' },
      ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      'a time of binding',
      { volumeBindingMode: 'Later' },
      [
        'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"',
      ],
    ],
  ])('%s', (_, change, faults) => expect(storageClass.faults(change)).toEqual(faults));

  test.each<readonly [string, Change, readonly string[]]>([
    ['growth', { allowVolumeExpansion: true }, []],
    [
      'another provisioner',
      { provisioner: 'x' },
      ['provisioner: Forbidden: updates to provisioner are forbidden.'],
    ],
    [
      'other parameters',
      { parameters: { a: 'c' } },
      ['parameters: Forbidden: updates to parameters are forbidden.'],
    ],
    [
      'another policy',
      { reclaimPolicy: 'Retain' },
      ['reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.'],
    ],
    [
      'another time of binding',
      { volumeBindingMode: 'WaitForFirstConsumer' },
      ['volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable'],
    ],
  ])('%s once it exists', (_, change, faults) =>
    expect(storageClass.changeFaults({}, change)).toEqual(faults),
  );
});
