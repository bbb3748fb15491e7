import { closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import AsideDatabase from 'libsql/promise';
import { DataDirectoryError } from './data-directory-error.js';
import type { Journal, JournalRow } from './journal.js';
import type { Commit, Revision } from './reader.js';

/** Layout of the database file; a file of a newer one is refused. */
const format = 1;

const fileName = 'world.db';
const sqliteMagic = 'SQLite format 3\0';

const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE objects (
    collection TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (collection, key)
  ) WITHOUT ROWID;
`;

/**
 * Keeps the present objects in an SQLite file: every group of commits is one synchronous transaction that replaces the
 * rows it touched. Opening reads the table, so recovery costs what the world holds, not what has happened to it.
 *
 * @throws DataDirectoryError when the directory can't be used; nothing in it is touched then.
 */
export function openSqliteJournal(directory: string): SqliteJournal {
  const path = join(directory, fileName);
  const isNew = !existsSync(path);
  if (isNew) mkdirSync(directory, { recursive: true, mode: 0o700 });
  else checkMagic(directory, path);
  const database = new Database(path, { timeout: 0 });
  try {
    prepare(database, directory, isNew);
  } catch (error) {
    database.close();
    throw refusal(directory, error);
  }
  return new SqliteJournal(database);
}

/** The first bytes tell a file that is no database before SQLite is let near it. */
function checkMagic(directory: string, path: string): void {
  const file = openSync(path, 'r');
  const head = Buffer.alloc(sqliteMagic.length);
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1') !== sqliteMagic) throw DataDirectoryError.damaged(directory);
}

function prepare(database: Database.Database, directory: string, isNew: boolean): void {
  // The operating system drops this lock with the process, however it ends.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  if (!isNew) {
    const found = versionOf(database);
    if (found > format) throw DataDirectoryError.newerFormat(directory, found, format);
    const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined;
    if (check?.quick_check !== 'ok') throw DataDirectoryError.damaged(directory);
  }
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('BEGIN EXCLUSIVE');
  if (versionOf(database) === 0) {
    database.exec(schema);
    database.exec(`PRAGMA user_version = ${String(format)}`);
  }
  database.exec('COMMIT');
}

const versionOf = (database: Database.Database): number => {
  const row = database.prepare('PRAGMA user_version').get() as { user_version?: number } | undefined;
  return row?.user_version ?? 0;
};

/** Gives the lock back at once: the binding keeps a connection open until its statements are collected. */
function release(database: Database.Database): void {
  database.exec('PRAGMA journal_mode = DELETE');
  database.exec('PRAGMA locking_mode = NORMAL');
  database.prepare('SELECT count(*) FROM meta').get();
  database.close();
}

function refusal(directory: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return DataDirectoryError.inUse(directory);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return DataDirectoryError.damaged(directory);
  }
  return error;
}

/**
 * Runs a statement beside the event loop: waiting for the disk is most of what a commit takes. The promise interface of the
 * binding works on the same connection as the synchronous one.
 */
const runAside = (database: Database.Database, sql: string): Promise<void> =>
  AsideDatabase.prototype.exec.call(database, sql) as Promise<void>;

/** A row to be written: the text is made when the group is, so that an object replaced meanwhile is written once. */
interface PendingRow {
  readonly collection: string;
  readonly key: string;
  readonly revision: Revision;
  readonly value: unknown;
}

/** Commits that share one write to the disk. */
interface Batch {
  readonly rows: Map<string, PendingRow>;
  last: Commit;
  /** Settles once the batch is on disk, or can't be written. */
  readonly written: Promise<void>;
}

/** See `openSqliteJournal`. */
export class SqliteJournal implements Journal {
  readonly #database: Database.Database;
  readonly #upsert: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #setMeta: Database.Statement;
  /** Takes the commits that come while the one before it is being written. */
  #collecting: Batch | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #closed = false;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#upsert = database.prepare(
      'INSERT INTO objects (collection, key, revision, value) VALUES (?, ?, ?, ?) ' +
        'ON CONFLICT (collection, key) DO UPDATE SET revision = excluded.revision, value = excluded.value',
    );
    this.#remove = database.prepare('DELETE FROM objects WHERE collection = ? AND key = ?');
    this.#setMeta = database.prepare(
      'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
  }

  recover(): { readonly revision: Revision; readonly rows: Iterable<JournalRow> } {
    const rows = this.#database.prepare('SELECT collection, key, revision, value FROM objects').all() as {
      collection: string;
      key: string;
      revision: number;
      value: string;
    }[];
    return {
      revision: Number(this.meta('revision') ?? 0) as Revision,
      rows: rows.map((row) => ({
        collection: row.collection,
        key: row.key,
        revision: row.revision as Revision,
        value: JSON.parse(row.value) as unknown,
      })),
    };
  }

  /** A fact about the world that is no object of it: its seed, its identifiers, the time it had reached. */
  meta(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM meta WHERE name = ?').get(name) as
      { value?: string } | undefined;
    return row?.value;
  }

  /** Writes a fact at once, durably. */
  putMeta(name: string, value: string): void {
    this.#setMeta.run(name, value);
  }

  check(): void {
    if (this.#failure) throw this.#failure;
    if (this.#closed) throw new Error('The journal is closed');
  }

  append(commit: Commit): void {
    this.check();
    this.#collecting ??= this.#newBatch(commit);
    this.#collecting.last = commit;
    const { rows } = this.#collecting;
    for (const { collection, key, after } of commit.changes) {
      rows.set(`${collection}\0${key}`, { collection, key, revision: commit.revision, value: after });
    }
  }

  async flush(): Promise<void> {
    await (this.#collecting?.written ?? this.#writing);
    if (this.#failure) throw this.#failure;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.flush();
    } finally {
      this.#closed = true;
      release(this.#database);
    }
  }

  /** A batch that is written after the one before it, with all that has come until then. */
  #newBatch(commit: Commit): Batch {
    const turn = this.#writing.then(() => new Promise((resolve) => setImmediate(resolve)));
    const written = turn.then(() => this.#write(batch));
    const batch: Batch = { rows: new Map(), last: commit, written };
    return batch;
  }

  async #write(batch: Batch): Promise<void> {
    this.#collecting = undefined;
    this.#writing = batch.written;
    if (this.#failure) return;
    try {
      await this.#commit(batch);
    } catch (error) {
      // What is in memory is now ahead of the disk: nothing may be acknowledged any more.
      this.#failure = new Error(`The data directory can't be written: ${String(error)}`, { cause: error });
    }
  }

  async #commit({ rows, last }: Batch): Promise<void> {
    this.#database.exec('BEGIN');
    try {
      for (const { collection, key, revision, value } of rows.values()) {
        if (value === undefined) this.#remove.run(collection, key);
        else this.#upsert.run(collection, key, revision, JSON.stringify(value));
      }
      this.#setMeta.run('revision', String(last.revision));
      this.#setMeta.run('time', String(last.time));
      await runAside(this.#database, 'COMMIT');
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
