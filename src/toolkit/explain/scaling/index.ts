export { explainScaling } from './explain.js';
export type { ScalingRequest, ScalingWorld } from './explain.js';
export { isScalingWell } from './explanation.js';
export { shareText } from './words.js';
export type {
  AlarmFinding,
  AskingFinding,
  AwaitedNodes,
  BackoffFinding,
  CoolDown,
  DecisionFinding,
  FailureFinding,
  GrowthState,
  RemovedFinding,
  ScalingExplanation,
  ScalingNode,
  ScalingPool,
  ScalingVerdict,
} from './explanation.js';
