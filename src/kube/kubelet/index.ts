export { Kubelet } from './kubelet.js';
export { fastKubelet, realisticKubelet } from './timings.js';
export type { KubeletTimings } from './timings.js';
