import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spread } from './slices.js';
import type { Endpoint, PresentSlice } from './slices.js';

const ports = [{ name: '', port: 80, protocol: 'TCP' }];
const endpoint = (id: number): Endpoint => ({
  addresses: [String(id)],
  conditions: { ready: true, serving: true, terminating: false },
});
const group = (ids: readonly number[]) => ({
  ports,
  endpoints: new Map(ids.map((id) => [String(id), endpoint(id)])),
});
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const slice = (name: string, ids: readonly number[]): PresentSlice => ({ name, ports, ids: ids.map(String) });
const sizes = (wanted: ReturnType<typeof spread>) =>
  wanted.map(({ name, endpoints }) => [name ?? 'new', endpoints.length]);

describe('endpoints', () => {
  test.each<[string, number[], PresentSlice[], [string, number][]]>([
    [
      'get slices of a hundred',
      range(1, 250),
      [],
      [
        ['new', 100],
        ['new', 100],
        ['new', 50],
      ],
    ],
    ['stay where they are', [1, 2, 3], [slice('a', [1, 2, 3])], [['a', 3]]],
    [
      'fill the fullest slice',
      range(1, 131),
      [slice('a', range(1, 40)), slice('b', range(41, 130))],
      [
        ['a', 40],
        ['b', 91],
      ],
    ],
    ['leave no empty slice', [1], [slice('a', [1]), slice('b', [2])], [['a', 1]]],
    [
      'get a new slice when all are full',
      range(1, 101),
      [slice('a', range(1, 100))],
      [
        ['a', 100],
        ['new', 1],
      ],
    ],
  ])('%s', (_case, ids, present, expected) => {
    expect(sizes(spread([group(ids)], present))).toEqual(expected);
  });

  test('of other ports get slices of their own', () => {
    const other = {
      ports: [{ name: '', port: 81, protocol: 'TCP' }],
      endpoints: new Map([['9', endpoint(9)]]),
    };
    expect(sizes(spread([group([1]), other], [slice('a', [9])]))).toEqual([
      ['a', 1],
      ['new', 1],
    ]);
  });

  test('are in one slice each, of a hundred at most, whatever was there', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 300 });
    const present = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 100 }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(ids, present, (wanted, slices) => {
        const found = spread(
          [group(wanted)],
          slices.map((one, index) => slice(`s${String(index)}`, one)),
        );
        const all = found.flatMap(({ endpoints }) => endpoints.map(({ addresses }) => Number(addresses[0])));
        expect([...all].sort((a, b) => a - b)).toEqual([...wanted].sort((a, b) => a - b));
        expect(found.every(({ endpoints }) => endpoints.length > 0 && endpoints.length <= 100)).toBe(true);
      }),
    );
  });
});
