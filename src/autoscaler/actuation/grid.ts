import type { Instant } from '../../units/index.js';

/** The first moment at or after `now` of those that follow `since` every so many milliseconds. */
export function onGrid(since: Instant, every: number, now: number): Instant {
  // Moments need not be whole milliseconds: what is a hair past one of them is on it.
  const steps = Math.max(0, Math.ceil((now - since) / every - 1e-6));
  return (since + steps * every) as Instant;
}
