export { AksProvider } from './aks-provider.js';
export type { OperationResult } from './aks-provider.js';
export { autoscalerRuns } from './autoscaler-run.js';
export type { AutoscalerRun } from './autoscaler-run.js';
export {
  agentPools,
  clusterId,
  existingCluster,
  managedClusters,
  poolsOf,
  resourceKey,
} from './collections.js';
export type { AgentPoolPath, ClusterPath } from './collections.js';
export { activeOperation, operations } from './operations.js';
export type { Operation, OperationKind } from './operations.js';
export type { LifecycleParts } from './parts.js';
export type { Preconditions } from './preconditions.js';
export type { Reply } from './reply.js';
export { changeVms } from './pool-count.js';
export { scaleSetOf } from './pool-infrastructure.js';
