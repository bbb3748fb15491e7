import type { DomainFilter } from '../framework/plugin.js';

const unknown = 0;
const open = 1;
const closed = 2;

/** A filter by domain during one search: each domain is asked about once, however many nodes are looked at in it. */
export class DomainGate {
  readonly #filter: DomainFilter;
  /** By the domain's number plus one: nodes that are in none come first. */
  readonly #states: Uint8Array;

  constructor(filter: DomainFilter) {
    this.#filter = filter;
    this.#states = new Uint8Array(filter.topology.size + 1);
  }

  /** Whether the node at a slot is in a domain that will do. */
  admits(slot: number): boolean {
    const domain = this.#filter.topology.domainOf(slot);
    let state = this.#states[domain + 1];
    if (state === unknown) {
      state = this.#filter.allows(domain) ? open : closed;
      this.#states[domain + 1] = state;
    }
    return state === open;
  }
}
