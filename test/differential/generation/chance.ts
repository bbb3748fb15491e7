/** All chance of a case comes from its seed (mulberry32: small, quick, and even enough for this). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) ^ Math.trunc(seed / 2 ** 32);
  }

  /** From 0 up to 1. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Whole, from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  /** True so often. */
  hits(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new Error('nothing to pick from');
    return values[Math.floor(this.#next() * values.length)] as Value;
  }

  /** Some of them, in their order. */
  some<Value>(values: readonly Value[], probability: number): readonly Value[] {
    return values.filter(() => this.hits(probability));
  }

  /** So many made. */
  make<Value>(count: number, one: (index: number) => Value): Value[] {
    return Array.from({ length: count }, (_, index) => one(index));
  }

  /** Members that are there so often, for `{ ...}`. */
  maybe<Members extends object>(probability: number, members: () => Members): Members | Record<never, never> {
    return this.hits(probability) ? members() : {};
  }
}
