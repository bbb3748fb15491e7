/**
 * A set of keys, read in order. Writes are noted and sorted in when somebody reads: bursts of writes between two reads cost a step
 * each. What was read stays as it was, and a copy shares it.
 */
export class SortedKeys {
  /** Never changed once made, only replaced. */
  #sorted: readonly string[];
  readonly #added = new Set<string>();
  readonly #removed = new Set<string>();

  private constructor(sorted: readonly string[]) {
    this.#sorted = sorted;
  }

  /** A set of keys, each given once. */
  static of(...keys: readonly string[]): SortedKeys {
    const made = new SortedKeys([]);
    for (const key of keys) made.add(key);
    return made;
  }

  get size(): number {
    return this.#sorted.length + this.#added.size - this.#removed.size;
  }

  /** A set of its own with the same keys. */
  copy(): SortedKeys {
    return new SortedKeys(this.sorted());
  }

  /** The keys in order. */
  sorted(): readonly string[] {
    if (this.#added.size + this.#removed.size > 0) {
      this.#sorted = merged(this.#sorted, this.#added, this.#removed);
      this.#added.clear();
      this.#removed.clear();
    }
    return this.#sorted;
  }

  /** Adds a key that is not in. */
  add(key: string): void {
    if (!this.#removed.delete(key)) this.#added.add(key);
  }

  /** Removes a key that is in. */
  delete(key: string): void {
    if (!this.#added.delete(key)) this.#removed.add(key);
  }
}

function merged(
  sorted: readonly string[],
  added: ReadonlySet<string>,
  removed: ReadonlySet<string>,
): readonly string[] {
  const all = new Array<string>(sorted.length + added.size - removed.size);
  let size = 0;
  let from = 0;
  const take = (to: number): void => {
    for (; from < to; from += 1) {
      all[size] = sorted[from] as string;
      size += 1;
    }
  };
  for (const key of [...added, ...removed].sort()) {
    take(firstFrom(sorted, key, from));
    if (removed.has(key)) from += 1;
    else {
      all[size] = key;
      size += 1;
    }
  }
  take(sorted.length);
  return all;
}

/** Index of the first element, from an index on, that is `key` or greater. */
function firstFrom(keys: readonly string[], key: string, from: number): number {
  let low = from;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
