import { describe, expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../kinds/index.js';
import { bestMatch, mismatch } from './matching.js';
import type { Place } from './matching.js';

type VolumeSpec = PersistentVolume['spec'];
type ClaimSpec = PersistentVolumeClaim['spec'];

const metadata = (name: string) => ({ name, uid: `uid-${name}`, creationTimestamp: '2026-08-21T00:00:00Z' });
const volume = (name: string, size: string, spec: Partial<VolumeSpec> = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { ...metadata(name), labels: { name } },
  spec: {
    capacity: { storage: size },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    volumeMode: 'Filesystem',
    ...spec,
  },
  status: { phase: 'Available' },
});
const claim = (size: string, spec: Partial<ClaimSpec> = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { ...metadata('claim'), namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: size } },
    volumeMode: 'Filesystem',
    ...spec,
  },
});
const anywhere: Place = { kind: 'anywhere' };
const inZone = (zone: string): Partial<VolumeSpec> => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }],
    },
  },
});
const many = { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] } satisfies Partial<VolumeSpec>;
const kept = (name: string, uid?: string): Partial<VolumeSpec> => ({
  claimRef: { namespace: 'default', name, ...(uid !== undefined && { uid }) },
});

describe('the volume for a claim', () => {
  test.each<[string, PersistentVolumeClaim, PersistentVolume[], string | undefined]>([
    ['is the smallest that has room', claim('5Gi'), [volume('a', '20Gi'), volume('b', '10Gi')], 'b'],
    ['may be just large enough', claim('10Gi'), [volume('a', '10Gi')], 'a'],
    ['may have its size in other units', claim('1G'), [volume('a', '1Gi')], 'a'],
    ['is none when all are too small', claim('10Gi'), [volume('a', '9Gi')], undefined],
    ['is the first by name of equals', claim('5Gi'), [volume('b', '5Gi'), volume('a', '5Gi')], 'a'],
    [
      'has the modes asked for',
      claim('5Gi', { accessModes: ['ReadWriteMany'] }),
      [volume('a', '5Gi')],
      undefined,
    ],
    ['may have more modes', claim('5Gi'), [volume('a', '5Gi', many)], 'a'],
    [
      'has rather no more modes than be small',
      claim('5Gi'),
      [volume('a', '5Gi', many), volume('b', '9Gi')],
      'b',
    ],
    ['is of the class', claim('5Gi', { storageClassName: 'x' }), [volume('a', '5Gi')], undefined],
    ['is of no class for an empty one', claim('5Gi', { storageClassName: '' }), [volume('a', '5Gi')], 'a'],
    ['is of the mode', claim('5Gi', { volumeMode: 'Block' }), [volume('a', '5Gi')], undefined],
    [
      'is one that is selected',
      claim('5Gi', { selector: { matchLabels: { name: 'b' } } }),
      [volume('a', '5Gi'), volume('b', '9Gi')],
      'b',
    ],
    [
      'is of the attributes class',
      claim('5Gi', { volumeAttributesClassName: 'x' }),
      [volume('a', '5Gi')],
      undefined,
    ],
    ["is no one else's", claim('5Gi'), [volume('a', '5Gi', kept('other', 'uid-other'))], undefined],
    ['is not kept for another', claim('5Gi'), [volume('a', '5Gi', kept('other'))], undefined],
    [
      'is the one kept for it, whatever its size',
      claim('5Gi'),
      [volume('a', '5Gi'), volume('b', '90Gi', kept('claim'))],
      'b',
    ],
    [
      'is not kept for one of its name before',
      claim('5Gi'),
      [volume('a', '5Gi', kept('claim', 'uid-old'))],
      undefined,
    ],
    [
      'is no volume that was released',
      claim('5Gi'),
      [{ ...volume('a', '5Gi'), status: { phase: 'Released' } }],
      undefined,
    ],
    [
      'is none that is going',
      claim('5Gi'),
      [{ ...volume('a', '5Gi'), metadata: { ...metadata('a'), deletionTimestamp: '2026-08-21T00:00:00Z' } }],
      undefined,
    ],
  ])('%s', (_case, wanted, volumes, expected) => {
    expect(bestMatch(wanted, volumes, anywhere)?.metadata.name).toBe(expected);
  });

  test.each<[string, Place, string | undefined]>([
    ['the smallest of all', anywhere, 'first'],
    ['none that is not kept for it, before it has a pod', { kind: 'reserved' }, undefined],
  ])('is %s', (_case, place, expected) => {
    const volumes = [
      volume('first', '5Gi', inZone('1')),
      volume('second', '9Gi', inZone('2')),
      volume('third', '20Gi', inZone('2')),
    ];
    expect(bestMatch(claim('5Gi'), volumes, place)?.metadata.name).toBe(expected);
  });
});

test.each<[string | undefined, Partial<VolumeSpec>, Partial<ClaimSpec>]>([
  [undefined, {}, {}],
  [undefined, many, {}],
  ['requested PV is too small', { capacity: { storage: '1Gi' } }, {}],
  ['storageClassName does not match', {}, { storageClassName: 'x' }],
  ['incompatible volumeMode', { volumeMode: 'Block' }, {}],
  ['incompatible accessMode', {}, { accessModes: ['ReadWriteMany'] }],
])('a volume that a claim names: %s', (fault, volumeSpec, claimSpec) => {
  expect(mismatch(volume('a', '5Gi', volumeSpec), claim('5Gi', claimSpec))).toBe(fault);
});
