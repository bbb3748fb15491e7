import { ContainerServiceClient } from '@azure/arm-containerservice';
import { ClientSecretCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setShortage } from '../../src/azure/index.js';
import { startPoolkeeper } from '../../src/index.js';
import type { Poolkeeper } from '../../src/index.js';
import { send, signIn } from './http-client.js';

let poolkeeper: Poolkeeper;
let aks: ContainerServiceClient;

beforeAll(async () => {
  // A hundred times as fast as real time: the SDK's own pollers wait a second between two looks.
  poolkeeper = await startPoolkeeper({ mode: { kind: 'running', speed: 100 } });
  const { endpoint, tenantId, caPem, credentials } = poolkeeper;
  const tlsOptions = { ca: caPem };
  const credential = new ClientSecretCredential(tenantId, credentials.clientId, credentials.clientSecret, {
    authorityHost: endpoint,
    disableInstanceDiscovery: true,
    tlsOptions,
  });
  aks = new ContainerServiceClient(credential, poolkeeper.subscriptionId, { endpoint, tlsOptions });
  await send(poolkeeper, {
    method: 'PUT',
    path: `/subscriptions/${poolkeeper.subscriptionId}/resourcegroups/rg1?api-version=2021-04-01`,
    body: { location: 'westeurope' },
    headers: await signIn(poolkeeper),
  });
  await aks.managedClusters.createOrUpdate('rg1', 'shop', {
    location: 'westeurope',
    dnsPrefix: 'shop',
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' }],
  });
});
afterAll(() => poolkeeper.stop());

const all = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
};

describe('the official SDK with its own pollers', () => {
  test('reads and lists clusters', async () => {
    const cluster = await aks.managedClusters.get('rg1', 'shop');
    expect(cluster).toMatchObject({ name: 'shop', provisioningState: 'Succeeded', location: 'westeurope' });
    expect((await all(aks.managedClusters.list())).map(({ name }) => name)).toEqual(['shop']);
    expect((await all(aks.managedClusters.listByResourceGroup('rg1'))).map(({ name }) => name)).toEqual([
      'shop',
    ]);
  });

  test('creates, scales, reads and deletes a pool', async () => {
    const created = await aks.agentPools.createOrUpdate('rg1', 'shop', 'np1', {
      mode: 'User',
      count: 2,
      vmSize: 'Standard_D4s_v5',
      nodeLabels: { team: 'a' },
      nodeTaints: ['team=a:NoSchedule'],
      availabilityZones: ['1', '2'],
    });
    expect(created).toMatchObject({
      provisioningState: 'Succeeded',
      count: 2,
      availabilityZones: ['1', '2'],
    });
    const scaled = await aks.agentPools.createOrUpdate('rg1', 'shop', 'np1', { ...created, count: 4 });
    expect(scaled).toMatchObject({ count: 4, nodeLabels: { team: 'a' } });
    expect(await all(aks.machines.list('rg1', 'shop', 'np1'))).toHaveLength(4);
    expect((await all(aks.agentPools.list('rg1', 'shop'))).map(({ name }) => name)).toEqual([
      'np1',
      'system',
    ]);
    await aks.agentPools.delete('rg1', 'shop', 'np1');
    await expect(aks.agentPools.get('rg1', 'shop', 'np1')).rejects.toMatchObject({
      code: 'NotFound',
      statusCode: 404,
    });
  });

  test('is told why an operation failed', async () => {
    poolkeeper.world.store.transact((tx) =>
      setShortage(tx, { location: 'westeurope', size: 'Standard_D8s_v5', remaining: 1 }),
    );
    const create = aks.agentPools.createOrUpdate('rg1', 'shop', 'short', {
      mode: 'User',
      count: 3,
      vmSize: 'Standard_D8s_v5',
    });
    await expect(create).rejects.toThrow(/AllocationFailed/);
    expect(await aks.agentPools.get('rg1', 'shop', 'short')).toMatchObject({
      provisioningState: 'Failed',
      count: 3,
    });
  });

  test('is told what a request lacks', async () => {
    const create = aks.agentPools.createOrUpdate('rg1', 'shop', 'np2', {
      mode: 'User',
      vmSize: 'Standard_None',
    });
    await expect(create).rejects.toMatchObject({ code: 'VMSizeNotSupported', statusCode: 400 });
  });

  test('reads versions, upgrade profiles and credentials', async () => {
    const { values = [] } = await aks.managedClusters.listKubernetesVersions('westeurope');
    expect(values.map(({ version }) => version)).toContain('1.35');
    expect((await aks.agentPools.getUpgradeProfile('rg1', 'shop', 'system')).kubernetesVersion).toMatch(
      /^1\.\d+\.\d+$/,
    );
    const { kubeconfigs = [] } = await aks.managedClusters.listClusterUserCredentials('rg1', 'shop');
    expect(Buffer.from(kubeconfigs[0]?.value ?? []).toString()).toContain('current-context: shop');
  });
});
