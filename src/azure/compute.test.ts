import { describe, expect, test } from 'vitest';
import { Seed, SimClock } from '../sim/index.js';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import * as azure from './index.js';

const collections = [
  azure.virtualNetworks,
  azure.subnetUses,
  azure.addressLeases,
  azure.quotas,
  azure.shortages,
  azure.scaleSets,
  azure.virtualMachines,
];
const network: azure.VirtualNetwork = {
  id: '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v1',
  name: 'v1',
  resourceGroup: 'net',
  location: 'westeurope',
  addressPrefixes: ['10.224.0.0/12'],
  subnets: [
    { name: 'nodes', addressPrefix: '10.224.0.0/16' },
    { name: 'small', addressPrefix: '10.225.0.0/29' },
  ],
};

function world(overrides: Partial<azure.ScaleSet> = {}) {
  const clock = new SimClock({ start: instant(0), mode: { kind: 'virtual' } });
  const store = Store.open({ now: () => clock.now(), collections });
  const catalog = new azure.Catalog();
  const parts = { catalog, latency: azure.fastLatency, seed: new Seed(1) };
  const scaleSet = store.transact((tx) => {
    azure.putVirtualNetwork(tx, network);
    return azure.createScaleSet(tx, {
      id: '/subscriptions/s/resourceGroups/mc/providers/Microsoft.Compute/virtualMachineScaleSets/aks-np-1-vmss',
      name: 'aks-np-1-vmss',
      resourceGroup: 'mc',
      location: 'westeurope',
      vmSize: 'Standard_D4s_v5',
      zones: ['1', '2', '3'],
      priority: 'Regular',
      tags: {},
      agentPool: '/pool',
      addresses: [{ subnetId: `${network.id}/subnets/nodes`, count: 1 }],
      ...overrides,
    });
  });
  new azure.ComputeController({ store, clock, catalog }).start();
  const add = (count: number) =>
    store.transact((tx) => azure.createInstances(tx, parts, scaleSet.key, count, clock.now()));
  const raise = (count: number) =>
    store.transact((tx) => azure.raiseCapacity(tx, parts, scaleSet.key, count, clock.now()));
  const evict = (policy: 'Delete' | 'Deallocate', ...keys: readonly string[]) =>
    store.transact((tx) => azure.evictInstances(tx, parts, keys, policy, clock.now()));
  const remove = (keys: readonly string[]) =>
    store.transact((tx) => azure.beginDeleteInstances(tx, parts, keys, clock.now()));
  const vms = () => azure.liveInstances(store, scaleSet.key);
  const zones = () => vms().map(({ zone }) => zone);
  return { clock, store, scaleSet, add, raise, evict, remove, vms, zones };
}

describe('a scale set', () => {
  test('names its instances by base-36 numbers that only grow', () => {
    const { add, remove, vms, clock } = world();
    add(11);
    clock.runUntilIdle();
    expect(vms().at(-1)).toMatchObject({ name: 'aks-np-1-vmss00000a', instanceId: 10 });
    remove(vms().map(({ key }) => key));
    clock.runUntilIdle();
    add(1);
    expect(vms().map(({ name }) => name)).toEqual(['aks-np-1-vmss00000b']);
  });

  test('spreads instances over its zones', () => {
    const { add, zones } = world();
    add(5);
    expect(zones()).toEqual(['1', '2', '3', '1', '2']);
  });

  test('passes over a zone that has no room', () => {
    const { add, store, zones } = world();
    store.transact((tx) =>
      azure.setShortage(tx, { location: 'westeurope', size: 'Standard_D4s_v5', zone: '2', remaining: 0 }),
    );
    expect(add(4).failure).toBeUndefined();
    expect(zones()).toEqual(['1', '3', '1', '3']);
  });

  test.each([
    ['ZonalAllocationFailed', ['1', '2', '3']],
    ['AllocationFailed', []],
  ])('keeps what came up before %s', (code, zones) => {
    const { add, store, vms } = world({ zones });
    store.transact((tx) =>
      azure.setShortage(tx, { location: 'westeurope', size: 'Standard_D4s_v5', remaining: 2 }),
    );
    expect(add(5).failure?.code).toBe(code);
    expect(vms()).toHaveLength(2);
  });

  test('is not made of a size the subscription is not offered', () => {
    const { add, store, vms } = world();
    store.transact((tx) => azure.setRestriction(tx, { location: 'westeurope', size: 'Standard_D4s_v5' }));
    expect(add(2).failure).toMatchObject({ code: 'SkuNotAvailable', target: 'sku.name' });
    expect(vms()).toHaveLength(0);
  });

  test('is deleted only when its VMs are gone', () => {
    const { add, remove, store, vms, clock, scaleSet } = world();
    const drop = () => store.transact((tx) => azure.deleteScaleSet(tx, scaleSet.key));
    add(1);
    remove(vms().map(({ key }) => key));
    expect(drop).toThrow(/still has VMs/);
    clock.runUntilIdle();
    drop();
    expect(store.count(azure.scaleSets)).toBe(0);
  });

  test('stops at the quota, and gives it back with its VMs', () => {
    const { add, remove, store, vms, clock } = world();
    store.transact((tx) => azure.setQuotaLimit(tx, 'westeurope', 'cores', 10));
    expect(add(3).failure).toMatchObject({ code: 'QuotaExceeded' });
    expect([vms().length, azure.quotaOf(store, 'westeurope', 'standardDSv5Family').used]).toEqual([2, 8]);
    remove(vms().map(({ key }) => key));
    expect(azure.quotaOf(store, 'westeurope', 'cores').used).toBe(8);
    clock.runUntilIdle();
    expect(azure.quotaOf(store, 'westeurope', 'cores').used).toBe(0);
  });

  test('stops when its subnet is full, and gives addresses back with its VMs', () => {
    const small = `${network.id}/subnets/small`;
    const { add, remove, store, vms, clock } = world({ addresses: [{ subnetId: small, count: 1 }] });
    expect(add(5).failure).toMatchObject({ code: 'SubnetIsFull' });
    expect(vms().map(({ ip }) => ip)).toEqual(['10.225.0.4', '10.225.0.5', '10.225.0.6']);
    expect(() => store.transact((tx) => azure.deleteVirtualNetwork(tx, network.id))).toThrow(/is in use/);
    remove(vms().map(({ key }) => key));
    clock.runUntilIdle();
    expect(store.transact((tx) => azure.deleteVirtualNetwork(tx, network.id))).toBe(true);
  });

  test('has VMs that run after about a second of the fast profile', () => {
    const { add, vms, clock } = world();
    add(50);
    expect(new Set(vms().map(({ state }) => state.kind))).toEqual(new Set(['creating']));
    clock.runUntilIdle();
    expect(new Set(vms().map(({ state }) => state.kind))).toEqual(new Set(['running']));
    expect(clock.now()).toBeLessThanOrEqual(1400);
  });

  test('of 1,000 VMs moves them on in a handful of events', () => {
    const { add, clock } = world();
    add(1000);
    expect(clock.pending()).toBeLessThan(20);
  });

  test('a VM that is deleted while it is created never runs', () => {
    const { add, remove, store, vms, clock } = world();
    add(1);
    remove(vms().map(({ key }) => key));
    const states: string[] = [];
    store.watch({}, ({ changes }) => {
      for (const { after } of changes)
        states.push((after as azure.VirtualMachine | undefined)?.state?.kind ?? 'gone');
    });
    clock.runUntilIdle();
    expect(states).not.toContain('running');
    expect(store.count(azure.virtualMachines)).toBe(0);
  });
});

describe('a higher capacity', () => {
  const place = { location: 'westeurope', size: 'Standard_D4s_v5' };

  test('is taken whole or not at all', () => {
    const { raise, store, vms } = world();
    store.transact((tx) => azure.setQuotaLimit(tx, 'westeurope', 'cores', 10));
    expect(raise(3)).toMatchObject({ code: 'QuotaExceeded' });
    expect([vms(), azure.quotaOf(store, 'westeurope', 'cores').used]).toEqual([[], 0]);
    expect(raise(2)).toHaveLength(2);
  });

  test('counts the addresses of all its VMs, of each subnet they are in', () => {
    const small = `${network.id}/subnets/small`;
    const addresses = [
      { subnetId: small, count: 1 },
      { subnetId: small, count: 1 },
    ];
    const { raise, vms } = world({ addresses });
    expect(raise(2)).toMatchObject({ code: 'SubnetIsFull' });
    expect(vms()).toEqual([]);
    expect(raise(1)).toHaveLength(1);
  });

  test('has VMs that fail after their time where there is no room, and never run', () => {
    const { raise, store, vms, clock, remove } = world({ zones: [] });
    store.transact((tx) => azure.setShortage(tx, { ...place, remaining: 1 }));
    raise(2);
    expect(vms().map(({ state }) => state.kind)).toEqual(['creating', 'creating']);
    clock.runUntilIdle();
    expect(vms().map(({ state }) => state)).toMatchObject([
      { kind: 'running' },
      { kind: 'failed', error: { code: 'AllocationFailed' } },
    ]);
    remove(vms().map(({ key }) => key));
    clock.runUntilIdle();
    // What the failed VM never held does not come back.
    expect(azure.remainingCapacity(store, place, 'Regular')).toBe(1);
    expect(azure.quotaOf(store, 'westeurope', 'cores').used).toBe(0);
  });
});

describe('spot VMs that are evicted', () => {
  const place = { location: 'westeurope', size: 'Standard_D4s_v5' };

  test.each([
    ['Delete', 0, 2, 2],
    ['Deallocate', 1, 3, 2],
  ] as const)('by %s: %d are off, %d are there', (policy, off, present, running) => {
    const { add, evict, store, vms, clock } = world({ priority: 'Spot' });
    add(3);
    clock.runUntilIdle();
    store.transact((tx) => azure.setShortage(tx, { ...place, priority: 'Spot', remaining: 0 }));
    evict(policy, vms()[0]?.key ?? '');
    clock.runUntilIdle();
    expect(vms()).toHaveLength(present);
    expect(vms().filter(azure.isOff)).toHaveLength(off);
    expect(vms().filter(({ state }) => state.kind === 'running')).toHaveLength(running);
    expect(azure.quotaOf(store, 'westeurope', 'lowPriorityCores').used).toBe(4 * present);
    expect(azure.remainingCapacity(store, { ...place, zone: '1' }, 'Spot')).toBe(0);
  });

  test('are none of those that do not run yet, nor of regular priority', () => {
    const spot = world({ priority: 'Spot' });
    spot.add(1);
    spot.evict('Delete', spot.vms()[0]?.key ?? '');
    expect(spot.vms()).toHaveLength(1);
    const regular = world();
    regular.add(1);
    regular.clock.runUntilIdle();
    regular.evict('Delete', regular.vms()[0]?.key ?? '');
    expect(regular.vms()).toHaveLength(1);
  });
});

describe('a virtual network is refused', () => {
  const subnets = (...prefixes: string[]) =>
    prefixes.map((addressPrefix, index) => ({ name: `s${String(index)}`, addressPrefix }));

  test.each([
    ['no CIDR', { addressPrefixes: ['10.0.0.0'] }, 'InvalidCIDRNotation'],
    ['host bits set', { addressPrefixes: ['10.0.0.1/16'] }, 'InvalidCIDRNotation'],
    ['subnet outside', { subnets: subnets('11.0.0.0/24') }, 'NetcfgInvalidSubnet'],
    ['subnet too small', { subnets: subnets('10.224.0.0/30') }, 'NetcfgInvalidSubnet'],
    ['overlap', { subnets: subnets('10.224.0.0/24', '10.224.0.128/25') }, 'NetcfgSubnetRangesOverlap'],
    [
      'one name twice',
      { subnets: [...subnets('10.224.0.0/24'), { name: 'S0', addressPrefix: '10.224.1.0/24' }] },
      'InvalidRequestFormat',
    ],
  ])('%s', (_, change, code) => {
    const store = Store.open({ now: () => instant(0), collections });
    const put = () => store.transact((tx) => azure.putVirtualNetwork(tx, { ...network, ...change }));
    expect(put).toThrow(expect.objectContaining({ code }));
    expect(store.revision).toBe(0);
  });

  test('a subnet is found whatever the case of its id', () => {
    const store = Store.open({ now: () => instant(0), collections });
    store.transact((tx) => azure.putVirtualNetwork(tx, network));
    expect(azure.findSubnet(store, `${network.id}/SUBNETS/Nodes`)?.range).toMatchObject({ size: 65_536 });
    expect(azure.findSubnet(store, `${network.id}/subnets/none`)).toBeUndefined();
    expect(azure.findSubnet(store, 'nonsense')).toBeUndefined();
  });
});
