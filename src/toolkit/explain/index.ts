export { explainPod } from './explain.js';
export type { ExplainRequest, ExplainedWorld } from './explain.js';
export { isWell, verdicts } from './explanation.js';
export type {
  Bound,
  Change,
  ChangeKind,
  CountedReason,
  Explanation,
  Growth,
  PoolFinding,
  Reason,
  Rule,
  Shortage,
  Verdict,
} from './explanation.js';
export { amountText, counted } from './amounts.js';
export * from './scaling/index.js';
