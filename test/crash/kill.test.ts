import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Poolkeeper } from '../../src/index.js';
import { readFileSync } from 'node:fs';
import { Seed } from '../../src/sim/index.js';
import { end, startUp } from '../process.js';
import type { UpProcess } from '../process.js';
import { send, signIn } from '../wire/http-client.js';

const kills = 6;
const version = 'api-version=2026-06-01';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'poolkeeper-kill-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

type Target = Parameters<typeof send>[0];

/** One life of the server: what requests need of it. */
async function live(server: UpProcess) {
  const { endpoint, caPath, tenantId, clientId, clientSecret, subscriptionId } = server.connection;
  const credentials = { clientId, clientSecret };
  const target = { endpoint, tenantId, credentials, caPem: readFileSync(caPath, 'utf8') } as Target &
    Poolkeeper;
  const headers = await signIn(target);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg1`;
  const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/shop`;
  const call = (method: string, path: string, body?: unknown) =>
    send(target, { method, path: `${path}?${version}`, body, headers });
  return { call, group, cluster };
}

const propertiesOf = (body: unknown) => (body as { properties: Record<string, unknown> }).properties;

test(`killed ${String(kills)} times under load, it loses no write it acknowledged and ends every operation`, async () => {
  const random = new Seed('kill').stream('moments');
  const acknowledged: string[] = [];
  for (let life = 0; life < kills; life++) {
    const server = await startUp(home, ['--empty', '--data', join(home, 'world')]);
    const { call, group, cluster } = await live(server);
    if (life === 0) {
      await call('PUT', group, { location: 'westeurope' });
      const pool = { name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' };
      await call('PUT', cluster, {
        location: 'westeurope',
        properties: { dnsPrefix: 's', agentPoolProfiles: [pool] },
      });
      await expect
        .poll(async () => propertiesOf((await call('GET', cluster)).body)['provisioningState'], {
          timeout: 60_000,
        })
        .toBe('Succeeded');
    }
    // Writers put pools until the server is gone; an answer that came is a promise.
    const writers = [0, 1, 2].map(async (writer) => {
      for (let n = 0; n < 4; n++) {
        const name = `p${String(life)}w${String(writer)}n${String(n)}`;
        try {
          const { status } = await call('PUT', `${cluster}/agentPools/${name}`, {
            properties: { mode: 'User', count: 2, vmSize: 'Standard_D4s_v5' },
          });
          if (status === 201) acknowledged.push(name);
        } catch {
          return;
        }
      }
    });
    await new Promise((resolve) => setTimeout(resolve, random.int(1500)));
    await end(server.process, 'SIGKILL');
    await Promise.all(writers);
  }

  const server = await startUp(home, ['--empty', '--data', join(home, 'world')]);
  try {
    const { call, cluster } = await live(server);
    expect(acknowledged.length).toBeGreaterThan(0);
    const pools = async () =>
      (await call('GET', `${cluster}/agentPools`)).body as { value: { name: string }[] };
    const states = async () =>
      new Set((await pools()).value.map((pool) => propertiesOf(pool)['provisioningState']));
    expect((await pools()).value.map(({ name }) => name)).toEqual(expect.arrayContaining(acknowledged));
    await expect.poll(states, { timeout: 60_000 }).toEqual(new Set(['Succeeded']));
    for (const name of acknowledged) {
      const { body } = await call('GET', `${cluster}/agentPools/${name}/machines`);
      expect((body as { value: unknown[] }).value).toHaveLength(2);
    }
  } finally {
    await end(server.process, 'SIGTERM');
  }
});

test('a second process on the same data directory is told what to do', async () => {
  const data = join(home, 'world');
  const first = await startUp(home, ['--empty', '--data', data]);
  try {
    await expect(startUp(home, ['--empty', '--data', data])).rejects.toThrow(
      /ended with 1: ERROR: The data directory .* is in use by another process\. Stop that process/,
    );
  } finally {
    await end(first.process, 'SIGTERM');
  }
  const again = await startUp(home, ['--empty', '--data', data]);
  await end(again.process, 'SIGTERM');
  expect(again.output()).toContain('Stopping.');
});

test('a port that is taken is named', async () => {
  const first = await startUp(home, ['--ephemeral']);
  const port = new URL(first.connection.endpoint).port;
  try {
    await expect(startUp(home, ['--ephemeral', '--port', port])).rejects.toThrow(
      new RegExp(`ERROR: Port ${port} of 127.0.0.1 is in use`),
    );
  } finally {
    await end(first.process, 'SIGTERM');
  }
});
