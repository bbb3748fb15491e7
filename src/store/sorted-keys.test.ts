import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SortedKeys } from './sorted-keys.js';

const key = fc.nat(3000).map((n) => `k${String(n)}`);
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete'), key), { maxLength: 3000, size: 'max' });

describe('a set of keys', () => {
  test('is in order after any additions and deletions, and what was read from it stays', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const keys = SortedKeys.of();
        const model = new Set<string>();
        const run = ([what, one]: readonly [string, string]): void => {
          if ((what === 'add') === model.has(one)) return;
          if (what === 'add') keys.add(one);
          else keys.delete(one);
          if (what === 'add') model.add(one);
          else model.delete(one);
        };
        before.forEach(run);
        const read = keys.sorted();
        const copy = keys.copy();
        const expected = [...model].sort();
        after.forEach(run);
        expect(read).toEqual(expected);
        expect(copy.sorted()).toEqual(expected);
        expect(keys.sorted()).toEqual([...model].sort());
        expect(keys.size).toBe(model.size);
      }),
      { numRuns: 30 },
    );
  });
});
