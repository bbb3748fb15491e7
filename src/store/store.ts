import type { Instant } from '../units/index.js';
import type { Collection } from './collection.js';
import { ConflictError } from './errors.js';
import { History } from './history.js';
import type { Journal } from './journal.js';
import type { Change, Commit, Reader, Revision, Transaction, Versioned } from './reader.js';
import { Table } from './table.js';
import type { Indexers, Row } from './table.js';

/** How many changes of a collection a watch can look back on unless told otherwise. */
const defaultHistory = 10_000;

/** What a store is opened with. */
export interface StoreInit {
  /** World time, stamped on commits. */
  readonly now: () => Instant;
  readonly collections: readonly Collection<never>[];
  /** Makes commits durable; without one the store lives in memory alone. */
  readonly journal?: Journal;
  /** Changes kept of each collection for `watch({from})`. */
  readonly history?: number;
}

interface Watcher {
  readonly collections: ReadonlySet<string> | undefined;
  readonly listener: (commit: Commit) => void;
  closed: boolean;
}

/** Typed collections of immutable objects with transactions, revisions, watches and cheap forks. */
export class Store implements Reader {
  readonly #now: () => Instant;
  readonly #journal: Journal | undefined;
  readonly #historyLimit: number;
  readonly #tables: Map<string, Table>;
  /** Tables that a fork may also be reading: copied before the first write. */
  readonly #shared = new Set<string>();
  readonly #watchers = new Set<Watcher>();
  readonly #history: History;
  #revision: Revision;
  /** Commits that wait for their turn to be delivered; set while one is being delivered. */
  #delivering: Commit[] | undefined;
  #inTransaction = false;

  private constructor(init: StoreInit, tables: Map<string, Table>, revision: Revision) {
    this.#now = init.now;
    this.#journal = init.journal;
    this.#historyLimit = init.history ?? defaultHistory;
    this.#tables = tables;
    this.#revision = revision;
    this.#history = new History(this.#historyLimit, revision);
  }

  /** Opens a store on what its journal holds, or empty. */
  static open(init: StoreInit): Store {
    const tables = new Map(
      init.collections.map((collection) => [collection.name, Table.of(erased(collection))] as const),
    );
    const recovered = init.journal?.recover();
    for (const { collection, key, value, revision } of recovered?.rows ?? []) {
      // Rows of a collection that is declared later are kept until then.
      const table = tables.get(collection) ?? Table.of({});
      tables.set(collection, table);
      table.set({ key, value, revision });
    }
    return new Store(init, tables, recovered?.revision ?? (0 as Revision));
  }

  get revision(): Revision {
    return this.#revision;
  }

  /** Adds a collection that was not known when the store was opened; one that is declared already stays as it is. */
  declare(collection: Collection<never>): void {
    const { name } = collection;
    const present = this.#tables.get(name);
    if (present?.isIndexedBy(erased(collection)) === true) return;
    this.#tables.set(name, present ? present.indexedBy(erased(collection)) : Table.of(erased(collection)));
    this.#shared.delete(name);
  }

  /** How often a collection has been written to: equal counts tell that nothing has changed, in a transaction too. */
  writesTo(collection: Collection<never>): number {
    return this.#table(collection).writes;
  }

  get<T>(collection: Collection<T>, key: string): T | undefined {
    return this.#table(collection).get(key)?.value as T | undefined;
  }

  entry<T>(collection: Collection<T>, key: string): Versioned<T> | undefined {
    return this.#table(collection).get(key) as Versioned<T> | undefined;
  }

  list<T>(collection: Collection<T>): readonly T[] {
    return this.entries(collection).map(({ value }) => value);
  }

  entries<T>(collection: Collection<T>): readonly Versioned<T>[] {
    const table = this.#table(collection);
    return rowsOf<T>(table, table.keys());
  }

  find<T>(collection: Collection<T>, index: string, term: string): readonly T[] {
    const table = this.#table(collection);
    return table.keysBy(index, term).map((key) => table.get(key)?.value as T);
  }

  findEntries<T>(collection: Collection<T>, index: string, term: string): readonly Versioned<T>[] {
    const table = this.#table(collection);
    return rowsOf<T>(table, table.keysBy(index, term));
  }

  count<T>(collection: Collection<T>, index?: string, term = ''): number {
    const table = this.#table(collection);
    return index === undefined ? table.size : table.countBy(index, term);
  }

  /**
   * Runs `work` and commits its writes as one revision; a throw leaves the store as it was, and a transaction that wrote
   * nothing makes no revision. Commits are delivered to watchers before this returns, unless it is itself called by one.
   *
   * @throws whatever `work` throws, and the journal's error once it can no longer write.
   */
  transact<R>(work: (tx: Transaction) => R): R {
    if (this.#inTransaction) throw new Error('A transaction is open already: transactions do not nest');
    this.#journal?.check();
    this.#inTransaction = true;
    const tx = new OpenTransaction(this, this.#revision, (name) => this.#writable(name));
    let result: R;
    try {
      result = work(tx);
    } catch (error) {
      tx.rollBack();
      throw error;
    } finally {
      this.#inTransaction = false;
    }
    const changes = tx.changes();
    if (changes.length > 0) this.#commit(changes);
    return result;
  }

  /**
   * Delivers every later commit that touches one of `collections` (all, if absent), once and in order; with `from`, first
   * those after that revision.
   *
   * @throws TooOldError when commits after `from` are no longer kept.
   */
  watch(
    options: { readonly collections?: readonly Collection<never>[]; readonly from?: Revision },
    listener: (commit: Commit) => void,
  ): { close(): void } {
    const collections = options.collections && new Set(options.collections.map(({ name }) => name));
    const watcher: Watcher = { collections, listener, closed: false };
    const undelivered = new Set(this.#delivering);
    const missed =
      options.from === undefined
        ? []
        : this.since(options.from, options.collections).filter((commit) => !undelivered.has(commit));
    this.#watchers.add(watcher);
    for (const commit of missed) deliver(watcher, commit, touchedBy(commit));
    return {
      close: () => {
        watcher.closed = true;
        this.#watchers.delete(watcher);
      },
    };
  }

  /** A store in memory with the same objects; neither sees the other's later writes. Costs one step a collection. */
  fork(now: () => Instant): Store {
    for (const name of this.#tables.keys()) this.#shared.add(name);
    const init = { now, collections: [], history: this.#historyLimit };
    const fork = new Store(init, new Map(this.#tables), this.#revision);
    for (const name of this.#tables.keys()) fork.#shared.add(name);
    return fork;
  }

  /** Resolves once everything committed so far is on disk. @throws the journal's error when it can't be written. */
  async durable(): Promise<void> {
    await this.#journal?.flush();
  }

  /** Writes out what waits and closes the journal. */
  async close(): Promise<void> {
    await this.#journal?.close();
  }

  /**
   * The commits after a revision that touched one of `collections` (any, if absent), in order.
   *
   * @throws TooOldError when some of them are no longer kept.
   */
  since(from: Revision, collections?: readonly Collection<never>[]): readonly Commit[] {
    if (from >= this.#revision) return [];
    return this.#history.since(
      from,
      collections?.map(({ name }) => name),
    );
  }

  #table(collection: Collection<never>): Table {
    const table = this.#tables.get(collection.name);
    if (!table) throw new Error(`The store was opened without the collection '${collection.name}'`);
    return table;
  }

  #writable(name: string): Table {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`The store was opened without the collection '${name}'`);
    if (!this.#shared.has(name)) return table;
    const copy = table.copy();
    this.#tables.set(name, copy);
    this.#shared.delete(name);
    return copy;
  }

  #commit(changes: readonly Change[]): void {
    this.#revision = (this.#revision + 1) as Revision;
    const commit: Commit = { revision: this.#revision, time: this.#now(), changes };
    this.#journal?.append(commit);
    this.#history.push(commit);
    if (this.#delivering) {
      this.#delivering.push(commit);
      return;
    }
    this.#delivering = [commit];
    try {
      for (let next = this.#delivering[0]; next; next = this.#delivering[0]) {
        const touched = touchedBy(next);
        for (const watcher of [...this.#watchers]) deliver(watcher, next, touched);
        this.#delivering.shift();
      }
    } finally {
      this.#delivering = undefined;
    }
  }
}

/** The collections that a commit has changed, most often one or two: changes of a collection come one after the other. */
function touchedBy({ changes }: Commit): readonly string[] {
  const names: string[] = [];
  for (const { collection } of changes) if (names.at(-1) !== collection) names.push(collection);
  return names;
}

function deliver(
  { collections, closed, listener }: Watcher,
  commit: Commit,
  touched: readonly string[],
): void {
  if (closed) return;
  if (collections && !touched.some((name) => collections.has(name))) return;
  listener(commit);
}

const erased = (collection: Collection<never>): Indexers => collection.indexes as Indexers;

const rowsOf = <T>(table: Table, keys: readonly string[]): readonly Versioned<T>[] =>
  keys.map((key) => table.get(key) as Versioned<T>);

/** Writes go straight to the tables and are undone on a throw: a transaction is synchronous, nobody else can look in. */
class OpenTransaction implements Transaction {
  readonly revision: Revision;
  readonly #store: Store;
  readonly #writable: (collection: string) => Table;
  readonly #touched = new Map<string, Touched>();
  #open = true;

  constructor(store: Store, revision: Revision, writable: (collection: string) => Table) {
    this.#store = store;
    this.revision = revision;
    this.#writable = writable;
  }

  get<T>(collection: Collection<T>, key: string): T | undefined {
    return this.#store.get(collection, key);
  }

  entry<T>(collection: Collection<T>, key: string): Versioned<T> | undefined {
    return this.#store.entry(collection, key);
  }

  list<T>(collection: Collection<T>): readonly T[] {
    return this.#store.list(collection);
  }

  entries<T>(collection: Collection<T>): readonly Versioned<T>[] {
    return this.#store.entries(collection);
  }

  find<T>(collection: Collection<T>, index: string, term: string): readonly T[] {
    return this.#store.find(collection, index, term);
  }

  findEntries<T>(collection: Collection<T>, index: string, term: string): readonly Versioned<T>[] {
    return this.#store.findEntries(collection, index, term);
  }

  count<T>(collection: Collection<T>, index?: string, term?: string): number {
    return this.#store.count(collection, index, term);
  }

  put<T>(collection: Collection<T>, key: string, value: T, expect?: Revision | 'absent'): void {
    const { name } = collection;
    const table = this.#table(name);
    const before = table.get(key);
    this.#note(name, key, before, expect);
    table.replace(before, { key, value, revision: (this.revision + 1) as Revision });
  }

  delete<T>(collection: Collection<T>, key: string, expect?: Revision): boolean {
    const { name } = collection;
    const table = this.#table(name);
    const before = table.get(key);
    if (!before) return false;
    this.#note(name, key, before, expect).deleted.add(key);
    table.delete(key);
    return true;
  }

  get hasWritten(): boolean {
    return this.#touched.size > 0;
  }

  changes(): readonly Change[] {
    this.#open = false;
    const changes: Change[] = [];
    for (const [collection, { keys, before: rows }] of this.#touched) {
      const table = this.#writable(collection);
      for (let at = 0; at < keys.length; at += 1) {
        const key = keys[at] as string;
        const before = rows[at];
        const after = table.get(key);
        if (before !== after) changes.push({ collection, key, before: before?.value, after: after?.value });
      }
    }
    return changes;
  }

  rollBack(): void {
    this.#open = false;
    for (const [collection, { keys, before }] of this.#touched) {
      const table = this.#writable(collection);
      for (const [at, key] of keys.entries()) {
        const row = before[at];
        if (row) table.set(row);
        else table.delete(key);
      }
    }
  }

  #table(name: string): Table {
    if (!this.#open) throw new Error('The transaction has ended');
    return this.#writable(name);
  }

  /** Keeps what a key has before it is written to for the first time. */
  #note(name: string, key: string, row: Row | undefined, expect: Revision | 'absent' | undefined): Touched {
    if (expect !== undefined && expect !== (row?.revision ?? 'absent')) {
      throw new ConflictError(
        `${name}/${key} is at revision ${String(row?.revision ?? 'absent')}, not ${String(expect)}`,
      );
    }
    let touched = this.#touched.get(name);
    if (!touched) {
      touched = { keys: [], before: [], deleted: new Set() };
      this.#touched.set(name, touched);
    }
    // A row of this transaction's own tells by its revision that its key is noted; one that was deleted can't.
    const isNoted = row ? row.revision > this.revision : touched.deleted.has(key);
    if (isNoted) return touched;
    touched.keys.push(key);
    touched.before.push(row);
    return touched;
  }
}

/** The keys of one collection that a transaction has written to, each once, with the rows that they had before. */
interface Touched {
  readonly keys: string[];
  readonly before: (Row | undefined)[];
  /** Those that were deleted at some time in it. */
  readonly deleted: Set<string>;
}
