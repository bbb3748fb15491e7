/** When each slot was last changed, as a count of all changes: equal counts tell that nothing has changed there. */
export class Generations {
  /** By slot; may be longer than there are slots. Replaced as it grows: not to be kept. */
  values = new Float64Array(64);
  #changes = 0;

  of(slot: number): number {
    return this.values[slot] ?? 0;
  }

  next(slot: number): void {
    if (slot >= this.values.length) {
      const grown = new Float64Array(2 * Math.max(slot, this.values.length));
      grown.set(this.values);
      this.values = grown;
    }
    this.#changes += 1;
    this.values[slot] = this.#changes;
  }

  /** Says that a slot is again as it was at a generation. */
  restore(slot: number, generation: number): void {
    this.values[slot] = generation;
  }
}
