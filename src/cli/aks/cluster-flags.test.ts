import { describe, expect, test } from 'vitest';
import { clusterChanges, clusterToUpdate } from './cluster-flags.js';
import type { ClusterUpdateFlags } from './cluster-flags.js';

const pool = { name: 'nodepool1', mode: 'System', count: 2, enableAutoScaling: false };
const scaled = { ...pool, enableAutoScaling: true, minCount: 1, maxCount: 5 };
const cluster = (...agentPoolProfiles: (typeof pool)[]) => ({
  location: 'westeurope',
  agentPoolProfiles,
  autoScalerProfile: { scanInterval: '10s', expander: 'random' },
});
const update = (flags: ClusterUpdateFlags, ...pools: (typeof pool)[]) =>
  clusterToUpdate(cluster(...(pools.length > 0 ? pools : [pool])), clusterChanges(flags));

describe('aks update', () => {
  test.each<[ClusterUpdateFlags, object]>([
    [
      { clusterAutoscalerProfile: ['scan-interval=30s', 'skip-nodes-with-system-pods=false'] },
      { autoScalerProfile: { scanInterval: '30s', skipNodesWithSystemPods: 'false', expander: 'random' } },
    ],
    [
      { caProfile: ['scan-interval=30s,expander=priority'] },
      { autoScalerProfile: { scanInterval: '30s', expander: 'priority' } },
    ],
    [
      { clusterAutoscalerProfile: ['ignore-daemonsets-utilization=true'] },
      { autoScalerProfile: { ignoreDaemonsetsUtilization: true } },
    ],
    [
      { enableClusterAutoscaler: true, minCount: '1', maxCount: '5' },
      { agentPoolProfiles: [{ name: 'nodepool1', enableAutoScaling: true, minCount: 1, maxCount: 5 }] },
    ],
    [{ tags: ['a=b'] }, { tags: { a: 'b' } }],
  ])('%j', (flags, expected) => {
    expect(update(flags)).toMatchObject({ kind: 'put', cluster: expected });
  });

  test('with an empty profile resets it', () => {
    expect(update({ clusterAutoscalerProfile: [''] })).toHaveProperty('cluster.autoScalerProfile', {});
  });

  test('turns the autoscaler off without its bounds', () => {
    const result = update({ disableClusterAutoscaler: true }, scaled);
    expect(result).toHaveProperty('cluster.agentPoolProfiles', [pool]);
  });

  test('only warns of what is so already', () => {
    expect(update({ disableClusterAutoscaler: true })).toMatchObject({ kind: 'nothing' });
  });

  test.each<[ClusterUpdateFlags, RegExp]>([
    [{}, /Please specify one or more of --cluster-autoscaler-profile/],
    [
      { clusterAutoscalerProfile: ['scan-intervall=10s'] },
      /'scan-intervall' is an invalid key for cluster-autoscaler-profile. Valid keys are scan-interval,/,
    ],
    [{ clusterAutoscalerProfile: ['daemonset-eviction-for-empty-nodes=1'] }, /must be true or false/],
    [{ enableClusterAutoscaler: true, updateClusterAutoscaler: true }, /only one of/],
    [{ enableClusterAutoscaler: true }, /both min-count and max-count/],
    [{ minCount: '1' }, /please use the flag/],
  ])('%j is refused', (flags, message) => {
    expect(() => update(flags)).toThrow(message);
  });

  test('of the autoscaler is refused for a cluster of several pools', () => {
    const flags = { enableClusterAutoscaler: true, minCount: '1', maxCount: '5' };
    expect(() => update(flags, pool, { ...pool, name: 'other' })).toThrow(/more than one node pool/);
  });
});
