export { bindPod, withCondition } from './binding.js';
export { containerLog } from './log.js';
export { evictPod } from './eviction.js';
export type { DisruptionBudget } from './eviction.js';
