import { expect, test } from 'vitest';
import type { Pod } from '../../kube/index.js';
import { instant, seconds } from '../../units/index.js';
import { pod } from '../fixtures.js';
import { heldBackUntil, ripePods } from './young.js';

const now = instant(Date.parse('2026-08-21T12:00:00Z'));

/** A pod that is so many seconds old. */
function aged(name: string, age: number, annotation?: string, requests?: object): Pod {
  const made = pod(name);
  const creationTimestamp = new Date(now - age * 1000).toISOString();
  const annotations =
    annotation === undefined ? {} : { 'cluster-autoscaler.kubernetes.io/pod-scale-up-delay': annotation };
  const containers = requests ? [{ name: 'c', image: 'i:1', resources: { requests } }] : made.spec.containers;
  return {
    ...made,
    metadata: { ...made.metadata, creationTimestamp, annotations },
    spec: { ...made.spec, containers } as Pod['spec'],
  };
}

test.each<[string, number, string | undefined, number, boolean]>([
  ['without a delay, at once', 0, undefined, 0, true],
  ['as old as the delay, not yet', 30, undefined, 30, false],
  ['older than the delay', 31, undefined, 30, true],
  ['with a longer delay of its own', 31, '1m', 30, false],
  ['with a shorter delay of its own, which does not count', 20, '10s', 30, false],
  ['with a delay that is none', 31, 'soon', 30, true],
])('a pod asks for a node %s', (_name, age, annotation, delay, expected) => {
  const { ripe, next } = ripePods([aged('p', age, annotation)], seconds(delay), now);
  expect([ripe.length === 1, next === undefined]).toEqual([expected, expected]);
});

test.each<[string, readonly Pod[], number | undefined]>([
  ['all are new', [aged('a', 0), aged('b', 1)], 1],
  ['one is two seconds old', [aged('a', 0), aged('b', 2)], undefined],
  [
    'the oldest that asks for a GPU is new',
    [aged('a', 60), aged('b', 10, undefined, { 'nvidia.com/gpu': '1' })],
    20,
  ],
  ['one that asks for a GPU is old enough', [aged('b', 30, undefined, { 'nvidia.com/gpu': '1' })], undefined],
])('nothing is decided for a while when %s', (_name, pods, expected) => {
  const until = heldBackUntil(pods, now);
  expect(until === undefined ? undefined : (until - now) / 1000).toBe(expected);
});
