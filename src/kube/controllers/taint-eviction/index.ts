export { scheduledEvictions } from './scheduled-evictions.js';
export { TaintEvictionController } from './taint-eviction-controller.js';
