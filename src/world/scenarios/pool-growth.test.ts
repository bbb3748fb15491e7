import { expect, test } from 'vitest';
import { applyLimits, parseLimits, putVirtualNetwork } from '../../azure/index.js';
import { nodes } from '../../kube/index.js';
import type { KubeNode } from '../../kube/index.js';
import {
  agentPools,
  growthBounds,
  managedClusters,
  nextZones,
  resourceKey,
  templateNode,
} from '../../nodepools/index.js';
import type { GrowthBound } from '../../nodepools/index.js';
import { TestCluster } from './fixtures.js';

const network = (cluster: TestCluster): string =>
  `/subscriptions/${cluster.world.subscription.id}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v`;

/** A pool of a cluster with what its growth is worked out from. */
function poolNamed(cluster: TestCluster, name: string) {
  const { store, catalog } = cluster.world;
  const managed = store.get(managedClusters, cluster.key);
  const pool = store.get(agentPools, `${cluster.key}/agentpools/${name}`);
  const size = pool && catalog.vmSize(pool.properties.vmSize);
  if (!managed || !pool || !size) throw new Error(`There is no pool ${name}`);
  return { pool, cluster: managed, size };
}

const boundsOf = (cluster: TestCluster, name: string): readonly GrowthBound[] =>
  growthBounds(cluster.world.store, poolNamed(cluster, name));

/** Bounds by kind with their room. */
const rooms = (bounds: readonly GrowthBound[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    bounds.map((bound) => [bound.kind === 'quota' ? `quota ${bound.scope}` : bound.kind, bound.room]),
  );

function limit(cluster: TestCluster, section: object): void {
  const { store, catalog } = cluster.world;
  store.transact((tx) => applyLimits(tx, parseLimits(section, catalog)));
}

test.each<[string, object, (cluster: TestCluster) => void, Readonly<Record<string, number>>]>([
  ['a fixed size', {}, () => undefined, { 'fixed size': 0, 'pool maximum': 998 }],
  [
    "an autoscaler's maximum",
    { enableAutoScaling: true, minCount: 1, maxCount: 7 },
    () => undefined,
    { 'autoscaler maximum': 5 },
  ],
  [
    'the quota of the family and of the region',
    {},
    (cluster) => limit(cluster, { quota: { westeurope: { standardDSv5Family: 28, cores: 22 } } }),
    { 'quota family': 3, 'quota regional': 1 },
  ],
  [
    'the quota of spot VMs alone',
    { scaleSetPriority: 'Spot' },
    (cluster) => limit(cluster, { quota: { westeurope: { lowPriorityCores: 20, cores: 10 } } }),
    { 'quota spot': 3 },
  ],
  [
    'the capacity of its zones, within that of the region',
    { availabilityZones: ['1', '2'] },
    (cluster) =>
      limit(cluster, {
        shortages: [
          { location: 'westeurope', size: 'Standard_D4s_v5', remaining: 4 },
          { location: 'westeurope', size: 'Standard_D4s_v5', zone: '1', remaining: 1 },
          { location: 'westeurope', size: 'Standard_D4s_v5', zone: '2', remaining: 2 },
        ],
      }),
    { capacity: 3 },
  ],
])('a pool of two grows within %s', (_name, properties, prepare, expected) => {
  const cluster = TestCluster.open(2);
  cluster.addPool('web', 2, properties);
  cluster.pass(60);
  prepare(cluster);
  expect(rooms(boundsOf(cluster, 'web'))).toMatchObject(expected);
});

test('a pool grows within its subnet, whose addresses its pods take too', () => {
  const cluster = TestCluster.open(2);
  const id = network(cluster);
  cluster.world.store.transact((tx) =>
    putVirtualNetwork(tx, {
      id,
      name: 'v',
      resourceGroup: 'rg1',
      location: 'westeurope',
      addressPrefixes: ['10.1.0.0/16'],
      subnets: [{ name: 's', addressPrefix: '10.1.0.0/24' }],
    }),
  );
  const path = { resourceGroup: 'rg1', cluster: 'flat' };
  cluster.world.aks.putCluster(path, {
    location: 'westeurope',
    properties: {
      dnsPrefix: 'flat',
      networkProfile: { networkPlugin: 'azure' },
      agentPoolProfiles: [
        {
          name: 'system',
          mode: 'System',
          count: 2,
          vmSize: 'Standard_D4s_v5',
          vnetSubnetID: `${id}/subnets/s`,
          maxPods: 30,
        },
      ],
    },
  });
  cluster.pass(60);
  const managed = cluster.world.store.get(managedClusters, resourceKey(cluster.world.aks.cluster(path).id));
  const pool = managed && cluster.world.store.get(agentPools, `${resourceKey(managed.id)}/agentpools/system`);
  const size = cluster.world.catalog.vmSize('Standard_D4s_v5');
  if (!managed || !pool || !size) throw new Error('the cluster is not there');
  const bounds = growthBounds(cluster.world.store, { pool, cluster: managed, size });
  // 256 less 5 that Azure keeps, less two nodes of 31.
  expect(bounds.find(({ kind }) => kind === 'subnet')).toMatchObject({ free: 189, perNode: 31, room: 6 });
});

test('the next node is as it will be', () => {
  const cluster = TestCluster.open(2, { systemWorkloads: 'all' });
  cluster.addPool('web', 2, {
    availabilityZones: ['1', '2', '3'],
    nodeLabels: { team: 'web' },
    nodeTaints: ['a=b:NoSchedule'],
  });
  cluster.pass(60);
  const { pool, cluster: managed } = poolNamed(cluster, 'web');
  const { store, catalog, clock } = cluster.world;
  const zones = nextZones(store, { pool, cluster: managed }, 4);
  expect(zones).toEqual(['3', '1', '2', '3']);
  const [zone = ''] = zones;
  const expected = templateNode({ pool, cluster: managed, catalog, now: clock.now(), zone });
  cluster.addPool('web', 3, {
    availabilityZones: ['1', '2', '3'],
    nodeLabels: { team: 'web' },
    nodeTaints: ['a=b:NoSchedule'],
  });
  cluster.pass(120);
  const added = store.find(nodes, 'byAgentPool', resourceKey(pool.id))[2]?.object;
  const looksOf = (node: KubeNode | undefined) => ({
    labels: Object.entries(node?.metadata.labels ?? {})
      .filter(([key]) => key !== 'kubernetes.io/hostname')
      .sort(),
    taints: node?.spec.taints,
    allocatable: node?.status.allocatable,
  });
  expect(looksOf(expected)).toEqual(looksOf(added));
});
