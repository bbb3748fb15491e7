import type { Instant } from '../units/index.js';
import { after, instant } from '../units/index.js';
import type { AutoscalerOptions } from './options.js';
import type { ClusterState } from './state/cluster-state.js';
import { factsOf } from './state/node-facts.js';
import { standsForGroupAfter } from './templates/template.js';

/** The next moment at which time alone may change what an autoscaler decides. */
export class Agenda {
  readonly #now: Instant;
  #next: Instant | undefined;

  constructor(now: Instant) {
    this.#now = now;
  }

  get next(): Instant | undefined {
    return this.#next;
  }

  /** Moments that are over have had their say. */
  add(when: Instant | undefined): void {
    if (when === undefined || when <= this.#now) return;
    if (this.#next === undefined || when < this.#next) this.#next = when;
  }

  /** A moment that has to lie strictly before the loop. */
  addPast(when: Instant | undefined): void {
    if (when !== undefined) this.add(instant(when + 1));
  }

  /** When what is awaited is overdue, what is let be is tried again, and what is new to a cluster is so no longer. */
  addState({ groups, nodes, readiness }: ClusterState, options: AutoscalerOptions): void {
    for (const { memory, unregistered } of groups.values()) {
      this.addPast(memory.request?.expectedBy);
      this.add(memory.backoff?.until);
      for (const { id } of unregistered)
        this.addPast(after(memory.unregistered[id] ?? this.#now, options.maxNodeProvisionTime));
    }
    for (const node of nodes) {
      if (readiness.get(node.metadata.name) === 'not started')
        this.add(after(factsOf(node).createdAt, options.maxNodeStartupTime));
      this.addPast(standsForGroupAfter(node));
    }
  }
}
