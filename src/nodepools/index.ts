export type * from './model.js';
export {
  checkAgentPoolDeletion,
  parseAgentPoolBody,
  renderAgentPool,
  renderAgentPoolProfile,
  resolveAgentPoolUpdate,
  resolveNewAgentPool,
} from './agent-pool/index.js';
export {
  checkSubnetAgainstRanges,
  clusterFacts,
  effectiveAutoScalerProfile,
  parseManagedClusterBody,
  parseTagsBody,
  renderManagedCluster,
  resolveManagedClusterUpdate,
  resolveNewManagedCluster,
} from './managed-cluster/index.js';
export {
  checkPodCidr,
  insufficientSubnetSize,
  insufficientVcpuQuota,
  nodeAddressNeeds,
  plannedNodes,
  quotaNeed,
} from './needs/index.js';
export type { AddressNeeds } from './needs/index.js';
export { growthBounds, isOwnBound, nextZones, templateNode, vmBounds } from './growth/index.js';
export type { GrowthBound, TemplateRequest } from './growth/index.js';
export { AksCloud, evictSpotVms } from './autoscaling/index.js';
export { nodeFor, nodeLabelsOf, nodeResources, nodeTaintsOf, renderMachine } from './nodes/index.js';
export type { NodeMachine, NodeRequest, NodeResources } from './nodes/index.js';
export { notModelled } from './refusal.js';
export {
  renderAgentPoolUpgradeProfile,
  renderAvailableAgentPoolVersions,
  renderClusterUpgradeProfile,
  renderKubernetesVersions,
  renderOrchestrators,
} from './versions/render.js';
export {
  AksProvider,
  agentPools,
  autoscalerRuns,
  clusterId,
  existingCluster,
  managedClusters,
  operations,
  poolsOf,
  resourceKey,
  scaleSetOf,
} from './lifecycle/index.js';
export type {
  AgentPoolPath,
  ClusterPath,
  LifecycleParts,
  Operation,
  OperationResult,
  Preconditions,
  Reply,
} from './lifecycle/index.js';
