import { nowhere } from '../cache/topology.js';
import type { DomainFilter } from '../framework/plugin.js';

const unknown = 0;
const open = 1;
const closed = 2;

/** A filter by domain during one search: each domain is asked about once, however many nodes are looked at in it. */
export class DomainGate {
  readonly #allows: DomainFilter['allows'];
  /** The domain of each node, by slot. */
  readonly #domains: Int32Array;
  /** By the domain's number plus one: nodes that are in none come first. */
  readonly #states: Uint8Array;

  constructor({ topology, allows }: DomainFilter) {
    this.#allows = allows;
    this.#domains = topology.domains;
    this.#states = new Uint8Array(topology.size + 1);
  }

  /** Whether the node at a slot is in a domain that will do. */
  admits(slot: number): boolean {
    const domain = this.#domains[slot] ?? nowhere;
    const state = this.#states[domain + 1];
    return state === unknown ? this.#ask(domain) : state === open;
  }

  #ask(domain: number): boolean {
    const allows = this.#allows(domain);
    this.#states[domain + 1] = allows ? open : closed;
    return allows;
  }
}
