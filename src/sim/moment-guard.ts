import type { Instant } from '../units/index.js';

/**
 * Events that may run at one moment unless told otherwise. A Deployment of 10,000 pods that all come at once takes 41,000 of
 * them, so 150,000 pods have eight times what they need.
 */
export const defaultMostAtOnce = 5_000_000;
/** How many of the last events the error names. */
const named = 12;

/** Events cause one another at one moment without end, so that time can't go on: a fault of whoever made them. */
export class LivelockError extends Error {
  override readonly name = 'LivelockError';
  readonly moment: Instant;
  /** Labels of the last events, the latest at the end. */
  readonly lastEvents: readonly string[];

  constructor(moment: Instant, count: number, lastEvents: readonly string[]) {
    const when = new Date(moment).toISOString();
    super(
      `Time stands at ${when}: ${String(count)} events have run there. The last: ${lastEvents.join(', ')}`,
    );
    this.moment = moment;
    this.lastEvents = lastEvents;
  }
}

/** Counts the events of one moment. */
export class MomentGuard {
  readonly #most: number;
  #moment: Instant | undefined;
  #count = 0;
  #last: string[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Forgets what was counted: whoever moves time by hand may do so at one moment as often as they like. */
  reset(): void {
    this.#moment = undefined;
  }

  /** Counts an event that has run. @throws LivelockError when it is one too many. */
  count(moment: Instant, label: string): void {
    if (moment !== this.#moment) {
      this.#moment = moment;
      this.#count = 0;
      this.#last = [];
    }
    this.#count += 1;
    const left = this.#most - this.#count;
    if (left < named - 1) this.#last.push(label);
    if (left < 0) throw new LivelockError(moment, this.#count, this.#last);
  }
}
