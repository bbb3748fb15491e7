import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stopInstances, virtualMachines } from '../../../azure/index.js';
import type { WorldInit } from '../../index.js';
import { ScalingScenario } from './fixtures.js';

describe('a loop is not left out', () => {
  test('after pods were just as old as they have to be, which is not old enough', () => {
    const profile = { 'new-pod-scale-up-delay': '20s' };
    const scenario = ScalingScenario.open({ web: { min: 0, max: 3 } }, { profile });
    scenario.deploy('web', { replicas: 1 });
    expect(scenario.sizesOver(60)).toEqual([
      [0, '0'],
      [30, '1'],
    ]);
  });

  test.each(['1', '2', '3'])('when the next may draw another zone for a pool without nodes (%s)', (zone) => {
    const properties = { availabilityZones: ['1', '2', '3'] };
    const grownAt = (autoscalerLoops: 'every loop' | 'those that matter'): number | undefined => {
      const scenario = ScalingScenario.open({ web: { min: 0, max: 3, properties } }, { autoscalerLoops });
      const nodeSelector = { 'topology.kubernetes.io/zone': `westeurope-${zone}` };
      scenario.deploy('web', { replicas: 1, spec: { nodeSelector } });
      return scenario.sizesOver(250)[1]?.[0];
    };
    expect(grownAt('those that matter')).toBeLessThan(250);
    expect(grownAt('those that matter')).toBe(grownAt('every loop'));
  });

  test.each(['every loop', 'those that matter'] as const)(
    'when nobody waits any more for pods that do not end (%s)',
    (autoscalerLoops) => {
      const scenario = ScalingScenario.open({ web: { min: 0, max: 2 } }, { autoscalerLoops });
      scenario.deploy('web', { replicas: 1, cpu: '3', spec: { terminationGracePeriodSeconds: 30 } });
      // Until then it would count as one that has not started.
      scenario.cluster.pass(1000);
      const { store, clock } = scenario.cluster.world;
      const keys = store
        .list(virtualMachines)
        .filter(({ name }) => name.includes('-web-'))
        .map(({ key }) => key);
      store.transact((tx) => {
        stopInstances(tx, keys, 'stopped', clock.now());
      });
      const marked = (): number =>
        scenario.nodesOf('web').filter((node) => JSON.stringify(node.spec).includes('DeletionCandidate'))
          .length;
      // It is unreachable after 40 s, its pod is evicted after five minutes, should end within 30 s, and is awaited for 60 s more.
      expect(scenario.cluster.timeline(900, 1, marked)).toEqual([
        [0, 0],
        [432, 1],
      ]);
    },
  );
});

test('a world that is opened again while a change of the scan interval is under way has its loops when it would have had them', async () => {
  const data = mkdtempSync(join(tmpdir(), 'poolkeeper-scaling-'));
  const begin = (init: WorldInit): ScalingScenario => {
    const scenario = ScalingScenario.open({ web: { min: 0, max: 3 } }, init);
    const { aks } = scenario.cluster.world;
    const path = { resourceGroup: 'rg1', cluster: 'shop' };
    const { location, properties } = aks.cluster(path);
    const { dnsPrefix } = properties;
    aks.putCluster(path, {
      location,
      properties: { dnsPrefix, autoScalerProfile: { 'scan-interval': '35s' } },
    });
    scenario.deploy('web', { replicas: 1 });
    scenario.cluster.pass(1);
    return scenario;
  };
  try {
    const [alone, scenario] = [begin({}), begin({ data })];
    await scenario.reopen({ data });
    expect(scenario.sizesOver(60)).toEqual(alone.sizesOver(60));
    await scenario.cluster.world.close();
  } finally {
    rmSync(data, { recursive: true });
  }
});
