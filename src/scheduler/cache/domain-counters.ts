import { DomainCounter } from './domain-counter.js';
import type { CounterOptions } from './domain-counter.js';
import type { NodeInfo } from './node-info.js';
import type { Tally } from './tally.js';
import { Topology } from './topology.js';

/** All topologies that something is counted by, and the counters. */
export class DomainCounters {
  readonly #topologies = new Map<string, Topology>();
  readonly #counters = new Set<{ readonly counter: DomainCounter; readonly tally: Tally }>();
  readonly #shared = new Map<
    string,
    { readonly made: DomainCounter; readonly tally: Tally; users: number }
  >();
  readonly #nodes: () => Iterable<NodeInfo>;

  constructor(nodes: () => Iterable<NodeInfo>) {
    this.#nodes = nodes;
  }

  topology(key: string): Topology {
    const known = this.#topologies.get(key);
    if (known) return known;
    const topology = new Topology(key);
    for (const node of this.#nodes()) topology.place(node);
    this.#topologies.set(key, topology);
    return topology;
  }

  /** A counter that stays for good. */
  make(topologyKey: string, tally: Tally, options: CounterOptions): DomainCounter {
    const counter = new DomainCounter(this.topology(topologyKey), tally, options);
    for (const node of this.#nodes()) counter.place(node);
    tally.attach(counter);
    this.#counters.add({ counter, tally });
    return counter;
  }

  /** A counter shared by all that ask under the same key. To be given back by `release`. */
  acquire(key: string, topologyKey: string, tally: Tally, options: CounterOptions): DomainCounter {
    const known = this.#shared.get(key);
    if (known) {
      known.users += 1;
      return known.made;
    }
    const made = this.make(topologyKey, tally, options);
    this.#shared.set(key, { made, tally, users: 1 });
    return made;
  }

  release(key: string): void {
    const shared = this.#shared.get(key);
    if (!shared) return;
    shared.users -= 1;
    if (shared.users > 0) return;
    this.#shared.delete(key);
    shared.tally.detach(shared.made);
    for (const one of this.#counters) if (one.counter === shared.made) this.#counters.delete(one);
  }

  /** Takes up a node that came, changed or went. */
  place(node: NodeInfo): void {
    for (const topology of this.#topologies.values()) topology.place(node);
    for (const { counter } of this.#counters) counter.place(node);
  }
}
