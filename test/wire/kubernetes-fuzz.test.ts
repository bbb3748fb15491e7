import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeFault, fuzz } from '../fuzz/run.js';
import { openCluster } from './cluster.js';
import type { TestCluster } from './cluster.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.poolkeeper.stop());

test('whatever is sent to the API server, it answers, refuses in words, and goes on', async () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
  console.log(`FUZZ_SEED=${String(seed)}`);
  const { server, token, poolkeeper } = cluster;
  const target = { server, token, caPem: poolkeeper.caPem };
  const { answered, statuses, faults } = await fuzz({ target, requests: 3000, seed });
  expect(faults.map(describeFault)).toEqual([]);
  expect(answered).toBe(3000);
  // It is about objects as well as refusals.
  for (const status of [200, 201, 400, 404, 409, 422]) expect(statuses.get(status) ?? 0).toBeGreaterThan(3);
});
