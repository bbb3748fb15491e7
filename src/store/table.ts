import type { Versioned } from './reader.js';
import { partOf } from './collection.js';
import type { IndexTerms } from './collection.js';
import { SortedKeys } from './sorted-keys.js';

/** A stored value with its key and the revision that wrote it. */
export type Row = Versioned<unknown>;

/** The indexes of a table, with the value type erased. */
export type Indexers = Readonly<Record<string, (value: unknown) => IndexTerms>>;

/** The terms of a value, each once. */
function termsOf(terms: IndexTerms): readonly string[] {
  if (terms === undefined) return [];
  if (typeof terms === 'string') return [terms];
  return terms.length > 1 ? [...new Set(terms)] : terms;
}

/** The keys under a term: most terms have one, which needs no set. */
type Filed = string | SortedKeys;

/** The rows of one collection with its indexes. Tables are shared between forks until one of them writes. */
export class Table {
  readonly #indexers: Indexers;
  readonly #rows: Map<string, Row>;
  readonly #all: SortedKeys;
  readonly #indexes: ReadonlyMap<string, Map<string, Filed>>;
  /** The indexes with what they file values under, in a list for writes. */
  readonly #filing: readonly {
    readonly terms: (value: unknown) => IndexTerms;
    readonly part: ((value: unknown) => unknown) | undefined;
    readonly filed: Map<string, Filed>;
  }[];
  #writes = 0;

  private constructor(
    indexers: Indexers,
    rows: Map<string, Row>,
    all: SortedKeys,
    indexes: ReadonlyMap<string, Map<string, Filed>>,
  ) {
    this.#indexers = indexers;
    this.#rows = rows;
    this.#all = all;
    this.#indexes = indexes;
    this.#filing = Object.entries(indexers).map(([name, terms]) => ({
      terms,
      part: partOf(terms),
      filed: this.#index(name),
    }));
  }

  /** An empty table. */
  static of(indexers: Indexers): Table {
    const indexes = Object.keys(indexers).map((name) => [name, new Map<string, Filed>()] as const);
    return new Table(indexers, new Map(), SortedKeys.of(), new Map(indexes));
  }

  /** A table that can be written without this one changing; values are shared. */
  copy(): Table {
    const indexes = [...this.#indexes].map(([name, index]) => [name, copyOf(index)] as const);
    const copy = new Table(this.#indexers, new Map(this.#rows), this.#all.copy(), new Map(indexes));
    copy.#writes = this.#writes;
    return copy;
  }

  /** A table with the same rows and other indexes. */
  indexedBy(indexers: Indexers): Table {
    const table = Table.of(indexers);
    for (const row of this.#rows.values()) table.set(row);
    table.#writes = this.#writes;
    return table;
  }

  /** True when the table has the indexes of a declaration, whichever of two equal ones it was made from. */
  isIndexedBy(indexers: Indexers): boolean {
    return Object.keys(indexers).join() === Object.keys(this.#indexers).join();
  }

  /** How often the table has been written to. */
  get writes(): number {
    return this.#writes;
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
    const filed = this.#index(index).get(term);
    if (filed === undefined) return [];
    return typeof filed === 'string' ? [filed] : filed.sorted();
  }

  countBy(index: string, term: string): number {
    const filed = this.#index(index).get(term);
    if (filed === undefined) return 0;
    return typeof filed === 'string' ? 1 : filed.size;
  }

  set(row: Row): void {
    this.replace(this.#rows.get(row.key), row);
  }

  /** As `set`, for who has at hand the row that is there now, or that there is none. */
  replace(before: Row | undefined, row: Row): void {
    const { key } = row;
    this.#writes += 1;
    this.#rows.set(key, row);
    if (!before) this.#all.add(key);
    this.#refile(key, before?.value, row.value);
  }

  delete(key: string): void {
    const before = this.#rows.get(key);
    if (!before) return;
    this.#writes += 1;
    this.#rows.delete(key);
    this.#all.delete(key);
    this.#refile(key, before.value, undefined);
  }

  #index(name: string): Map<string, Filed> {
    const index = this.#indexes.get(name);
    if (!index) throw new RangeError(`No index '${name}' is declared`);
    return index;
  }

  #refile(key: string, before: unknown, after: unknown): void {
    const isChange = before !== undefined && after !== undefined;
    for (const { terms, part, filed } of this.#filing) {
      if (isChange && part && part(before) === part(after)) continue;
      const was = before === undefined ? undefined : terms(before);
      const is = after === undefined ? undefined : terms(after);
      // Most writes leave most terms as they were.
      if (was === is) continue;
      if (typeof was !== 'object' && typeof is !== 'object') {
        if (was !== undefined) unfile(filed, was, key);
        if (is !== undefined) file(filed, is, key);
        continue;
      }
      const old = termsOf(was);
      const now = termsOf(is);
      for (const term of old) {
        if (!now.includes(term)) unfile(filed, term, key);
      }
      for (const term of now) {
        if (!old.includes(term)) file(filed, term, key);
      }
    }
  }
}

const copyOf = (index: ReadonlyMap<string, Filed>): Map<string, Filed> =>
  new Map([...index].map(([term, filed]) => [term, typeof filed === 'string' ? filed : filed.copy()]));

function file(index: Map<string, Filed>, term: string, key: string): void {
  const filed = index.get(term);
  if (filed === undefined || filed === key) index.set(term, key);
  else if (typeof filed === 'string') index.set(term, SortedKeys.of(filed, key));
  else filed.add(key);
}

function unfile(index: Map<string, Filed>, term: string, key: string): void {
  const filed = index.get(term);
  if (filed === undefined || filed === key) index.delete(term);
  else if (typeof filed !== 'string') {
    filed.delete(key);
    if (filed.size === 0) index.delete(term);
  }
}
