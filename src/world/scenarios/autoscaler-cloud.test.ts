import { describe, expect, test } from 'vitest';
import type { CloudFailure } from '../../autoscaler/index.js';
import { setShortage } from '../../azure/index.js';
import { Scenario, location, size } from './autoscaler-cloud-fixtures.js';

const names = (scenario: Scenario): readonly string[] => scenario.vms.map(({ name }) => name);

describe('an autoscaled pool', () => {
  test('is a node group with its VMs', () => {
    const scenario = new Scenario();
    expect(scenario.group).toMatchObject({
      id: expect.stringMatching(/^aks-web-\d{8}-vmss$/) as unknown,
      pool: 'web',
      minSize: 1,
      maxSize: 10,
      targetSize: 2,
      isHeld: false,
      options: {},
    });
    const registered = scenario
      .nodes()
      .map(({ object }) => [object.spec.providerID?.toLowerCase(), object.metadata.name, 'running']);
    expect(scenario.group.instances.map(({ id, node, state }) => [id, node, state])).toEqual(registered);
  });

  test('has more VMs at once when it is increased, and its count follows without an operation', () => {
    const scenario = new Scenario();
    const { etag } = scenario.pool;
    expect(scenario.increase(3)).toBeUndefined();
    expect(scenario.pool.properties).toMatchObject({ count: 5, provisioningState: 'Succeeded' });
    expect(scenario.pool.etag).not.toBe(etag);
    expect([scenario.group.targetSize, scenario.states]).toEqual([5, { running: 2, creating: 3 }]);
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.nodes().length]).toEqual([{ running: 5 }, 5]);
  });

  test('loses the very nodes that are deleted, and counts them no longer', () => {
    const scenario = new Scenario({}, 4);
    const [first = '', second = '', third = '', fourth = ''] = names(scenario);
    expect(scenario.deleteNodes(first, third, 'nobody')).toBeUndefined();
    expect([scenario.pool.properties.count, scenario.group.targetSize]).toEqual([2, 2]);
    expect(scenario.states).toEqual({ deleting: 2, running: 2 });
    expect(scenario.deleteNodes(first)).toBeUndefined();
    scenario.cluster.pass(60);
    expect(scenario.nodes().map(({ object }) => object.metadata.name)).toEqual([second, fourth]);
    expect(scenario.coresUsed).toBe(3 * 4);
  });

  test('keeps its nodes at its minimum', () => {
    const scenario = new Scenario({ minCount: 2 });
    const [first = ''] = names(scenario);
    expect(scenario.deleteNodes(first)?.message).toBe('min size reached, nodes will not be deleted');
    expect(scenario.states).toEqual({ running: 2 });
  });

  test.each([
    [9, 'size increase too large - desired:11 max:10'],
    [0, 'size increase must be positive'],
  ])('is not increased by %d', (delta, message) => {
    const scenario = new Scenario();
    expect(scenario.increase(delta)).toEqual({ code: 'cloudProviderError', message, scarce: 'other' });
    expect(scenario.group.targetSize).toBe(2);
  });

  test('gives no target up: its target is what it has', () => {
    const scenario = new Scenario();
    expect([scenario.decreaseTarget(), scenario.group.targetSize]).toEqual([undefined, 2]);
  });

  test('costs what the list says, a spot pool what spot VMs do', () => {
    const regular = new Scenario().hourlyPrice();
    const spot = new Scenario({ scaleSetPriority: 'Spot' }).hourlyPrice();
    expect(regular).toBeGreaterThan(0);
    expect(spot === undefined || spot < (regular ?? 0)).toBe(true);
  });
});

describe('more VMs are refused at once, and none is made,', () => {
  const subnet = (scenario: Scenario): void => scenario.fillNodeSubnet(2);
  const quota = (names: object) => (scenario: Scenario) => scenario.limit({ quota: { [location]: names } });
  const restriction = (scenario: Scenario): void => scenario.limit({ restrictions: [{ location, size }] });

  test.each<[string, (scenario: Scenario) => void, Partial<CloudFailure>, object]>([
    [
      'over the quota of the family',
      quota({ standardDSv5Family: 20 }),
      { code: 'OperationNotAllowed', scarce: 'quota' },
      {},
    ],
    ['over the quota of the region', quota({ cores: 20 }), { code: 'QuotaExceeded', scarce: 'quota' }, {}],
    [
      'over the quota of spot VMs',
      quota({ lowPriorityCores: 16 }),
      { code: 'OperationNotAllowed', scarce: 'quota' },
      { scaleSetPriority: 'Spot' },
    ],
    ['when the subnet is too full', subnet, { code: 'SubnetIsFull', scarce: 'subnet' }, {}],
    ['of a size that is not offered', restriction, { code: 'SkuNotAvailable', scarce: 'capacity' }, {}],
  ])('%s', (_, prepare, failure, properties) => {
    const scenario = new Scenario(properties);
    prepare(scenario);
    const before = { etag: scenario.pool.etag, cores: scenario.coresUsed };
    expect(scenario.increase(3)).toMatchObject(failure);
    expect([scenario.states, scenario.pool.properties.count]).toEqual([{ running: 2 }, 2]);
    expect({ etag: scenario.pool.etag, cores: scenario.coresUsed }).toEqual(before);
  });

  test('when the pod CIDR has no range left for all, until nodes that go have given theirs back', () => {
    // Four ranges: the system pool has one.
    const ranges = { podCidr: '10.244.0.0/22', networkPluginMode: 'overlay' };
    const scenario = new Scenario({ maxCount: 3 }, 3, ranges);
    scenario.deleteNodes(...names(scenario).slice(1));
    expect(scenario.increase(2)).toMatchObject({ code: 'InsufficientPodCidr', scarce: 'subnet' });
    expect(scenario.states).toEqual({ running: 1, deleting: 2 });
    scenario.cluster.pass(60);
    expect(scenario.increase(2)).toBeUndefined();
  });
});

describe('VMs that nowhere have room', () => {
  test('are made, fail later, and hold quota and addresses but no capacity until they are deleted', () => {
    const scenario = new Scenario();
    scenario.transact((tx) => setShortage(tx, { location, size, remaining: 1 }));
    expect(scenario.increase(3)).toBeUndefined();
    expect(scenario.states).toEqual({ running: 2, creating: 3 });
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.pool.properties.count]).toEqual([{ running: 3, failed: 2 }, 5]);
    expect([scenario.coresUsed, scenario.addressesUsed(), scenario.capacityLeft()]).toEqual([24, 6, 0]);
    const failed = scenario.group.instances.filter(({ failure }) => failure);
    expect(failed.map(({ state, failure }) => [state, failure])).toEqual(
      Array.from({ length: 2 }, () => [
        'creating',
        {
          class: 'OutOfResource',
          code: 'provisioning-state-failed',
          message: 'Azure failed to provision a node for this node group',
          scarce: 'capacity',
        },
      ]),
    );
    expect(scenario.deleteNodes(...failed.map(({ node }) => node))).toBeUndefined();
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.pool.properties.count]).toEqual([{ running: 3 }, 3]);
    expect([scenario.coresUsed, scenario.addressesUsed(), scenario.capacityLeft()]).toEqual([16, 4, 0]);
  });

  test('in one zone are made in the others', () => {
    const scenario = new Scenario({ availabilityZones: ['1', '2', '3'] }, 3);
    scenario.transact((tx) => setShortage(tx, { location, size, zone: '2', remaining: 0 }));
    expect(scenario.increase(2)).toBeUndefined();
    scenario.cluster.pass(60);
    expect(scenario.vms.map(({ zone, state }) => [zone, state.kind])).toEqual(
      ['1', '2', '3', '1', '3'].map((zone) => [zone, 'running']),
    );
  });

  test('in no zone fail, evenly spread', () => {
    const scenario = new Scenario({ availabilityZones: ['1', '2'] });
    for (const zone of ['1', '2'])
      scenario.transact((tx) => setShortage(tx, { location, size, zone, remaining: 0 }));
    expect(scenario.increase(2)).toBeUndefined();
    scenario.cluster.pass(60);
    expect(scenario.vms.slice(2).map(({ zone, state }) => [zone, state.kind])).toEqual([
      ['1', 'failed'],
      ['2', 'failed'],
    ]);
    expect(scenario.vms.at(-1)?.state).toMatchObject({ error: { code: 'ZonalAllocationFailed' } });
  });

  test('can be deleted before they have failed, and never run', () => {
    const scenario = new Scenario();
    scenario.transact((tx) => setShortage(tx, { location, size, remaining: 0 }));
    scenario.increase(1);
    const [, , coming = ''] = names(scenario);
    scenario.deleteNodes(coming);
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.capacityLeft()]).toEqual([{ running: 2 }, 0]);
  });
});

describe('an operation beside the autoscaler', () => {
  test('ends although VMs of the pool have failed, and makes no others in their place', () => {
    const scenario = new Scenario();
    scenario.transact((tx) => setShortage(tx, { location, size, remaining: 0 }));
    scenario.increase(2);
    scenario.put({ maxCount: 12 });
    scenario.cluster.pass(60);
    expect(scenario.pool.properties).toMatchObject({
      provisioningState: 'Succeeded',
      count: 4,
      maxCount: 12,
    });
    expect(scenario.states).toEqual({ running: 2, failed: 2 });
  });

  test('does not hold the group when it changes labels, and counts what comes and goes meanwhile', () => {
    const scenario = new Scenario({}, 4);
    scenario.put({ nodeLabels: { a: 'b' } });
    expect([scenario.pool.properties.provisioningState, scenario.group.isHeld]).toEqual(['Updating', false]);
    const [oldest = ''] = names(scenario);
    expect(scenario.deleteNodes(oldest)).toBeUndefined();
    expect(scenario.increase(2)).toBeUndefined();
    expect(scenario.pool.properties.count).toBe(5);
    scenario.cluster.pass(60);
    expect([scenario.states, names(scenario).includes(oldest)]).toEqual([{ running: 5 }, false]);
    expect(scenario.pool.properties).toMatchObject({ count: 5, provisioningState: 'Succeeded' });
  });

  test('makes what a higher minimum wants once, whoever is first', () => {
    const scenario = new Scenario();
    scenario.put({ minCount: 5 });
    expect([scenario.pool.properties.count, scenario.group.targetSize]).toEqual([5, 2]);
    expect(scenario.increase(1)).toBeUndefined();
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.pool.properties.count]).toEqual([{ running: 5 }, 5]);
  });

  test('that cannot make what a higher minimum wants ends, and the autoscaler is not misled', () => {
    const scenario = new Scenario();
    scenario.transact((tx) => setShortage(tx, { location, size, remaining: 1 }));
    scenario.put({ minCount: 5 });
    scenario.cluster.pass(60);
    expect(scenario.pool.properties.provisioningState).toBe('Failed');
    expect(scenario.group).toMatchObject({ minSize: 5, targetSize: 3, isHeld: false });
    expect(scenario.increase(2)).toBeUndefined();
    expect(scenario.pool.properties.count).toBe(5);
  });

  test('takes failed VMs away first when the count is set lower by hand', () => {
    const scenario = new Scenario();
    scenario.transact((tx) => setShortage(tx, { location, size, remaining: 0 }));
    scenario.increase(1);
    scenario.cluster.pass(60);
    scenario.transact((tx) => setShortage(tx, { location, size, remaining: 1 }));
    scenario.increase(1);
    scenario.cluster.pass(60);
    expect(scenario.vms.map(({ state }) => state.kind)).toEqual(['running', 'running', 'failed', 'running']);
    scenario.put({ enableAutoScaling: false, count: 3 });
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.pool.properties.count]).toEqual([{ running: 3 }, 3]);
  });

  test('that disables the autoscaler keeps the nodes', () => {
    const scenario = new Scenario();
    scenario.increase(2);
    scenario.put({ enableAutoScaling: false });
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.groups()]).toEqual([{ running: 4 }, []]);
  });

  test('that deletes the pool takes the group away', () => {
    const scenario = new Scenario();
    scenario.deletePool();
    expect(scenario.groups()).toEqual([]);
    expect(scenario.increase(1)).toMatchObject({ scarce: 'other' });
  });

  test('that makes a pool tells of its group at its end', () => {
    const scenario = new Scenario();
    scenario.cluster.addPool('late', 1, { enableAutoScaling: true, minCount: 1, maxCount: 3 });
    expect(scenario.groups().map(({ pool }) => pool)).toEqual(['web']);
    scenario.cluster.pass(60);
    expect(scenario.groups().map(({ pool }) => pool)).toEqual(['late', 'web']);
  });
});

describe('spot VMs that Azure reclaims', () => {
  const spot = { scaleSetPriority: 'Spot' };

  test('are gone, with their place in the count, and their room is not given back', () => {
    const scenario = new Scenario(spot, 3);
    scenario.transact((tx) => setShortage(tx, { location, size, priority: 'Spot', remaining: 0 }));
    const [first] = scenario.vms;
    scenario.evict(first?.key ?? '');
    expect([scenario.pool.properties.count, scenario.group.targetSize]).toEqual([2, 2]);
    scenario.cluster.pass(60);
    expect([scenario.states, scenario.nodes().length, scenario.capacityLeft('Spot')]).toEqual([
      { running: 2 },
      2,
      0,
    ]);
    expect(scenario.pool.properties.provisioningState).toBe('Succeeded');
  });

  test('stay off, and count, by the policy Deallocate', () => {
    const scenario = new Scenario(
      { ...spot, scaleSetEvictionPolicy: 'Deallocate', osDiskType: 'Managed' },
      3,
    );
    const [first] = scenario.vms;
    scenario.evict(first?.key ?? '');
    scenario.cluster.pass(120);
    expect([scenario.pool.properties.count, scenario.group.targetSize]).toEqual([3, 3]);
    expect(scenario.states).toEqual({ running: 2, deallocated: 1 });
    expect(scenario.group.instances.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    const [node] = scenario.nodes();
    expect(node?.object.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('Unknown');
  });

  test('of regular priority there are none', () => {
    const scenario = new Scenario();
    scenario.evict(...scenario.vms.map(({ key }) => key));
    expect(scenario.states).toEqual({ running: 2 });
  });

  test('while their nodes join let an operation end', () => {
    const scenario = new Scenario({ ...spot, scaleSetEvictionPolicy: 'Deallocate', osDiskType: 'Managed' });
    scenario.increase(1);
    scenario.until(() => scenario.states['running'] === 3);
    scenario.put({ nodeLabels: { a: 'b' } });
    scenario.evict(scenario.vms.at(-1)?.key ?? '');
    scenario.cluster.pass(60);
    expect([scenario.pool.properties.provisioningState, scenario.states]).toEqual([
      'Succeeded',
      { running: 2, deallocated: 1 },
    ]);
  });
});
