/** A chunk is split when it grows beyond this: copying one costs less than finding it does. */
const longestChunk = 512;

/**
 * A set of keys in order. Chunks are never changed once made, only replaced, so that what was read stays as it was and a copy
 * costs one step a chunk.
 */
export class SortedKeys {
  #chunks: (readonly string[])[];
  #size: number;
  #all: readonly string[] | undefined;

  private constructor(chunks: (readonly string[])[], size: number) {
    this.#chunks = chunks;
    this.#size = size;
  }

  static of(...keys: readonly string[]): SortedKeys {
    const made = new SortedKeys([], 0);
    for (const key of keys) made.add(key);
    return made;
  }

  get size(): number {
    return this.#size;
  }

  /** A set of its own with the same keys. */
  copy(): SortedKeys {
    return new SortedKeys([...this.#chunks], this.#size);
  }

  /** The keys in order. */
  sorted(): readonly string[] {
    this.#all ??= this.#chunks.length === 1 ? this.#chunks[0] : this.#chunks.flat();
    return this.#all ?? [];
  }

  add(key: string): void {
    const at = this.#chunkFor(key);
    const chunk = this.#chunks[at] ?? [];
    const place = firstFrom(chunk, key);
    if (chunk[place] === key) return;
    const grown = chunk.toSpliced(place, 0, key);
    const half = grown.length >> 1;
    if (grown.length <= longestChunk) this.#chunks[at] = grown;
    else this.#chunks.splice(at, 1, grown.slice(0, half), grown.slice(half));
    this.#size += 1;
    this.#all = undefined;
  }

  delete(key: string): void {
    const at = this.#chunkFor(key);
    const chunk = this.#chunks[at] ?? [];
    const place = firstFrom(chunk, key);
    if (chunk[place] !== key) return;
    if (chunk.length === 1) this.#chunks.splice(at, 1);
    else this.#chunks[at] = chunk.toSpliced(place, 1);
    this.#size -= 1;
    this.#all = undefined;
  }

  /** The first chunk that ends at `key` or beyond; the last one when none does. */
  #chunkFor(key: string): number {
    let low = 0;
    let high = Math.max(0, this.#chunks.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#chunks[middle]?.at(-1) ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first element that is `key` or greater. */
function firstFrom(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
