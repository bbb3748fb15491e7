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
export { bestMatch, capacityBytes, isClaimedBy, matchesOf, mismatch, requestedBytes } from './matching.js';
export type { Place } from './matching.js';
export { boundVolume, boundVolumesOf, volumesReady } from './pod-volumes.js';
export { isReachable, mayBeMadeFor } from './reach.js';
export { usersOfAttachment, usersOfClaim, volumeTriggers } from './triggers.js';
export { fastVolumes, realisticVolumes } from './timings.js';
export type { VolumeTimings } from './timings.js';
