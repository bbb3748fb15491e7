import { expect, test } from 'vitest';
import { isNestedTooDeep } from './nesting.js';

const nested = (depth: number): unknown => JSON.parse(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);

test.each([
  ['a scalar', 1, false],
  ['nothing', null, false],
  ['an object', { a: [{ b: {} }] }, false],
  ['what is deep', nested(200), false],
  ['what is too deep', nested(260), true],
  ['what is bottomless', nested(50_000), true],
])('%s', (_, value, expected) => expect(isNestedTooDeep(value)).toBe(expected));
