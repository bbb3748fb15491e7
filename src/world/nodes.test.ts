import { expect, test } from 'vitest';
import { nodeCondition, nodes } from '../kube/index.js';
import type { ClusterNode, KubeNode } from '../kube/index.js';
import { TestAksCluster } from './fixtures.js';

const taintsOf = ({ spec }: KubeNode): string =>
  (spec.taints ?? []).map(({ key, effect }) => `${key.split('/')[1] ?? key}:${effect}`).join(' ');

/** Notes each change of the nodes of a pool: when it was, and what `describe` says of it. */
function follow(cluster: TestAksCluster, describe: (node: KubeNode) => string): readonly string[] {
  const begins = cluster.world.clock.now();
  const seen: string[] = [];
  cluster.world.store.watch({ collections: [nodes] }, ({ changes }) => {
    for (const { collection, after } of changes) {
      if (collection !== nodes.name || !after) continue;
      seen.push(`${String(cluster.since(begins))} s: ${describe((after as ClusterNode).object)}`);
    }
  });
  return seen;
}

test('a node registers, is told what it stands on, and becomes ready', () => {
  const cluster = TestAksCluster.create();
  const seen = follow(cluster, (node) => {
    const { status, reason } = nodeCondition(node, 'Ready') ?? {};
    return `${String(status)} ${String(reason)}, ${node.spec.providerID === undefined ? 'somewhere' : 'on a VM'}, [${taintsOf(node)}]`;
  });
  cluster.pool('np', { nodeTaints: ['a/batch=true:NoSchedule'] });
  expect(seen).toEqual([
    '1.45 s: False KubeletNotReady, somewhere, [batch:NoSchedule not-ready:NoSchedule uninitialized:NoSchedule]',
    '1.525 s: False KubeletNotReady, on a VM, [batch:NoSchedule not-ready:NoSchedule]',
    '1.6 s: True KubeletReady, on a VM, [batch:NoSchedule not-ready:NoSchedule]',
    '1.6 s: True KubeletReady, on a VM, [batch:NoSchedule]',
  ]);
  const [name = ''] = cluster.nodeNames('np');
  expect([...cluster.events(name)].sort()).toEqual([
    'NodeAllocatableEnforced kubelet',
    'NodeHasNoDiskPressure kubelet',
    'NodeHasSufficientMemory kubelet',
    'NodeHasSufficientPID kubelet',
    'NodeReady kubelet',
    'RegisteredNode node-controller',
    'Starting kubelet',
    'Synced cloud-node-controller',
  ]);
});

test('heartbeats are there without being written', () => {
  const cluster = TestAksCluster.create();
  const [name = ''] = cluster.nodeNames('system');
  const shown = () => [
    cluster.get('leases', name, 'kube-node-lease').spec['renewTime'],
    nodeCondition(cluster.node(name), 'MemoryPressure')?.lastHeartbeatTime,
    nodeCondition(cluster.node(name), 'KubeletProblem')?.lastHeartbeatTime,
  ];
  const { revision } = cluster.world.store;
  // The nodes were ready at 3.6 s: since then the lease has been renewed every 10 s, the conditions every 300 s.
  cluster.pass(1000);
  expect(shown()).toEqual(['2026-08-21T00:16:43.600000Z', '2026-08-21T00:15:03Z', '2026-08-21T00:15:03Z']);
  cluster.pass(7 * 24 * 3600);
  expect(shown()).toEqual(['2026-08-28T00:16:43.600000Z', '2026-08-28T00:15:03Z', '2026-08-28T00:15:03Z']);
  expect(cluster.world.store.revision).toBe(revision);
});
