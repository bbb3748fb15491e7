import type { ResourceType } from '../resource-type.js';
import { configMaps } from './core/config-map.js';
import { endpoints } from './core/endpoints.js';
import { events } from './core/event.js';
import { limitRanges } from './core/limit-range.js';
import { namespaces } from './core/namespace.js';
import { nodeKind } from './core/node.js';
import { persistentVolumeClaims } from './core/persistent-volume-claim.js';
import { persistentVolumes } from './core/persistent-volume.js';
import { pods } from './pod/index.js';
import { podTemplates } from './core/pod-template.js';
import { replicationControllers } from './core/replication-controller.js';
import { resourceQuotas } from './core/resource-quota.js';
import { secrets } from './core/secret.js';
import { serviceAccounts } from './core/service-account.js';
import { services } from './core/service.js';
import { controllerRevisions } from './apps/controller-revision.js';
import { daemonSets } from './apps/daemon-set.js';
import { deployments } from './apps/deployment.js';
import { replicaSets } from './apps/replica-set.js';
import { statefulSets } from './apps/stateful-set.js';
import { horizontalPodAutoscalers } from './autoscaling/horizontal-pod-autoscaler.js';
import { cronJobs } from './batch/cron-job.js';
import { jobs } from './batch/job.js';
import { certificateSigningRequests } from './certificates/certificate-signing-request.js';
import { ingressClasses } from './networking/ingress-class.js';
import { ingresses } from './networking/ingress.js';
import { ipAddresses } from './networking/ip-address.js';
import { networkPolicies } from './networking/network-policy.js';
import { serviceCidrs } from './networking/service-cidr.js';
import { podDisruptionBudgets } from './policy/pod-disruption-budget.js';
import { clusterRoleBindings } from './rbac/cluster-role-binding.js';
import { clusterRoles } from './rbac/cluster-role.js';
import { roleBindings } from './rbac/role-binding.js';
import { roles } from './rbac/role.js';
import { csiDrivers } from './storage/csi-driver.js';
import { csiNodes } from './storage/csi-node.js';
import { csiStorageCapacities } from './storage/csi-storage-capacity.js';
import { storageClasses } from './storage/storage-class.js';
import { volumeAttachments } from './storage/volume-attachment.js';
import { volumeAttributesClasses } from './storage/volume-attributes-class.js';
import { mutatingWebhookConfigurations } from './admissionregistration/mutating-webhook-configuration.js';
import { validatingWebhookConfigurations } from './admissionregistration/validating-webhook-configuration.js';
import { validatingAdmissionPolicies } from './admissionregistration/validating-admission-policy.js';
import { validatingAdmissionPolicyBindings } from './admissionregistration/validating-admission-policy-binding.js';
import { priorityClasses } from './scheduling/priority-class.js';
import { leases } from './coordination/lease.js';
import { runtimeClasses } from './node/runtime-class.js';
import { endpointSlices } from './discovery/endpoint-slice.js';
import { deviceClasses } from './resource/device-class.js';
import { resourceClaims } from './resource/resource-claim.js';
import { resourceClaimTemplates } from './resource/resource-claim-template.js';
import { resourceSlices } from './resource/resource-slice.js';
import { customResourceDefinitions } from './apiextensions/custom-resource-definition.js';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontal-pod-autoscaler-v1.js';
import { eventsV1 } from './events/event.js';
import { apiServices } from './apiregistration/api-service.js';
import { flowSchemas } from './flowcontrol/flow-schema.js';
import { priorityLevelConfigurations } from './flowcontrol/priority-level-configuration.js';

export * from './pod/index.js';
export { targetTerm } from './autoscaling/horizontal-pod-autoscaler.js';
export { parseSchedule, scheduleFault } from './batch/cron-schedule.js';
export type { CronSchedule } from './batch/cron-schedule.js';
export * from './apiextensions/definition.js';
export { needsAddress, needsNodePorts } from './core/service-update.js';
export type { ServiceDraft, ServicePortDraft } from './core/service-update.js';
export { managedByLabel } from './networking/ip-address.js';
export type { IpAddress } from './networking/ip-address.js';
export { defaultServiceCidr, serviceCidrProtection } from './networking/service-cidr.js';
export type { ServiceCidr } from './networking/service-cidr.js';
export { needsHealthCheck } from './core/service-validation.js';
export type { Service, ServiceSpec } from './core/service-validation.js';
export { automanaged, externalServices, metricsApiService } from './apiregistration/api-service.js';
export type { ApiService } from './apiregistration/api-service.js';
export { claimTerm, classTerm, volumeProtection } from './core/persistent-volume.js';
export type { AccessMode, PersistentVolume, StoredVolume, VolumePhase } from './core/persistent-volume.js';
export {
  claimProtection,
  classNameOf,
  isBindingComplete,
  volumeAnnotations,
} from './core/persistent-volume-claim.js';
export type {
  ClaimCondition,
  ClaimPhase,
  PersistentVolumeClaim,
  StoredClaim,
} from './core/persistent-volume-claim.js';
export * from './resource/devices.js';
export type { CsiDriver } from './storage/csi-driver.js';
export type { CsiStorageCapacity } from './storage/csi-storage-capacity.js';
export type { CsiNode } from './storage/csi-node.js';
export { isDefaultClass } from './storage/storage-class.js';
export type { StorageClass } from './storage/storage-class.js';
export { attachmentTerm } from './storage/volume-attachment.js';
export type { StoredAttachment, VolumeAttachment } from './storage/volume-attachment.js';
export { hourTerm, sourceTerm } from './core/event.js';
export {
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodeKind,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  horizontalPodAutoscalers,
  cronJobs,
  jobs,
  certificateSigningRequests,
  ingressClasses,
  ingresses,
  ipAddresses,
  networkPolicies,
  serviceCidrs,
  podDisruptionBudgets,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
  priorityClasses,
  leases,
  runtimeClasses,
  endpointSlices,
  deviceClasses,
  resourceClaims,
  resourceClaimTemplates,
  resourceSlices,
  flowSchemas,
  priorityLevelConfigurations,
  customResourceDefinitions,
  apiServices,
  eventsV1,
  horizontalPodAutoscalersV1,
};

/** All kinds of this code's own, in the order in which discovery lists them: the core group first. */
export const builtInTypes: readonly ResourceType[] = [
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodeKind,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  horizontalPodAutoscalers,
  cronJobs,
  jobs,
  certificateSigningRequests,
  ingressClasses,
  ingresses,
  ipAddresses,
  networkPolicies,
  serviceCidrs,
  podDisruptionBudgets,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
  priorityClasses,
  leases,
  runtimeClasses,
  endpointSlices,
  deviceClasses,
  resourceClaims,
  resourceClaimTemplates,
  resourceSlices,
  flowSchemas,
  priorityLevelConfigurations,
  customResourceDefinitions,
  apiServices,
];

/** Versions of kinds of this code's own beside those that their objects are kept in. */
export const furtherVersions: readonly ResourceType[] = [horizontalPodAutoscalersV1, eventsV1];
export { lastBeat } from './core/heartbeat.js';
export type { StoredWithHeartbeat } from './core/heartbeat.js';
