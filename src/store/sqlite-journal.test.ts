import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../units/index.js';
import { DataDirectoryError, Store, defineCollection, openSqliteJournal } from './index.js';

interface Vm {
  readonly size: string;
}
const vms = defineCollection<Vm>('vms', { bySize: (vm) => vm.size });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'poolkeeper-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (at = directory) =>
  Store.open({ now: () => instant(7), collections: [vms], journal: openSqliteJournal(at) });
const contents = (store: Store) =>
  store.entries(vms).map(({ key, value, revision }) => [key, value, revision]);

/** Names and digests of all files of the directory. */
const fingerprint = () =>
  readdirSync(directory)
    .sort()
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]);

function refusalOf(action: () => unknown): DataDirectoryError {
  try {
    action();
  } catch (error) {
    if (error instanceof DataDirectoryError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('journal', () => {
  test('a reopened store has the same objects, indexes and revision', async () => {
    const store = open();
    store.transact((tx) => {
      tx.put(vms, 'a', { size: 'D4' });
      tx.put(vms, 'b', { size: 'D8' });
    });
    store.transact((tx) => tx.delete(vms, 'b'));
    await store.close();
    const again = open();
    expect([again.revision, contents(again)]).toEqual([2, [['a', { size: 'D4' }, 1]]]);
    expect([again.count(vms, 'bySize', 'D4'), again.count(vms, 'bySize', 'D8')]).toEqual([1, 0]);
    await again.close();
  });

  test('whatever was durable is found by another process, however this one ends', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      size: fc.constantFrom('D4', 'D8', undefined),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const at = mkdtempSync(join(directory, 'world-'));
        const copy = mkdtempSync(join(directory, 'copy-'));
        const store = open(at);
        for (const { key, size } of steps) {
          store.transact((tx) => (size ? tx.put(vms, key, { size }) : tx.delete(vms, key)));
        }
        await store.durable();
        // The files as they are at this moment are what a kill would leave.
        for (const name of readdirSync(at)) writeFileSync(join(copy, name), readFileSync(join(at, name)));
        const recovered = open(copy);
        expect([recovered.revision, contents(recovered)]).toEqual([store.revision, contents(store)]);
        await recovered.close();
        await store.close();
      }),
      { numRuns: 25 },
    );
  });

  test('an object written many times before a flush is written once, as it last was', async () => {
    const store = open();
    for (let i = 0; i < 100; i++) store.transact((tx) => tx.put(vms, 'a', { size: `D${String(i)}` }));
    await store.close();
    const again = open();
    expect(contents(again)).toEqual([['a', { size: 'D99' }, 100]]);
    await again.close();
  });

  test('after a write that failed nothing is acknowledged and nothing more is taken', async () => {
    const journal = openSqliteJournal(directory);
    const store = Store.open({ now: () => instant(7), collections: [vms], journal });
    // JSON has no such number.
    const unwritable: { size: string; disks?: unknown } = { size: 'D4', disks: 1n };
    store.transact((tx) => tx.put(vms, 'a', unwritable));
    await expect(store.durable()).rejects.toThrow(/data directory can't be written/);
    expect(() => store.transact((tx) => tx.put(vms, 'b', { size: 'D4' }))).toThrow(/can't be written/);
    await expect(store.close()).rejects.toThrow(/can't be written/);
  });

  test('facts about the world are kept', async () => {
    const journal = openSqliteJournal(directory);
    journal.putMeta('seed', '42');
    await journal.close();
    const again = openSqliteJournal(directory);
    expect([again.meta('seed'), again.meta('other')]).toEqual(['42', undefined]);
    await again.close();
  });
});

describe('a data directory is refused, and left as it is', () => {
  test('while another process has it', async () => {
    const store = open();
    store.transact((tx) => tx.put(vms, 'a', { size: 'D4' }));
    await store.durable();
    const before = fingerprint();
    const refusal = refusalOf(() => openSqliteJournal(directory));
    expect([refusal.kind, refusal.message]).toEqual(['in-use', expect.stringContaining('--data DIR')]);
    expect(fingerprint()).toEqual(before);
    await store.close();
  });

  test('when it is of a newer format', () => {
    const database = new Database(join(directory, 'world.db'));
    database.exec('CREATE TABLE later (x); PRAGMA user_version = 99');
    database.close();
    const before = fingerprint();
    const refusal = refusalOf(() => openSqliteJournal(directory));
    expect([refusal.kind, refusal.message]).toEqual(['newer-format', expect.stringContaining('format 99')]);
    expect(fingerprint()).toEqual(before);
  });

  test.each([
    ['no database', () => 'garbage'.repeat(1000)],
    ['an empty file', () => ''],
    [
      'overwritten inside',
      (file: Buffer) => Buffer.concat([file.subarray(0, 100), Buffer.alloc(4096, 0xff)]),
    ],
    ['cut short', (file: Buffer) => file.subarray(0, Math.floor(file.length / 2))],
  ])('when its file is %s', async (_, damage) => {
    const store = open();
    for (let i = 0; i < 200; i++) {
      store.transact((tx) => tx.put(vms, `vm${String(i)}`, { size: 'D4'.repeat(50) }));
    }
    await store.close();
    const path = join(directory, 'world.db');
    writeFileSync(path, damage(readFileSync(path)));
    const before = fingerprint();
    const refusal = refusalOf(() => openSqliteJournal(directory));
    expect([refusal.kind, refusal.message]).toEqual(['damaged', expect.stringContaining(directory)]);
    expect(fingerprint()).toEqual(before);
  });
});
