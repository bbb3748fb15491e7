import { describe, expect, test } from 'vitest';
import { instant } from '../../../units/index.js';
import { changedPace, disruptionOf, evictionInterval, initialPace } from './zones.js';

describe('a zone', () => {
  test.each([
    // ready, not ready
    [3, 0, 'normal'],
    [0, 0, 'normal'],
    [1, 1, 'normal'],
    [1, 2, 'normal'],
    [1, 3, 'partial'],
    [45, 55, 'partial'],
    [46, 54, 'normal'],
    [0, 1, 'full'],
    [0, 100, 'full'],
  ])('of %i ready nodes and %i others is %s', (ready, notReady, disruption) =>
    expect(disruptionOf(ready, notReady)).toBe(disruption),
  );

  test.each([
    ['normal', 10, 10_000],
    ['full', 10, 10_000],
    ['full', 100, 10_000],
    ['partial', 51, 100_000],
    ['partial', 50, undefined],
  ] as const)('that is %s and has %i nodes evicts one every %s ms', (disruption, nodes, interval) =>
    expect(evictionInterval(disruption, nodes)).toBe(interval),
  );
});

describe('a change of pace', () => {
  const at = instant(1_000_000);
  test.each([
    ['with a node in hand keeps it', initialPace(at), 100_000, { interval: 100_000, nextAt: at }],
    [
      'with none in hand waits a whole interval',
      { interval: 10_000, nextAt: instant(at + 1) },
      100_000,
      { interval: 100_000, nextAt: instant(at + 100_000) },
    ],
    ['from nothing waits a whole interval', {}, 10_000, { interval: 10_000, nextAt: instant(at + 10_000) }],
    ['to nothing has no next', initialPace(at), undefined, {}],
  ])('%s', (_, before, interval, pace) => expect(changedPace(before, interval, at)).toEqual(pace));
});
