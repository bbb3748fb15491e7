import { milliValue, quantityValue } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { Container, Pod } from '../kinds/index.js';
import { behaviourOf, capped, constant, curveOf } from './behaviour/index.js';
import type { Curve } from './behaviour/index.js';

/** What a container uses at a moment. */
export interface Usage {
  /** Millicores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/** Share of its request that a container uses where nothing says otherwise (inferred: common utilisation of clusters). */
const usualShare = { cpu: 0.3, memory: 0.5 };
/** What a container uses that requests nothing. */
const usualUse: Usage = { cpu: 5, memory: 32 * 1024 * 1024 };

/** The memory limit of a container in bytes, if it has one. */
export const memoryLimit = ({ resources }: Container): number | undefined =>
  resources?.limits?.['memory'] === undefined ? undefined : quantityValue(resources.limits['memory']);

/** What a container uses from the start of a run on, its limits aside: bytes. */
export function memoryCurve(pod: Pod, container: Container, run: number, startedAt: number): Curve {
  const { memory } = behaviourOf(pod, container);
  if (memory) return curveOf(memory, startedAt, pod, container.name, run, 'memory');
  const request = container.resources?.requests?.['memory'];
  return constant(
    request === undefined ? usualUse.memory : Math.round(quantityValue(request) * usualShare.memory),
  );
}

/** The same for cpu, throttled to the limit: millicores. */
function cpuCurve(pod: Pod, container: Container, run: number, startedAt: number): Curve {
  const { cpu } = behaviourOf(pod, container);
  const request = container.resources?.requests?.['cpu'];
  const limit = container.resources?.limits?.['cpu'];
  const usual = request === undefined ? usualUse.cpu : Math.round(milliValue(request) * usualShare.cpu);
  const curve = cpu ? curveOf(cpu, startedAt, pod, container.name, run, 'cpu') : constant(usual);
  return limit === undefined ? curve : capped(curve, milliValue(limit));
}

/** What a container of a pod uses at a moment; undefined while it does not run. */
export function containerUsage(pod: Pod, container: Container, now: Instant): Usage | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const status = statuses.find(({ name }) => name === container.name);
  const started = Date.parse(status?.state.running?.startedAt ?? '');
  if (status === undefined || Number.isNaN(started) || started > now) return undefined;
  const limit = memoryLimit(container) ?? Infinity;
  const memory = memoryCurve(pod, container, status.restartCount, started).at(now);
  return {
    cpu: Math.round(cpuCurve(pod, container, status.restartCount, started).at(now)),
    memory: Math.round(Math.min(limit, memory)),
  };
}
