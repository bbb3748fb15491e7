export { armId, armKey, parseArmId } from './arm-id.js';
export type { ArmId } from './arm-id.js';
export { Catalog } from './catalog.js';
export type { Region, VmSize } from './catalog.js';
export { AzureError } from './error.js';
export type { AzureErrorInit, ErrorDetail, ErrorEnvelope } from './error.js';
export { fastLatency, latencySteps, parseLatencyProfile, realisticLatency, sample } from './latency.js';
export type { Latency, LatencyProfile, LatencyStep } from './latency.js';
