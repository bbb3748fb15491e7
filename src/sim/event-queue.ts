import type { Instant } from '../units/index.js';

/** Where an event comes among those of its moment: in the order in which they were asked for, or after all of those. */
export type Turn = 'in order' | 'last';

interface Event {
  readonly when: Instant;
  readonly isLast: boolean;
  readonly sequence: number;
  readonly label: string;
  /** Absent once cancelled. */
  run: (() => void) | undefined;
}

/** An event that has come to run. */
export interface DueEvent {
  readonly when: Instant;
  readonly run: () => void;
  readonly label: string;
}

function before(a: Event, b: Event): boolean {
  if (a.when !== b.when) return a.when < b.when;
  return a.isLast === b.isLast ? a.sequence < b.sequence : b.isLast;
}

/** A binary heap of events ordered by (time, turn, sequence); cancelled events are dropped when they surface. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #sequence = 0;
  #live = 0;

  /** Events that are neither run nor cancelled. */
  get size(): number {
    return this.#live;
  }

  add(when: Instant, run: () => void, label: string, turn: Turn = 'in order'): { cancel(): void } {
    const event: Event = { when, isLast: turn === 'last', sequence: this.#sequence++, label, run };
    this.#heap.push(event);
    this.#live++;
    this.#rise(this.#heap.length - 1);
    return {
      cancel: () => {
        if (!event.run) return;
        event.run = undefined;
        this.#live--;
      },
    };
  }

  /** Moment of the next event, `undefined` when there is none. */
  next(): Instant | undefined {
    while (this.#heap[0] && !this.#heap[0].run) this.#removeTop();
    return this.#heap[0]?.when;
  }

  /** Removes and returns the next event if it is due by `limit`. */
  takeDue(limit: Instant): DueEvent | undefined {
    const when = this.next();
    if (when === undefined || when > limit) return undefined;
    const event = this.#removeTop();
    const run = event?.run;
    if (!event || !run) return undefined;
    event.run = undefined;
    this.#live--;
    return { when, run, label: event.label };
  }

  #removeTop(): Event | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (last && last !== top) {
      this.#heap[0] = last;
      this.#sink();
    }
    return top;
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const a = this.#heap[left];
      const b = this.#heap[right];
      if (!a) return;
      const child = b && before(b, a) ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #swapIfBefore(child: number, parent: number): boolean {
    const a = this.#heap[child];
    const b = this.#heap[parent];
    if (!a || !b || !before(a, b)) return false;
    this.#heap[parent] = a;
    this.#heap[child] = b;
    return true;
  }
}
