import type { Instant } from '../units/index.js';
import type { Clock, Timer } from './clock.js';
import type { Turn } from './event-queue.js';

/** Ends a turn that waits for something outside of the world, e.g. another server's answer; its key is queued again then. */
export class Postponement extends Error {
  override readonly name: string = 'Postponement';
  /** Asks for what is waited for; resolves when it is there. */
  readonly ask: () => Promise<void>;

  constructor(message: string, ask: () => Promise<void>) {
    super(message);
    this.ask = ask;
  }
}

/**
 * A controller's queue of keys: a key added several times before its turn is reconciled once. Turns are events of the
 * world's clock, so controllers interleave the same way in every mode.
 */
export class WorkQueue {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #reconcile: (key: string) => void;
  readonly #turn: Turn;
  readonly #waiting = new Map<string, { readonly when: Instant; readonly timer: Timer }>();

  /**
   * @param init.name what errors call its turns, with their keys.
   * @param init.turn `last` for turns that come after all else of their moment. Default: in the order in which they are asked for.
   */
  constructor(init: { name: string; clock: Clock; reconcile: (key: string) => void; turn?: Turn }) {
    this.#name = init.name;
    this.#clock = init.clock;
    this.#reconcile = init.reconcile;
    this.#turn = init.turn ?? 'in order';
  }

  /** Reconciles `key` at the present moment, after the event that is running. */
  add(key: string): void {
    this.addAt(key, this.#clock.now());
  }

  /** Reconciles `key` at `when`, or earlier if it is asked for earlier. */
  addAt(key: string, when: Instant): void {
    const waiting = this.#waiting.get(key);
    if (waiting && waiting.when <= when) return;
    waiting?.timer.cancel();
    const turn = (): void => {
      this.#waiting.delete(key);
      this.#run(key);
    };
    const timer = this.#clock.at(when, turn, `${this.#name} of ${key}`, this.#turn);
    this.#waiting.set(key, { when, timer });
  }

  #run(key: string): void {
    try {
      this.#reconcile(key);
    } catch (error) {
      if (!(error instanceof Postponement)) throw error;
      void error.ask().then(() => this.add(key));
    }
  }
}
