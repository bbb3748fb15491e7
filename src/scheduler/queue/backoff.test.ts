import { expect, test } from 'vitest';
import { backoffOf } from './backoff.js';

test.each([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [4, 8_000],
  [5, 10_000],
  [6, 10_000],
  [100, 10_000],
  [10_000, 10_000],
])('a pod that was refused %i times backs off %i ms', (refusals, wait) =>
  expect(backoffOf(refusals)).toBe(wait),
);
