export { attachmentName, attachmentOf, needsAttaching } from './attachments.js';
export type { AttachmentEntry } from './attachments.js';
export {
  annotated,
  bindVolume,
  claimEntry,
  defaultClassOf,
  driverOf,
  putClaim,
  putVolume,
  storageClassOf,
  volumeEntry,
  waitsForConsumer,
  withPhase,
} from './binding.js';
export type { ClaimEntry, VolumeEntry } from './binding.js';
export { bestMatch, capacityBytes, isClaimedBy, mismatch, requestedBytes } from './matching.js';
export type { Place } from './matching.js';
export { boundVolume, boundVolumesOf, volumesReady } from './pod-volumes.js';
export { isInZone, isReachable, mayBeMadeFor } from './reach.js';
export {
  bindingAgainst,
  exceedsVolumeLimits,
  isOutsideZones,
  reserveVolumes,
  volumeDemand,
} from './scheduling.js';
export type { SoundVolumeDemand, VolumeDemand } from './scheduling.js';
export { usersOfAttachment, usersOfClaim, volumeTriggers } from './triggers.js';
export { fastVolumes, realisticVolumes } from './timings.js';
export type { VolumeTimings } from './timings.js';
