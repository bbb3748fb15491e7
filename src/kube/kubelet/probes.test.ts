import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureText, probeCourse } from './probes.js';

const probe = (failureThreshold: number, successThreshold = 1, periodSeconds = 10) => ({
  failureThreshold,
  successThreshold,
  periodSeconds,
});
const second = 1000;

test.each([
  // probe, at first, failing from..to (s), says yes or no from then on (s)
  [probe(3), false, [], [[0, true]]],
  [probe(3, 2), false, [], [[10, true]]],
  [probe(3), true, [], []],
  [
    probe(3),
    true,
    [[15, 65]],
    [
      [40, false],
      [70, true],
    ],
  ],
  [
    probe(3),
    true,
    [[15, 45]],
    [
      [40, false],
      [50, true],
    ],
  ],
  [probe(3), true, [[15, 40]], []],
  [probe(1), true, [[15, 20]], []],
  [
    probe(1),
    true,
    [[15, 21]],
    [
      [20, false],
      [30, true],
    ],
  ],
  [
    probe(2, 3),
    true,
    [
      [5, 35],
      [45, 100],
    ],
    [
      [20, false],
      [120, true],
    ],
  ],
  [probe(2), true, [[10, Infinity]], [[20, false]]],
  [probe(3), false, [[0, Infinity]], []],
] as const)('%j, %s at first, failing in %j: %j', (of, initial, failing, flips) => {
  const windows = failing.map(([from, to]) => ({ from: from * second, to: to * second }));
  const course = probeCourse(of, 0, initial, windows);
  expect(course.flips.map(({ at, isPassing }) => [at / second, isPassing])).toEqual(flips);
});

describe('a probe', () => {
  test('finds what it would find if it were run each period', () => {
    const span = fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 100 }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        fc.array(span, { maxLength: 4 }),
        (failureThreshold, successThreshold, period, initial, spans) => {
          const windows = spans.map(([from, length]) => ({ from, to: from + length }));
          const fails = (time: number) => windows.some(({ from, to }) => time >= from && time < to);
          const inOrder = mergedSeconds(fails);
          let [isPassing, row, last] = [initial, 0, undefined as boolean | undefined];
          const expected: (readonly [number, boolean])[] = [];
          for (let time = 0; time < 600; time += period) {
            const result = !fails(time);
            row = result === last ? row + 1 : 1;
            last = result;
            if (result !== isPassing && row >= (result ? successThreshold : failureThreshold)) {
              isPassing = result;
              expected.push([time, isPassing]);
            }
          }
          const { flips } = probeCourse(
            probe(failureThreshold, successThreshold, period),
            0,
            initial,
            inOrder,
          );
          expect(flips.map(({ at, isPassing: is }) => [at / second, is])).toEqual(expected);
        },
      ),
    );
  });
});

/** Stretches of whole seconds in which something fails, in milliseconds. */
function mergedSeconds(fails: (time: number) => boolean) {
  const windows: { from: number; to: number }[] = [];
  for (let time = 0; time < 600; time += 1) {
    if (!fails(time)) continue;
    const last = windows.at(-1);
    if (last?.to === time * second) last.to += second;
    else windows.push({ from: time * second, to: (time + 1) * second });
  }
  return windows;
}

test.each([
  ['a port', { tcpSocket: { port: 80 } }, 'dial tcp 10.244.0.7:80: connect: connection refused'],
  [
    'a named port',
    { tcpSocket: { port: 'broker' } },
    'dial tcp 10.244.0.7:9092: connect: connection refused',
  ],
  [
    'a port of another host',
    { tcpSocket: { host: '127.0.0.1', port: 80 } },
    'dial tcp 127.0.0.1:80: connect: connection refused',
  ],
  ['a page', { httpGet: { port: 'broker' } }, 'HTTP probe failed with statuscode: 503'],
])('what fails is told of %s', (_, probe, text) => {
  const container = { name: 'c', ports: [{ name: 'broker', containerPort: 9092 }] };
  expect(failureText('Startup', probe, container, '10.244.0.7')).toBe(`Startup probe failed: ${text}`);
});
