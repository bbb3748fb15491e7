export type * from './affinity.js';
export type * from './container.js';
export type * from './security-context.js';
export type * from './volume.js';
export * from './life.js';
export * from './pod.js';
export { claimsOf } from './claims.js';
export type { PodClaim } from './claims.js';
export { resourceClaimName, resourceClaimNames } from './resource-claims.js';
export type { PodClaimName } from './resource-claims.js';
export { podStatusText } from './columns.js';
export { defaultAzureDisk, defaultPod, defaultPodSpec, defaultTemplate } from './defaults.js';
export {
  addressTerm,
  claimTemplateTerm,
  daemonNodeOf,
  daemonNodeTerm,
  jobTracking,
  labelledTerm,
  nodeTerm,
  stateTerm,
} from './indexes.js';
export { pods } from './kind.js';
export { qosClassOf } from './qos-class.js';
export { differenceText } from './validation/difference.js';
export { podWarnings, templateWarnings } from './warnings.js';
export {
  checkDriverName,
  checkNodeSelector,
  checkPodTemplate,
  checkTaintEffect,
  checkTolerations,
} from './validation/index.js';
export type { PodState } from './indexes.js';
