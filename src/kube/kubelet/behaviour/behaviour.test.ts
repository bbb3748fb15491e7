import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Seed } from '../../../sim/index.js';
import type { Pod } from '../../kinds/index.js';
import { behaviourOf, drawn, invalidBehaviours } from './annotations.js';
import { curveFrom, lookAgainFor, readCurve, sum } from './curves.js';
import { bytes, cores, duration, readDraw, readDuration } from './draws.js';
import { parseList, parseOne } from './expression.js';
import { readWindows } from './windows.js';

const rng = () => new Seed(1).stream('test');
const fault = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
};

test.each([
  ['500ms', 500],
  ['90s', 90_000],
  ['1.5m', 90_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['0s', 0],
  ['90', undefined],
  ['s', undefined],
  ['-5s', undefined],
  ['5 s', undefined],
])('the duration %s is %s ms', (text, expected) => expect(readDuration(text)).toBe(expected));

describe('draws', () => {
  const many = (text: string): readonly number[] => {
    const from = readDraw(parseOne(text), duration);
    const random = rng();
    return Array.from({ length: 4000 }, () => (from.kind === 'fixed' ? from.value : from.draw(random)));
  };
  const mean = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0) / all.length;
  const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length / 2] ?? 0;

  test.each([
    ['uniform(10s,30s)', mean, 20_000],
    ['normal(60s, 10s)', mean, 60_000],
    ['exponential(5m)', mean, 300_000],
    ['lognormal(1m,0.5)', median, 60_000],
  ] as const)('%s has the middle it says', (text, middle, expected) => {
    expect(middle(many(text)) / expected).toBeCloseTo(1, 1);
    expect(Math.min(...many(text))).toBeGreaterThanOrEqual(0);
  });

  test('uniform stays within its bounds', () => {
    const all = many('uniform(10s,30s)');
    expect(Math.min(...all)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...all)).toBeLessThan(30_000);
  });

  test.each([
    ['soon', '"soon" is not a duration such as 500ms, 90s, 5m or 1h30m'],
    ['uniform(10s)', 'expected uniform(LEAST,MOST)'],
    ['uniform(30s,10s)', 'uniform(LEAST,MOST) needs LEAST not above MOST'],
    ['uniform(1,2)', '"1" is not a duration such as 500ms, 90s, 5m or 1h30m'],
    [
      'poisson(1s)',
      '"poisson(...)" is not one of uniform, normal, exponential, lognormal; or give a duration such as 500ms, 90s, 5m or 1h30m',
    ],
    ['uniform(10s,30s', 'a ")" is missing'],
    ['10s,20s', 'one value is expected, not a list'],
    ['', 'a value is missing'],
    ['(', 'unexpected "("'],
    ['5s)', 'unexpected ")"'],
  ])('%s is refused: %s', (text, message) =>
    expect(fault(() => readDraw(parseOne(text), duration))).toBe(message),
  );

  test('any text is read or refused, never worse', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 .,()=%]*$/), (text) => {
        const message = fault(() => readCurve(parseList(text), cores));
        expect(typeof message).toBe('string');
        expect(message).not.toMatch(/undefined|TypeError|reading/);
      }),
    );
  });
});

describe('windows', () => {
  test.each([
    ['60s..90s', [[60, 90]]],
    ['5m..', [[300, Infinity]]],
    ['always', [[0, Infinity]]],
    [
      '50s..60s,10s..20s',
      [
        [10, 20],
        [50, 60],
      ],
    ],
    ['10s..30s,20s..40s,40s..50s', [[10, 50]]],
  ])('%s', (text, expected) =>
    expect(readWindows(parseList(text)).map(({ from, to }) => [from / 1000, to / 1000])).toEqual(expected),
  );

  test.each([
    ['60s', 'expected stretches since the start such as 60s..90s or 5m..'],
    ['90s..60s', '"90s..60s" ends before it begins'],
    ['a..b', 'expected stretches since the start such as 60s..90s or 5m..'],
  ])('%s is refused: %s', (text, message) => expect(fault(() => readWindows(parseList(text)))).toBe(message));
});

describe('curves', () => {
  const second = 1000;
  const hour = 3_600_000;
  const at = (text: string, times: readonly number[], start = 0) => {
    const curve = curveFrom(readCurve(parseList(text), cores), start, rng);
    return times.map((time) => Math.round(curve.at(time)));
  };

  test.each([
    ['250m', [0, hour], [250, 250]],
    ['ramp(100m,2100m,10s)', [0, second, 5 * second, 10 * second, hour], [100, 300, 1100, 2100, 2100]],
    ['0s=100m,10s=2,1m=500m', [0, 9 * second, 10 * second, 60 * second], [100, 100, 2000, 500]],
    ['10s=1', [0, 10 * second], [0, 1000]],
    ['sine(0,1,4h)', [0, hour, 2 * hour, 3 * hour], [0, 500, 1000, 500]],
    ['diurnal(100m,1100m)', [2 * hour, 8 * hour, 14 * hour], [100, 600, 1100]],
  ])('%s', (text, times, expected) => expect(at(text, times)).toEqual(expected));

  test('begins with its container', () =>
    expect(at('ramp(0,1,10s)', [hour + 5 * second], hour)).toEqual([500]));

  test.each([
    ['ramp(1,2)', 'expected ramp(FROM,TO,DURATION)'],
    ['sine(1,2,0s)', 'the PERIOD of sine(LOW,HIGH,PERIOD) must not be zero'],
    ['0s=1,2', 'every step needs its moment, e.g. 0s=100m,10m=2'],
    ['10s=1,5s=2', 'the moments of steps must grow'],
    ['1,2', 'steps need their moments, e.g. 0s=100m,10m=2'],
    ['much', '"much" is not an amount of cpu such as 250m or 2'],
    ['-1', '"-1" is not an amount of cpu such as 250m or 2'],
  ])('%s is refused: %s', (text, message) =>
    expect(fault(() => readCurve(parseList(text), cores))).toBe(message),
  );

  test('are never said to cross a level later than they do', () => {
    const amount = fc.integer({ min: 0, max: 50 });
    const span = fc.integer({ min: 1, max: 600 }).map((n) => `${String(n)}s`);
    // Shorter waves pass between two looks.
    const period = fc.integer({ min: 60, max: 600 }).map((n) => `${String(n)}s`);
    const text = fc.oneof(
      amount.map(String),
      fc.tuple(amount, amount, span).map(([a, b, c]) => `ramp(${String(a)},${String(b)},${c})`),
      fc.tuple(amount, amount, period).map(([a, b, c]) => `sine(${String(a)},${String(b)},${c})`),
      fc.tuple(amount, amount, span).map(([a, b, c]) => `0s=${String(a)},${c}=${String(b)}`),
    );
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 90 }), (one, other, level) => {
        const [a, b] = [one, other].map((from) => curveFrom(readCurve(parseList(from), bytes), 0, rng));
        if (!a || !b) return;
        const curve = sum(a, b);
        // The first second in which it is above, looked for step by step.
        const seconds = Array.from({ length: 1300 }, (_, index) => index * second);
        const crossed = seconds.find((time) => curve.at(time) > level);
        let look = lookAgainFor(curve, level, 0);
        for (let turns = 0; look !== undefined && curve.at(look) <= level && turns < 50; turns += 1)
          look = lookAgainFor(curve, level, look + 1);
        if (crossed === undefined) return;
        // It looks no closer than a second where the curve bends.
        expect(look ?? Infinity).toBeLessThanOrEqual(crossed + 2 * second);
      }),
    );
  });
});

describe('a pod', () => {
  const pod = (annotations: Record<string, string>): Pod =>
    ({
      metadata: { name: 'p', uid: 'u', annotations },
      spec: { containers: [{ name: 'a' }, { name: 'b' }], initContainers: [{ name: 'i' }] },
    }) as unknown as Pod;

  test('says how its containers behave, or one of them alone, never its init containers', () => {
    const one = pod({ 'poolkeeper.dev/exit-code': '1', 'poolkeeper.dev/b.exit-code': '2' });
    const [a, b] = one.spec.containers;
    const [i] = one.spec.initContainers ?? [];
    expect([a, b, i].map((container) => container && behaviourOf(one, container).exitCode)).toEqual([
      1,
      2,
      undefined,
    ]);
  });

  test('draws for each run and container anew, the same each time', () => {
    const one = pod({ 'poolkeeper.dev/run-duration': 'uniform(1s,1000s)' });
    const [a] = one.spec.containers;
    const draw = (name: string, run: number) =>
      drawn(a && behaviourOf(one, a).runDuration, 0, one, name, run, 'run-duration');
    expect(draw('a', 0)).toBe(draw('a', 0));
    expect(new Set([draw('a', 0), draw('a', 1), draw('b', 0)]).size).toBe(3);
  });

  test.each([
    ['run-duration', '5', '"5" is not a duration such as 500ms, 90s, 5m or 1h30m'],
    ['exit-code', '256', 'expected an exit code from 0 to 255'],
    ['failure-chance', '150%', 'expected a chance such as 0.05 or 5%'],
    ['image-size', 'big', '"big" is not an amount of memory such as 64Mi or 2Gi'],
    [
      'image-pull-failure',
      'maybe',
      'expected one of not-found, unauthorized, unreachable, with "for DURATION" after it unless it is for ever',
    ],
    ['memory-leak', '10Mi', 'expected memory in a time such as 10Mi/m or 1Gi/6h'],
  ])('with %s: %s is told: %s', (name, value, message) =>
    expect(invalidBehaviours(pod({ [`poolkeeper.dev/${name}`]: value }))).toEqual([
      {
        annotation: `poolkeeper.dev/${name}`,
        message: `poolkeeper.dev/${name}: ${JSON.stringify(value)}: ${message}`,
      },
    ]),
  );
});
