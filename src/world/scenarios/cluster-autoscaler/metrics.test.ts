import { describe, expect, test } from 'vitest';
import { autoscalerMetrics } from '../../../autoscaler/index.js';
import { ScalingScenario } from './fixtures.js';

/** Samples as `name{label=value,…}`, without prefix and the cluster's name, and their values. */
function measured(scenario: ScalingScenario): ReadonlyMap<string, number> {
  const { store, cloud, clock } = scenario.cluster.world;
  const found = new Map<string, number>();
  for (const { name, samples } of autoscalerMetrics(store, cloud, clock.now(), () => 'shop'))
    for (const { labels, value } of samples) {
      const { cluster, ...others } = labels;
      expect(cluster).toBe('shop');
      const told = Object.entries(others).map(([label, text]) => `${label}=${text}`);
      const group = told.join(',').replace(/aks-(\w+)-\d+-vmss/, '$1');
      found.set(`${name.replace('cluster_autoscaler_', '')}${told.length > 0 ? `{${group}}` : ''}`, value);
    }
  return found;
}

/** Those of these names. */
const of = (all: ReadonlyMap<string, number>, ...names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...all].filter(([key]) => names.includes(key.replace(/\{.*/, ''))));

/** Bytes that a node of 16 GiB tells of: the machine keeps some to itself. */
const capacity = 16_771_907_584;

describe('what an autoscaler measures', () => {
  test('has every name and label', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 3 } });
    const all = measured(scenario);
    expect([...all.keys()]).toEqual([
      'cluster_safe_to_autoscale',
      ...['ready', 'unready', 'notStarted', 'longUnregistered', 'unregistered'].map(
        (state) => `nodes_count{state=${state}}`,
      ),
      'node_groups_count{node_group_type=autoscaled}',
      'node_groups_count{node_group_type=autoprovisioned}',
      'unschedulable_pods_count{type=unschedulable}',
      'unschedulable_pods_count{type=scheduler_unprocessed}',
      'max_nodes_count',
      'cluster_cpu_current_cores',
      'cpu_limits_cores{direction=minimum}',
      'cpu_limits_cores{direction=maximum}',
      'cluster_memory_current_bytes',
      'memory_limits_bytes{direction=minimum}',
      'memory_limits_bytes{direction=maximum}',
      'node_group_min_count{node_group=web}',
      'node_group_max_count{node_group=web}',
      'node_group_target_count{node_group=web}',
      'node_group_healthiness{node_group=web}',
      'node_group_backoff_status{node_group=web,reason=}',
      'last_activity{activity=main}',
      'last_activity{activity=autoscaling}',
      'last_activity{activity=scaleDown}',
      'unneeded_nodes_count',
      'scale_down_in_cooldown',
      'pending_node_deletions',
      'node_taints_count{type=node.kubernetes.io/unschedulable}',
      'scaled_up_nodes_total',
      ...['cloudProviderError', 'apiCallError', 'timeout'].map(
        (one) => `failed_scale_ups_total{reason=${one}}`,
      ),
      ...['empty', 'underutilized', 'unready'].map((one) => `scaled_down_nodes_total{reason=${one}}`),
      'evicted_pods_total{eviction_result=succeeded}',
      'evicted_pods_total{eviction_result=failed}',
      ...['cloudProviderError', 'apiCallError', 'internalError'].map((one) => `errors_total{type=${one}}`),
      'old_unregistered_nodes_removed_count',
      ...['up', 'down'].flatMap((direction) =>
        ['CpuResourceLimit', 'MemoryResourceLimit'].map(
          (reason) => `skipped_scale_events_count{direction=${direction},reason=${reason}}`,
        ),
      ),
    ]);
    expect(of(all, 'cluster_safe_to_autoscale', 'nodes_count', 'max_nodes_count')).toEqual({
      cluster_safe_to_autoscale: 1,
      'nodes_count{state=ready}': 2,
      'nodes_count{state=unready}': 0,
      'nodes_count{state=notStarted}': 0,
      'nodes_count{state=longUnregistered}': 0,
      'nodes_count{state=unregistered}': 0,
      max_nodes_count: 3,
    });
    expect(all.get('cluster_cpu_current_cores')).toBe(8);
    expect(all.get('cluster_memory_current_bytes')).toBe(2 * capacity);
    expect(
      scenario.cluster.world.clock.now() / 1000 - (all.get('last_activity{activity=main}') ?? 0),
    ).toBeLessThan(10);
  });

  test('tells of growth up to the maximum, and of what is exhausted', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 3 } });
    scenario.deploy('web', { replicas: 14 });
    scenario.cluster.pass(120);
    const all = measured(scenario);
    const names = [
      'scaled_up_nodes_total',
      'node_group_target_count',
      'scale_down_in_cooldown',
      'poolkeeper_autoscaler_exhausted',
    ];
    expect(of(all, ...names)).toEqual({
      'node_group_target_count{node_group=web}': 3,
      scale_down_in_cooldown: 1,
      scaled_up_nodes_total: 2,
      'poolkeeper_autoscaler_exhausted{kind=pool,pool=web}': 1,
    });
    expect(all.get('unschedulable_pods_count{type=unschedulable}')).toBe(scenario.waiting);
    scenario.scale('web', 9);
    scenario.cluster.pass(30);
    expect(of(measured(scenario), 'poolkeeper_autoscaler_exhausted')).toEqual({});
  });

  test('tells of nodes that go, and of the pods that they are rid of', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 10 } });
    scenario.deploy('web', { replicas: 14 });
    scenario.cluster.pass(700);
    scenario.scale('web', 3);
    scenario.cluster.pass(120);
    const [unneeded] = Object.values(of(measured(scenario), 'unneeded_nodes_count'));
    expect(unneeded).toBeGreaterThan(0);
    scenario.cluster.pass(1500);
    const all = measured(scenario);
    const {
      'scaled_down_nodes_total{reason=empty}': empty = 0,
      'scaled_down_nodes_total{reason=underutilized}': drained = 0,
    } = of(all, 'scaled_down_nodes_total');
    expect(empty + drained).toBe(5 - (scenario.sizes[0] ?? 0));
    expect(drained).toBeGreaterThan(0);
    expect(all.get('evicted_pods_total{eviction_result=succeeded}')).toBeGreaterThan(0);
  });

  test('tells of pods that may not go after all, and of the node that stays for them', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 10 } });
    // The annotation makes the planner overlook the budget; the API does not (cluster autoscaler: safe-to-evict).
    const annotations = { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' };
    scenario.deploy('web', { replicas: 14, annotations });
    scenario.cluster.pass(700);
    scenario.cluster.create('poddisruptionbudgets', {
      metadata: { name: 'web' },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'web' } } },
    });
    scenario.scale('web', 4);
    scenario.cluster.pass(900);
    const failed = scenario.decisions.filter(({ kind }) => kind === 'scale-down failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]).toMatchObject({ message: expect.stringMatching(/^Failed to drain node/) as string });
    const all = measured(scenario);
    expect(all.get('evicted_pods_total{eviction_result=failed}')).toBeGreaterThan(0);
    expect(all.get('scaled_down_nodes_total{reason=underutilized}')).toBe(0);
  });

  test('tells of scale-ups that fail, by why', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 3 } });
    scenario.limit({ quota: { westeurope: { standardDSv5Family: 8 } } });
    scenario.deploy('web', { replicas: 14 });
    scenario.cluster.pass(60);
    const all = measured(scenario);
    expect(all.get('failed_scale_ups_total{reason=cloudProviderError}')).toBe(1);
    expect(all.get('errors_total{type=cloudProviderError}')).toBe(1);
    expect(
      of(all, 'node_group_backoff_status', 'poolkeeper_autoscaler_exhausted', 'scaled_up_nodes_total'),
    ).toEqual({
      'node_group_backoff_status{node_group=web,reason=cloudProviderError}': 1,
      'poolkeeper_autoscaler_exhausted{kind=subscription,pool=web}': 1,
      scaled_up_nodes_total: 0,
    });
  });

  test('begins at nothing when the autoscaler is started anew', () => {
    const scenario = ScalingScenario.open({ web: { min: 1, max: 3 } });
    scenario.deploy('web', { replicas: 14 });
    scenario.cluster.pass(60);
    scenario.setProfile({ expander: 'least-waste' });
    scenario.cluster.pass(30);
    expect(measured(scenario).get('scaled_up_nodes_total')).toBe(0);
  });
});
