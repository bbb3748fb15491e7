import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';

/** How a zone is (Kubernetes: node controller, rate limits on eviction). */
export type Disruption = 'initial' | 'normal' | 'partial' | 'full';

/** From this share of nodes that are not ready a zone is disrupted in part. */
const unhealthyShare = 0.55;
/** A zone with more nodes than this is large. */
const largeZone = 50;
/** Milliseconds from node to node: 0.1 nodes a second, and 0.01 in a large zone that is disrupted in part. */
const usualInterval = 10_000;
const slowInterval = 100_000;

/** How a zone is by the nodes in it. */
export function disruptionOf(ready: number, notReady: number): Disruption {
  if (ready === 0 && notReady > 0) return 'full';
  return notReady > 2 && notReady / (ready + notReady) >= unhealthyShare ? 'partial' : 'normal';
}

/**
 * Milliseconds from one node tainted for eviction to the next; undefined for none at all. A zone that is down altogether,
 * while others are not, is evicted at the usual speed.
 */
export function evictionInterval(disruption: Disruption, nodes: number): number | undefined {
  if (disruption !== 'partial') return usualInterval;
  return nodes > largeZone ? slowInterval : undefined;
}

/** How fast a zone's nodes are tainted, and when the next may be. */
export interface Pace {
  readonly interval?: number;
  readonly nextAt?: Instant;
}

/** A zone's first pace: it starts with a node in hand. */
export const initialPace = (now: Instant): Pace => ({ interval: usualInterval, nextAt: now });

/** The pace after a change of speed: what was in hand stays in hand, else a whole interval begins. */
export function changedPace({ nextAt }: Pace, interval: number | undefined, now: Instant): Pace {
  if (interval === undefined) return {};
  const isInHand = nextAt !== undefined && nextAt <= now;
  return { interval, nextAt: isInHand ? now : instant(now + interval) };
}
