import { milliValue } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { Container, Pod } from '../kinds/index.js';

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

/** What a container of a pod uses at a moment; undefined while it does not run. */
export function containerUsage(pod: Pod, { name, resources }: Container, now: Instant): Usage | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const started = statuses.find((status) => status.name === name)?.state.running?.startedAt;
  if (started === undefined || Date.parse(started) > now) return undefined;
  const { cpu, memory } = resources?.requests ?? {};
  return {
    cpu: cpu === undefined ? usualUse.cpu : Math.round(milliValue(cpu) * usualShare.cpu),
    memory:
      memory === undefined ? usualUse.memory : Math.round((milliValue(memory) / 1000) * usualShare.memory),
  };
}
