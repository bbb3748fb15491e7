import { describe, expect, test } from 'vitest';
import { instant } from '../../../units/index.js';
import { podReplicas, sharedReplicas, valueReplicas } from './replica-calculator.js';
import type { PodSample, PodTarget } from './replica-calculator.js';

const now = instant(Date.UTC(2026, 7, 21, 12));
const tolerance = { down: 0.1, up: 0.1 };

/** A pod that has been ready for an hour and uses so many thousandths of the thousand it requests. */
const pod = (value: number | undefined, more: Partial<PodSample> = {}): PodSample => ({
  name: 'p',
  phase: 'Running',
  isGoing: false,
  startedAt: now - 3_600_000,
  ready: { isReady: true, since: now - 3_590_000 },
  value,
  request: 1000,
  ...more,
});
const pods = (...values: (number | undefined)[]) => values.map((value) => pod(value));
const percent = (share: number): PodTarget => ({ kind: 'utilization', percent: share });
const unready = (ago: number, value = 0) =>
  pod(value, { startedAt: now - ago, ready: { isReady: false, since: now - ago + 1000 } });

describe('replicas by a metric of pods', () => {
  test.each<[string, readonly PodSample[], PodTarget, number]>([
    ['as many as they are when the ratio is 1', pods(500, 500, 500), percent(50), 3],
    ['as many when it is within a tenth', pods(549, 549, 549), percent(50), 3],
    ['more when it is beyond', pods(560, 560, 560), percent(50), 4],
    ['more in proportion', pods(900, 900), percent(30), 6],
    ['fewer in proportion, rounded up', pods(100, 100, 100), percent(50), 1],
    ['by the share of all requests', [pod(900, { request: 3000 }), pod(900)], percent(45), 2],
    ['by the mean of an amount', pods(300, 100), { kind: 'average', milli: 100 }, 4],
    // Scaling up, a pod without metrics counts as idle: (800 + 800 + 0) / 3 is 53 % of 50 %.
    ['no more when pods without metrics would be idle', pods(800, 800, undefined), percent(50), 3],
    ['more when there would be too few even so', pods(1000, 1000, undefined), percent(50), 4],
    // Scaling down, it counts as at its whole request: (100 + 100 + 1000) / 3 is 40 % of 50 %.
    ['no fewer when pods without metrics would be busy', pods(100, 100, undefined), percent(50), 3],
    ['fewer when there would be too many even so', pods(10, 10, 10, 10, 10, undefined), percent(50), 3],
    ['by ready pods alone when there are too many', [...pods(100, 100), unready(10_000)], percent(50), 1],
    ['with unready pods idle when there are too few', [...pods(800, 800), unready(10_000)], percent(50), 3],
    [
      'without pods that are going or have failed',
      [...pods(900), pod(0, { isGoing: true }), pod(0, { phase: 'Failed' })],
      percent(45),
      2,
    ],
    [
      'with pending pods as unready ones',
      [...pods(900), pod(undefined, { phase: 'Pending' })],
      percent(45),
      2,
    ],
  ])('are %s', (_case, samples, target, replicas) => {
    const options = { isCpu: true, now };
    expect(podReplicas(samples, target, samples.length, tolerance, options)?.replicas).toBe(replicas);
  });

  test('are unknown while nothing is measured', () => {
    expect(podReplicas(pods(undefined), percent(50), 1, tolerance, { isCpu: true, now })).toBeUndefined();
  });

  test.each([
    // age in seconds, ready for, counted
    [60, 50, true],
    [60, 5, false],
    [400, 5, true],
  ])('count the cpu of a pod of %i s that has been ready for %i s: %s', (age, ready, isCounted) => {
    const young = pod(2000, {
      startedAt: now - age * 1000,
      ready: { isReady: true, since: now - ready * 1000 },
    });
    const found = podReplicas([...pods(500), young], percent(50), 2, tolerance, { isCpu: true, now });
    expect(found?.average).toBe(isCounted ? 1250 : 500);
  });

  test('say what is used of what is requested', () => {
    expect(podReplicas(pods(300, 400), percent(50), 2, tolerance, { isCpu: true, now })).toEqual({
      replicas: 2,
      average: 350,
      utilization: 35,
    });
  });
});

test.each([
  // value, target, current, ready   replicas
  [200, 100, 2, 2, 4],
  [109, 100, 2, 2, 2],
  [200, 100, 3, 2, 4],
  [30, 100, 0, 0, 1],
])(
  'a value of %i against %i for %i replicas, %i of them ready, asks for %i',
  (value, target, current, ready, replicas) => {
    expect(valueReplicas(value, target, current, ready, tolerance)).toBe(replicas);
  },
);

test.each([
  [200, 30, 4, 7],
  [120, 30, 4, 4],
  [125, 30, 4, 4],
  [10, 30, 4, 1],
])('a value of %i shared at %i each by %i replicas asks for %i', (value, each, current, replicas) => {
  expect(sharedReplicas(value, each, current, tolerance)).toBe(replicas);
});
