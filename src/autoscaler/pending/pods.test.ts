import { expect, test } from 'vitest';
import { kubernetesCollections, objectKey, pods } from '../../kube/index.js';
import type { Pod } from '../../kube/index.js';
import { Store } from '../../store/index.js';
import { instant } from '../../units/index.js';
import { pod } from '../fixtures.js';
import { defaultOptions } from '../options.js';
import { isExpendable, waitingPods } from './pods.js';

const cluster = 'shop';
const condition = (reason: string) => ({ conditions: [{ type: 'PodScheduled', status: 'False', reason }] });
const draft = (name: string, status: object, more: object = {}, spec: object = {}): Pod => {
  const made = pod(name);
  return { ...made, metadata: { ...made.metadata, ...more }, spec: { ...made.spec, ...spec }, status } as Pod;
};

test('pods are seen once the scheduler has found no node for them', () => {
  const all = [
    draft('waits', condition('Unschedulable')),
    draft('gated', condition('SchedulingGated')),
    draft('fresh', {}),
    draft('going', condition('Unschedulable'), { deletionTimestamp: '2026-08-21T00:00:00Z' }),
    draft('expendable', condition('Unschedulable'), {}, { priority: -11 }),
    draft('cheap', condition('Unschedulable'), {}, { priority: -10 }),
    draft('nominated', { ...condition('Unschedulable'), nominatedNodeName: 'n' }),
    draft('bound', {}, {}, { nodeName: 'n' }),
    draft('over', { phase: 'Failed', ...condition('Unschedulable') }),
  ];
  const store = Store.open({ now: () => instant(0), collections: kubernetesCollections });
  store.transact((tx) => {
    for (const object of all)
      tx.put(pods.collection, objectKey(cluster, 'default', object.metadata.name), { cluster, object });
  });
  const { unschedulable, nominated } = waitingPods(store, cluster, defaultOptions(34));
  const names = (of: readonly Pod[]) => of.map(({ metadata }) => metadata.name);
  expect([names(unschedulable), names(nominated)]).toEqual([['cheap', 'waits'], ['nominated']]);
});

test.each([
  [undefined, false],
  [0, false],
  [-10, false],
  [-11, true],
])('a pod of priority %s is expendable or not', (priority, expected) => {
  const spec = priority === undefined ? {} : { priority };
  expect(isExpendable(draft('p', {}, {}, spec), defaultOptions(34))).toBe(expected);
});
