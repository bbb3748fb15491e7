import type { Random } from './random.js';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Words that have broken somebody's server. */
export const oddWords: readonly string[] = [
  '',
  ' ',
  '.',
  '..',
  '-',
  '/',
  '~',
  '*',
  '0',
  '-1',
  'null',
  'true',
  'NaN',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'ä',
  '\u0000',
  '\uD800',
  '💥',
  'UPPER',
  'a b',
  'a/b',
  'a\nb',
  '%',
  '%00',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$deleteFromPrimitiveList/finalizers',
  '1e9999',
  '100m',
  '9223372036854775808',
  '2026-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '99999-12-31T23:59:60.999999999999Z',
  '-5Ki',
  '1e3',
  '1.5.5',
  '9999999999999999999E',
  '0.0000000000001n',
  '1Zi',
  '150%',
  '-1%',
  '::1',
  '::ffff:1.2.3.4',
  '1.2.3.4/33',
  '0.0.0.0/0',
  '256.1.1.1',
  '* * * * *',
  '@every 1s',
  '0 0 31 2 *',
  '*/0 99 * * MON-',
  'Nowhere/City',
  '$(VAR)',
  '{.spec[*',
  '{.spec..x}',
  '(((a',
  '[z-a]',
  'self.size() > 1/0',
  'object.x.y.all(a, a.b == [1][5])',
  "'a'.matches('[')",
  'key in (a,',
  'fuzz-0',
  'system:masters',
  'https://127.0.0.1:1/x',
  '\u202e',
  '\uFEFF',
  'e\u0301',
  'x'.repeat(64),
  'x'.repeat(254),
  'x'.repeat(5000),
];

const oddNumbers: readonly number[] = [
  0,
  -1,
  1,
  2,
  0.5,
  65_536,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  2 ** 53,
  2 ** 63,
  1e21,
  1e308,
  -1e-9,
  255,
  32_767,
  65_535,
  2_147_483_648_000,
  -(2 ** 63),
  4e15,
  8.64e15,
];

/** Any value at all, not too large. */
export function anyValue(random: Random, depth = 3): Json {
  return random.weighted<Json>([
    [1, () => null],
    [1, () => random.oneIn(2)],
    [2, () => random.pick(oddNumbers)],
    [3, () => random.pick(oddWords)],
    [depth > 0 ? 1 : 0, () => [...random.some(3, () => anyValue(random, depth - 1))]],
    [
      depth > 0 ? 2 : 0,
      () =>
        Object.fromEntries(
          random.some(3, () => [random.pick(oddWords), anyValue(random, depth - 1)] as const),
        ),
    ],
  ]);
}

/** Members that say how many pods there are to be: a server that takes them at their word is full before long. */
export const isCount = (name: string): boolean =>
  /(^|\/)(\w*[rR]eplicas|parallelism|completions)$/.test(name);

/** A value for such a member, not too large. */
export const anyCount = (random: Random): Json => random.pick<Json>([0, 1, 2, 3, -1, 0.5, '3', null, {}]);

/** Arrays or objects inside one another, as text: a parser or a walk may not be up to it. */
export const nested = (random: Random): string => {
  const depth = random.pick([50, 500, 5000, 50_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"spec":', '}'],
    ['[{"a":', '}]'],
  ] as const);
  return `${open.repeat(depth)}1${random.oneIn(3) ? '' : close.repeat(depth)}`;
};

/** The same value with something changed somewhere: another value, one less, one more, one under another name. */
export function mutated(random: Random, value: Json): Json {
  if (value === null || typeof value !== 'object' || random.oneIn(8)) return anyValue(random);
  if (Array.isArray(value)) {
    const copy = [...value];
    const at = random.below(copy.length + 1);
    const present = copy[at];
    random.weighted([
      [
        4,
        () => (present === undefined ? copy.push(anyValue(random)) : (copy[at] = mutated(random, present))),
      ],
      [1, () => copy.splice(at, 1)],
      [1, () => copy.push(present ?? anyValue(random))],
    ]);
    return copy;
  }
  const names = Object.keys(value);
  const copy = new Map(Object.entries(value));
  const name = names.length === 0 || random.oneIn(10) ? random.pick(oddWords) : random.pick(names);
  const present = copy.get(name);
  if (isCount(name)) {
    copy.set(name, anyCount(random));
    return Object.fromEntries(copy);
  }
  random.weighted<unknown>([
    [6, () => copy.set(name, present === undefined ? anyValue(random) : mutated(random, present))],
    [1, () => copy.delete(name)],
    [1, () => copy.set(random.pick(oddWords), present ?? anyValue(random))],
  ]);
  return Object.fromEntries(copy);
}

/** The JSON pointers of a value's members. */
export function pointers(value: Json, at = ''): readonly string[] {
  if (value === null || typeof value !== 'object') return [at];
  const members = Array.isArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : Object.entries(value);
  return [
    at,
    ...members.flatMap(([name, member]) =>
      pointers(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    ),
  ];
}
