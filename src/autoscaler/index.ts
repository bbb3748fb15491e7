export { isToBeDeleted, toBeDeletedAt } from './actuation/taints.js';
export { isBackedOff } from './backoff.js';
export { autoscalers, memoryKey, nodeGroupMemories, nodeMemories } from './memory.js';
export type { AutoscalerMemory, Backoff, NodeGroupMemory, NodeMemory, ScaleUpRequest } from './memory.js';
export type {
  AutoscalerSettings,
  Cloud,
  CloudFailure,
  GroupOptions,
  Instance,
  InstanceFailure,
  NodeGroup,
  ScarceResource,
} from './cloud.js';
export { autoscalerFeatures } from './features.js';
export type { AutoscalerFeatures } from './features.js';
export { defaultOptions } from './options.js';
export type { AutoscalerOptions, Bounds, ExpanderName } from './options.js';
export { scalingAlarms, scalingDecisions } from './decisions/decision.js';
export type {
  AskingPods,
  ConsideredGroup,
  Exhaustion,
  ExpanderScore,
  RemovedNode,
  ScalingAlarm,
  ScalingDecision,
  SizeChange,
} from './decisions/decision.js';
export { coolDownOf, unneededTime } from './scale-down/removal.js';
export type { BlockingReason, UnremovableReason } from './scale-down/unremovable.js';
export { parseExpanders } from './expanders/index.js';
export type { ParsedExpanders } from './expanders/index.js';
export { deletionsOf, nodeDeletions } from './actuation/index.js';
export type { Deletion, DeletionPhase, Eviction } from './actuation/index.js';
export { Autoscaler } from './autoscaler.js';
export type { AutoscalerInit } from './autoscaler.js';
export { autoscalerCollections } from './collections.js';
export { autoscalerMetrics } from './metrics/index.js';
export type { Metric, Sample } from './metrics/index.js';
