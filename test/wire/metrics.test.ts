import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceGroups } from '../../src/azure/index.js';
import { startPoolkeeper } from '../../src/index.js';
import type { Poolkeeper } from '../../src/index.js';
import { minutes } from '../../src/units/index.js';
import { send, signIn } from './http-client.js';

let poolkeeper: Poolkeeper;

const autoscaled = { enableAutoScaling: true, minCount: 1, maxCount: 3 };
const system = { name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5', ...autoscaled };
const sample = /^([a-z_:][a-z0-9_:]*)\{((?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*)\} (-?[\d.e+]+)$/;

describe('metrics', () => {
  beforeAll(async () => {
    poolkeeper = await startPoolkeeper({ mode: { kind: 'virtual' } });
    poolkeeper.world.store.transact((tx) => {
      const group = { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' } as const;
      for (const name of ['rg1', 'rg2']) tx.put(resourceGroups, name, { ...group, name });
    });
    const clusters = [
      ['rg1', 'shop'],
      ['rg1', 'twin'],
      ['rg2', 'twin'],
    ] as const;
    for (const [index, [resourceGroup, cluster]] of clusters.entries())
      poolkeeper.world.aks.putCluster(
        { resourceGroup, cluster },
        {
          location: 'westeurope',
          properties: { dnsPrefix: `c${String(index)}`, agentPoolProfiles: [system] },
        },
      );
    poolkeeper.clock.step(minutes(5));
  });
  afterAll(() => poolkeeper.stop());

  test('are given to a Reader in the text that Prometheus takes, without an api-version', async () => {
    const headers = await signIn(poolkeeper, poolkeeper.readerCredentials);
    const { status, headers: answered, body } = await send(poolkeeper, { path: '/metrics', headers });
    expect([status, answered['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const lines = String(body).trimEnd().split('\n');
    const names = new Set(lines.flatMap((line) => /^# TYPE (\S+) (?:gauge|counter)$/.exec(line)?.[1] ?? []));
    const samples = lines.filter((line) => !line.startsWith('# ')).map((line) => sample.exec(line) ?? line);
    expect(samples.filter((one) => typeof one === 'string')).toEqual([]);
    expect(new Set(samples.map((one) => one[1]))).toEqual(names);
    const targets = lines.filter((line) => line.startsWith('cluster_autoscaler_node_group_target_count{'));
    expect(targets.map((line) => line.replace(/-\d{8}-vmss/, ''))).toEqual([
      'cluster_autoscaler_node_group_target_count{cluster="shop",node_group="aks-system"} 1',
      'cluster_autoscaler_node_group_target_count{cluster="rg1/twin",node_group="aks-system"} 1',
      'cluster_autoscaler_node_group_target_count{cluster="rg2/twin",node_group="aks-system"} 1',
    ]);
  });

  test('are given to nobody without a token', async () => {
    expect(await send(poolkeeper, { path: '/metrics' })).toMatchObject({
      status: 401,
      body: { error: { code: 'AuthenticationFailed' } },
    });
  });
});
