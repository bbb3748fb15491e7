/** A chunk is split when it grows beyond this: copying one costs less than finding it does. */
const longestChunk = 512;

/** Keys in order; once others have seen it, it stays as it is and is replaced by a changed copy. */
interface Chunk {
  readonly keys: string[];
  isSeen: boolean;
}

/**
 * A set of keys in order. A chunk is changed in place unless it was read or copied: then what was read stays as it was. A copy
 * costs one step a chunk.
 */
export class SortedKeys {
  #chunks: Chunk[];
  #size: number;
  #all: readonly string[] | undefined;

  private constructor(chunks: Chunk[], size: number) {
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
    for (const chunk of this.#chunks) chunk.isSeen = true;
    return new SortedKeys([...this.#chunks], this.#size);
  }

  /** The keys in order. */
  sorted(): readonly string[] {
    this.#all ??= this.#gathered();
    return this.#all;
  }

  add(key: string): void {
    const at = this.#chunkFor(key);
    const place = firstFrom(this.#chunks[at]?.keys ?? [], key);
    if (this.#chunks[at]?.keys[place] === key) return;
    const { keys } = this.#writable(at);
    keys.splice(place, 0, key);
    if (keys.length > longestChunk) {
      const second = keys.splice(keys.length >> 1);
      this.#chunks.splice(at + 1, 0, { keys: second, isSeen: false });
    }
    this.#size += 1;
    this.#all = undefined;
  }

  delete(key: string): void {
    const at = this.#chunkFor(key);
    const chunk = this.#chunks[at];
    const place = firstFrom(chunk?.keys ?? [], key);
    if (chunk?.keys[place] !== key) return;
    if (chunk.keys.length === 1) this.#chunks.splice(at, 1);
    else this.#writable(at).keys.splice(place, 1);
    this.#size -= 1;
    this.#all = undefined;
  }

  #gathered(): readonly string[] {
    const [first, ...others] = this.#chunks;
    if (!first) return [];
    if (others.length > 0) return this.#chunks.flatMap(({ keys }) => keys);
    first.isSeen = true;
    return first.keys;
  }

  /** The chunk at an index, to be changed. */
  #writable(at: number): Chunk {
    const chunk = this.#chunks[at];
    if (chunk && !chunk.isSeen) return chunk;
    const copy = { keys: [...(chunk?.keys ?? [])], isSeen: false };
    this.#chunks[at] = copy;
    return copy;
  }

  /** The first chunk that ends at `key` or beyond; the last one when none does. */
  #chunkFor(key: string): number {
    let low = 0;
    let high = Math.max(0, this.#chunks.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#chunks[middle]?.keys.at(-1) ?? '') < key) low = middle + 1;
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
