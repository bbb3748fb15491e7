import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grownSize, proportionalSizes, shrunkSizes } from './sizes.js';
import type { SetSize } from './sizes.js';

let serial = 0;
const set = (replicas: number, available = replicas, maxBefore?: number): SetSize => {
  serial += 1;
  return { name: `set-${String(serial)}`, replicas, available, maxBefore, created: serial };
};

describe('the new set', () => {
  test.each([
    // present, total, replicas, surge   size
    [0, 10, 10, 3, 3],
    [3, 13, 10, 3, 3],
    [3, 11, 10, 3, 5],
    [9, 9, 10, 3, 10],
    [0, 15, 10, 3, 0],
    [12, 12, 10, 3, 10],
  ])(
    'of %i pods among %i, for %i and a surge of %i, grows to %i',
    (present, total, replicas, surge, size) => {
      expect(grownSize(present, total, { replicas, surge, unavailable: 0 })).toBe(size);
    },
  );
});

describe('old sets', () => {
  test.each<[string, SetSize[], SetSize, number, number[]]>([
    ['shrink by what may be unavailable', [set(10)], set(0), 2, [8]],
    ['do not shrink while the new pods are not available', [set(8)], set(4, 0), 2, [8]],
    ['shrink as new pods become available', [set(8)], set(4, 2), 2, [6]],
    ['lose unhealthy pods first', [set(5, 2), set(5)], set(0), 2, [3, 5]],
    ['lose unhealthy pods within the budget alone', [set(10, 0)], set(5, 5), 0, [5]],
    ['go oldest first', [set(3), set(9)], set(0), 4, [0, 6]],
  ])('%s', (_case, old, present, unavailable, sizes) => {
    expect(shrunkSizes(old, present, { replicas: 10, surge: 3, unavailable })).toEqual(sizes);
  });
});

describe('a deployment scaled during a rollout', () => {
  const sizesOf = (sets: SetSize[], replicas: number, surge: number) => [
    ...proportionalSizes(sets, { replicas, surge, unavailable: 0 }, 0).values(),
  ];

  test.each<[string, SetSize[], number, number, number[]]>([
    // As in the documentation: 10 replicas, 3 surge, 2 unavailable: 8 old and 5 new, scaled to 15.
    ['grows each by its share', [set(8, 8, 13), set(5, 0, 13)], 15, 3, [11, 7]],
    ['shrinks each by its share', [set(8, 8, 13), set(5, 5, 13)], 5, 2, [4, 3]],
    ['gives the largest what is left', [set(3, 3, 9), set(3, 3, 9), set(3, 3, 9)], 10, 0, [4, 3, 3]],
    ['shrinks to nothing', [set(8, 8, 13), set(5, 5, 13)], 0, 0, [0, 0]],
  ])('%s', (_case, sets, replicas, surge, sizes) => {
    expect(sizesOf(sets, replicas, surge)).toEqual(sizes);
  });

  test('has what it may have in the end, whatever its sets were', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 0, max: 10 }),
        (given, replicas, surge) => {
          const most = given.reduce((sum, one) => sum + one, 0);
          const after = sizesOf(
            given.map((one) => set(one, one, most)),
            replicas,
            surge,
          );
          expect(after.every((one) => one >= 0)).toBe(true);
          expect(after.reduce((sum, one) => sum + one, 0)).toBe(replicas + surge);
        },
      ),
    );
  });
});
