/** Durable commits a second and recovery time of the journal, beside the same commits each flushed alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store, defineCollection, openSqliteJournal } from '../src/store/index.js';
import { instant } from '../src/units/index.js';

const objects = defineCollection<{ readonly text: string }>('objects');
const text = 'x'.repeat(1000);
const now = () => instant(0);

const open = (directory: string) =>
  Store.open({ now, collections: [objects], journal: openSqliteJournal(directory) });

async function clients(store: Store, count: number, each: number): Promise<number> {
  const start = performance.now();
  const client = async (name: number) => {
    for (let i = 0; i < each; i++) {
      store.transact((tx) => tx.put(objects, `${String(name)}/${String(i)}`, { text }));
      await store.durable();
    }
  };
  await Promise.all(Array.from({ length: count }, (_, name) => client(name)));
  return (count * each) / ((performance.now() - start) / 1000);
}

const directory = mkdtempSync(join(tmpdir(), 'poolkeeper-bench-'));
try {
  const store = open(directory);
  const alone = await clients(store, 1, 1000);
  const together = await clients(store, 64, 500);
  await store.close();
  const start = performance.now();
  const again = open(directory);
  const recovery = performance.now() - start;
  const count = again.count(objects);
  await again.close();
  console.log(`durable commits of 1 KB, one client:      ${alone.toFixed(0)}/s (baseline)`);
  console.log(
    `durable commits of 1 KB, 64 clients:      ${together.toFixed(0)}/s (${(together / alone).toFixed(1)}x)`,
  );
  console.log(`recovery of ${String(count)} objects of 1 KB: ${recovery.toFixed(0)} ms`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
