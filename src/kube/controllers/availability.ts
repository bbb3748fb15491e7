import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import { isReady, podCondition } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';

/** Since when a pod is in the state of readiness it is in; NaN before it has one. */
export const readySince = (pod: Pod): number =>
  Date.parse(podCondition(pod, 'Ready')?.lastTransitionTime ?? '');

/** Ready for at least `minReady` milliseconds (Kubernetes: available). */
export const isAvailable = (pod: Pod, minReady: number, now: Instant): boolean =>
  isReady(pod) && (minReady === 0 || readySince(pod) + minReady <= now);

/** When a ready pod becomes available; undefined when it is already, or is not ready. */
export function availableAt(pod: Pod, minReady: number, now: Instant): Instant | undefined {
  if (minReady === 0 || !isReady(pod)) return undefined;
  const moment = readySince(pod) + minReady;
  return moment > now ? instant(moment) : undefined;
}

/** When the next of the ready pods becomes available; undefined when none waits for that. */
export const nextAvailable = (owned: readonly Pod[], minReady: number, now: Instant): Instant | undefined =>
  earliest(...owned.map((pod) => availableAt(pod, minReady, now)));

/** The first of some moments, of which any may not come. */
export function earliest(...moments: readonly (number | undefined)[]): Instant | undefined {
  let first: number | undefined;
  for (const moment of moments)
    if (moment !== undefined && (first === undefined || moment < first)) first = moment;
  return first === undefined ? undefined : instant(first);
}
