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
