import { expect, test } from 'vitest';
import { cropToBudgets } from './budgets.js';
import type { Deletion } from './deletion.js';

const several = (count: number, letter: string) => Array.from({ length: count }, () => letter);
const underWay = (empty: number, drain: number): readonly Pick<Deletion, 'kind'>[] => [
  ...Array.from({ length: empty }, () => ({ kind: 'empty' }) as const),
  ...Array.from({ length: drain }, () => ({ kind: 'drain' }) as const),
];

test.each([
  // empty, drain, under way: empty, drain, chosen: empty, drain
  [0, 0, 0, 0, 0, 0],
  [3, 5, 0, 0, 3, 1],
  [12, 5, 0, 0, 10, 0],
  [9, 5, 0, 0, 9, 1],
  [12, 5, 4, 0, 6, 0],
  [0, 5, 0, 1, 0, 0],
  [3, 5, 0, 1, 3, 0],
  [3, 5, 9, 1, 0, 0],
  [3, 5, 12, 0, 0, 0],
])('%i empty nodes and %i others, with %i and %i under way: %i and %i', (empty, drain, e, d, ...chosen) => {
  const options = { maxScaleDownParallelism: 10, maxDrainParallelism: 1 };
  const going = { empty: several(empty, 'e'), drain: several(drain, 'd') };
  const found = cropToBudgets(going, underWay(e, d), options);
  expect([found.empty.length, found.drain.length]).toEqual(chosen);
});

test('the first go first', () => {
  const options = { maxScaleDownParallelism: 3, maxDrainParallelism: 2 };
  expect(cropToBudgets({ empty: ['a', 'b'], drain: ['c', 'd'] }, [], options)).toEqual({
    empty: ['a', 'b'],
    drain: ['c'],
  });
});
