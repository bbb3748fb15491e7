import type { Pod } from './pod.js';
import type { Volume } from './volume.js';

/** A claim that a pod uses. */
export interface PodClaim {
  readonly volume: Volume;
  readonly name: string;
}

const none: readonly PodClaim[] = [];

/** The claims that a pod uses: those it names, and those that are made for it, called `<pod>-<volume>`. */
export function claimsOf({ metadata, spec }: Pod): readonly PodClaim[] {
  // Most pods have none, and this is asked at every change of a pod.
  if (!spec.volumes?.some(isClaimed)) return none;
  return spec.volumes.filter(isClaimed).map((volume) => ({
    volume,
    name: volume.persistentVolumeClaim?.claimName ?? `${metadata.name}-${volume.name ?? ''}`,
  }));
}

const isClaimed = ({ persistentVolumeClaim, ephemeral }: Volume): boolean =>
  persistentVolumeClaim !== undefined || ephemeral !== undefined;
