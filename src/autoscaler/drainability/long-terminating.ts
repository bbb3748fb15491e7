import type { Pod } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import { skipped } from './rule.js';
import type { DrainRule } from './rule.js';

/** In seconds, as Kubernetes has it. */
export const defaultGrace = 30;
const patience = 30;

/**
 * A pod that should have been gone for its grace and 30 s more: nobody waits for it. `deletionTimestamp` is the end of the
 * grace that it was deleted with.
 */
export function isLongTerminating({ metadata, spec }: Pod, now: Instant): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  const grace = spec.terminationGracePeriodSeconds ?? defaultGrace;
  return Date.parse(metadata.deletionTimestamp) + (grace + patience) * 1000 < now;
}

/** Pods that do not come to an end go with their node. */
export const longTerminating: DrainRule = (pod, { now }) =>
  isLongTerminating(pod, now) ? skipped : undefined;
