export { autoscalerMetrics } from './metrics.js';
export type { Metric, Sample } from './metric.js';
