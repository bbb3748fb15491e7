import { expect, test } from 'vitest';
import { nodeLimit } from './limits.js';

const group = (targetSize: number, maxSize: number) => ({ targetSize, maxSize });

test.each<
  [
    perScaleUp: number,
    total: number,
    current: number,
    groups: readonly ReturnType<typeof group>[],
    limit: number,
  ]
>([
  [1000, 0, 50, [group(0, 2000)], 1000],
  [1000, 0, 50, [group(3, 10)], 7],
  [1000, 0, 50, [group(3, 10), group(0, 5)], 12],
  [1000, 0, 50, [group(12, 10), group(0, 5)], 5],
  [1000, 0, 50, [group(10, 10)], 0],
  [1000, 55, 50, [group(0, 10)], 5],
  [1000, 50, 50, [group(0, 10)], 0],
  [1000, 50, 60, [group(0, 10)], 0],
  [0, 0, 60, [group(0, 10_000)], 10_000],
  [3, 0, 60, [group(0, 10)], 3],
])(
  '%i a scale-up, %i in all of which there are %i, and groups %o: %i',
  (maxNodesPerScaleUp, maxNodesTotal, currentNodes, groups, limit) =>
    expect(nodeLimit({ options: { maxNodesPerScaleUp, maxNodesTotal }, currentNodes, groups })).toBe(limit),
);
