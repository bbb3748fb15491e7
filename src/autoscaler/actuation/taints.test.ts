import { expect, test } from 'vitest';
import { nodes } from '../../kube/index.js';
import { seconds } from '../../units/index.js';
import { defaultOptions } from '../options.js';
import type { AutoscalerOptions } from '../options.js';
import { cleanUp, deletionsOf, drainingPods, recentEvictions, softTaints } from './index.js';
import { Drill } from './fixtures.js';

const candidate = 'DeletionCandidateOfClusterAutoscaler';
const options = (some: Partial<AutoscalerOptions> = {}) => ({ ...defaultOptions(34), ...some });

function drillOf(count: number): Drill {
  const drill = new Drill();
  for (let index = 0; index < count; index += 1) drill.addNode(`n${String(index)}`);
  return drill;
}

function mark(drill: Drill, unneeded: readonly string[], some: Partial<AutoscalerOptions> = {}) {
  const { store, cluster, clock } = drill;
  return store.transact((tx) => {
    const all = tx.find(nodes, 'byCluster', cluster).map(({ object }) => object);
    return softTaints({ tx, cluster, options: options(some), now: clock.now() }, { unneeded, all });
  });
}

const candidates = (drill: Drill, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `n${String(index)}`).filter((name) =>
    drill.marks(name).includes(candidate),
  );

test('nodes that are not needed are marked, a number at a time, and unmarked when they are', () => {
  const drill = drillOf(4);
  const two = { maxBulkSoftTaintCount: 2 };
  expect([mark(drill, ['n0', 'n1', 'n2'], two), candidates(drill, 4)]).toEqual(['more', ['n0', 'n1']]);
  expect([mark(drill, ['n0', 'n1', 'n2'], two), candidates(drill, 4)]).toEqual(['done', ['n0', 'n1', 'n2']]);
  // Those that are needed come first.
  expect([mark(drill, ['n2', 'n3'], two), candidates(drill, 4)]).toEqual(['more', ['n2']]);
  expect([mark(drill, ['n2', 'n3'], two), candidates(drill, 4)]).toEqual(['done', ['n2', 'n3']]);
  expect(drill.nodeNow('n3').spec.taints).toEqual([
    { key: candidate, value: String(Math.floor(drill.clock.now() / 1000)), effect: 'PreferNoSchedule' },
  ]);
});

test('no node is marked where that is off, or that is to go', () => {
  const drill = drillOf(2);
  expect([mark(drill, ['n0'], { maxBulkSoftTaintCount: 0 }), candidates(drill, 2)]).toEqual(['done', []]);
  drill.remove('empty', 'n0');
  expect([mark(drill, ['n0', 'n1']), candidates(drill, 2)]).toEqual(['done', ['n1']]);
});

test.each([
  [10, ['n1']],
  [0, []],
])('an autoscaler that starts cleans up, with %i marks at once', (maxBulkSoftTaintCount, left) => {
  const drill = drillOf(2);
  mark(drill, ['n0', 'n1']);
  drill.remove('empty', 'n0');
  drill.pass(1);
  const { store, cluster, cloud, kubernetes } = drill;
  drill.log.length = 0;
  store.transact((tx) => {
    const all = options({ maxBulkSoftTaintCount });
    cleanUp({ tx, context: kubernetes.context, cloud, cluster, options: all });
  });
  drill.pass(30);
  expect(drill.log).toContain(
    '1 Node ClusterAutoscalerCleanup: removed ToBeDeletedByClusterAutoscaler taint from node n0',
  );
  expect(drill.log).toHaveLength(left.length > 0 ? 1 : 3);
  expect(drill.marks('n0').filter((one) => one !== candidate)).toEqual([]);
  expect(candidates(drill, 2).filter((name) => name !== 'n0')).toEqual(left);
  expect(deletionsOf(store, cluster)).toEqual([]);
});

test('pods of nodes that are drained want another place until they are evicted', () => {
  const drill = drillOf(1);
  drill.deploy('web', 2);
  drill.create('pods', {
    metadata: { name: 'p' },
    spec: { nodeName: 'n0', containers: [{ name: 'c', image: 'i' }] },
  });
  const waiting = () => drainingPods(drill.store, drill.cluster, options());
  expect(waiting()).toEqual([]);
  drill.delete('pods', 'p');
  drill.pass(5);
  drill.remove('drain', 'n0');
  expect(waiting().map(({ spec }) => spec.nodeName)).toEqual([undefined, undefined]);
  drill.pass(5);
  expect(waiting()).toEqual([]);
});

test('pods that were evicted are missed until they are made again', () => {
  const drill = new Drill({ kubelet: { containerStop: seconds(20) } });
  drill.addNode('n0');
  drill.deploy('web', 2);
  drill.remove('drain', 'n0');
  const missed = () => recentEvictions(drill.store, drill.cluster).length;
  const count = (replicas: number) =>
    drill.patch('replicasets', drill.replicaSet(), { status: { replicas } }, 'status');
  drill.pass(6);
  expect(missed()).toBe(0);
  count(1);
  expect(missed()).toBe(1);
});
