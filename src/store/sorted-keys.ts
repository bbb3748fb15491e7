/** Notes that are kept beside twice as many keys as there are and were when last read, before those that cancel each other are struck. */
const spareNotes = 1_000;

/**
 * A set of keys, read in order. Writes are noted and sorted in when somebody reads: bursts of writes between two reads cost a step
 * each. What was read stays as it was, and a copy shares it.
 */
export class SortedKeys {
  /** Never changed once made, only replaced. */
  #sorted: readonly string[];
  /**
   * Keys that were added or removed since, in any order. A key that is in can only be removed and one that is not only be added,
   * so one that is here an odd number of times has changed sides, and one that is here an even number of times has not.
   */
  #moved: string[] = [];
  #size: number;

  private constructor(sorted: readonly string[]) {
    this.#sorted = sorted;
    this.#size = sorted.length;
  }

  /** A set of keys, each given once. */
  static of(...keys: readonly string[]): SortedKeys {
    const made = new SortedKeys([]);
    for (const key of keys) made.add(key);
    return made;
  }

  get size(): number {
    return this.#size;
  }

  /** A set of its own with the same keys. */
  copy(): SortedKeys {
    return new SortedKeys(this.sorted());
  }

  /** The keys in order. */
  sorted(): readonly string[] {
    if (this.#moved.length > 0) {
      this.#sorted = merged(this.#sorted, this.#moved, this.#size);
      this.#moved = [];
    }
    return this.#sorted;
  }

  /** Adds a key that is not in. */
  add(key: string): void {
    this.#size += 1;
    this.#note(key);
  }

  /** Removes a key that is in. */
  delete(key: string): void {
    this.#size -= 1;
    this.#note(key);
  }

  #note(key: string): void {
    this.#moved.push(key);
    // Keys that come and go while nobody reads must not add up. No more can be left than are in now or were in: striking halves them.
    const most = spareNotes + 2 * (this.#size + this.#sorted.length);
    if (this.#moved.length > most) this.#moved = movedOnce(this.#moved);
  }
}

/** The keys that are there an odd number of times. */
function movedOnce(moved: readonly string[]): string[] {
  const odd = new Set<string>();
  for (const key of moved) if (!odd.delete(key)) odd.add(key);
  return [...odd];
}

/** Sorted keys with those that have moved added, or removed where they are in. */
function merged(sorted: readonly string[], moved: string[], size: number): readonly string[] {
  moved.sort();
  const all = new Array<string>(size);
  let into = 0;
  let from = 0;
  const take = (to: number): void => {
    for (; from < to; from += 1) {
      all[into] = sorted[from] as string;
      into += 1;
    }
  };
  for (let at = 0; at < moved.length; at += 1) {
    const key = moved[at] as string;
    if (key === moved[at + 1]) {
      at += 1;
      continue;
    }
    take(firstFrom(sorted, key, from));
    if (sorted[from] === key) from += 1;
    else {
      all[into] = key;
      into += 1;
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
