import { after } from '../units/index.js';
import type { Duration, Instant } from '../units/index.js';
import type { Backoff } from './memory.js';
import type { AutoscalerOptions } from './options.js';

/** How long node groups that failed to grow are let be. */
export type BackoffOptions = Pick<
  AutoscalerOptions,
  'initialNodeGroupBackoff' | 'maxNodeGroupBackoff' | 'nodeGroupBackoffReset'
>;

/**
 * A node group's backoff once it has failed to grow, again if there is a previous one. It is twice as long as the last when that
 * is over, up to a maximum. A failure during it begins it anew: several that were asked for together often fail together (cluster
 * autoscaler: exponential backoff). What was long ago is forgotten; a scale-up that does well forgets nothing.
 */
export function afterFailure(
  previous: Backoff | undefined,
  now: Instant,
  options: BackoffOptions,
  cause: Backoff['cause'],
): Backoff {
  const last = previous && !isForgotten(previous, now, options) ? previous : undefined;
  const duration = nextDuration(last, now, options);
  return { duration, until: after(now, duration), lastFailure: now, cause };
}

function nextDuration(last: Backoff | undefined, now: Instant, options: BackoffOptions): Duration {
  if (!last) return options.initialNodeGroupBackoff;
  // At its very end it is neither in force nor over yet (upstream quirk).
  if (last.until >= now) return last.duration;
  return Math.min(2 * last.duration, options.maxNodeGroupBackoff) as Duration;
}

/** True while a node group is let be. */
export const isBackedOff = (backoff: Backoff | undefined, now: Instant): boolean =>
  backoff !== undefined && backoff.until > now;

/** True when the last failure is so long ago that the next counts as the first. */
export const isForgotten = (
  { lastFailure }: Backoff,
  now: Instant,
  { nodeGroupBackoffReset }: Pick<BackoffOptions, 'nodeGroupBackoffReset'>,
): boolean => after(lastFailure, nodeGroupBackoffReset) < now;
