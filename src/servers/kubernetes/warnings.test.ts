import { expect, test } from 'vitest';
import { warningHeaders } from './warnings.js';

test.each([
  ['none', [], []],
  ['each in its order', ['b', 'a'], ['299 - "b"', '299 - "a"']],
  ['none twice', ['a', 'a'], ['299 - "a"']],
  ['quotes escaped', ['unknown field "x"'], ['299 - "unknown field \\"x\\""']],
  ['one long one, as long as it is alone', ['x'.repeat(4096)], [`299 - "${'x'.repeat(4096)}"`]],
])('headers tell %s', (_, warnings, headers) => expect(warningHeaders(warnings)).toEqual(headers));

test('many long warnings are cut short, and the last of them left out', () => {
  const headers = warningHeaders(Array.from({ length: 500 }, (_, at) => `${String(at)} ${'é'.repeat(1000)}`));
  expect(headers).toHaveLength(16);
  expect(Buffer.from(headers[3] ?? '', 'latin1').toString()).toBe(`299 - "3 ${'é'.repeat(254)}"`);
});
