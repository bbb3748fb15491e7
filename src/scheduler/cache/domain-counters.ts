import { DomainCounter } from './domain-counter.js';
import type { NodeInfo } from './node-info.js';
import { Shared } from './shared.js';
import { SpreadCounter } from './spread-counter.js';
import type { Eligibility } from './spread-counter.js';
import type { Tally } from './tally.js';
import { Topology } from './topology.js';

/** A counter with the tally that it follows. */
interface Following<T> {
  readonly counter: T;
  readonly tally: Tally;
}

/** A topology with the counters that sum by its domains. */
interface Domains {
  readonly topology: Topology;
  readonly counters: Set<DomainCounter>;
}

/** All topologies that something is counted by, and the counters. */
export class DomainCounters {
  readonly #domains = new Map<string, Domains>();
  readonly #plain = new Shared<Following<DomainCounter>>();
  readonly #spread = new Shared<Following<SpreadCounter>>();
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
    return this.#plain.acquire(key, () => ({ counter: this.make(topologyKey, tally), tally })).counter;
  }

  release(key: string): void {
    const left = this.#plain.release(key);
    if (!left) return;
    left.tally.leave(left.counter);
    this.#domains.get(left.counter.topology.key)?.counters.delete(left.counter);
  }

  /** A counter over the nodes that count, shared as those of `acquire` are. To be given back by `releaseSpread`. */
  acquireSpread(key: string, topologyKey: string, tally: Tally, isEligible: Eligibility): SpreadCounter {
    const make = (): Following<SpreadCounter> => {
      const counter = new SpreadCounter(this.#of(topologyKey).topology, tally, isEligible);
      for (const node of this.#nodes()) counter.place(node);
      tally.follow(counter);
      return { counter, tally };
    };
    return this.#spread.acquire(key, make).counter;
  }

  releaseSpread(key: string): void {
    const left = this.#spread.release(key);
    left?.tally.leave(left.counter);
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
