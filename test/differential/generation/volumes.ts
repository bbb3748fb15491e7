import type { Case } from '../case.js';
import type {
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
  Volume,
} from '../objects.js';
import type { Chance } from './chance.js';
import { region, zone, zones } from './vocabulary.js';

const driver = 'disk.csi.example.com';

const classes: readonly StorageClass[] = [
  { metadata: { name: 'now' }, provisioner: driver, volumeBindingMode: 'Immediate' },
  { metadata: { name: 'later' }, provisioner: driver, volumeBindingMode: 'WaitForFirstConsumer' },
  {
    metadata: { name: 'local' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  },
  {
    metadata: { name: 'zonal' },
    provisioner: driver,
    volumeBindingMode: 'WaitForFirstConsumer',
    allowedTopologies: [{ matchLabelExpressions: [{ key: zone, values: ['z1', 'z2'] }] }],
  },
];

/** A claim with what belongs to it. */
interface Storage {
  readonly claim?: PersistentVolumeClaim;
  readonly volume?: PersistentVolume;
}

const claimBasis = (name: string, namespace: string): Pick<PersistentVolumeClaim, 'metadata' | 'spec'> => ({
  metadata: { name, namespace, uid: `uid-${namespace}-${name}` },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
});

/** A claim in one of the states that claims get into. */
function storage(chance: Chance, name: string, pod: Pod): Storage {
  const namespace = pod.metadata.namespace ?? '';
  const basis = claimBasis(name, namespace);
  const size = chance.pick(['1Gi', '10Gi', '40Gi']);
  const unbound = (storageClassName: string): PersistentVolumeClaim => ({
    metadata: basis.metadata,
    spec: { ...basis.spec, storageClassName, resources: { requests: { storage: size } } },
    status: { phase: 'Pending' },
  });
  const state = chance.between(0, 99);
  if (state < 3) return {};
  if (state < 6) return { claim: unbound('now') };
  if (state < 9) return { claim: unbound('gone') };
  if (state < 11) return { claim: { ...basis, status: { phase: 'Pending' } } };
  if (state < 40)
    return {
      claim: {
        ...unbound(chance.pick(['later', 'later', 'zonal', 'local'])),
        ...chance.maybe(0.15, () => ({
          metadata: {
            ...basis.metadata,
            annotations: { 'volume.kubernetes.io/selected-node': chance.pick(['n0', 'n1']) },
          },
        })),
      },
    };
  return boundStorage(chance, basis, state);
}

function boundStorage(
  chance: Chance,
  basis: Pick<PersistentVolumeClaim, 'metadata' | 'spec'>,
  state: number,
): Storage {
  const { name, namespace = '' } = basis.metadata;
  const volumeName = `pv-${namespace}-${name}`;
  const isDeleted = state >= 96;
  const accessModes = [chance.hits(0.35) ? 'ReadWriteOncePod' : 'ReadWriteOnce'];
  const claim: PersistentVolumeClaim = {
    metadata: {
      ...basis.metadata,
      ...(state === 95 ? {} : { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }),
      ...(isDeleted && state < 98 ? { deletionTimestamp: '2026-03-01T10:00:00Z' } : {}),
    },
    spec: { ...basis.spec, accessModes, storageClassName: 'later', volumeName },
    status: { phase: state >= 98 ? 'Lost' : 'Bound' },
  };
  if (state >= 92 && state < 95) return { claim };
  return { claim, volume: persistentVolume(chance, volumeName, basis.metadata) };
}

function persistentVolume(
  chance: Chance,
  name: string,
  claim: PersistentVolumeClaim['metadata'],
): PersistentVolume {
  const place = chance.pick(zones);
  return {
    metadata: {
      name,
      ...chance.maybe(0.4, () => ({
        labels: {
          ...chance.maybe(0.8, () => ({ [zone]: chance.hits(0.2) ? `${place}__z1` : place })),
          ...chance.maybe(0.4, () => ({ [region]: 'west' })),
          ...chance.maybe(0.2, () => ({ 'failure-domain.beta.kubernetes.io/zone': place })),
        },
      })),
    },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce', 'ReadWriteOncePod'],
      storageClassName: 'later',
      claimRef: { name: claim.name, namespace: claim.namespace ?? '', uid: claim.uid ?? '' },
      ...chance.maybe(0.85, () => ({ csi: { driver, volumeHandle: `handle-${name}` } })),
      ...chance.maybe(0.5, () => ({
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: zone, operator: 'In' as const, values: [place] }] },
            ],
          },
        },
      })),
    },
    status: { phase: 'Bound' },
  };
}

/** Volumes that are there already, for claims that wait; all of different sizes, because ties are nobody's promise. */
const freeVolumes = (chance: Chance): readonly PersistentVolume[] =>
  chance.make(chance.between(0, 4), (index) => ({
    metadata: { name: `free-${String(index)}` },
    spec: {
      capacity: { storage: `${String(5 + index * 7)}Gi` },
      accessModes: chance.hits(0.85) ? ['ReadWriteOnce'] : ['ReadOnlyMany'],
      storageClassName: chance.pick(['local', 'local', 'later']),
      ...chance.maybe(0.8, () => ({
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: zone, operator: 'In' as const, values: [chance.pick(zones)] }] },
            ],
          },
        },
      })),
      ...chance.maybe(0.1, () => ({ volumeMode: 'Block' })),
      ...chance.maybe(0.1, () => ({ volumeAttributesClassName: 'gold' })),
    },
    status: { phase: chance.hits(0.9) ? 'Available' : 'Released' },
  }));

const capacities = (chance: Chance): readonly CsiStorageCapacity[] =>
  zones.flatMap((place) =>
    chance.hits(0.6)
      ? [
          {
            metadata: { name: `capacity-${place}`, namespace: 'kube-system' },
            storageClassName: chance.pick(['later', 'zonal']),
            nodeTopology: { matchLabels: { [zone]: place } },
            capacity: chance.pick(['5Gi', '20Gi', '100Gi']),
            ...chance.maybe(0.3, () => ({ maximumVolumeSize: chance.pick(['8Gi', '50Gi']) })),
          },
        ]
      : [],
  );

/** Gives the pending pod, and some of the others, volumes of claims. */
export function addClaims(chance: Chance, input: Case): Case {
  const storages: Storage[] = [];
  const names = new Map<string, string[]>();
  const give = (pod: Pod, count: number): Pod => {
    const namespace = pod.metadata.namespace ?? '';
    const known = names.get(namespace) ?? [];
    names.set(namespace, known);
    const volumes = chance.make(count, (index): Volume => {
      const volume = { name: `v${String(index)}` };
      if (pod === input.pod && chance.hits(0.12)) {
        const claimName = `${pod.metadata.name}-${volume.name}`;
        storages.push(ephemeral(chance, claimName, pod));
        return { ...volume, ephemeral: {} };
      }
      const claimName =
        known.length > 0 && chance.hits(0.5) ? chance.pick(known) : `claim-${String(known.length)}`;
      if (!known.includes(claimName)) {
        known.push(claimName);
        storages.push(storage(chance, claimName, pod));
      }
      return { ...volume, persistentVolumeClaim: { claimName } };
    });
    return { ...pod, spec: { ...pod.spec, volumes: [...(pod.spec.volumes ?? []), ...volumes] } };
  };
  const pod = give(input.pod, chance.between(1, 2));
  const pods = input.pods.map((each) => (chance.hits(0.35) ? give(each, chance.between(1, 2)) : each));
  const volumes = storages.flatMap(({ volume }) => volume ?? []);
  return {
    ...input,
    pod,
    pods,
    persistentVolumeClaims: storages.flatMap(({ claim }) => claim ?? []),
    persistentVolumes: [...volumes, ...freeVolumes(chance)],
    storageClasses: classes,
    ...chance.maybe(0.7, () => ({
      csiNodes: input.nodes.map(({ metadata }) => ({
        metadata: { name: metadata.name },
        spec: {
          drivers: chance.hits(0.9)
            ? [
                {
                  name: driver,
                  nodeID: metadata.name,
                  ...chance.maybe(0.85, () => ({ allocatable: { count: chance.between(0, 4) } })),
                },
              ]
            : [],
        },
      })),
    })),
    ...chance.maybe(0.3, () => ({
      csiDrivers: [{ metadata: { name: driver }, spec: { storageCapacity: chance.hits(0.9) } }],
      csiStorageCapacities: capacities(chance),
    })),
    ...chance.maybe(0.4, () => ({
      volumeAttachments: chance.some(input.nodes, 0.4).flatMap(({ metadata }) =>
        chance.some(volumes, 0.3).map((volume, index) => ({
          metadata: { name: `attachment-${metadata.name}-${String(index)}` },
          spec: {
            attacher: driver,
            nodeName: metadata.name,
            source: { persistentVolumeName: volume.metadata.name },
          },
        })),
      ),
    })),
  };
}

/** The claim of a generic ephemeral volume: not made yet, or bound, maybe to a volume that is gone. */
function ephemeral(chance: Chance, name: string, pod: Pod): Storage {
  if (chance.hits(0.3)) return {};
  const basis = claimBasis(name, pod.metadata.namespace ?? '');
  const owner = {
    apiVersion: 'v1',
    kind: 'Pod',
    name: pod.metadata.name,
    uid: pod.metadata.uid ?? '',
    controller: true,
  };
  const { claim, volume } = boundStorage(chance, basis, chance.pick([50, 93]));
  if (claim === undefined) return {};
  return {
    claim: { ...claim, metadata: { ...claim.metadata, ownerReferences: chance.hits(0.9) ? [owner] : [] } },
    ...(volume === undefined ? {} : { volume }),
  };
}

/** Gives pods disks that are named in the pod itself. */
export function addDisks(chance: Chance, input: Case): Case {
  const give = (pod: Pod): Pod => ({
    ...pod,
    spec: { ...pod.spec, volumes: [...(pod.spec.volumes ?? []), { name: 'disk', ...disk(chance) }] },
  });
  return {
    ...input,
    pod: give(input.pod),
    pods: input.pods.map((pod) => (chance.hits(0.5) ? give(pod) : pod)),
  };
}

function disk(chance: Chance): Omit<Volume, 'name'> {
  const readOnly = chance.maybe(0.4, () => ({ readOnly: true }));
  return chance.pick<() => Omit<Volume, 'name'>>([
    () => ({ gcePersistentDisk: { pdName: chance.pick(['d1', 'd2']), ...readOnly } }),
    () => ({ awsElasticBlockStore: { volumeID: chance.pick(['d1', 'd2']), ...readOnly } }),
    () => ({ iscsi: { iqn: chance.pick(['d1', 'd2']), targetPortal: '10.0.0.9', ...readOnly } }),
    () => ({
      rbd: {
        monitors: [chance.pick(['m1', 'm2']), 'm3'],
        pool: chance.pick(['rbd', 'fast']),
        image: chance.pick(['d1', 'd2']),
        ...readOnly,
      },
    }),
  ])();
}
