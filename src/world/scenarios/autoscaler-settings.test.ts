import { describe, expect, test } from 'vitest';
import { defaultOptions } from '../../autoscaler/index.js';
import { minutes, seconds } from '../../units/index.js';
import { Scenario } from './autoscaler-cloud-fixtures.js';

const path = { resourceGroup: 'rg1', cluster: 'shop' };

/** Puts members of the cluster's properties, and waits. */
function putCluster(scenario: Scenario, properties: object): void {
  const { aks } = scenario.cluster.world;
  aks.putCluster(path, { location: 'westeurope', properties });
  scenario.cluster.pass(60);
}

const putPool = (scenario: Scenario, properties: object): void => {
  scenario.put(properties);
  scenario.cluster.pass(60);
};

describe('the settings of an autoscaler', () => {
  test('are the defaults without a profile', () => {
    const scenario = new Scenario();
    expect(scenario.settings()?.options).toEqual(defaultOptions(35));
    expect(scenario.cloud.clusters(scenario.cluster.world.store)).toEqual([scenario.cluster.key]);
  });

  test('are what the profile says', () => {
    const scenario = new Scenario();
    putCluster(scenario, {
      autoScalerProfile: {
        'scan-interval': '30s',
        'new-pod-scale-up-delay': '1h',
        'scale-down-delay-after-add': '1m',
        'scale-down-delay-after-failure': '2m',
        'scale-down-unneeded-time': '4m',
        'scale-down-unready-time': '5m',
        'max-node-provision-time': '6m',
        'scale-down-utilization-threshold': '0.7',
        'max-graceful-termination-sec': '30',
        'balance-similar-node-groups': 'true',
        expander: 'least-waste',
        'skip-nodes-with-local-storage': 'true',
        'skip-nodes-with-system-pods': 'false',
        'max-empty-bulk-delete': '7',
        'max-total-unready-percentage': '60',
        'ok-total-unready-count': '8',
        'ignore-daemonsets-utilization': true,
        'daemonset-eviction-for-empty-nodes': true,
        'daemonset-eviction-for-occupied-nodes': false,
      },
    });
    expect(scenario.settings()?.options).toEqual({
      ...defaultOptions(35),
      scanInterval: seconds(30),
      newPodScaleUpDelay: minutes(60),
      scaleDownDelayAfterAdd: minutes(1),
      // Not set: the scan interval.
      scaleDownDelayAfterDelete: seconds(30),
      scaleDownDelayAfterFailure: minutes(2),
      scaleDownUnneededTime: minutes(4),
      scaleDownUnreadyTime: minutes(5),
      maxNodeProvisionTime: minutes(6),
      scaleDownUtilizationThreshold: 0.7,
      maxGracefulTermination: seconds(30),
      balanceSimilarNodeGroups: true,
      expander: ['least-waste'],
      skipNodesWithLocalStorage: true,
      skipNodesWithSystemPods: false,
      maxScaleDownParallelism: 7,
      maxTotalUnreadyPercentage: 60,
      okTotalUnreadyCount: 8,
      ignoreDaemonSetsUtilization: true,
      daemonSetEvictionForEmptyNodes: true,
      daemonSetEvictionForOccupiedNodes: false,
    });
  });

  test('are those of one group by its tags', () => {
    const prefix = 'k8s.io_cluster-autoscaler_node-template_autoscaling-options_';
    const scenario = new Scenario({
      tags: { [`${prefix}scaledownunneededtime`]: '3m', [`${prefix}scaledownutilizationthreshold`]: 'x' },
    });
    expect(scenario.group.options).toEqual({ scaleDownUnneededTime: minutes(3) });
  });
});

describe('an autoscaler', () => {
  test.each<[string, (scenario: Scenario) => void, 'same' | 'another']>([
    ['nothing', () => undefined, 'same'],
    ['a change of the bounds', (scenario) => putPool(scenario, { maxCount: 12 }), 'same'],
    ['a change of labels', (scenario) => putPool(scenario, { nodeLabels: { a: 'b' } }), 'same'],
    ['a change of the tags of the cluster', (scenario) => putCluster(scenario, {}), 'same'],
    [
      'a profile that says what is so anyway',
      (scenario) => putCluster(scenario, { autoScalerProfile: { 'scan-interval': '10s' } }),
      'same',
    ],
    [
      'a change of the profile',
      (scenario) => putCluster(scenario, { autoScalerProfile: { 'scan-interval': '20s' } }),
      'another',
    ],
    [
      'a change of the profile there and back',
      (scenario) => {
        putCluster(scenario, { autoScalerProfile: { 'scan-interval': '20s' } });
        putCluster(scenario, { autoScalerProfile: {} });
      },
      'another',
    ],
    [
      'its being off and on again',
      (scenario) => {
        putPool(scenario, { enableAutoScaling: false });
        putPool(scenario, { enableAutoScaling: true, minCount: 1, maxCount: 10 });
      },
      'another',
    ],
  ])('after %s', (_, change, expected) => {
    const scenario = new Scenario();
    const before = scenario.settings()?.run;
    expect(before).toBeDefined();
    change(scenario);
    expect(scenario.settings()?.run === before ? 'same' : 'another').toBe(expected);
  });

  test.each<[string, (scenario: Scenario) => void]>([
    ['no pool is autoscaled', (scenario) => scenario.put({ enableAutoScaling: false })],
    ['the only autoscaled pool goes', (scenario) => scenario.deletePool()],
    ['its cluster goes', (scenario) => void scenario.cluster.world.aks.deleteCluster(path)],
  ])('there is none when %s', (_, change) => {
    const scenario = new Scenario();
    change(scenario);
    expect(scenario.settings()).toBeUndefined();
    expect(scenario.cloud.clusters(scenario.cluster.world.store)).toEqual([]);
  });
});

describe('the node that an empty pool would get', () => {
  test('has all that its VM has, the tags as labels, the labels and taints of the pool, and 110 pods', () => {
    const scenario = new Scenario({
      nodeLabels: { tier: 'web' },
      nodeTaints: ['sku=gpu:NoSchedule'],
      tags: {
        owner: 'checkout',
        'k8s.io_cluster-autoscaler_node-template_label_example.com_team': 'a',
        'k8s.io_cluster-autoscaler_node-template_taint_sku': 'big:NoSchedule',
        'k8s.io_cluster-autoscaler_node-template_resources_example.com_widget': '2',
      },
    });
    const { pool } = scenario;
    const node = scenario.template();
    expect(node?.metadata.labels).toMatchObject({
      owner: 'checkout',
      tier: 'web',
      'example.com/team': 'a',
      agentpool: 'web',
      'kubernetes.azure.com/agentpool': 'web',
      'topology.kubernetes.io/zone': '0',
      'node.kubernetes.io/instance-type': 'Standard_D4s_v5',
    });
    expect(node?.spec.taints).toEqual([{ key: 'sku', value: 'big', effect: 'NoSchedule' }]);
    expect(node?.status.allocatable).toEqual({
      cpu: '4',
      memory: '16384Mi',
      'ephemeral-storage': `${String(pool.properties.osDiskSizeGB)}Gi`,
      pods: '110',
      'nvidia.com/gpu': '0',
      'example.com/widget': '2',
    });
    expect(node?.status.capacity).toEqual(node?.status.allocatable);
  });

  test('has the GPUs that no device plugin has told of yet, and the mark of a spot pool', () => {
    const scenario = new Scenario({ vmSize: 'Standard_NC4as_T4_v3', scaleSetPriority: 'Spot' }, 1);
    const node = scenario.template();
    expect(node?.status.allocatable).toMatchObject({ 'nvidia.com/gpu': '1' });
    expect(node?.metadata.labels).toMatchObject({
      'kubernetes.azure.com/accelerator': 'nvidia',
      'kubernetes.azure.com/scalesetpriority': 'spot',
    });
    expect(node?.spec.taints).toContainEqual({
      key: 'kubernetes.azure.com/scalesetpriority',
      value: 'spot',
      effect: 'NoSchedule',
    });
  });

  test('is in one of the zones of the pool, another time in another', () => {
    const scenario = new Scenario({ availabilityZones: ['1', '2'] });
    const zone = () => scenario.template()?.metadata.labels?.['topology.kubernetes.io/zone'];
    expect(zone()).toBe(zone());
    const seen = new Set<string | undefined>();
    for (let loop = 0; loop < 20; loop += 1) {
      seen.add(zone());
      scenario.cluster.pass(10);
    }
    expect([...seen].sort()).toEqual(['westeurope-1', 'westeurope-2']);
  });
});
