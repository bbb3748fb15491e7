import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  fromMilli,
  isQuantity,
  milliValue,
  quantityValue,
  subtractQuantities,
} from './index.js';

test.each([
  ['0', '0'],
  ['1', '1'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['0.5', '500m'],
  ['.5', '500m'],
  ['5.', '5'],
  ['+2', '2'],
  ['-1000', '-1k'],
  ['1024Mi', '1Gi'],
  ['1536Mi', '1536Mi'],
  ['1.5Gi', '1536Mi'],
  ['0.5Ki', '512'],
  ['1000', '1k'],
  ['123456', '123456'],
  ['1e3', '1e3'],
  ['12e6', '12e6'],
  ['1E', '1E'],
  ['0.1n', '1n'],
  ['007', '7'],
])('%s is written %s', (text, canonical) => expect(canonicalQuantity(text)).toBe(canonical));

test.each(['', 'm', '1.2.3', '1KiB', '1 Gi', '0x10', 'Infinity', '1e400', '1mi'])(
  '%j is no quantity',
  (text) => expect(isQuantity(text)).toBe(false),
);

test('a cpu counts in thousandths, rounded up', () => {
  expect(['100m', '0.1', '2', '1n', '2500u'].map(milliValue)).toEqual([100, 100, 2000, 1, 3]);
  expect([fromMilli(250), fromMilli(2000)]).toEqual(['250m', '2']);
});

test('writing a quantity canonically changes no value, and once its own form is written nothing', () => {
  const texts = fc
    .tuple(
      fc.nat(1e9),
      fc.option(fc.nat(999)),
      fc.constantFrom('', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'Ti', 'e3'),
    )
    .map(([whole, fraction, suffix]) => `${whole}${fraction === null ? '' : `.${fraction}`}${suffix}`);
  fc.assert(
    fc.property(texts, (text) => {
      const canonical = canonicalQuantity(text);
      // A binary amount that no binary suffix fits is written without one, and read again as a decimal amount.
      const read = canonicalQuantity(canonical);
      expect(canonicalQuantity(read)).toBe(read);
      expect(quantityValue(canonical)).toBeCloseTo(quantityValue(text), 6);
      expect(quantityValue(read)).toBe(quantityValue(canonical));
    }),
  );
});

test.each([
  ['100m', '1', '1100m', '-900m'],
  ['1Gi', '512Mi', '1536Mi', '512Mi'],
  ['1Gi', '1000', '1073742824', '1073740824'],
  ['0', '1Gi', '1Gi', '-1Gi'],
  ['8', '8', '16', '0'],
])('%s and %s are %s together, %s apart', (a, b, sum, difference) => {
  expect([addQuantities(a, b), subtractQuantities(a, b)]).toEqual([sum, difference]);
});

test('quantities are compared by what they are worth', () => {
  expect([
    compareQuantities('1Gi', '1G'),
    compareQuantities('1', '1000m'),
    compareQuantities('-1', '0'),
  ]).toEqual([1, 0, -1]);
});
