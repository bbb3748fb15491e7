import type { DomainCounter } from './domain-counter.js';

/** A count for each node, and sums of it over domains that are kept current with it. */
export class Tally {
  readonly #perNode: number[] = [];
  readonly #counters = new Set<DomainCounter>();
  #total = 0;

  /** The sum over all nodes, those that have gone too. */
  get total(): number {
    return this.#total;
  }

  at(slot: number): number {
    return this.#perNode[slot] ?? 0;
  }

  change(slot: number, by: number): void {
    this.#total += by;
    this.#perNode[slot] = this.at(slot) + by;
    for (const counter of this.#counters) counter.change(slot, by);
  }

  attach(counter: DomainCounter): void {
    this.#counters.add(counter);
  }

  detach(counter: DomainCounter): void {
    this.#counters.delete(counter);
  }

  get isWatched(): boolean {
    return this.#counters.size > 0;
  }
}
