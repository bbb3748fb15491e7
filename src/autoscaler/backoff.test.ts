import { describe, expect, test } from 'vitest';
import { instant } from '../units/index.js';
import { afterFailure, isBackedOff, isForgotten } from './backoff.js';
import type { Backoff } from './memory.js';
import { defaultOptions } from './options.js';

const options = defaultOptions(34);
const cause = { code: 'QuotaExceeded', message: 'no', scarce: 'quota' } as const;
const minute = 60_000;
const at = (minutes: number) => instant(minutes * minute);

/** The backoff after failures at these minutes. */
const afterFailures = (...minutes: readonly number[]): Backoff => {
  let backoff: Backoff | undefined;
  for (const one of minutes) backoff = afterFailure(backoff, at(one), options, cause);
  if (!backoff) throw new Error('There was no failure');
  return backoff;
};

describe('a backoff', () => {
  test.each<[string, failures: readonly number[], duration: number]>([
    ['begins short', [0], 5],
    ['begins anew while it lasts', [0, 3], 5],
    ['begins anew at its very end', [0, 5], 5],
    ['doubles once it is over', [0, 6], 10],
    ['doubles again', [0, 6, 17], 20],
    ['keeps a doubled duration while it lasts', [0, 6, 10], 10],
    ['grows to a maximum', [0, 6, 17, 38], 30],
    ['stays at the maximum', [0, 6, 17, 38, 100], 30],
    ['is remembered for three hours', [0, 180], 10],
    ['is forgotten after three hours', [0, 181], 5],
    ['is remembered from the last failure on', [0, 100, 181], 20],
  ])('%s: failures at %o minutes', (_, failures, duration) => {
    const last = failures.at(-1) ?? 0;
    expect(afterFailures(...failures)).toEqual({
      duration: duration * minute,
      until: at(last + duration),
      lastFailure: at(last),
      cause,
    });
  });

  test('tells why the group failed last', () => {
    const other = { code: 'AllocationFailed', message: 'none', scarce: 'capacity' } as const;
    expect(afterFailure(afterFailures(0), at(1), options, other).cause).toEqual(other);
  });

  test.each([
    [0, true],
    [4.999, true],
    [5, false],
    [6, false],
  ])('of five minutes, after %d: in force %s', (minutes, expected) =>
    expect(isBackedOff(afterFailures(0), at(minutes))).toBe(expected),
  );

  test('is not in force where there is none', () => expect(isBackedOff(undefined, at(0))).toBe(false));

  test.each([
    [180, false],
    [180.001, true],
  ])('is forgotten %d minutes after its failure: %s', (minutes, expected) =>
    expect(isForgotten(afterFailures(0), at(minutes), options)).toBe(expected),
  );
});
