import { expect, test } from 'vitest';
import type { Pod } from '../../kube/index.js';
import { comesBefore } from './priority-sort.js';
import type { QueuePlace } from './priority-sort.js';
import { schedulingGates } from './scheduling-gates.js';

test.each<[first: QueuePlace, second: QueuePlace, isBefore: boolean]>([
  [{ priority: 1, sequence: 2 }, { priority: 0, sequence: 1 }, true],
  [{ priority: 0, sequence: 1 }, { priority: 1, sequence: 2 }, false],
  [{ priority: -5, sequence: 1 }, { priority: -10, sequence: 0 }, true],
  [{ priority: 3, sequence: 1 }, { priority: 3, sequence: 2 }, true],
  [{ priority: 3, sequence: 2 }, { priority: 3, sequence: 1 }, false],
  [{ priority: 3, sequence: 1 }, { priority: 3, sequence: 1 }, false],
])('PrioritySort: %j before %j: %s', (first, second, isBefore) => {
  expect(comesBefore(first, second)).toBe(isBefore);
});

test.each([
  [undefined, undefined],
  [[], undefined],
  [['a'], 'waiting for scheduling gates: [a]'],
  [['a', 'b.io/c'], 'waiting for scheduling gates: [a b.io/c]'],
])('SchedulingGates: %j: %s', (names, text) => {
  const pod = {
    metadata: { name: 'p' },
    spec: { containers: [], ...(names && { schedulingGates: names.map((name) => ({ name })) }) },
  } as unknown as Pod;
  expect(schedulingGates.gate?.(pod)?.reasons[0]).toBe(text);
});
