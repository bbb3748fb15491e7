import { quantityValue } from '../../units/index.js';
import { classNameOf, isTerminating } from '../kinds/index.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../kinds/index.js';
import { compileLabelSelector } from '../selectors/index.js';

/** Which volumes a claim may be bound to: any, or while it waits for its first pod those that are kept for it alone. */
export type Place = { readonly kind: 'anywhere' | 'reserved' };

/** The bytes that a claim asks for. */
export const requestedBytes = ({ spec }: PersistentVolumeClaim): number =>
  quantityValue(spec.resources?.requests?.['storage'] ?? '0');

/** The bytes that a volume has. */
export const capacityBytes = ({ spec }: PersistentVolume): number =>
  quantityValue(spec.capacity?.['storage'] ?? '0');

/** True when a volume is bound to a claim, or is kept for it by its name. */
export function isClaimedBy(
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return claimRef.uid === undefined || claimRef.uid === '' || claimRef.uid === metadata.uid;
}

/** Why a volume that a claim names does not do for it, in Kubernetes' words; undefined when it does. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (capacityBytes(volume) < requestedBytes(claim)) return 'requested PV is too small';
  if ((volume.spec.storageClassName ?? '') !== (classNameOf(claim) ?? ''))
    return 'storageClassName does not match';
  if (volume.spec.volumeMode !== claim.spec.volumeMode) return 'incompatible volumeMode';
  if (!offersModes(volume, claim)) return 'incompatible accessMode';
  return undefined;
}

const offersModes = ({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode));

/**
 * The volume to bind a claim to: the one that is kept for it; else, of those that do, one with the fewest access modes
 * beyond those asked for, then the smallest (Kubernetes: binding of persistent volumes).
 */
export function bestMatch(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  place: Place,
): PersistentVolume | undefined {
  const [best] = matchesOf(claim, volumes);
  return best && (place.kind === 'anywhere' || isClaimedBy(best, claim)) ? best : undefined;
}

/** The volumes that a claim may be bound to, the best first: the one that is kept for it alone, where there is one. */
export function matchesOf(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): readonly PersistentVolume[] {
  const requested = requestedBytes(claim);
  const candidates = volumes.filter(
    (volume) =>
      !isTerminating(volume) &&
      capacityBytes(volume) >= requested &&
      volume.spec.volumeMode === claim.spec.volumeMode &&
      (volume.spec.volumeAttributesClassName ?? '') === (claim.spec.volumeAttributesClassName ?? ''),
  );
  const reserved = candidates.find((volume) => isClaimedBy(volume, claim));
  if (reserved) return [reserved];
  const selects = claim.spec.selector ? compileLabelSelector(claim.spec.selector) : () => true;
  const free = candidates.filter(
    (volume) =>
      volume.spec.claimRef === undefined &&
      volume.status?.phase === 'Available' &&
      selects(volume.metadata.labels ?? {}) &&
      (volume.spec.storageClassName ?? '') === (classNameOf(claim) ?? '') &&
      offersModes(volume, claim),
  );
  return free.sort(byFit);
}

function byFit(a: PersistentVolume, b: PersistentVolume): number {
  return (
    (a.spec.accessModes?.length ?? 0) - (b.spec.accessModes?.length ?? 0) ||
    capacityBytes(a) - capacityBytes(b) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  );
}
