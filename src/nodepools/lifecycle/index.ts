export { AksProvider } from './aks-provider.js';
export type { OperationResult } from './aks-provider.js';
export {
  agentPools,
  clusterId,
  existingCluster,
  managedClusters,
  poolsOf,
  resourceKey,
} from './collections.js';
export type { AgentPoolPath, ClusterPath } from './collections.js';
export { operations } from './operations.js';
export type { Operation } from './operations.js';
export type { LifecycleParts } from './parts.js';
export type { Preconditions } from './preconditions.js';
export type { Reply } from './reply.js';
export { scaleSetOf } from './pool-infrastructure.js';
