import { expect, test } from 'vitest';
import type { Pod } from '../../kube/index.js';
import { pod } from '../fixtures.js';
import { equivalenceGroups } from './equivalence.js';

function owned(name: string, controller: string, kind = 'ReplicaSet'): Pod {
  const made = pod(name);
  const owner = { apiVersion: 'apps/v1', kind, name: controller, uid: controller, controller: true };
  return { ...made, metadata: { ...made.metadata, ownerReferences: [owner] } };
}

const sizes = (pods: readonly Pod[], kindOf: (pod: Pod) => string = () => 'same') =>
  equivalenceGroups(pods, kindOf).map(({ pods: of, controller }) => [controller ?? 'nobody', of.length]);

test('pods of one controller that are alike stand together', () => {
  const pods = [owned('a1', 'a'), owned('b1', 'b'), owned('a2', 'a'), owned('a3', 'a')];
  expect(sizes(pods, ({ metadata }) => (metadata.name === 'a3' ? 'other' : 'same'))).toEqual([
    ['ReplicaSet/a', 2],
    ['ReplicaSet/b', 1],
    ['ReplicaSet/a', 1],
  ]);
});

test('pods of nobody and of DaemonSets stand alone', () => {
  const pods = [pod('p1'), pod('p2'), owned('d1', 'd', 'DaemonSet'), owned('d2', 'd', 'DaemonSet')];
  expect(sizes(pods).map(([, size]) => size)).toEqual([1, 1, 1, 1]);
});

test('a controller has ten kinds of pods at most: the others stand alone', () => {
  const pods = Array.from({ length: 24 }, (_, at) => owned(`p${String(at)}`, 'set'));
  const found = sizes(pods, ({ metadata }) => `kind ${String(Number(metadata.name.slice(1)) % 12)}`);
  expect(found.filter(([, size]) => size === 2)).toHaveLength(10);
  expect(found.filter(([, size]) => size === 1)).toHaveLength(4);
});
