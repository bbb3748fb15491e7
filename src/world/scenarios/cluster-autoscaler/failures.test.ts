import { describe, expect, test } from 'vitest';
import { fastLatency, stopInstances, virtualMachines } from '../../../azure/index.js';
import { evictSpotVms } from '../../../nodepools/index.js';
import { hours } from '../../../units/index.js';
import { ScalingScenario } from './fixtures.js';

test('nodes that never register are given up after a quarter of an hour, and their group is let be', () => {
  let isSlow = false;
  const latency = {
    ...fastLatency,
    get nodeJoin() {
      return isSlow ? { ...fastLatency.nodeJoin, min: hours(24), max: hours(24) } : fastLatency.nodeJoin;
    },
  };
  const pools = { a: { min: 0, max: 3 }, b: { min: 0, max: 3 } };
  const scenario = ScalingScenario.open(pools, { latency, profile: { expander: 'priority' } });
  scenario.in('kube-system').create('configmaps', {
    metadata: { name: 'cluster-autoscaler-priority-expander' },
    data: { priorities: '1: [".*"]\n2: ["-a-"]' },
  });
  isSlow = true;
  scenario.deploy('web', { replicas: 2, spec: { nodeSelector: { 'kubernetes.azure.com/mode': 'user' } } });
  scenario.cluster.pass(30);
  expect(scenario.sizes).toEqual([1, 0]);
  isSlow = false;
  // The loop after the quarter of an hour deletes it and lets another group grow.
  expect(scenario.sizesOver(1200)).toEqual([
    [0, '1 0'],
    [890, '0 1'],
  ]);
  expect(scenario.told('ScaleUpTimedOut')).toEqual([
    'Nodes added to group aks-a failed to register within 15m0s',
  ]);
  expect(scenario.told('DeleteUnregistered')).toEqual(['Removed unregistered node aks-a000000']);
  expect(scenario.waiting).toBe(0);
});

describe('an autoscaler', () => {
  /** Nodes whose VMs are off, which are not ready before long. */
  function withoutNodes(count: number, min: number): ScalingScenario {
    const scenario = ScalingScenario.open({ web: { min, max: 20, count: 8 } });
    const { store, clock } = scenario.cluster.world;
    const vms = store.list(virtualMachines).filter(({ name }) => name.includes('-web-'));
    store.transact((tx) =>
      stopInstances(
        tx,
        vms.slice(0, count).map(({ key }) => key),
        'stopped',
        clock.now(),
      ),
    );
    scenario.cluster.pass(1200);
    return scenario;
  }

  test('does nothing while too many of its nodes are not well', () => {
    const scenario = withoutNodes(5, 8);
    scenario.deploy('web', { replicas: 40 });
    scenario.cluster.pass(60);
    expect([scenario.sizes, scenario.told('ClusterUnhealthy')]).toEqual([[8], ['Cluster is unhealthy']]);
  });

  test('goes on while few are not well, and takes those away after twenty minutes', () => {
    const scenario = withoutNodes(2, 0);
    scenario.deploy('web', { replicas: 24 });
    scenario.cluster.pass(60);
    expect([scenario.sizes, scenario.waiting]).toEqual([[10], 0]);
    scenario.cluster.pass(1500);
    expect(scenario.sizes).toEqual([8]);
  });
});

describe('spot VMs that Azure takes back', () => {
  const properties = { scaleSetPriority: 'Spot' };
  const toleration = { key: 'kubernetes.azure.com/scalesetpriority', operator: 'Exists' };

  function evicted(min: number): ScalingScenario {
    const scenario = ScalingScenario.open({ spot: { min, max: 5, count: 2, properties } });
    scenario.deploy('batch', { replicas: 3, pool: 'spot', spec: { tolerations: [toleration] } });
    scenario.cluster.pass(60);
    const { store } = scenario.cluster.world;
    const vms = store.list(virtualMachines).filter(({ name }) => name.includes('-spot-'));
    const keys = vms.map(({ key }) => key);
    store.transact((tx) =>
      evictSpotVms(tx, scenario.cluster.world, `${scenario.cluster.key}/agentpools/spot`, keys),
    );
    return scenario;
  }

  test('are replaced as far as pods need them', () => {
    const scenario = evicted(0);
    expect(scenario.sizes).toEqual([0]);
    scenario.cluster.pass(120);
    expect([scenario.sizes, scenario.waiting]).toEqual([[1], 0]);
  });

  test('are replaced up to the minimum, whoever needs them', () => {
    const scenario = evicted(2);
    scenario.scale('batch', 0);
    scenario.cluster.pass(120);
    expect(scenario.sizes).toEqual([2]);
  });
});
