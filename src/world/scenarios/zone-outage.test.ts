import { describe, expect, test } from 'vitest';
import { startInstances, stopInstances, virtualMachines } from '../../azure/index.js';
import { nodeCondition } from '../../kube/index.js';
import { TestCluster, podTemplate } from './fixtures.js';
import { cutOff, follow, nodeOf, reconnect, taintsOf } from './node-fixtures.js';

/** A cluster whose user pool spreads over three zones; `zone` names the nodes of one of them. */
function zoned(perZone: number): { cluster: TestCluster; zone: (number: number) => readonly string[] } {
  const cluster = TestCluster.open(1);
  cluster.addPool('np', 3 * perZone, { availabilityZones: ['1', '2', '3'] });
  cluster.pass(60);
  const zone = (number: number) =>
    cluster.names('nodes', `topology.kubernetes.io/zone=westeurope-${String(number)},agentpool=np`);
  return { cluster, zone };
}

/** The seconds since `begin` at which nodes were tainted for eviction and freed of it, as they come. */
function evictions(cluster: TestCluster): readonly string[] {
  const begin = cluster.world.clock.now();
  const tainted = new Set<string>();
  const seen: string[] = [];
  follow(cluster, begin, (node) => {
    const { name } = node.metadata;
    const isTainted = taintsOf(node).includes('NoExecute');
    if (isTainted === tainted.has(name)) return undefined;
    if (isTainted) tainted.add(name);
    else tainted.delete(name);
    seen.push(`${String(cluster.world.clock.now() - begin)} ${isTainted ? 'tainted' : 'freed'}`);
    return undefined;
  });
  return seen;
}

const moments = (seen: readonly string[]) => seen.map((text) => Number.parseFloat(text) / 1000);
const gaps = (seen: readonly string[]) =>
  moments(seen)
    .slice(1)
    .map((moment, index) => Math.round((moment - (moments(seen)[index] ?? 0)) * 1000) / 1000);

describe('when nodes fail', () => {
  test('one by one, those of a healthy zone are evicted ten seconds apart', () => {
    const { cluster, zone } = zoned(6);
    cutOff(cluster, ...zone(1).slice(0, 3));
    const seen = evictions(cluster);
    cluster.pass(200);
    expect(gaps(seen)).toEqual([10, 10]);
  });

  test('most of a small zone, the eviction stops', () => {
    const { cluster, zone } = zoned(4);
    cutOff(cluster, ...zone(1).slice(0, 3));
    const seen = evictions(cluster);
    cluster.pass(1000);
    // The first went before it was known how many there are.
    expect(seen).toHaveLength(1);
    for (const name of zone(1).slice(0, 3))
      expect(taintsOf(nodeOf(cluster, name))).toContain('unreachable:NoSchedule');
  });

  test('most of a large zone, one is evicted every hundred seconds', () => {
    const { cluster, zone } = zoned(51);
    cutOff(cluster, ...zone(1).slice(0, 40));
    const seen = evictions(cluster);
    cluster.pass(60);
    const before = seen.length;
    cluster.pass(540);
    expect(gaps(seen.slice(before))).toEqual(Array.from({ length: seen.length - before - 1 }, () => 100));
    expect(seen.length - before).toBe(5);
  });

  test('a whole zone, it is evicted at the usual speed', () => {
    const { cluster, zone } = zoned(4);
    cutOff(cluster, ...zone(1));
    const seen = evictions(cluster);
    cluster.pass(200);
    expect(seen).toHaveLength(4);
    for (const gap of gaps(seen)) expect(gap).toBeGreaterThanOrEqual(10);
  });

  test('all of them, nobody is evicted until one comes back', () => {
    const { cluster, zone } = zoned(2);
    const all = cluster.names('nodes');
    cutOff(cluster, ...all);
    const seen = evictions(cluster);
    cluster.pass(1000);
    const tainted = () =>
      cluster.names('nodes').filter((name) => taintsOf(nodeOf(cluster, name)).includes('NoExecute'));
    expect(tainted()).toEqual([]);
    expect(all.map((name) => nodeCondition(nodeOf(cluster, name), 'Ready')?.status)).toEqual(
      all.map(() => 'Unknown'),
    );
    const before = seen.length;
    reconnect(cluster, zone(1)[0] ?? '');
    cluster.pass(100);
    // One in each other zone after an interval, then the next; the zone of the system pool has one node.
    expect(moments(seen.slice(before)).map((moment) => Math.round(moment * 1000) / 1000)).toEqual([
      1010, 1010, 1010, 1010, 1020, 1020,
    ]);
  });
});

test('a VM that is off takes its node out of service, and brings it back', () => {
  const cluster = TestCluster.open(2);
  cluster.addPool('np', 1);
  cluster.pass(30);
  const [name = ''] = cluster.names('nodes', 'agentpool=np');
  const { store, clock } = cluster.world;
  const vm = store.entries(virtualMachines).find(({ value }) => value.name === name)?.key ?? '';
  const seen = follow(cluster, clock.now(), (node) => {
    const { status, reason } = nodeCondition(node, 'Ready') ?? {};
    return node.metadata.name === name
      ? `${String(status)} ${String(reason)} [${taintsOf(node)}]`
      : undefined;
  });
  store.transact((tx) => stopInstances(tx, [vm], 'deallocated', clock.now()));
  cluster.pass(100);
  store.transact((tx) => startInstances(tx, [vm], clock.now()));
  cluster.pass(100);
  // Its last heartbeat was 8.6 s before. It takes 600 ms to start the kubelet again, and 150 ms to be ready.
  expect(seen).toEqual([
    '41.4 s: Unknown NodeStatusUnknown [unreachable:NoSchedule unreachable:NoExecute]',
    '41.4 s: Unknown NodeStatusUnknown [unreachable:NoSchedule unreachable:NoExecute shutdown:NoSchedule]',
    '100.6 s: False KubeletNotReady [unreachable:NoSchedule unreachable:NoExecute shutdown:NoSchedule]',
    '100.6 s: False KubeletNotReady [shutdown:NoSchedule not-ready:NoSchedule not-ready:NoExecute]',
    '100.75 s: True KubeletReady [shutdown:NoSchedule not-ready:NoSchedule not-ready:NoExecute]',
    '100.75 s: True KubeletReady [not-ready:NoSchedule not-ready:NoExecute]',
    '100.75 s: True KubeletReady []',
  ]);
  expect(cluster.events(name).map((text) => text.split(' ')[0])).toContain('Rebooted');
});

test('a drained node is left by all but its daemons', () => {
  const cluster = TestCluster.open(2);
  const [name = '', other = ''] = cluster.names('nodes');
  const labels = { app: 'agent' };
  cluster.create('daemonsets', {
    metadata: { name: 'agent' },
    spec: { selector: { matchLabels: labels }, template: podTemplate(labels) },
  });
  const web = { app: 'web' };
  cluster.create('deployments', {
    metadata: { name: 'web' },
    spec: { replicas: 4, selector: { matchLabels: web }, template: podTemplate(web) },
  });
  cluster.pass(30);
  cluster.patch('nodes', name, { spec: { unschedulable: true } });
  cluster.pass(0);
  const on = (node: string) => cluster.list('pods').filter(({ spec }) => spec['nodeName'] === node);
  for (const { metadata } of on(name).filter((pod) => pod.metadata.labels?.['app'] === 'web')) {
    cluster.world.kubernetes.evict({ cluster: cluster.key, namespace: 'default' }, metadata.name, {});
  }
  cluster.pass(60);
  expect(on(name).map(({ metadata }) => metadata.labels?.['app'])).toEqual(['agent']);
  expect(on(other).filter(({ metadata }) => metadata.labels?.['app'] === 'web')).toHaveLength(4);
  expect(taintsOf(nodeOf(cluster, name))).toBe('unschedulable:NoSchedule');
});
