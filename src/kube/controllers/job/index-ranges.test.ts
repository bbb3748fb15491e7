import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexRanges } from './index-ranges.js';

test.each([
  [[], ''],
  [[3], '3'],
  [[0, 1], '0,1'],
  [[0, 1, 2, 5], '0-2,5'],
  [[7, 1, 3, 4, 5], '1,3-5,7'],
])('%j are written as %j', (indexes, text) => {
  expect(IndexRanges.of(indexes).toString()).toBe(text);
});

test.each([
  ['0-3,5', 10, '0-3,5'],
  ['0-3,5', 3, '0-2'],
  ['', 3, ''],
])('%j below %i is %j', (text, limit, expected) => {
  expect(IndexRanges.parse(text, limit).toString()).toBe(expected);
});

const indexes = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });

test('they are what a set of numbers is', () => {
  fc.assert(
    fc.property(indexes, indexes, fc.integer({ min: 0, max: 20 }), (a, b, count) => {
      const both = IndexRanges.of(a).with(IndexRanges.of(b));
      const set = new Set([...a, ...b]);
      expect(both.toString()).toBe(IndexRanges.of(set).toString());
      expect(IndexRanges.parse(both.toString()).total).toBe(set.size);
      expect(IndexRanges.of(a).countIn(IndexRanges.of(b))).toBe(a.filter((one) => b.includes(one)).length);
      const missing = Array.from({ length: 50 }, (_, index) => index).filter((index) => !set.has(index));
      expect(both.gaps(count, 50)).toEqual(missing.slice(0, count));
    }),
  );
});
