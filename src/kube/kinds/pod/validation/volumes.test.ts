import { describe, expect, test } from 'vitest';
import type { Change } from '../../fixtures.js';
import { container, pod, spec } from './fixtures.js';
import type { Row } from './fixtures.js';

const at = 'spec.containers[0]';
/** A pod with one volume, which its container mounts. */
const withVolume = (volume: Change): Change =>
  spec({
    volumes: [{ name: 'v', ...volume }],
    containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
  });
const notMounted = 'spec.containers[0].volumeMounts[0].name: Not found: "v"';

describe('volumes', () => {
  const v = 'spec.volumes[0]';
  const file = (change: Change): Change => ({ downwardAPI: { items: [change] } });
  test.each<Row>([
    ['nothing: an empty directory', withVolume({}), []],
    ['no name', spec({ volumes: [{ emptyDir: {} }] }), [`${v}.name: Required value`]],
    [
      'the same name twice',
      spec({ volumes: [{ name: 'v' }, { name: 'v' }] }),
      ['spec.volumes[1].name: Duplicate value: "v"'],
    ],
    [
      'two sources',
      withVolume({ emptyDir: {}, secret: { secretName: 's' } }),
      [`${v}.secret: Forbidden: may not specify more than 1 volume type`, notMounted],
    ],
    [
      'a secret without a name',
      withVolume({ secret: {} }),
      [`${v}.secret.secretName: Required value`, notMounted],
    ],
    [
      'a config map without a name',
      withVolume({ configMap: {} }),
      [`${v}.configMap.name: Required value`, notMounted],
    ],
    [
      'a mode',
      withVolume({ secret: { secretName: 's', defaultMode: 512 } }),
      [
        `${v}.secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive`,
        notMounted,
      ],
    ],
    [
      'a key without a path',
      withVolume({ secret: { secretName: 's', items: [{ key: 'k' }] } }),
      [`${v}.secret.items[0].path: Required value`, notMounted],
    ],
    [
      'a path up',
      withVolume({ secret: { secretName: 's', items: [{ key: 'k', path: '../x' }] } }),
      [`${v}.secret.items[0].path: Invalid value: "../x": must not contain '..'`, notMounted],
    ],
    [
      'an absolute path',
      withVolume({ configMap: { name: 'c', items: [{ key: 'k', path: '/x' }] } }),
      [`${v}.configMap.items[0].path: Invalid value: "/x": must be a relative path`, notMounted],
    ],
    [
      'a claim without a name',
      withVolume({ persistentVolumeClaim: {} }),
      [`${v}.persistentVolumeClaim.claimName: Required value`, notMounted],
    ],
    ['a path of the host', withVolume({ hostPath: {} }), [`${v}.hostPath.path: Required value`, notMounted]],
    [
      'a type of the host path',
      withVolume({ hostPath: { path: '/x', type: 'Dir' } }),
      [
        `${v}.hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"`,
        notMounted,
      ],
    ],
    [
      'a network path that is relative',
      withVolume({ nfs: { server: 's', path: 'x' } }),
      [`${v}.nfs.path: Invalid value: "x": must be an absolute path`, notMounted],
    ],
    [
      'a driver',
      withVolume({ csi: {} }),
      [
        `${v}.csi.driver: Required value`,
        expect.stringContaining(`${v}.csi.driver: Invalid value: "": a lowercase RFC 1123 subdomain`),
        notMounted,
      ],
    ],
    [
      'a file of nothing',
      withVolume(file({ path: 'x' })),
      [`${v}.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required`, notMounted],
    ],
    [
      "a file of a pod's labels",
      withVolume(file({ path: 'x', fieldRef: { fieldPath: 'metadata.labels' } })),
      [],
    ],
    [
      "a file of no container's limit",
      withVolume(file({ path: 'x', resourceFieldRef: { resource: 'limits.cpu' } })),
      [`${v}.downwardAPI.resourceFieldRef.containerName: Required value`, notMounted],
    ],
    [
      'a claim of its own without a size',
      withVolume({ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } }),
      [`${v}.ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value`, notMounted],
    ],
    [
      'a token that ends at once',
      withVolume({ projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 60 } }] } }),
      [
        `${v}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes`,
        notMounted,
      ],
    ],
    [
      'the same projected path twice',
      withVolume({
        projected: {
          sources: [
            { secret: { name: 's', items: [{ key: 'k', path: 'x' }] } },
            { configMap: { name: 'c', items: [{ key: 'k', path: 'x' }] } },
          ],
        },
      }),
      [`${v}.projected: Invalid value: "c": conflicting duplicate paths`, notMounted],
    ],
    [
      'a projected source of two',
      withVolume({ projected: { sources: [{ secret: { name: 's' }, configMap: { name: 'c' } }] } }),
      [
        `${v}.projected.sources[0]: Forbidden: may not specify more than 1 volume type per source`,
        notMounted,
      ],
    ],
    [
      'an Azure disk without its address',
      withVolume({ azureDisk: { diskName: 'd' } }),
      [`${v}.azureDisk.diskURI: Required value`, notMounted],
    ],
    [
      'a negative size',
      withVolume({ emptyDir: { sizeLimit: '-1' } }),
      [`${v}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`, notMounted],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});

describe('mounts', () => {
  const mounts = (...list: Change[]): Change =>
    spec({ volumes: [{ name: 'v' }], containers: [container({ volumeMounts: list })] });
  const m = `${at}.volumeMounts`;
  test.each<Row>([
    ['of no volume', mounts({ name: 'w', mountPath: '/w' }), [`${m}[0].name: Not found: "w"`]],
    ['at no path', mounts({ name: 'v' }), [`${m}[0].mountPath: Required value`]],
    [
      'at the same path',
      mounts({ name: 'v', mountPath: '/v' }, { name: 'v', mountPath: '/v' }),
      [`${m}[1].mountPath: Invalid value: "/v": must be unique`],
    ],
    [
      'of a path up',
      mounts({ name: 'v', mountPath: '/v', subPath: '../x' }),
      [`${m}.subPath: Invalid value: "../x": must not contain '..'`],
    ],
    [
      'of two sorts of path',
      mounts({ name: 'v', mountPath: '/v', subPath: 'a', subPathExpr: 'b' }),
      [`${m}[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive`],
    ],
    [
      'both ways without privileges',
      mounts({ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }),
      [
        `${m}.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`,
      ],
    ],
    [
      'of a block device that is a directory',
      spec({
        volumes: [{ name: 'v' }],
        containers: [container({ volumeDevices: [{ name: 'v', devicePath: '/d' }] })],
      }),
      [
        `${at}.volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
      ],
    ],
  ])('%s', (_, change, faults) => expect(pod.faults(change)).toEqual(faults));
});
