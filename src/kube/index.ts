export {
  becomeReady,
  configureNode,
  hasTaint,
  initializeNode,
  isNodeReady,
  isPosting,
  kubeletOf,
  kubelets,
  nodeCondition,
  nodeKey,
  nodes,
  removeNode,
  silence,
  startKubelet,
  taintKeys,
  withTaints,
} from './nodes/index.js';
export type {
  ClusterNode,
  KubeNode,
  KubeletState,
  NodeCondition,
  NodeKubelet,
  NodeReport,
  ResourceList,
  Taint,
} from './nodes/index.js';
export { goTime } from './go-values.js';
export { lastBeat } from './kinds/index.js';
export type { StoredWithHeartbeat } from './kinds/index.js';
export { Kubernetes, kubernetesCollections } from './kubernetes.js';
export * from './api/index.js';
export * from './authorization/index.js';
export { isNestedTooDeep } from './nesting.js';
export type { User } from './user.js';
export type { CertificateOrder, ControlPlaneKeys } from './keys.js';
export * from './tokens/index.js';
export { PendingWebhookCalls } from './webhooks/index.js';
export type { WebhookCall, WebhookReplies, WebhookReply } from './webhooks/index.js';
export { apiVersionOf, objectKey } from './resource-type.js';
export { ClusterKinds, onDefinitionChange } from './custom/index.js';
export {
  externalGroupVersions,
  groupOf,
  groupVersionsOf,
  inOrder,
  reviews,
  versionOf,
} from './aggregation/index.js';
export { computedTypes } from './computed/index.js';
export type { ComputedType, ServedType } from './computed/index.js';
export type { ResourceType, Subresource } from './resource-type.js';
export { canonicalJson, controllerOf, isObject, membersOf } from './object.js';
export { sameJson, sameMembers } from './same-json.js';
export type { JsonObject, KubeObject, ObjectMeta, Stored } from './object.js';
export {
  attachmentTerm,
  claimDeviceProtection,
  claimLimits,
  claimTerm,
  claimsOf,
  classNameOf,
  classTerm,
  csiDrivers,
  daemonSets,
  csiNodes,
  csiStorageCapacities,
  deviceClasses,
  isBindingComplete,
  persistentVolumeClaims,
  persistentVolumes,
  resourceClaimName,
  resourceClaimNames,
  resourceClaims,
  resourceSlices,
  storageClasses,
  volumeAnnotations,
  volumeAttachments,
} from './kinds/index.js';
export type {
  AllocatedDevice,
  Allocation,
  Device,
  DeviceAttribute,
  DeviceClass,
  DeviceConfiguration,
  DeviceSelector,
  ExactDeviceRequest,
  ResourceClaim,
  ResourceSlice,
  CsiDriver,
  CsiNode,
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  PodClaim,
  PodReservation,
  StorageClass,
  StoredAttachment,
  StoredPod,
  StoredVolume,
  VolumeAttachment,
} from './kinds/index.js';
export {
  builtInTypes,
  configMaps,
  furtherVersions,
  isFinished,
  isSidecar,
  isTerminating,
  nodeKind,
  nodeTerm,
  podCondition,
  podDisruptionBudgets,
  pods,
  priorityClasses,
} from './kinds/index.js';
export type {
  Affinity,
  Container,
  NodeAffinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
  Toleration,
  TopologySpreadConstraint,
  Volume,
} from './kinds/index.js';
export { daemonsOn, recordEvent } from './controllers/index.js';
export { fastKubelet, goDuration, realisticKubelet } from './kubelet/index.js';
export type { ContainerLog, KubeletTimings, LogOptions } from './kubelet/index.js';
export {
  bindPod,
  evictPod,
  nominateNode,
  matchesAffinity,
  matchesTerms,
  podRequests,
  preemptPod,
  putPodCondition,
  reserveNode,
  tolerates,
  untolerated,
} from './pods/index.js';
export type { Amounts, DisruptionBudget } from './pods/index.js';
export { compileLabelSelector, mayBeSelecting } from './selectors/index.js';
export type { LabelSelector, Labels } from './selectors/index.js';
export { columnDefinitions, partialMetadata, tableRow } from './table/index.js';
export type { IncludeObject } from './table/index.js';
export { DecodeError, clientSchema, schemas } from './schema/index.js';
export type { FieldSchema, TypeSchema } from './schema/index.js';
export { isQuantityField, isQuantityMap, listTypeOf } from './schema/index.js';
export { compilePattern, deviceExpression, parseDuration } from './structural/index.js';
export type { DeviceVerdict, StructuralSchema } from './structural/index.js';
export {
  annotated,
  bindVolume,
  capacityBytes,
  claimEntry,
  driverOf,
  fastVolumes,
  isReachable,
  matchesOf,
  mayBeMadeFor,
  putClaim,
  realisticVolumes,
  requestedBytes,
  storageClassOf,
  volumeEntry,
} from './volumes/index.js';
export type { ClaimEntry, VolumeTimings } from './volumes/index.js';
export { clusterProfiles } from './cluster/index.js';
export type { ClusterProfile } from './cluster/index.js';
