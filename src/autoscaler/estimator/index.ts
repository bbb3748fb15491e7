export { containerRequests, cpuAndMemory } from './container-requests.js';
export type { CpuAndMemory } from './container-requests.js';
export { estimate } from './estimate.js';
export { nodeLimit } from './limits.js';
export type { LimitedBy, NodeLimit } from './limits.js';
export type { Estimate, GroupTemplate, PodGroup } from './pod-group.js';
