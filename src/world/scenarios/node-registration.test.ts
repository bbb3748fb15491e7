import { describe, expect, test } from 'vitest';
import { nodeCondition } from '../../kube/index.js';
import { TestCluster, typeOf } from './fixtures.js';
import { follow, nodeOf, renewedAt, taintsOf } from './node-fixtures.js';

test('a node registers, is told what it stands on, and becomes ready', () => {
  const cluster = TestCluster.open();
  const seen = follow(cluster, cluster.world.clock.now(), (node) => {
    const { status, reason } = nodeCondition(node, 'Ready') ?? {};
    const place = node.spec.providerID === undefined ? 'somewhere' : 'on a VM';
    return `${String(status)} ${String(reason)}, ${place}, [${taintsOf(node)}]`;
  });
  cluster.addPool('np', 1, { nodeTaints: ['a/batch=true:NoSchedule'] });
  cluster.pass(10);
  // A node that is not ready waits to have its pods evicted, and it is its turn: none is there that would go.
  expect(seen).toEqual([
    '1.4 s: False KubeletNotReady, somewhere, [batch:NoSchedule not-ready:NoSchedule uninitialized:NoSchedule]',
    '1.4 s: False KubeletNotReady, somewhere, [batch:NoSchedule not-ready:NoSchedule uninitialized:NoSchedule not-ready:NoExecute]',
    '1.475 s: False KubeletNotReady, on a VM, [batch:NoSchedule not-ready:NoSchedule not-ready:NoExecute]',
    '1.55 s: True KubeletReady, on a VM, [batch:NoSchedule not-ready:NoSchedule not-ready:NoExecute]',
    '1.55 s: True KubeletReady, on a VM, [batch:NoSchedule]',
  ]);
  const [name = ''] = cluster.names('nodes', 'agentpool=np');
  expect([...cluster.events(name)].sort()).toEqual([
    'NodeAllocatableEnforced Updated Node Allocatable limit across pods',
    ...['NodeHasNoDiskPressure', 'NodeHasSufficientMemory', 'NodeHasSufficientPID', 'NodeReady'].map(
      (reason) => `${reason} Node ${name} status is now: ${reason}`,
    ),
    `RegisteredNode Node ${name} event: Registered Node ${name} in Controller`,
    'Starting Starting kubelet.',
    'Synced Node synced successfully',
  ]);
});

test('heartbeats are there without being written', () => {
  const cluster = TestCluster.open();
  const [name = ''] = cluster.names('nodes');
  const { clock, store } = cluster.world;
  const { revision } = store;
  const heartbeats = () =>
    ['MemoryPressure', 'KubeletProblem', 'Ready'].map((type) => {
      const { conditions } = cluster.get('nodes', name).status as unknown as {
        conditions: readonly { type: string; lastHeartbeatTime: string }[];
      };
      return clock.now() - Date.parse(conditions.find((one) => one.type === type)?.lastHeartbeatTime ?? '');
    });
  for (const span of [0, 1000, 7 * 24 * 3600, 12.5]) {
    cluster.pass(span);
    expect(clock.now() - renewedAt(cluster, name)).toBeLessThan(10_000);
    expect(renewedAt(cluster, name)).toBeLessThanOrEqual(clock.now());
    for (const age of heartbeats()) expect(age).toBeLessThan(301_000);
  }
  expect(store.revision).toBe(revision);
});

test("a pool's new labels and taints leave those of others alone", () => {
  const cluster = TestCluster.open();
  cluster.addPool('np', 1, {
    nodeLabels: { team: 'a', tier: 'x' },
    nodeTaints: ['old=1:NoSchedule', 'kept=1:NoSchedule'],
  });
  cluster.pass(10);
  const [name = ''] = cluster.names('nodes', 'agentpool=np');
  const taints = [...(nodeOf(cluster, name).spec.taints ?? []), { key: 'mine', effect: 'NoExecute' }];
  cluster.patch('nodes', name, {
    metadata: { labels: { mine: 'yes' } },
    spec: { taints, unschedulable: true },
  });
  cluster.pass(1);
  cluster.addPool('np', 1, {
    nodeLabels: { team: 'b' },
    nodeTaints: ['new=1:NoSchedule', 'kept=1:NoSchedule'],
  });
  cluster.pass(10);
  const node = nodeOf(cluster, name);
  expect(taintsOf(node).split(' ').sort()).toEqual([
    'kept:NoSchedule',
    'mine:NoExecute',
    'new:NoSchedule',
    'unschedulable:NoSchedule',
  ]);
  const { team, tier, mine, agentpool } = node.metadata.labels ?? {};
  expect({ team, tier, mine, agentpool }).toEqual({
    team: 'b',
    tier: undefined,
    mine: 'yes',
    agentpool: 'np',
  });
});

test('a cordon is a taint, until it is taken back', () => {
  const cluster = TestCluster.open();
  const [name = ''] = cluster.names('nodes');
  cluster.patch('nodes', name, { spec: { unschedulable: true } });
  cluster.pass(0);
  expect(nodeOf(cluster, name).spec.taints).toEqual([
    { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: '2026-08-21T00:01:00Z' },
  ]);
  cluster.patch('nodes', name, { spec: { unschedulable: false } });
  cluster.pass(0);
  expect(nodeOf(cluster, name).spec.taints).toBeUndefined();
  expect(cluster.events(name).slice(-2)).toEqual([
    `NodeNotSchedulable Node ${name} status is now: NodeNotSchedulable`,
    `NodeSchedulable Node ${name} status is now: NodeSchedulable`,
  ]);
});

describe('a node that a client made', () => {
  const open = () => {
    const cluster = TestCluster.open();
    cluster.create('nodes', { metadata: { name: 'mine' } });
    const seen = follow(cluster, cluster.world.clock.now(), (node) => {
      const { status, reason } = nodeCondition(node, 'Ready') ?? {};
      return node.metadata.name === 'mine'
        ? `${String(status)} ${String(reason)} [${taintsOf(node)}]`
        : undefined;
    });
    return { cluster, seen };
  };
  const ready = (cluster: TestCluster) => {
    const lastHeartbeatTime = new Date(cluster.world.clock.now()).toISOString().replace('.000', '');
    const conditions = [
      { type: 'Ready', status: 'True', lastHeartbeatTime, lastTransitionTime: lastHeartbeatTime },
    ];
    cluster.patch('nodes', 'mine', { status: { conditions } }, 'status');
  };

  test('and that nobody speaks for is given up after a minute', () => {
    const { cluster, seen } = open();
    expect(taintsOf(nodeOf(cluster, 'mine'))).toBe('not-ready:NoSchedule');
    cluster.pass(200);
    expect(seen).toEqual([
      // Without a condition there is nothing to taint it for.
      '0 s: undefined undefined []',
      '60 s: Unknown NodeStatusNeverUpdated [unreachable:NoSchedule unreachable:NoExecute]',
    ]);
  });

  test('lives while its status or its lease is written', () => {
    const { cluster, seen } = open();
    cluster.pass(10);
    ready(cluster);
    cluster.pass(40);
    ready(cluster);
    cluster.pass(40);
    const lease = (at: string) => ({
      metadata: { name: 'mine' },
      spec: { holderIdentity: 'mine', renewTime: at },
    });
    const leases = typeOf('leases');
    const scope = { cluster: cluster.key, namespace: 'kube-node-lease' };
    const writing = { dryRun: false, fieldValidation: 'Strict' } as const;
    const { objects } = cluster.world.kubernetes;
    objects.create(leases, scope, lease('2026-08-21T00:00:00.000000Z'), writing);
    cluster.pass(40);
    objects.replace(leases, scope, 'mine', lease('2026-08-21T00:00:10.000000Z'), 'object', writing);
    cluster.pass(200);
    expect(seen).toEqual([
      '0 s: undefined undefined []',
      '10 s: True undefined []',
      '180 s: Unknown NodeStatusUnknown [unreachable:NoSchedule unreachable:NoExecute]',
    ]);
  });
});
