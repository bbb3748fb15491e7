import type { NodeInfo } from './node-info.js';

/** No domain: the node lacks the key, or has gone. */
export const nowhere = -1;

/** Which domain of a topology key (e.g. a zone) each node is in. */
export class Topology {
  readonly key: string;
  /** The values of the key, by the domain's number. */
  readonly #domains = new Map<string, number>();
  readonly #domainOf: number[] = [];

  constructor(key: string) {
    this.key = key;
  }

  /** The domain of a node, or `nowhere`. */
  domainOf(slot: number): number {
    return this.#domainOf[slot] ?? nowhere;
  }

  /** Takes up what a node's labels say. @returns the domain that it was in before */
  place({ slot, node }: NodeInfo): number {
    const before = this.domainOf(slot);
    const value = node?.metadata.labels?.[this.key];
    this.#domainOf[slot] = value === undefined ? nowhere : this.#numberOf(value);
    return before;
  }

  #numberOf(value: string): number {
    const known = this.#domains.get(value);
    if (known !== undefined) return known;
    const number = this.#domains.size;
    this.#domains.set(value, number);
    return number;
  }
}
