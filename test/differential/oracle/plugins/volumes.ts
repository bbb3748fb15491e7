/** Claims, volumes and classes, as the plugins for volumes look them up. */
import type { Case } from '../../case.js';
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass, Volume } from '../../objects.js';
import { keyOf } from '../cluster.js';

const isNamed =
  (name: string) =>
  ({ metadata }: { readonly metadata: { readonly name: string } }): boolean =>
    metadata.name === name;

export const claimOf = (input: Case, pod: Pod, name: string): PersistentVolumeClaim | undefined =>
  input.persistentVolumeClaims?.find((claim) => keyOf(claim) === `${pod.metadata.namespace ?? ''}/${name}`);

export const volumeNamed = (input: Case, name: string): PersistentVolume | undefined =>
  input.persistentVolumes?.find(isNamed(name));

export const classNamed = (input: Case, name: string): StorageClass | undefined =>
  input.storageClasses?.find(isNamed(name));

/** The annotation is older than the field and goes before it. */
export const classNameOf = ({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string =>
  metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '';

/** Of a claim, or of the claim that a generic ephemeral volume makes; undefined for other volumes. */
export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim !== undefined) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`;
}

export const isFullyBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  (spec.volumeName ?? '') !== '' && metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;

/** A claim without a class, or of one that doesn't exist, is bound at once. */
export const waitsForConsumer = (input: Case, claim: PersistentVolumeClaim): boolean =>
  classNamed(input, classNameOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
