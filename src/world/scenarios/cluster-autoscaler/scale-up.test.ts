import { describe, expect, test } from 'vitest';
import { ScalingScenario } from './fixtures.js';

describe('a pool that is autoscaled', () => {
  test('grows for a burst of pods by as many nodes as they take, and no further', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 10 } });
    scenario.deploy('web', { replicas: 14 });
    expect(scenario.sizesOver(120)).toEqual([
      [0, '1'],
      [10, '5'],
    ]);
    expect([scenario.waiting, scenario.told('TriggeredScaleUp')]).toEqual([
      0,
      ['pod triggered scale-up: [{aks-web 1->5 (max: 10)}]'],
    ]);
    expect(scenario.told('ScaledUpGroup')).toEqual([
      'Scale-up: setting group aks-web size to 5 instead of 1 (max: 10)',
      'Scale-up: group aks-web size set to 5 instead of 1 (max: 10)',
    ]);
  });

  test('stops at its maximum, and says so', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 3 } });
    scenario.deploy('web', { replicas: 14 });
    expect(scenario.sizesOver(120)).toEqual([
      [0, '1'],
      [10, '3'],
    ]);
    expect(scenario.told('NotTriggerScaleUp')).toEqual([
      "pod didn't trigger scale-up: 1 max node group size reached",
    ]);
    expect([scenario.waiting, scenario.alarms]).toEqual([5, ['pool web']]);
    scenario.scale('web', 9);
    scenario.cluster.pass(30);
    expect([scenario.waiting, scenario.alarms]).toEqual([0, []]);
  });
});

describe('of several pools', () => {
  test('those that are alike grow together', () => {
    const pools = { a: { min: 1, max: 10 }, b: { min: 3, max: 10 } };
    const scenario = ScalingScenario.open(pools, { profile: { 'balance-similar-node-groups': 'true' } });
    scenario.deploy('web', { replicas: 24, spec: { nodeSelector: { 'kubernetes.azure.com/mode': 'user' } } });
    expect(scenario.sizesOver(60)).toEqual([
      [0, '1 3'],
      [10, '4 4'],
    ]);
    expect(scenario.told('TriggeredScaleUp')).toEqual([
      'pod triggered scale-up: [{aks-a 1->4 (max: 10)} {aks-b 3->4 (max: 10)}]',
    ]);
  });

  test('one that is empty grows for the pods that ask for what it has and tolerate its taint', () => {
    const gpu = {
      vmSize: 'Standard_NC4as_T4_v3',
      nodeTaints: ['sku=gpu:NoSchedule'],
      nodeLabels: { team: 'ml' },
    };
    const pools = { web: { min: 1, max: 10 }, gpu: { min: 0, max: 2, properties: gpu } };
    const scenario = ScalingScenario.open(pools);
    const toleration = { key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' };
    const resources = { limits: { 'nvidia.com/gpu': '1' } };
    scenario.deploy('train', {
      replicas: 1,
      spec: {
        nodeSelector: { team: 'ml' },
        tolerations: [toleration],
        containers: [{ name: 'c', image: 'i:1', resources }],
      },
    });
    // Pods that ask for GPUs are waited with for half a minute.
    expect(scenario.sizesOver(90)).toEqual([
      [0, '1 0'],
      [30, '1 1'],
    ]);
    expect(scenario.told('TriggeredScaleUp')).toEqual(['pod triggered scale-up: [{aks-gpu 0->1 (max: 2)}]']);
  });

  test('none grows for pods that fit none of them, which are told why', () => {
    const tainted = { nodeTaints: ['sku=gpu:NoSchedule'] };
    const pools = { web: { min: 1, max: 10 }, big: { min: 0, max: 3, properties: tainted } };
    const scenario = ScalingScenario.open(pools);
    scenario.deploy('huge', { replicas: 2, cpu: '64' });
    expect(scenario.sizesOver(60)).toEqual([[0, '1 0']]);
    expect(scenario.told('NotTriggerScaleUp')).toEqual([
      "pod didn't trigger scale-up: 1 Insufficient cpu, 1 node(s) had untolerated taint(s)",
    ]);
    expect(scenario.alarms).toEqual(['cluster']);
  });

  test('each helps its own pods, one a loop', () => {
    const scenario = ScalingScenario.open({ a: { min: 0, max: 3 }, b: { min: 0, max: 3 } });
    scenario.deploy('one', { replicas: 3, pool: 'a' });
    scenario.deploy('two', { replicas: 5, pool: 'b' });
    const seen = scenario.sizesOver(60);
    expect(seen.at(-1)?.[1]).toBe('1 2');
    // Where loops are frequent, the next follows at once.
    expect(seen).toHaveLength(2);
  });
});

describe('what Azure does not give', () => {
  test('of quota is told as such, and another pool grows', () => {
    const other = { vmSize: 'Standard_E4s_v5' };
    const scenario = ScalingScenario.open({
      web: { min: 1, max: 10 },
      mem: { min: 0, max: 10, properties: other },
    });
    scenario.limit({ quota: { westeurope: { standardDSv5Family: 8 } } });
    scenario.deploy('web', { replicas: 5, pool: 'web' });
    expect(scenario.sizesOver(60)).toEqual([[0, '1 0']]);
    const [failed = ''] = scenario.told('FailedToScaleUpGroup');
    expect(failed).toContain('Scale-up failed for group aks-web: ');
    expect(failed).toContain('quota');
    expect(scenario.told('NotTriggerScaleUp')).toEqual([
      "pod didn't trigger scale-up: 1 in backoff after failed scale-up, 1 node(s) didn't match Pod's node affinity/selector",
    ]);
    expect(scenario.alarms).toEqual(['subscription quota web']);
    // After five minutes it is tried again.
    scenario.limit({ quota: { westeurope: { standardDSv5Family: 100 } } });
    expect(scenario.sizesOver(400)).toEqual([
      [0, '1 0'],
      [249, '2 0'],
    ]);
  });

  test('of a zone fails there, and the pool of another zone grows instead', () => {
    const zone = (number: string) => ({ min: 0, max: 5, properties: { availabilityZones: [number] } });
    const scenario = ScalingScenario.open(
      { z1: zone('1'), z2: zone('2') },
      { profile: { expander: 'priority' } },
    );
    scenario.limit({
      shortages: [{ location: 'westeurope', size: 'Standard_D4s_v5', zone: '1', remaining: 0 }],
    });
    scenario.in('kube-system').create('configmaps', {
      metadata: { name: 'cluster-autoscaler-priority-expander' },
      data: { priorities: '10: [".*"]\n20: ["-z1-"]' },
    });
    scenario.deploy('web', { replicas: 3, spec: { nodeSelector: { 'kubernetes.azure.com/mode': 'user' } } });
    const seen = scenario.sizesOver(120);
    expect(seen.map(([, sizes]) => sizes)).toEqual(['0 0', '1 0', '0 1']);
    expect(scenario.told('ScaleUpFailed')).toEqual([
      'Failed adding 1 nodes to group aks-z1 due to OutOfResource.provisioning-state-failed; source errors: Azure failed to provision a node for this node group',
    ]);
    expect([scenario.waiting, scenario.alarms]).toEqual([0, []]);
  });
});

test('spot comes first by priority, and on demand when there is none', () => {
  const spot = { scaleSetPriority: 'Spot', nodeLabels: { for: 'batch' } };
  const demand = { nodeLabels: { for: 'batch' } };
  const pools = {
    spot: { min: 0, max: 5, properties: spot },
    demand: { min: 0, max: 5, properties: demand },
  };
  const scenario = ScalingScenario.open(pools, { profile: { expander: 'priority' } });
  scenario.in('kube-system').create('configmaps', {
    metadata: { name: 'cluster-autoscaler-priority-expander' },
    data: { priorities: '10:\n  - .*demand.*\n50:\n  - .*spot.*\n' },
  });
  const toleration = { key: 'kubernetes.azure.com/scalesetpriority', operator: 'Exists' };
  const spec = { nodeSelector: { for: 'batch' }, tolerations: [toleration] };
  scenario.deploy('batch', { replicas: 3, spec });
  expect(scenario.sizesOver(60)).toEqual([
    [0, '0 0'],
    [10, '1 0'],
  ]);
  scenario.limit({ quota: { westeurope: { lowPriorityCores: 4 } } });
  scenario.scale('batch', 6);
  scenario.cluster.pass(60);
  expect([scenario.sizes, scenario.waiting]).toEqual([[1, 1], 0]);
});

test('a pool whose minimum was raised grows to it, without a pod', () => {
  const scenario = ScalingScenario.open({ web: { min: 1, max: 10 } });
  scenario.cluster.addPool('web', 1, { enableAutoScaling: true, minCount: 3, maxCount: 10 });
  expect(scenario.sizesOver(60).at(-1)?.[1]).toBe('3');
});
