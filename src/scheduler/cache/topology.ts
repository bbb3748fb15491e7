import type { NodeInfo } from './node-info.js';
import { own } from '../../units/index.js';

/** No domain: the node lacks the key, or has gone. */
export const nowhere = -1;

/** Which domain of a topology key (e.g. a zone) each node is in. */
export class Topology {
  readonly key: string;
  /** The values of the key, by the domain's number. */
  readonly #domains = new Map<string, number>();
  /** By slot. */
  #domainOf = new Int32Array(64).fill(nowhere);

  constructor(key: string) {
    this.key = key;
  }

  /** How many domains there are or were: their numbers are below it. */
  get size(): number {
    return this.#domains.size;
  }

  /** The domain of each node, or `nowhere`, by slot; may be shorter than there are slots. Replaced as it grows: not to be kept. */
  get domains(): Int32Array {
    return this.#domainOf;
  }

  /** The domain of a node, or `nowhere`. */
  domainOf(slot: number): number {
    return this.#domainOf[slot] ?? nowhere;
  }

  /** Takes up what a node's labels say. @returns the domain that it was in before */
  place({ slot, node }: NodeInfo): number {
    const before = this.domainOf(slot);
    const value = own(node?.metadata.labels, this.key);
    if (slot >= this.#domainOf.length) this.#grow(slot);
    this.#domainOf[slot] = value === undefined ? nowhere : this.#numberOf(value);
    return before;
  }

  #grow(slot: number): void {
    const grown = new Int32Array(2 * slot).fill(nowhere);
    grown.set(this.#domainOf);
    this.#domainOf = grown;
  }

  #numberOf(value: string): number {
    const known = this.#domains.get(value);
    if (known !== undefined) return known;
    const number = this.#domains.size;
    this.#domains.set(value, number);
    return number;
  }
}
