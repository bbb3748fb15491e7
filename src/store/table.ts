import type { Revision } from './reader.js';
import type { IndexTerms } from './collection.js';

/** A stored value and the revision that wrote it. */
export interface Row {
  readonly value: unknown;
  readonly revision: Revision;
}

/** The indexes of a table, with the value type erased. */
export type Indexers = Readonly<Record<string, (value: unknown) => IndexTerms>>;

const termsOf = (terms: IndexTerms): readonly string[] =>
  terms === undefined ? [] : typeof terms === 'string' ? [terms] : terms;

/** A set of keys that gives them in order; sorted when asked, not on every insert. */
class KeySet {
  readonly keys: Set<string>;
  #sorted: readonly string[] | undefined;

  constructor(keys?: Iterable<string>) {
    this.keys = new Set(keys);
  }

  add(key: string): void {
    if (this.keys.has(key)) return;
    this.keys.add(key);
    this.#sorted = undefined;
  }

  delete(key: string): void {
    if (this.keys.delete(key)) this.#sorted = undefined;
  }

  sorted(): readonly string[] {
    return (this.#sorted ??= [...this.keys].sort());
  }
}

/** The rows of one collection with its indexes. Tables are shared between forks until one of them writes. */
export class Table {
  readonly #indexers: Indexers;
  readonly #rows: Map<string, Row>;
  readonly #all: KeySet;
  readonly #indexes: Map<string, Map<string, KeySet>>;

  constructor(indexers: Indexers, rows: Iterable<readonly [string, Row]> = []) {
    this.#indexers = indexers;
    this.#rows = new Map();
    this.#all = new KeySet();
    this.#indexes = new Map(Object.keys(indexers).map((name) => [name, new Map<string, KeySet>()]));
    for (const [key, row] of rows) this.set(key, row);
  }

  /** A table that can be written without this one changing; values are shared. */
  copy(): Table {
    return new Table(this.#indexers, this.#rows);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  keys(): readonly string[] {
    return this.#all.sorted();
  }

  /** Keys filed under `term`, in order. @throws RangeError for an index the collection does not declare. */
  keysBy(index: string, term: string): readonly string[] {
    return this.#index(index).get(term)?.sorted() ?? [];
  }

  countBy(index: string, term: string): number {
    return this.#index(index).get(term)?.keys.size ?? 0;
  }

  set(key: string, row: Row): void {
    const before = this.#rows.get(key);
    this.#rows.set(key, row);
    this.#all.add(key);
    this.#refile(key, before?.value, row.value);
  }

  delete(key: string): void {
    const before = this.#rows.get(key);
    if (!before) return;
    this.#rows.delete(key);
    this.#all.delete(key);
    this.#refile(key, before.value, undefined);
  }

  #index(name: string): Map<string, KeySet> {
    const index = this.#indexes.get(name);
    if (!index) throw new RangeError(`No index '${name}' is declared`);
    return index;
  }

  #refile(key: string, before: unknown, after: unknown): void {
    for (const [name, terms] of Object.entries(this.#indexers)) {
      const index = this.#index(name);
      const old = before === undefined ? [] : termsOf(terms(before));
      const now = after === undefined ? [] : termsOf(terms(after));
      for (const term of old) {
        if (now.includes(term)) continue;
        const keys = index.get(term);
        keys?.delete(key);
        if (keys?.keys.size === 0) index.delete(term);
      }
      for (const term of now) {
        const keys = index.get(term) ?? new KeySet();
        index.set(term, keys);
        keys.add(key);
      }
    }
  }
}
