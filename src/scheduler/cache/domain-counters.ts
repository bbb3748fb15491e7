import { DomainCounter } from './domain-counter.js';
import type { NodeInfo } from './node-info.js';
import { SpreadCounter } from './spread-counter.js';
import type { Eligibility } from './spread-counter.js';
import type { Tally } from './tally.js';
import { Topology } from './topology.js';

interface Shared<T> {
  readonly counter: T;
  readonly tally: Tally;
  users: number;
}

/** A topology with the counters that sum by its domains. */
interface Domains {
  readonly topology: Topology;
  readonly counters: Set<DomainCounter>;
}

/** All topologies that something is counted by, and the counters. */
export class DomainCounters {
  readonly #domains = new Map<string, Domains>();
  readonly #plain = new Map<string, Shared<DomainCounter>>();
  readonly #spread = new Map<string, Shared<SpreadCounter>>();
  readonly #nodes: () => Iterable<NodeInfo>;

  constructor(nodes: () => Iterable<NodeInfo>) {
    this.#nodes = nodes;
  }

  /** A counter over all nodes, that stays for good. */
  make(topologyKey: string, tally: Tally): DomainCounter {
    const { topology, counters } = this.#of(topologyKey);
    const counter = new DomainCounter(topology, tally);
    tally.follow(counter);
    counters.add(counter);
    return counter;
  }

  /** A counter over all nodes, shared by all that ask under the same key. To be given back by `release`. */
  acquire(key: string, topologyKey: string, tally: Tally): DomainCounter {
    const known = this.#plain.get(key) ?? { counter: this.make(topologyKey, tally), tally, users: 0 };
    this.#plain.set(key, known);
    known.users += 1;
    return known.counter;
  }

  release(key: string): void {
    const shared = this.#plain.get(key);
    if (!shared) return;
    shared.users -= 1;
    if (shared.users > 0) return;
    this.#plain.delete(key);
    shared.tally.leave(shared.counter);
    this.#domains.get(shared.counter.topology.key)?.counters.delete(shared.counter);
  }

  /** A counter over the nodes that count, shared as those of `acquire` are. To be given back by `releaseSpread`. */
  acquireSpread(key: string, topologyKey: string, tally: Tally, isEligible: Eligibility): SpreadCounter {
    const known = this.#spread.get(key);
    if (known) {
      known.users += 1;
      return known.counter;
    }
    const counter = new SpreadCounter(this.#of(topologyKey).topology, tally, isEligible);
    for (const node of this.#nodes()) counter.place(node);
    tally.follow(counter);
    this.#spread.set(key, { counter, tally, users: 1 });
    return counter;
  }

  releaseSpread(key: string): void {
    const shared = this.#spread.get(key);
    if (!shared) return;
    shared.users -= 1;
    if (shared.users > 0) return;
    this.#spread.delete(key);
    shared.tally.leave(shared.counter);
  }

  /** Takes up a node that came, changed or went. */
  place(node: NodeInfo): void {
    for (const { topology, counters } of this.#domains.values()) {
      const before = topology.place(node);
      // Most nodes come before their pods do.
      if (before === topology.domainOf(node.slot) || node.pods.size === 0) continue;
      for (const counter of counters) counter.move(node.slot, before);
    }
    for (const { counter } of this.#spread.values()) counter.place(node);
  }

  #of(key: string): Domains {
    const known = this.#domains.get(key);
    if (known) return known;
    const topology = new Topology(key);
    for (const node of this.#nodes()) topology.place(node);
    const made = { topology, counters: new Set<DomainCounter>() };
    this.#domains.set(key, made);
    return made;
  }
}
