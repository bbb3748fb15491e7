/** Changes that are remembered one by one. */
const remembered = 1024;

/**
 * When each slot was last changed, as a count of all changes: equal counts tell that nothing has changed there. Who keeps answers by
 * slot follows the changes, so that slots that stay as they are cost nothing.
 */
export class Generations {
  /** By slot; may be longer than there are slots. Replaced as it grows: not to be kept. */
  values = new Float64Array(64);
  readonly #latest = new Int32Array(remembered);
  #changes = 0;
  #written = 0;

  of(slot: number): number {
    return this.values[slot] ?? 0;
  }

  /** How often a generation was written, to be given to `writtenSince` later. */
  get written(): number {
    return this.#written;
  }

  /** The slots whose generations were written since, some more than once; undefined when they are too many to be known. */
  writtenSince(written: number): readonly number[] | undefined {
    if (this.#written - written > remembered) return undefined;
    const slots: number[] = [];
    for (let at = written; at < this.#written; at += 1) slots.push(this.#latest[at % remembered] as number);
    return slots;
  }

  next(slot: number): void {
    if (slot >= this.values.length) {
      const grown = new Float64Array(2 * Math.max(slot, this.values.length));
      grown.set(this.values);
      this.values = grown;
    }
    this.#changes += 1;
    this.#write(slot, this.#changes);
  }

  /** Says that a slot is again as it was at a generation. */
  restore(slot: number, generation: number): void {
    this.#write(slot, generation);
  }

  #write(slot: number, generation: number): void {
    this.values[slot] = generation;
    this.#latest[this.#written % remembered] = slot;
    this.#written += 1;
  }
}
