import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balance } from './distribution.js';

const group = (id: string, targetSize: number, maxSize = 100) => ({ id, pool: id, targetSize, maxSize });

const sizes = (groups: readonly ReturnType<typeof group>[], nodes: number): readonly number[] => {
  const shares = new Map(balance(groups, nodes).map((share) => [share.group.id, share.newSize]));
  return groups.map(({ id, targetSize }) => shares.get(id) ?? targetSize);
};

describe('new nodes are shared out', () => {
  test.each<
    [present: readonly (readonly [size: number, max?: number])[], nodes: number, then: readonly number[]]
  >([
    [[[1], [3], [3]], 5, [4, 4, 4]],
    [[[1], [3], [3]], 1, [2, 3, 3]],
    [[[1], [3], [3]], 3, [4, 3, 3]],
    [[[0], [0]], 3, [2, 1]],
    [[[5], [0]], 3, [5, 3]],
    [[[1, 2], [1]], 5, [2, 5]],
    [
      [
        [2, 2],
        [1, 3],
      ],
      1,
      [2, 2],
    ],
    [
      [
        [1, 2],
        [1, 2],
      ],
      9,
      [2, 2],
    ],
    [[[4, 2], [1]], 2, [4, 3]],
    [[[3, 3]], 2, [3]],
    [[[0]], 7, [7]],
    [[[2], [2]], 0, [2, 2]],
    [[], 3, []],
  ])('%o and %i make %o', (present, nodes, then) => {
    const groups = present.map(([size, max], index) => group(String(index), size, max));
    expect(sizes(groups, nodes)).toEqual(then);
  });

  test('among the groups that get some, the smallest first', () => {
    const groups = [group('a', 3), group('b', 1), group('c', 9)];
    expect(balance(groups, 4).map(({ group: { id }, newSize }) => [id, newSize])).toEqual([
      ['b', 4],
      ['a', 4],
    ]);
  });

  test('all of them, within the maximums, and as evenly as can be', () => {
    const some = fc.record({
      size: fc.integer({ min: 0, max: 8 }),
      room: fc.integer({ min: -2, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 5 }), fc.integer({ min: 0, max: 30 }), (drafts, nodes) => {
        const groups = drafts.map(({ size, room }, index) => group(String(index), size, size + room));
        const after = sizes(groups, nodes);
        const room = groups.reduce((sum, one) => sum + Math.max(0, one.maxSize - one.targetSize), 0);
        const grown = groups.map((one, index) => (after[index] ?? 0) - one.targetSize);
        expect(grown.reduce((sum, one) => sum + one, 0)).toBe(Math.min(nodes, room));
        groups.forEach((one, index) => {
          const size = after[index] ?? 0;
          expect(size).toBeGreaterThanOrEqual(one.targetSize);
          if (size > one.targetSize) expect(size).toBeLessThanOrEqual(one.maxSize);
          // Whoever grew did not leave another behind that could have.
          if (size === one.targetSize) return;
          groups.forEach((other, at) => {
            const otherSize = after[at] ?? 0;
            if (otherSize < other.maxSize) expect(size - otherSize).toBeLessThanOrEqual(1);
          });
        });
      }),
    );
  });
});
