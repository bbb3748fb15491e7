type Range = readonly [first: number, last: number];

/** A set of completion indexes, as a job's status writes it: `0-3,5` (batch/v1 completedIndexes). */
export class IndexRanges {
  readonly #ranges: readonly Range[];

  private constructor(ranges: readonly Range[]) {
    this.#ranges = ranges;
  }

  static readonly none = new IndexRanges([]);

  /** Those below `limit` of a text. */
  static parse(text: string, limit = Infinity): IndexRanges {
    const ranges = text.split(',').flatMap((part): Range[] => {
      const [first = '', last = first] = part.split('-');
      if (first === '' || Number(first) >= limit) return [];
      return [[Number(first), Math.min(Number(last), limit - 1)]];
    });
    return new IndexRanges(ranges);
  }

  static of(indexes: Iterable<number>): IndexRanges {
    const ranges: [number, number][] = [];
    for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      if (last && last[1] === index - 1) last[1] = index;
      else ranges.push([index, index]);
    }
    return new IndexRanges(ranges);
  }

  /** These and others. */
  with(others: IndexRanges): IndexRanges {
    if (others.#ranges.length === 0) return this;
    const all = [...this.#ranges, ...others.#ranges].sort(([a], [b]) => a - b);
    const merged: [number, number][] = [];
    for (const [first, last] of all) {
      const open = merged.at(-1);
      if (open && first <= open[1] + 1) open[1] = Math.max(open[1], last);
      else merged.push([first, last]);
    }
    return new IndexRanges(merged);
  }

  get total(): number {
    return this.#ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  has(index: number): boolean {
    return this.#ranges.some(([first, last]) => first <= index && index <= last);
  }

  /** How many of these are among others. */
  countIn(others: IndexRanges): number {
    let count = 0;
    for (const [first, last] of this.#ranges) {
      for (const [from, to] of others.#ranges)
        count += Math.max(0, Math.min(last, to) - Math.max(first, from) + 1);
    }
    return count;
  }

  /** The first `count` whole numbers from 0 up to `limit` that are not among these. */
  gaps(count: number, limit: number): readonly number[] {
    const found: number[] = [];
    let index = 0;
    for (const [first, last] of [...this.#ranges, [limit, limit] as const]) {
      for (; index < first && index < limit && found.length < count; index += 1) found.push(index);
      index = Math.max(index, last + 1);
    }
    return found;
  }

  toString(): string {
    return this.#ranges
      .map(([first, last]) => {
        if (first === last) return String(first);
        return last === first + 1 ? `${String(first)},${String(last)}` : `${String(first)}-${String(last)}`;
      })
      .join(',');
  }
}
