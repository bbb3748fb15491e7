export { Kubelet } from './kubelet.js';
export { containerUsage } from './usage.js';
export type { Usage } from './usage.js';
export { fastKubelet, realisticKubelet } from './timings.js';
export type { KubeletTimings } from './timings.js';
