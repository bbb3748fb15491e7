import { describe, expect, test } from 'vitest';
import type { Labels, Pod, PodAffinity, PodAffinityTerm } from '../../kube/index.js';
import type { PluginArgs } from '../framework/configuration.js';
import { namespace, node, pod, scoresOf } from '../fixtures.js';

const x: Labels = { app: 'x' };
const about = (labels: Labels, members: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
  topologyKey: 'zone',
  labelSelector: { matchLabels: labels },
  ...members,
});
type Weighted = readonly [weight: number, term: PodAffinityTerm];
const preferring = (...terms: readonly Weighted[]): PodAffinity => ({
  preferredDuringSchedulingIgnoredDuringExecution: terms.map(([weight, podAffinityTerm]) => ({
    weight,
    podAffinityTerm,
  })),
});
const requiring = (...terms: readonly PodAffinityTerm[]): PodAffinity => ({
  requiredDuringSchedulingIgnoredDuringExecution: terms,
});
const wanting = (podAffinity: PodAffinity) => ({ affinity: { podAffinity } });
const avoiding = (podAntiAffinity: PodAffinity) => ({ affinity: { podAntiAffinity } });

/** Zones z1 (a, b), z2 (c), z3 (e), none (d). */
const nodes = [
  node('a', { labels: { zone: 'z1', host: 'a' } }),
  node('b', { labels: { zone: 'z1', host: 'b' } }),
  node('c', { labels: { zone: 'z2', host: 'c' } }),
  node('d', { labels: { host: 'd' } }),
  node('e', { labels: { zone: 'z3', host: 'e' } }),
];
const objects = [namespace('default', { team: 'a' }), namespace('other', { team: 'b' })];

const scores = (pods: readonly Pod[], one: Pod, args: PluginArgs = {}) =>
  Object.values(scoresOf('InterPodAffinity', { nodes, objects, pods, pod: one, args }));
const on = (
  at: string,
  count: number,
  labels: Labels = x,
  draft: Parameters<typeof pod>[1] = {},
): readonly Pod[] =>
  Array.from({ length: count }, (_, index) => pod(`${at}-${String(index)}`, { on: at, labels, ...draft }));
const nothing = [undefined, undefined, undefined, undefined, undefined];

describe('InterPodAffinity: scores by what a pod prefers', () => {
  // floor(100 x (raw - least) / (most - least)) x 2.
  test.each<
    [
      what: string,
      there: readonly Pod[],
      spec: Partial<Pod['spec']>,
      expected: readonly (number | undefined)[],
    ]
  >([
    ['no preference and nobody there', [], {}, nothing],
    ['a preference for nobody there', [], wanting(preferring([5, about(x)])), nothing],
    ['one pod', on('a', 1), wanting(preferring([5, about(x)])), [200, 200, 0, 0, 0]],
    [
      'pods in two zones',
      [...on('a', 1), ...on('c', 2)],
      wanting(preferring([5, about(x)])),
      [100, 100, 200, 0, 0],
    ],
    // 10, 30, 0.
    [
      'thirds are cut off',
      [...on('a', 1), ...on('c', 3)],
      wanting(preferring([10, about(x)])),
      [66, 66, 200, 0, 0],
    ],
    ['by host', on('a', 1), wanting(preferring([5, about(x, { topologyKey: 'host' })])), [200, 0, 0, 0, 0]],
    // a 1 + 2, b 1, c 0.
    [
      'two terms',
      on('a', 1),
      wanting(preferring([1, about(x)], [2, about(x, { topologyKey: 'host' })])),
      [200, 66, 0, 0, 0],
    ],
    [
      'terms are each by itself',
      on('a', 1),
      wanting(preferring([1, about(x)], [9, about({ app: 'y' })])),
      [200, 200, 0, 0, 0],
    ],
    // -5 in z1: 0, and 100 elsewhere.
    ['to be away', on('a', 1), avoiding(preferring([5, about(x)])), [0, 0, 200, 200, 200]],
    // -5, -10, 0, 0: 50, 0, 100, 100.
    [
      'to be away from more',
      [...on('a', 1), ...on('c', 2)],
      avoiding(preferring([5, about(x)])),
      [100, 100, 0, 200, 200],
    ],
    // 3 in z1, -1 in z2, 0: 100, 0, 25.
    [
      'both',
      [...on('a', 1), ...on('c', 1, { app: 'y' })],
      {
        affinity: {
          podAffinity: preferring([3, about(x)]),
          podAntiAffinity: preferring([1, about({ app: 'y' })]),
        },
      },
      [200, 200, 0, 50, 50],
    ],
    // As much for as against: nothing tells nodes apart.
    [
      'for and against the same',
      on('a', 1),
      { affinity: { podAffinity: preferring([5, about(x)]), podAntiAffinity: preferring([5, about(x)]) } },
      [0, 0, 0, 0, 0],
    ],
    ['pods on a node without the key', on('d', 1), wanting(preferring([5, about(x)])), nothing],
    [
      'pods of another namespace',
      on('a', 1, x, { namespace: 'other' }),
      wanting(preferring([5, about(x)])),
      nothing,
    ],
    [
      'pods of a namespace that is selected',
      on('a', 1, x, { namespace: 'other' }),
      wanting(preferring([5, about(x, { namespaceSelector: { matchLabels: { team: 'b' } } })])),
      [200, 200, 0, 0, 0],
    ],
    [
      'pods of a namespace that is excluded (upstream quirk)',
      on('a', 1, x, { namespace: 'other' }),
      wanting(
        preferring([
          5,
          about(x, {
            namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['b'] }] },
          }),
        ]),
      ),
      [200, 200, 0, 0, 0],
    ],
    [
      'what it requires does not score',
      on('a', 1),
      wanting(requiring(about(x, { topologyKey: 'host' }))),
      [undefined],
    ],
  ])('%s', (_what, there, spec, expected) => {
    expect(scores(there, pod('p', { spec }))).toEqual(expected);
  });

  test('a share is taken before it is scaled, in floating point', () => {
    // 29 of 100: 100 x 0.29 is 28.999999999999996, and so 28.
    const there = [...on('a', 1), ...on('c', 1, { app: 'y' })];
    const spec = wanting(preferring([29, about(x)], [100, about({ app: 'y' })]));
    expect(scores(there, pod('p', { spec }))).toEqual([56, 56, 200, 0, 0]);
  });
});

describe('InterPodAffinity: scores by what those prefer that are there', () => {
  const fond = (spec: Partial<Pod['spec']>, draft: Parameters<typeof pod>[1] = {}) => [
    pod('o', { on: 'a', labels: { app: 'y' }, ...draft, spec }),
  ];
  const near = [200, 200, 0, 0, 0];
  const far = [0, 0, 200, 200, 200];
  test.each<
    [
      what: string,
      there: readonly Pod[],
      draft: Parameters<typeof pod>[1],
      expected: readonly (number | undefined)[],
    ]
  >([
    ['like it', fond(wanting(preferring([5, about(x)]))), { labels: x }, near],
    ['do not like it', fond(avoiding(preferring([5, about(x)]))), { labels: x }, far],
    ['like another', fond(wanting(preferring([5, about({ app: 'z' })]))), { labels: x }, nothing],
    ['need it', fond(wanting(requiring(about(x)))), { labels: x }, near],
    ['need another', fond(wanting(requiring(about({ app: 'z' })))), { labels: x }, nothing],
    [
      'like it from another namespace',
      fond(wanting(preferring([5, about(x)])), { namespace: 'other' }),
      { labels: x },
      nothing,
    ],
    [
      'like it from another namespace by that of its own',
      fond(wanting(preferring([5, about(x, { namespaceSelector: { matchLabels: { team: 'a' } } })])), {
        namespace: 'other',
      }),
      { labels: x },
      near,
    ],
    [
      'like it from another namespace by exclusion of its own',
      fond(
        wanting(
          preferring([
            5,
            about(x, {
              namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] },
            }),
          ]),
        ),
        { namespace: 'other' },
      ),
      { labels: x },
      nothing,
    ],
    [
      'like it on a node without the key',
      fond(wanting(preferring([5, about(x)])), { on: 'd' }),
      { labels: x },
      nothing,
    ],
    // Two pods that like it, one that does not: 5 + 5 - 7 in z1.
    [
      'like it, and not',
      [
        ...fond(wanting(preferring([5, about(x)]))),
        pod('q', { on: 'b', spec: wanting(preferring([5, about(x)])) }),
        pod('r', { on: 'b', spec: avoiding(preferring([7, about(x)])) }),
      ],
      { labels: x },
      near,
    ],
    // Need weighs 1, like weighs 2: a and b 1, c 2.
    [
      'need and like',
      [
        ...fond(wanting(requiring(about(x)))),
        pod('q', { on: 'c', spec: wanting(preferring([2, about(x)])) }),
      ],
      { labels: x },
      [100, 100, 200, 0, 0],
    ],
    // It likes them and they like it: 5 + 5 in z1, 5 in z2.
    [
      'like each other',
      [...fond(wanting(preferring([5, about(x)]))), pod('q', { on: 'c', labels: { app: 'y' } })],
      { labels: x, spec: wanting(preferring([5, about({ app: 'y' })])) },
      [200, 200, 100, 0, 0],
    ],
  ])('%s', (_what, there, draft, expected) => {
    expect(scores(there, pod('p', draft))).toEqual(expected);
  });

  test.each<[weight: number | undefined, expected: readonly (number | undefined)[]]>([
    // c is liked by 10.
    [undefined, [20, 20, 200, 0, 0]],
    [1, [20, 20, 200, 0, 0]],
    [5, [100, 100, 200, 0, 0]],
    [100, [200, 200, 20, 0, 0]],
    [0, [0, 0, 200, 0, 0]],
  ])('a hardPodAffinityWeight of %s', (weight, expected) => {
    const there = [
      ...fond(wanting(requiring(about(x)))),
      pod('q', { on: 'c', spec: wanting(preferring([10, about(x)])) }),
    ];
    const args = weight === undefined ? {} : { InterPodAffinity: { hardPodAffinityWeight: weight } };
    expect(scores(there, pod('p', { labels: x }), args)).toEqual(expected);
  });

  const ignoring = { InterPodAffinity: { ignorePreferredTermsOfExistingPods: true } };
  test.each<[what: string, spec: Partial<Pod['spec']>, expected: readonly (number | undefined)[]]>([
    // A pod that prefers nothing is then not scored at all; one that does, by all that there is.
    ['that prefers nothing', {}, nothing],
    ['that prefers something', wanting(preferring([5, about({ app: 'y' })])), near],
    ['that prefers something else', wanting(preferring([5, about({ app: 'z' })])), near],
  ])('ignorePreferredTermsOfExistingPods, a pod %s', (_what, spec, expected) => {
    const there = fond(wanting(preferring([5, about(x)])));
    expect(scores(there, pod('p', { labels: x, spec }), ignoring)).toEqual(expected);
  });

  test('ignorePreferredTermsOfExistingPods leaves out what they require, too, for a pod that prefers nothing', () => {
    expect(scores(fond(wanting(requiring(about(x)))), pod('p', { labels: x }), ignoring)).toEqual(nothing);
  });
});
