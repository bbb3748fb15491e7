import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AzureError, resourceGroups, setQuotaLimit, setShortage, virtualMachines } from '../azure/index.js';
import { nodes } from '../kube/index.js';
import type { Reply } from '../nodepools/index.js';
import { instant, milliseconds } from '../units/index.js';
import { World } from './index.js';
import type { WorldInit } from './index.js';

const cluster = { resourceGroup: 'rg1', cluster: 'shop' };
const poolPath = (agentPool: string) => ({ ...cluster, agentPool });
const day = instant(Date.UTC(2026, 7, 21));

const clusterBody = (pool: object = {}) => ({
  location: 'westeurope',
  properties: {
    dnsPrefix: 'shop',
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 2, vmSize: 'Standard_D4s_v5', ...pool }],
  },
});
const twoPools = {
  location: 'westeurope',
  properties: {
    dnsPrefix: 'shop',
    agentPoolProfiles: ['one', 'two'].map((name) => ({
      name,
      mode: 'System',
      count: 2,
      vmSize: 'Standard_D4s_v5',
    })),
  },
};
const poolBody = (properties: object = {}) => ({
  properties: { mode: 'User', count: 3, vmSize: 'Standard_D4s_v5', ...properties },
});

function open(init: Partial<WorldInit> = {}): World {
  const world = World.open({ mode: { kind: 'virtual' }, start: day, systemWorkloads: 'none', ...init });
  world.store.transact((tx) => {
    if (tx.get(resourceGroups, 'rg1')) return;
    tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
  });
  return world;
}

function withCluster(): World {
  const world = open();
  world.aks.putCluster(cluster, clusterBody());
  world.clock.runUntilIdle();
  return world;
}

const properties = (resource: unknown) => (resource as { properties: Record<string, unknown> }).properties;
const pool = (world: World, name: string) => properties(world.aks.getAgentPool(poolPath(name)));
const states = (world: World, name: string) => {
  const { provisioningState, count } = pool(world, name);
  return [provisioningState, count, world.aks.listMachines(poolPath(name)).length];
};
const outcome = (world: World, reply: Reply) => world.aks.operation(reply.operationId ?? '')?.['status'];
const nodesOf = (world: World, name: string) =>
  world.store.list(nodes).filter(({ agentPool }) => agentPool?.endsWith(`/${name}`));

function refusal(action: () => unknown): [number, string] {
  try {
    action();
  } catch (error) {
    if (error instanceof AzureError) return [error.status, error.code];
    throw error;
  }
  throw new Error('was not refused');
}

describe('a cluster', () => {
  test('is created with its pools, and then Succeeded with a node for each VM', () => {
    const world = open();
    const reply = world.aks.putCluster(cluster, clusterBody());
    expect([reply.status, properties(reply.body)['provisioningState']]).toEqual([201, 'Creating']);
    expect([outcome(world, reply), states(world, 'system')]).toEqual(['InProgress', ['Creating', 2, 0]]);
    world.clock.runUntilIdle();
    expect([outcome(world, reply), states(world, 'system')]).toEqual(['Succeeded', ['Succeeded', 2, 2]]);
    expect(properties(world.aks.getCluster(cluster))['provisioningState']).toBe('Succeeded');
    expect(
      nodesOf(world, 'system').map(({ object }) => object.metadata.labels?.['kubernetes.azure.com/mode']),
    ).toEqual(['system', 'system']);
  });

  test('is deleted with its pools, VMs, nodes and node resource group', () => {
    const world = withCluster();
    const reply = world.aks.deleteCluster(cluster);
    expect(reply.status).toBe(202);
    world.clock.runUntilIdle();
    expect(outcome(world, reply)).toBe('Succeeded');
    expect(refusal(() => world.aks.getCluster(cluster))).toEqual([404, 'ResourceNotFound']);
    expect([world.store.count(virtualMachines), world.store.count(nodes)]).toEqual([0, 0]);
    expect(world.store.list(resourceGroups).map(({ name }) => name)).toEqual(['rg1']);
    expect(world.aks.deleteCluster(cluster).status).toBe(204);
  });

  test('takes new tags', () => {
    const world = withCluster();
    world.aks.patchClusterTags(cluster, { tags: { owner: 'checkout' } });
    world.clock.runUntilIdle();
    expect(world.aks.getCluster(cluster)).toMatchObject({ tags: { owner: 'checkout' } });
  });

  test('whose creation is aborted is Canceled, with its pools', () => {
    const world = open();
    const created = world.aks.putCluster(cluster, clusterBody());
    const aborted = world.aks.abortCluster(cluster);
    expect([outcome(world, created), outcome(world, aborted)]).toEqual(['Canceled', 'InProgress']);
    world.clock.runUntilIdle();
    expect(outcome(world, aborted)).toBe('Succeeded');
    expect(properties(world.aks.getCluster(cluster))['provisioningState']).toBe('Canceled');
    expect(states(world, 'system')).toEqual(['Canceled', 0, 0]);
  });
});

describe('an agent pool', () => {
  test('grows to its count across zones, and its nodes carry its labels and taints', () => {
    const world = withCluster();
    const body = poolBody({
      availabilityZones: ['1', '2', '3'],
      nodeLabels: { team: 'batch' },
      nodeTaints: ['batch=true:NoSchedule'],
    });
    const reply = world.aks.putAgentPool(poolPath('batch'), body);
    expect([reply.status, states(world, 'batch')]).toEqual([201, ['Creating', 3, 0]]);
    world.clock.runUntilIdle();
    expect([outcome(world, reply), states(world, 'batch')]).toEqual(['Succeeded', ['Succeeded', 3, 3]]);
    const objects = nodesOf(world, 'batch').map(({ object }) => object);
    expect(objects.map(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone'])).toEqual([
      'westeurope-1',
      'westeurope-2',
      'westeurope-3',
    ]);
    expect(objects[0]?.metadata.labels?.['team']).toBe('batch');
    expect(objects[0]?.spec.taints).toEqual([{ key: 'batch', value: 'true', effect: 'NoSchedule' }]);
    expect(objects[0]?.metadata.name).toMatch(/^aks-batch-\d{8}-vmss000000$/);
  });

  test('takes about two seconds at the fast profile, whatever its size', () => {
    const world = withCluster();
    const start = world.clock.now();
    world.aks.putAgentPool(poolPath('big'), poolBody({ count: 250 }));
    world.clock.runUntilIdle();
    expect(states(world, 'big')).toEqual(['Succeeded', 250, 250]);
    expect(world.clock.now() - start).toBeLessThanOrEqual(2200);
  });

  test('scaled in loses its newest nodes, scaled out gets new names', () => {
    const world = withCluster();
    world.aks.putAgentPool(poolPath('np'), poolBody({ count: 3 }));
    world.clock.runUntilIdle();
    for (const count of [1, 2]) {
      const reply = world.aks.putAgentPool(poolPath('np'), poolBody({ count }));
      expect(properties(reply.body)['provisioningState']).toBe('Scaling');
      world.clock.runUntilIdle();
      expect(states(world, 'np')).toEqual(['Succeeded', count, count]);
    }
    const suffixes = world.aks.listMachines(poolPath('np')).map(({ name }) => String(name).slice(-6));
    expect(suffixes).toEqual(['000000', '000003']);
  });

  test('relabelled changes its nodes in place', () => {
    const world = withCluster();
    world.aks.putAgentPool(
      poolPath('np'),
      poolBody({ nodeLabels: { a: '1' }, nodeTaints: ['x=y:NoExecute'] }),
    );
    world.clock.runUntilIdle();
    const uids = nodesOf(world, 'np').map(({ object }) => object.metadata.uid);
    const reply = world.aks.putAgentPool(
      poolPath('np'),
      poolBody({ nodeLabels: { b: '2' }, nodeTaints: [] }),
    );
    expect(properties(reply.body)['provisioningState']).toBe('Updating');
    world.clock.runUntilIdle();
    const objects = nodesOf(world, 'np').map(({ object }) => object);
    expect(objects.map(({ metadata }) => metadata.uid)).toEqual(uids);
    expect([objects[0]?.metadata.labels?.['a'], objects[0]?.metadata.labels?.['b']]).toEqual([
      undefined,
      '2',
    ]);
    expect(objects[0]?.spec.taints).toBeUndefined();
  });

  test('that can have only part of its VMs is Failed with those, and a later PUT mends it', () => {
    const world = withCluster();
    const shortage = { location: 'westeurope', size: 'Standard_D4s_v5', remaining: 2 };
    world.store.transact((tx) => setShortage(tx, shortage));
    const reply = world.aks.putAgentPool(poolPath('np'), poolBody({ count: 5 }));
    world.clock.runUntilIdle();
    expect(world.aks.operation(reply.operationId ?? '')).toMatchObject({
      status: 'Failed',
      error: { code: 'AllocationFailed' },
    });
    expect(states(world, 'np')).toEqual(['Failed', 5, 2]);
    expect(pool(world, 'np')['status']).toMatchObject({ provisioningError: { code: 'AllocationFailed' } });

    world.store.transact((tx) => setShortage(tx, { ...shortage, remaining: 10 }));
    world.aks.putAgentPool(poolPath('np'), poolBody({ count: 5 }));
    world.clock.runUntilIdle();
    expect(states(world, 'np')).toEqual(['Succeeded', 5, 5]);
    expect(pool(world, 'np')['status']).toBeUndefined();
  });

  test('grows to the minimum when the autoscaler is switched on', () => {
    const world = withCluster();
    world.aks.putAgentPool(poolPath('np'), poolBody({ count: 1, maxPods: 30 }));
    world.clock.runUntilIdle();
    const bounds = { enableAutoScaling: true, minCount: 3, maxCount: 5 };
    world.aks.putAgentPool(poolPath('np'), poolBody({ count: 1, maxPods: 30, ...bounds }));
    world.clock.runUntilIdle();
    expect(states(world, 'np')).toEqual(['Succeeded', 3, 3]);
  });

  test('is deleted with its VMs and nodes', () => {
    const world = withCluster();
    world.aks.putAgentPool(poolPath('np'), poolBody());
    world.clock.runUntilIdle();
    const reply = world.aks.deleteAgentPool(poolPath('np'));
    expect(states(world, 'np')[0]).toBe('Deleting');
    world.clock.runUntilIdle();
    expect([reply.status, outcome(world, reply)]).toEqual([202, 'Succeeded']);
    expect(refusal(() => world.aks.getAgentPool(poolPath('np')))).toEqual([404, 'NotFound']);
    expect(nodesOf(world, 'np')).toEqual([]);
    expect(world.aks.deleteAgentPool(poolPath('np')).status).toBe(204);
  });

  test('deleted while it is created ends both operations', () => {
    const world = withCluster();
    const created = world.aks.putAgentPool(poolPath('np'), poolBody());
    const deleted = world.aks.deleteAgentPool(poolPath('np'));
    world.clock.runUntilIdle();
    expect([outcome(world, created), outcome(world, deleted)]).toEqual(['Canceled', 'Succeeded']);
    expect(world.store.count(virtualMachines)).toBe(2);
  });

  test('whose scaling is aborted keeps what it has and takes requests again', () => {
    const world = withCluster();
    world.aks.putAgentPool(poolPath('np'), poolBody());
    world.clock.runUntilIdle();
    const scaled = world.aks.putAgentPool(poolPath('np'), poolBody({ count: 9 }));
    const aborted = world.aks.abortAgentPool(poolPath('np'));
    expect(states(world, 'np')[0]).toBe('Canceling');
    world.clock.runUntilIdle();
    expect([outcome(world, scaled), outcome(world, aborted)]).toEqual(['Canceled', 'Succeeded']);
    expect(states(world, 'np')[0]).toBe('Canceled');
    world.aks.putAgentPool(poolPath('np'), poolBody({ count: 4 }));
    world.clock.runUntilIdle();
    expect(states(world, 'np')).toEqual(['Succeeded', 4, 4]);
  });
});

describe('a request is refused, and changes nothing,', () => {
  const busyPool = (world: World) => world.aks.putAgentPool(poolPath('np'), poolBody());
  const busyCluster = (world: World) => world.aks.patchClusterTags(cluster, { tags: {} });
  const deleting = (world: World) => {
    busyPool(world);
    world.aks.deleteAgentPool(poolPath('np'));
  };
  const idle = () => undefined;
  const noQuota = (world: World) => world.store.transact((tx) => setQuotaLimit(tx, 'westeurope', 'cores', 9));

  test.each<[string, (world: World) => unknown, (world: World) => unknown, number, string]>([
    [
      'PUT of a busy pool',
      busyPool,
      (w) => w.aks.putAgentPool(poolPath('np'), poolBody()),
      409,
      'OperationNotAllowed',
    ],
    [
      'PUT of a pool of a busy cluster',
      busyCluster,
      (w) => w.aks.putAgentPool(poolPath('np'), poolBody()),
      409,
      'OperationNotAllowed',
    ],
    [
      'DELETE of a pool of a busy cluster',
      busyCluster,
      (w) => w.aks.deleteAgentPool(poolPath('system')),
      409,
      'OperationNotAllowed',
    ],
    [
      'PUT of a cluster with a busy pool',
      busyPool,
      (w) => w.aks.putCluster(cluster, clusterBody()),
      409,
      'OperationNotAllowed',
    ],
    [
      'PUT of a pool being deleted',
      deleting,
      (w) => w.aks.putAgentPool(poolPath('np'), poolBody()),
      409,
      'OperationNotAllowed',
    ],
    [
      'abort of a deletion',
      deleting,
      (w) => w.aks.abortAgentPool(poolPath('np')),
      409,
      'OperationNotAllowed',
    ],
    ['abort of nothing', idle, (w) => w.aks.abortAgentPool(poolPath('system')), 409, 'OperationNotAllowed'],
    [
      'DELETE of the last pool',
      idle,
      (w) => w.aks.deleteAgentPool(poolPath('system')),
      400,
      'OperationNotAllowed',
    ],
    ['no quota', noQuota, busyPool, 400, 'ErrCode_InsufficientVCPUQuota'],
    [
      'pools that fit the quota one by one, not together',
      (w) => w.store.transact((tx) => setQuotaLimit(tx, 'westeurope', 'cores', 20)),
      (w) => w.aks.putCluster({ ...cluster, cluster: 'other' }, twoPools),
      400,
      'ErrCode_InsufficientVCPUQuota',
    ],
    [
      'no such subnet',
      idle,
      (w) =>
        w.aks.putCluster(
          { ...cluster, cluster: 'other' },
          clusterBody({
            vnetSubnetID: `/subscriptions/${w.subscription.id}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
          }),
        ),
      400,
      'SubnetNotFound',
    ],
    [
      'no resource group',
      idle,
      (w) => w.aks.getCluster({ resourceGroup: 'none', cluster: 'c' }),
      404,
      'ResourceGroupNotFound',
    ],
    [
      'no cluster',
      idle,
      (w) => w.aks.putAgentPool({ ...poolPath('np'), cluster: 'none' }, poolBody()),
      404,
      'ResourceNotFound',
    ],
    [
      'wrong eTag',
      idle,
      (w) => w.aks.putAgentPool(poolPath('system'), poolBody(), { ifMatch: 'x' }),
      412,
      'PreConditionFailed',
    ],
    [
      'exists already',
      idle,
      (w) => w.aks.putAgentPool(poolPath('system'), poolBody(), { ifNoneMatch: '*' }),
      412,
      'PreConditionFailed',
    ],
  ])('%s', (_, prepare, request, status, code) => {
    const world = withCluster();
    prepare(world);
    const before = world.store.revision;
    expect(refusal(() => request(world))).toEqual([status, code]);
    expect(world.store.revision).toBe(before);
  });
});

describe('a world', () => {
  test('of the same seed and requests has the same history, to the letter', () => {
    const history = () => {
      const world = open();
      const commits: unknown[] = [];
      world.store.watch({}, (commit) => commits.push(commit));
      world.aks.putCluster(cluster, clusterBody());
      world.clock.runUntilIdle();
      world.aks.putAgentPool(poolPath('np'), poolBody({ count: 20, availabilityZones: ['1', '2'] }));
      world.clock.step(milliseconds(900));
      world.aks.deleteAgentPool(poolPath('np'));
      world.clock.runUntilIdle();
      return JSON.stringify(commits);
    };
    expect(history()).toBe(history());
  });

  test('closed at any moment and opened again goes on to the same end', async () => {
    for (const closesAfter of [0, 500, 1000, 1500, 2000, 2500, 3000, 4000]) {
      const data = mkdtempSync(join(tmpdir(), 'poolkeeper-world-'));
      try {
        const first = open({ data });
        const created = first.aks.putCluster(cluster, clusterBody());
        first.clock.step(milliseconds(closesAfter));
        await first.close();
        const second = open({ data });
        second.clock.runUntilIdle();
        expect(outcome(second, created)).toBe('Succeeded');
        expect(states(second, 'system')).toEqual(['Succeeded', 2, 2]);
        expect(second.store.count(nodes)).toBe(2);
        await second.close();
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    }
  });
});
