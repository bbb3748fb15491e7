import type { Instant } from '../../units/index.js';
import type { ScarceResource } from '../cloud.js';
import { isBackedOff } from '../backoff.js';
import type { GroupState } from '../state/cluster-state.js';

/** Why a group is not held against pods at all; the reason is what pods are told. */
export interface Skip {
  readonly reason: string;
  /** What the group was refused for want of, when it is let be. */
  readonly scarce?: ScarceResource;
}

export const notReady: Skip = { reason: 'not ready for scale-up' };
export const atMaximum: Skip = { reason: 'max node group size reached' };
const backedOff = 'in backoff after failed scale-up';

/** Why a group can not grow now, as far as it alone is concerned; undefined when it can (cluster autoscaler: IsNodeGroupReadyToScaleUp). */
export function skipOf(state: GroupState, now: Instant): Skip | undefined {
  const { group, memory, isHealthy } = state;
  if (!isHealthy || group.isHeld) return notReady;
  if (isBackedOff(memory.backoff, now))
    return { reason: backedOff, ...(memory.backoff && { scarce: memory.backoff.cause.scarce }) };
  if (group.targetSize >= group.maxSize) return atMaximum;
  return undefined;
}
