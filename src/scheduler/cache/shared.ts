interface Held<T> {
  readonly value: T;
  users: number;
}

/** Things that are made once for all that ask under a key, and kept until the last of these gives them back. */
export class Shared<T> {
  readonly #held = new Map<string, Held<T>>();

  /** The thing under a key, made now if nobody has it yet. To be given back by `release`. */
  acquire(key: string, make: () => T): T {
    const held = this.#held.get(key) ?? { value: make(), users: 0 };
    this.#held.set(key, held);
    held.users += 1;
    return held.value;
  }

  /** Gives a thing back. @returns it once nobody has it any more: what was set up for it is to be undone */
  release(key: string): T | undefined {
    const held = this.#held.get(key);
    if (!held) return undefined;
    held.users -= 1;
    if (held.users > 0) return undefined;
    this.#held.delete(key);
    return held.value;
  }

  *values(): Iterable<T> {
    for (const { value } of this.#held.values()) yield value;
  }
}
