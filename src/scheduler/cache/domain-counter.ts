import type { Tally } from './tally.js';
import { nowhere } from './topology.js';
import type { Topology } from './topology.js';

/**
 * A tally summed by the domains of a topology key, over all nodes that are there. Kept current by each change of a count or of a
 * node's domain, so that reading it costs nothing, and making it costs what is counted.
 */
export class DomainCounter {
  readonly topology: Topology;
  readonly #tally: Tally;
  readonly #sums: number[] = [];
  #occupied = 0;

  constructor(topology: Topology, tally: Tally) {
    this.topology = topology;
    this.#tally = tally;
    tally.each((slot, count) => this.change(slot, count));
  }

  /** True when no domain has anything. */
  get isEmpty(): boolean {
    return this.#occupied === 0;
  }

  /** The sum of the domain that a node is in; undefined when it is in none. */
  sumAt(slot: number): number | undefined {
    const domain = this.topology.domainOf(slot);
    return domain === nowhere ? undefined : (this.#sums[domain] ?? 0);
  }

  change(slot: number, by: number): void {
    this.#add(this.topology.domainOf(slot), by);
  }

  /** Moves what a node has to the domain that it is in now. */
  move(slot: number, from: number): void {
    const count = this.#tally.at(slot);
    this.#add(from, -count);
    this.#add(this.topology.domainOf(slot), count);
  }

  #add(domain: number, by: number): void {
    if (domain === nowhere || by === 0) return;
    const before = this.#sums[domain] ?? 0;
    this.#sums[domain] = before + by;
    if (before === 0) this.#occupied += 1;
    if (before + by === 0) this.#occupied -= 1;
  }
}
