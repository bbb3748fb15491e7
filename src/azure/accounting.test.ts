import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import { addressLeases, freeAddresses, leaseAddresses, releaseAddresses, subnetUses } from './addresses.js';
import type { SubnetRange } from './addresses.js';
import {
  allocationFailed,
  clearShortage,
  remainingCapacity,
  setRestriction,
  setShortage,
  shortages,
  useCapacity,
} from './capacity.js';
import { Catalog } from './catalog.js';
import { AzureError } from './error.js';
import { quotaExceeded, quotaOf, quotaShortfall, quotas, setQuotaLimit, useQuota } from './quota.js';

const open = () =>
  Store.open({ now: () => instant(0), collections: [addressLeases, subnetUses, shortages, quotas] });

const subnetOf = (prefixLength: number): SubnetRange => ({
  key: '/subnets/nodes',
  name: 'nodes',
  prefix: `10.0.0.0/${String(prefixLength)}`,
  size: 2 ** (32 - prefixLength),
});

describe('addresses of a subnet', () => {
  test.each([
    [24, 251],
    [25, 123],
    [26, 59],
    [27, 27],
    [28, 11],
    [29, 3],
  ])('a /%i has %i for leases', (prefixLength, free) => {
    expect(freeAddresses(open(), subnetOf(prefixLength))).toBe(free);
  });

  test('one more than is free is SubnetIsFull, and takes nothing', () => {
    const store = open();
    const subnet = subnetOf(28);
    const refused = store.transact((tx) => leaseAddresses(tx, subnet, 'vm', 12));
    expect(refused).toBeInstanceOf(AzureError);
    expect(refused).toMatchObject({
      code: 'SubnetIsFull',
      message:
        'Subnet nodes with address prefix 10.0.0.0/28 does not have enough capacity for 12 IP addresses.',
    });
    expect(freeAddresses(store, subnet)).toBe(11);
  });

  const step = fc.record({
    owner: fc.constantFrom('a', 'b', 'c', 'd'),
    count: fc.integer({ min: 1, max: 9 }),
  });
  test('are never leased twice nor outside the subnet, and all come back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = open();
        const subnet = subnetOf(27);
        for (const { owner, count } of steps) {
          store.transact((tx) => {
            if (tx.count(addressLeases, 'byOwner', owner) > 0) releaseAddresses(tx, owner);
            else leaseAddresses(tx, subnet, owner, count);
          });
          const leased = store
            .list(addressLeases)
            .flatMap(({ blocks }) => blocks)
            .flatMap(({ first, count: n }) => Array.from({ length: n }, (_, index) => first + index));
          expect(new Set(leased).size).toBe(leased.length);
          for (const address of leased) {
            expect(address).toBeGreaterThanOrEqual(4);
            expect(address).toBeLessThan(31);
          }
          expect(freeAddresses(store, subnet)).toBe(27 - leased.length);
        }
        for (const owner of ['a', 'b', 'c', 'd']) store.transact((tx) => releaseAddresses(tx, owner));
        expect(freeAddresses(store, subnet)).toBe(27);
      }),
    );
  });
});

describe('quota', () => {
  const size = new Catalog().vmSize('Standard_D4s_v5');
  if (!size) throw new Error('the catalogue has no D4s_v5');
  const location = 'westeurope';

  test.each([
    // family limit, regional limit, spot limit, priority, VMs: exceeded
    [16, 100, 100, 'Regular', 4, undefined],
    [16, 100, 100, 'Regular', 5, 'family'],
    [100, 16, 100, 'Regular', 5, 'regional'],
    [0, 0, 20, 'Spot', 5, undefined],
    [0, 0, 16, 'Spot', 5, 'spot'],
  ] as const)(
    'family %i, regional %i, spot %i: %s x %i',
    (family, regional, spot, priority, count, exceeded) => {
      const store = open();
      store.transact((tx) => {
        setQuotaLimit(tx, location, size.family, family);
        setQuotaLimit(tx, location, 'cores', regional);
        setQuotaLimit(tx, location, 'lowPriorityCores', spot);
      });
      expect(quotaShortfall(store, location, [{ size, count, priority }])?.scope).toBe(exceeded);
    },
  );

  test('counts what is used until it is given back', () => {
    const store = open();
    store.transact((tx) => useQuota(tx, { location, size, priority: 'Regular' }, 3));
    expect([quotaOf(store, location, size.family).used, quotaOf(store, location, 'cores').used]).toEqual([
      12, 12,
    ]);
    store.transact((tx) => useQuota(tx, { location, size, priority: 'Regular' }, -3));
    expect(quotaOf(store, location, 'cores').used).toBe(0);
  });

  test.each([
    // scope, name: code, called
    ['family', 'standardDASv5Family', 'OperationNotAllowed', 'standardDASv5Family Cores'],
    ['regional', 'cores', 'QuotaExceeded', 'Total Regional Cores'],
    ['spot', 'lowPriorityCores', 'OperationNotAllowed', 'LowPriorityCores'],
  ] as const)('of %s %s that is exceeded is %s: %s', (scope, name, code, called) => {
    const shortfall = { scope, name, limit: 100, used: 96, left: 4, requested: 64 };
    const error = quotaExceeded('eastus', shortfall);
    expect(error.code).toBe(code);
    expect(error.message).toBe(
      `Operation could not be completed as it results in exceeding approved ${called} quota. Additional details - ` +
        'Deployment Model: Resource Manager, Location: eastus, Current Limit: 100, Current Usage: 96, ' +
        'Additional Required: 64, (Minimum) New Limit Required: 160.',
    );
  });
});

describe('capacity', () => {
  const place = { location: 'eastus', size: 'Standard_D4s_v5' };

  test('of a zone is bounded by the zone and by the region, and comes back', () => {
    const store = open();
    const left = (zone?: string) =>
      remainingCapacity(
        store,
        { location: 'eastus', size: 'standard_d4s_V5', ...(zone && { zone }) },
        'Regular',
      );
    expect(left('1')).toBe(Infinity);
    store.transact((tx) => {
      setShortage(tx, { ...place, remaining: 5 });
      setShortage(tx, { ...place, zone: '1', remaining: 1 });
      useCapacity(tx, { ...place, zone: '1' }, 'Regular', 1);
    });
    expect([left('1'), left('2'), left()]).toEqual([0, 4, 4]);
    store.transact((tx) => useCapacity(tx, { ...place, zone: '1' }, 'Regular', -1));
    store.transact((tx) => clearShortage(tx, 'eastus', 'Standard_D4s_v5'));
    expect([left('1'), left('2')]).toEqual([1, Infinity]);
  });

  test('of spot VMs can end alone, and is used up by VMs on demand too', () => {
    const store = open();
    const left = () => [remainingCapacity(store, place, 'Regular'), remainingCapacity(store, place, 'Spot')];
    store.transact((tx) => {
      setShortage(tx, { ...place, remaining: 5 });
      setShortage(tx, { ...place, priority: 'Spot', remaining: 1 });
    });
    expect(left()).toEqual([5, 1]);
    store.transact((tx) => useCapacity(tx, place, 'Spot', 1));
    expect(left()).toEqual([4, 0]);
    store.transact((tx) => clearShortage(tx, 'eastus', 'Standard_D4s_v5', undefined, 'Spot'));
    expect(left()).toEqual([4, 4]);
  });

  test('that is restricted does not come back when a VM goes', () => {
    const store = open();
    store.transact((tx) => setRestriction(tx, place));
    store.transact((tx) => useCapacity(tx, place, 'Regular', -1));
    expect(remainingCapacity(store, place, 'Regular')).toBe(0);
  });

  test.each([
    // short zones, restricted zones, zones asked for: code
    [['1', '2'], [], ['1', '2'], 'ZonalAllocationFailed'],
    [['1'], ['2'], ['1', '2'], 'ZonalAllocationFailed'],
    [[], ['1', '2'], ['1', '2'], 'SkuNotAvailable'],
    [[], [undefined], ['1'], 'SkuNotAvailable'],
    [[], [undefined], [], 'SkuNotAvailable'],
    [[undefined], [], [], 'AllocationFailed'],
  ] as const)('short in %j, restricted in %j: zones %j fail with %s', (short, restricted, zones, code) => {
    const store = open();
    store.transact((tx) => {
      for (const zone of short) setShortage(tx, { ...place, ...(zone && { zone }), remaining: 0 });
      for (const zone of restricted) setRestriction(tx, { ...place, ...(zone && { zone }) });
    });
    expect(allocationFailed(store, place, zones).code).toBe(code);
  });
});
