import type { ResourceType } from '../resource-type.js';
import {
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  replicationControllers,
  statefulSets,
} from './apps.js';
import { cronJobs, horizontalPodAutoscalers, jobs } from './batch.js';
import {
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodeKind,
  persistentVolumeClaims,
  persistentVolumes,
  podTemplates,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
} from './core.js';
import * as platform from './platform.js';
import { pods } from './pods.js';

export * from './apps.js';
export * from './batch.js';
export * from './core.js';
export * from './platform.js';
export * from './pod.js';
export { nodeTerm, pods, qosClassOf } from './pods.js';

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
  platform.certificateSigningRequests,
  platform.ingressClasses,
  platform.ingresses,
  platform.networkPolicies,
  platform.podDisruptionBudgets,
  platform.clusterRoleBindings,
  platform.clusterRoles,
  platform.roleBindings,
  platform.roles,
  platform.csiDrivers,
  platform.csiNodes,
  platform.csiStorageCapacities,
  platform.storageClasses,
  platform.volumeAttachments,
  platform.mutatingWebhookConfigurations,
  platform.validatingWebhookConfigurations,
  platform.priorityClasses,
  platform.leases,
  platform.runtimeClasses,
  platform.endpointSlices,
  platform.deviceClasses,
  platform.resourceClaims,
  platform.resourceClaimTemplates,
  platform.resourceSlices,
  platform.flowSchemas,
  platform.priorityLevelConfigurations,
];
