import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Seed, SimClock } from '../sim/index.js';
import { Store } from '../store/index.js';
import { instant, milliseconds } from '../units/index.js';
import * as azure from './index.js';

const location = 'westeurope';
const vmSize = 'Standard_D4s_v5';
const family = 'standardDSv5Family';
const networkId = '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v1';
const subnetKey = azure.armKey(`${networkId}/subnets/nodes`);
const catalog = new azure.Catalog();
const parts = { catalog, latency: azure.fastLatency, seed: new Seed(1) };

/** A subscription with a /26 of addresses and two scale sets: three zones on demand, no zone on spot. */
function open() {
  const clock = new SimClock({ start: instant(0), mode: { kind: 'paused' } });
  const store = Store.open({
    now: () => clock.now(),
    collections: [
      azure.virtualNetworks,
      azure.subnetUses,
      azure.addressLeases,
      azure.quotas,
      azure.shortages,
      azure.scaleSets,
      azure.virtualMachines,
    ],
  });
  const scaleSets = store.transact((tx) => {
    azure.putVirtualNetwork(tx, {
      id: networkId,
      name: 'v1',
      resourceGroup: 'net',
      location,
      addressPrefixes: ['10.0.0.0/16'],
      subnets: [{ name: 'nodes', addressPrefix: '10.0.1.0/26' }],
    });
    const make = (name: string, zones: readonly string[], priority: azure.Priority, count: number) =>
      azure.createScaleSet(tx, {
        id: azure.armId('s', 'mc', azure.scaleSetType, name),
        name,
        resourceGroup: 'mc',
        location,
        vmSize,
        zones,
        priority,
        tags: {},
        agentPool: `/${name}`,
        addresses: [{ subnetId: subnetKey, count }],
      });
    return [make('zonal', ['1', '2', '3'], 'Regular', 1), make('spot', [], 'Spot', 5)] as const;
  });
  new azure.ComputeController({ store, clock, catalog }).start();
  return { clock, store, scaleSets };
}

type World = ReturnType<typeof open>;
const whichScaleSet = fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>;

const step: fc.Arbitrary<(world: World) => void> = fc.oneof(
  fc.tuple(whichScaleSet, fc.integer({ min: 1, max: 9 })).map(([which, count]) => (world: World) => {
    const { clock, store, scaleSets } = world;
    store.transact((tx) => azure.createInstances(tx, parts, scaleSets[which].key, count, clock.now()));
  }),
  fc
    .tuple(whichScaleSet, fc.nat(20), fc.integer({ min: 1, max: 6 }))
    .map(([which, skip, count]) => (world: World) => {
      const { clock, store, scaleSets } = world;
      const keys = azure
        .liveInstances(store, scaleSets[which].key)
        .slice(skip, skip + count)
        .map(({ key }) => key);
      store.transact((tx) => azure.beginDeleteInstances(tx, parts, keys, clock.now()));
    }),
  fc.nat(1500).map(
    (span) =>
      ({ clock }: World) =>
        clock.step(milliseconds(span)),
  ),
  fc
    .tuple(fc.constantFrom(family, 'cores', 'lowPriorityCores'), fc.nat(80))
    .map(([name, limit]) => ({ store }: World) => {
      store.transact((tx) => azure.setQuotaLimit(tx, location, name, limit));
    }),
  fc.tuple(fc.constantFrom('1', '2', '3'), fc.nat(5)).map(([zone, remaining]) => ({ store }: World) => {
    store.transact((tx) => azure.setShortage(tx, { location, size: vmSize, zone, remaining }));
  }),
);

/** Checks the books against what is there. */
function check({ store }: World, seen: Map<string, string>): void {
  const vms = store.list(azure.virtualMachines);
  const cores = (priority: azure.Priority) => 4 * vms.filter((vm) => vm.priority === priority).length;
  expect(azure.quotaOf(store, location, family).used).toBe(cores('Regular'));
  expect(azure.quotaOf(store, location, 'cores').used).toBe(cores('Regular'));
  expect(azure.quotaOf(store, location, 'lowPriorityCores').used).toBe(cores('Spot'));

  const leases = store.list(azure.addressLeases);
  const leased = leases.flatMap(({ blocks }) =>
    blocks.flatMap(({ first, count }) => Array.from({ length: count }, (_, index) => first + index)),
  );
  expect(leases.map(({ owner }) => owner)).toEqual(vms.map(({ key }) => key));
  expect(new Set(leased).size).toBe(leased.length);
  expect(leased.every((address) => address >= 4 && address < 63)).toBe(true);
  const { range } = azure.findSubnet(store, subnetKey) ?? {};
  expect(range && azure.freeAddresses(store, range)).toBe(59 - leased.length);
  const { released = [], top = 4 } = store.get(azure.subnetUses, subnetKey) ?? {};
  const ends = [...released.slice(1).map(({ first }) => first), top];
  expect(released.every(({ first, count }, index) => first + count < (ends[index] ?? 0))).toBe(true);

  // No name ever stands for two VMs: a VM that is seen again has the address it had.
  for (const { name, ip } of vms) {
    expect(seen.get(name) ?? ip).toBe(ip);
    seen.set(name, ip);
  }
}

test('quota, addresses and names stay right whatever happens', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const world = open();
      const seen = new Map<string, string>();
      for (const run of steps) {
        run(world);
        check(world, seen);
      }
      const { clock, store } = world;
      const keys = store.list(azure.virtualMachines).map(({ key }) => key);
      store.transact((tx) => azure.beginDeleteInstances(tx, parts, keys, clock.now()));
      clock.step(milliseconds(10_000));
      check(world, seen);
      expect(store.count(azure.virtualMachines)).toBe(0);
      expect(store.get(azure.subnetUses, subnetKey) ?? { used: 0, top: 4, released: [] }).toEqual({
        used: 0,
        top: 4,
        released: [],
      });
    }),
    { numRuns: 60 },
  );
});

test('zones that have room differ by one VM at most as a scale set grows', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }), (counts) => {
      const { clock, store, scaleSets } = open();
      const [{ key }] = scaleSets;
      for (const count of counts) {
        store.transact((tx) => azure.createInstances(tx, parts, key, count, clock.now()));
        const perZone = ['1', '2', '3'].map(
          (zone) => azure.liveInstances(store, key).filter((vm) => vm.zone === zone).length,
        );
        expect(Math.max(...perZone) - Math.min(...perZone)).toBeLessThanOrEqual(1);
      }
    }),
  );
});
