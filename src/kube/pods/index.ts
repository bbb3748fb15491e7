export { bindPod, nominateNode, putPodCondition, reserveNode, withCondition } from './binding.js';
export { matchesAffinity, matchesTerms, runsOn, tolerates, untolerated } from './placement.js';
export { preemptPod } from './preemption.js';
export { evictPod } from './eviction.js';
export type { DisruptionBudget } from './eviction.js';
export { podRequests } from './requests.js';
export type { Amounts } from './requests.js';
