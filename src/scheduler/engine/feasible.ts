import type { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { FeasibleNodes } from '../framework/plugin.js';

/** The nodes found for a pod, by slot. Its array is used again by the next search. */
export class Feasible implements FeasibleNodes {
  slots = new Int32Array(0);
  #count = 0;
  #nodes: readonly NodeInfo[] | undefined;
  readonly #cache: ClusterCache;

  constructor(cache: ClusterCache) {
    this.#cache = cache;
  }

  get count(): number {
    return this.#count;
  }

  /** Begins a search that finds no more than `most` nodes. */
  begin(most: number): void {
    if (this.slots.length < most) this.slots = new Int32Array(2 * most);
    this.end(0);
  }

  end(count: number): void {
    this.#count = count;
    this.#nodes = undefined;
  }

  nodes(): readonly NodeInfo[] {
    this.#nodes ??= Array.from(this.slots.subarray(0, this.#count), (slot) => this.#cache.at(slot));
    return this.#nodes;
  }
}
