import { milliValue } from '../../../units/index.js';
import type { PodSpec } from './pod.js';

/** Quality of service by requests and limits (Kubernetes: pod QoS classes); of a pod that may not be valid yet. */
export function qosClassOf({ initContainers = [], containers = [] }: Partial<PodSpec>): string {
  const all = [...initContainers, ...containers];
  const amounts = all.map(({ resources }) =>
    ['cpu', 'memory'].map((name) => ({
      request: milliValue(resources?.requests?.[name] ?? '0'),
      limit: milliValue(resources?.limits?.[name] ?? '0'),
    })),
  );
  if (amounts.every((pair) => pair.every(({ request, limit }) => request === 0 && limit === 0)))
    return 'BestEffort';
  const guaranteed = amounts.every((pair) =>
    pair.every(({ request, limit }) => limit > 0 && request === limit),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
