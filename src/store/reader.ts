import type { Brand, Instant } from '../units/index.js';
import type { Collection } from './collection.js';

/** The number of a commit: 1 for the first, growing by one. */
export type Revision = Brand<number, 'Revision'>;

/** A value with its key and the revision that wrote it. */
export interface Versioned<T> {
  readonly key: string;
  readonly value: T;
  readonly revision: Revision;
}

/** A consistent view of the store. Lists are in key order. */
export interface Reader {
  /** The newest commit seen; in a transaction, the commit it started from. */
  readonly revision: Revision;
  get<T>(collection: Collection<T>, key: string): T | undefined;
  entry<T>(collection: Collection<T>, key: string): Versioned<T> | undefined;
  list<T>(collection: Collection<T>): readonly T[];
  entries<T>(collection: Collection<T>): readonly Versioned<T>[];
  /** The values that an index files under `term`. */
  find<T>(collection: Collection<T>, index: string, term: string): readonly T[];
  /** As `find`, with keys and revisions. */
  findEntries<T>(collection: Collection<T>, index: string, term: string): readonly Versioned<T>[];
  count<T>(collection: Collection<T>, index?: string, term?: string): number;
}

/** Reads and writes that become one commit, or none. Reads see the transaction's own writes. */
export interface Transaction extends Reader {
  /** True once anything was written, be it as it was. */
  readonly hasWritten: boolean;
  /** Replaces the value of `key`. @throws ConflictError when `expect` is given and is not the present state. */
  put<T>(collection: Collection<T>, key: string, value: T, expect?: Revision | 'absent'): void;
  /** Removes `key`; false when it was not there. @throws ConflictError as `put` does. */
  delete<T>(collection: Collection<T>, key: string, expect?: Revision): boolean;
}

/** One key's change: `before` is undefined for a new key, `after` for a removed one. */
export interface Change {
  readonly collection: string;
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A transaction that took place. */
export interface Commit {
  readonly revision: Revision;
  readonly time: Instant;
  readonly changes: readonly Change[];
}
