import type { Commit, Revision } from './reader.js';

/** One object as a journal holds it. */
export interface JournalRow {
  readonly collection: string;
  readonly key: string;
  readonly value: unknown;
  readonly revision: Revision;
}

/** Makes commits durable. Appends are grouped: `flush` resolves when all appended before it are on disk. */
export interface Journal {
  /** The objects and the revision of the last durable commit. */
  recover(): { readonly revision: Revision; readonly rows: Iterable<JournalRow> };
  /** @throws the error of an earlier write that failed: nothing more is accepted then. */
  check(): void;
  append(commit: Commit): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}
