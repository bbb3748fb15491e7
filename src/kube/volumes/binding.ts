import type { Reader, Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { toKubeTime } from '../kube-time.js';
import {
  classNameOf,
  isDefaultClass,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  volumeAnnotations,
} from '../kinds/index.js';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  StoredClaim,
  StoredVolume,
  VolumePhase,
} from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import { objectKey } from '../resource-type.js';
import { own } from '../../units/index.js';

export type ClaimEntry = Versioned<StoredClaim>;
export type VolumeEntry = Versioned<StoredVolume>;

/** A claim by its place; undefined where there is none. */
export const claimEntry = (
  reader: Reader,
  cluster: string,
  namespace: string | undefined,
  name: string,
): ClaimEntry | undefined =>
  reader.entry(persistentVolumeClaims.collection, objectKey(cluster, namespace, name)) as
    ClaimEntry | undefined;

/** A volume by its name; undefined where there is none. */
export const volumeEntry = (reader: Reader, cluster: string, name: string): VolumeEntry | undefined =>
  reader.entry(persistentVolumes.collection, objectKey(cluster, undefined, name)) as VolumeEntry | undefined;

/** The class of a claim; undefined when it has none, or one that does not exist. */
export function storageClassOf(
  reader: Reader,
  cluster: string,
  claim: PersistentVolumeClaim,
): StorageClass | undefined {
  const name = classNameOf(claim);
  if (name === undefined || name === '') return undefined;
  const found = reader.get(storageClasses.collection, objectKey(cluster, undefined, name));
  return found?.object as StorageClass | undefined;
}

/** Drivers that do what a provisioner of Kubernetes' own once did (Kubernetes: CSI migration). */
const migrated: Readonly<Record<string, string>> = {
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
};

/** The storage driver that makes volumes of a class. */
export const driverOf = ({ provisioner }: StorageClass): string => own(migrated, provisioner) ?? provisioner;

/** The class that claims get that name none, the newest if there are several; undefined when there is none. */
export function defaultClassOf(reader: Reader, cluster: string): StorageClass | undefined {
  const standard = reader
    .find(storageClasses.collection, 'byCluster', cluster)
    .map(({ object }) => object as StorageClass)
    .filter(isDefaultClass);
  return standard.sort((a, b) => (a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : 1))[0];
}

/** True when a claim is not bound before a pod needs it (StorageClass: volumeBindingMode). */
export const waitsForConsumer = (reader: Reader, cluster: string, claim: PersistentVolumeClaim): boolean =>
  storageClassOf(reader, cluster, claim)?.volumeBindingMode === 'WaitForFirstConsumer';

/** Writes a claim when it differs from what is there. */
export function putClaim(tx: Transaction, { key, value }: ClaimEntry, object: PersistentVolumeClaim): void {
  if (canonicalJson(object) === canonicalJson(value.object)) return;
  tx.put(persistentVolumeClaims.collection, key, { ...value, object });
}

/** Writes a volume when it differs from what is there. */
export function putVolume(tx: Transaction, { key, value }: VolumeEntry, object: PersistentVolume): void {
  if (canonicalJson(object) === canonicalJson(value.object)) return;
  tx.put(persistentVolumes.collection, key, { ...value, object });
}

/** A volume in a phase; the time of the transition stays while the phase does. */
export function withPhase(
  volume: PersistentVolume,
  phase: VolumePhase,
  now: Instant,
  message?: string,
): PersistentVolume {
  const { status } = volume;
  if (status?.phase === phase && status.message === message) return volume;
  const { message: _message, ...rest } = status ?? {};
  const lastPhaseTransitionTime = status?.phase === phase ? status.lastPhaseTransitionTime : toKubeTime(now);
  return {
    ...volume,
    status: {
      ...rest,
      phase,
      ...(message !== undefined && { message }),
      ...(lastPhaseTransitionTime !== undefined && { lastPhaseTransitionTime }),
    },
  };
}

/** An object with annotations set, or taken off where the value is undefined. */
export function annotated<T extends PersistentVolume | PersistentVolumeClaim>(
  object: T,
  annotations: Readonly<Record<string, string | undefined>>,
): T {
  const merged = Object.entries({ ...object.metadata.annotations, ...annotations }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const { annotations: _annotations, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: { ...metadata, ...(merged.length > 0 && { annotations: Object.fromEntries(merged) }) },
  };
}

/** Binds a claim and a volume to each other (Kubernetes: binding of persistent volumes), both in one commit. */
export function bindVolume(tx: Transaction, volume: VolumeEntry, claim: ClaimEntry, now: Instant): void {
  putVolume(tx, volume, withPhase(claimed(volume.value.object, claim.value.object), 'Bound', now));
  putClaim(tx, claim, boundTo(claim.value.object, volume.value.object));
}

/** A volume that a claim has; noted as the controller's doing unless it was kept for the claim. */
function claimed(volume: PersistentVolume, { metadata }: PersistentVolumeClaim): PersistentVolume {
  const { claimRef } = volume.spec;
  if (claimRef?.uid === metadata.uid) return volume;
  const kept = claimRef?.name === metadata.name && claimRef.namespace === metadata.namespace;
  const bound: PersistentVolume = {
    ...volume,
    spec: {
      ...volume.spec,
      claimRef: {
        kind: 'PersistentVolumeClaim',
        apiVersion: 'v1',
        name: metadata.name,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        uid: metadata.uid,
      },
    },
  };
  return kept ? bound : annotated(bound, { [volumeAnnotations.boundByController]: 'yes' });
}

function boundTo(claim: PersistentVolumeClaim, { metadata, spec }: PersistentVolume): PersistentVolumeClaim {
  const isChosen = claim.spec.volumeName === metadata.name;
  const isNew = claim.status?.phase !== 'Bound';
  const className = claim.spec.volumeAttributesClassName;
  return annotated(
    {
      ...claim,
      spec: { ...claim.spec, volumeName: metadata.name },
      status: {
        ...claim.status,
        phase: 'Bound',
        ...(spec.accessModes && { accessModes: spec.accessModes }),
        // Once bound, it is the node that says when a volume that has grown can be used.
        ...(isNew && spec.capacity && { capacity: spec.capacity }),
        ...(isNew && className && { currentVolumeAttributesClassName: className }),
      },
    },
    {
      ...(!isChosen && { [volumeAnnotations.boundByController]: 'yes' }),
      [volumeAnnotations.bindCompleted]: 'yes',
    },
  );
}
