import type { Pod } from '../../kube/index.js';
import { instant } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { skipped } from './rule.js';
import type { DrainRule } from './rule.js';

/** In seconds, as Kubernetes has it. */
export const defaultGrace = 30;
const patience = 30;

/**
 * The moment after which nobody waits for a pod any more: it should have been gone for its grace and 30 s more by then.
 * `deletionTimestamp` is the end of the grace that it was deleted with. Undefined for a pod that is not asked to end.
 */
export function awaitedUntil({ metadata, spec }: Pod): Instant | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  const grace = spec.terminationGracePeriodSeconds ?? defaultGrace;
  return instant(Date.parse(metadata.deletionTimestamp) + (grace + patience) * 1000);
}

export function isLongTerminating(pod: Pod, now: Instant): boolean {
  const until = awaitedUntil(pod);
  return until !== undefined && until < now;
}

/** Pods that do not come to an end go with their node. */
export const longTerminating: DrainRule = (pod, { now }) =>
  isLongTerminating(pod, now) ? skipped : undefined;
