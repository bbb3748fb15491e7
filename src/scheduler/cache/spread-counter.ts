import type { NodeInfo } from './node-info.js';
import type { Tally } from './tally.js';
import { nowhere } from './topology.js';
import type { Topology } from './topology.js';

/** Which nodes count. */
export type Eligibility = (node: NodeInfo) => boolean;

/** A tally summed by domains over the nodes that count, with the least of the sums at hand (PodTopologySpread). */
export class SpreadCounter {
  readonly topology: Topology;
  readonly #tally: Tally;
  readonly #isEligible: Eligibility;
  /** The domain in which each node counts now. */
  readonly #countedIn: number[] = [];
  readonly #sums: number[] = [];
  /** How many nodes count in each domain; a domain without one is not there. */
  readonly #members: number[] = [];
  /** How many domains have which sum: with it the least is found without a look at all. */
  readonly #bySum: number[] = [];
  #domains = 0;
  #least = 0;

  constructor(topology: Topology, tally: Tally, isEligible: Eligibility) {
    this.topology = topology;
    this.#tally = tally;
    this.#isEligible = isEligible;
  }

  /** Domains that have a node that counts. */
  get domains(): number {
    return this.#domains;
  }

  /** The sum of the domain that a node is in, whether the node counts or not; undefined when it is in none. */
  sumAt(slot: number): number | undefined {
    const domain = this.topology.domainOf(slot);
    return domain === nowhere ? undefined : this.sumOf(domain);
  }

  /** The sum of a domain. */
  sumOf(domain: number): number {
    return this.#sums[domain] ?? 0;
  }

  /** The smallest sum of a domain that is there; undefined when there is none. */
  get least(): number | undefined {
    if (this.#domains === 0) return undefined;
    while ((this.#bySum[this.#least] ?? 0) === 0) this.#least += 1;
    return this.#least;
  }

  change(slot: number, by: number): void {
    const domain = this.#countedIn[slot] ?? nowhere;
    if (domain !== nowhere) this.#add(domain, by);
  }

  /** Takes up a node, anew after any change of its labels, taints or presence. */
  place(info: NodeInfo): void {
    const { slot } = info;
    const before = this.#countedIn[slot] ?? nowhere;
    const counts = info.node !== undefined && this.#isEligible(info);
    const now = counts ? this.topology.domainOf(slot) : nowhere;
    if (before === now) return;
    const count = this.#tally.at(slot);
    if (before !== nowhere) {
      this.#add(before, -count);
      this.#enter(before, -1);
    }
    this.#countedIn[slot] = now;
    if (now !== nowhere) {
      this.#enter(now, 1);
      this.#add(now, count);
    }
  }

  #enter(domain: number, by: 1 | -1): void {
    const before = this.#members[domain] ?? 0;
    this.#members[domain] = before + by;
    if (before === 0 && by === 1) {
      this.#domains += 1;
      this.#file(this.sumOf(domain), 1);
    } else if (before + by === 0) {
      this.#domains -= 1;
      this.#file(this.sumOf(domain), -1);
    }
  }

  #add(domain: number, by: number): void {
    if (by === 0) return;
    const before = this.sumOf(domain);
    this.#sums[domain] = before + by;
    if ((this.#members[domain] ?? 0) === 0) return;
    this.#file(before, -1);
    this.#file(before + by, 1);
  }

  #file(sum: number, by: 1 | -1): void {
    this.#bySum[sum] = (this.#bySum[sum] ?? 0) + by;
    if (by === 1 && sum < this.#least) this.#least = sum;
  }
}
