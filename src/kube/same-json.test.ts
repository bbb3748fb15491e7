import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './object.js';
import { sameJson, sameMembers } from './same-json.js';

const few = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(0, 1, '1', null, true, undefined),
    fc.array(
      tie('value').filter((item) => item !== undefined),
      { maxLength: 2 },
    ),
    fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { noNullPrototype: true }),
  ),
})).value;

test('values are the same that are the same text', () => {
  fc.assert(
    fc.property(few, few, (a, b) => {
      expect(sameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      expect(sameJson(a, structuredClone(a))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('members are the same but for one', () => {
  expect(sameMembers({ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 3 }, 'a')).toBe(true);
  expect(sameMembers({ b: 1 }, { a: 3, b: 1 }, 'a')).toBe(true);
  expect(sameMembers({ a: 1, b: 1 }, { a: 1 }, 'a')).toBe(false);
  expect(sameMembers({ a: 1 }, { a: 1, b: 1 }, 'a')).toBe(false);
});
