/** Values by key; those that were asked for last are kept. */
export class RecentlyUsed<T> {
  readonly #limit: number;
  readonly #drop: (value: T) => void;
  readonly #values = new Map<string, T>();

  constructor(limit: number, drop: (value: T) => void) {
    this.#limit = limit;
    this.#drop = drop;
  }

  get(key: string, make: () => T): T {
    const known = this.#values.get(key);
    if (known !== undefined) {
      if (this.#values.size >= this.#limit) {
        this.#values.delete(key);
        this.#values.set(key, known);
      }
      return known;
    }
    const made = make();
    this.#values.set(key, made);
    if (this.#values.size > this.#limit) {
      const [oldest] = this.#values;
      if (oldest) {
        this.#values.delete(oldest[0]);
        this.#drop(oldest[1]);
      }
    }
    return made;
  }

  clear(): void {
    for (const value of this.#values.values()) this.#drop(value);
    this.#values.clear();
  }
}
