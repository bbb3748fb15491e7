import { describe, expect, test } from 'vitest';
import type { Labels, Pod, PodAffinityTerm } from '../../kube/index.js';
import type { PodDraft } from '../fixtures.js';
import { namespace, node, pod, verdictsOf, wakes } from '../fixtures.js';
import { interPodAffinity } from './inter-pod-affinity.js';

const noAffinity = "UU node(s) didn't match pod affinity rules";
const ownAnti = "U node(s) didn't match pod anti-affinity rules";
const othersAnti = "U node(s) didn't satisfy existing pods anti-affinity rules";

const x: Labels = { app: 'x' };
const about = (labels: Labels, members: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
  topologyKey: 'zone',
  labelSelector: { matchLabels: labels },
  ...members,
});
const near = (...terms: readonly PodAffinityTerm[]) => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const away = (...terms: readonly PodAffinityTerm[]) => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const both = (nearTerms: readonly PodAffinityTerm[], awayTerms: readonly PodAffinityTerm[]) => ({
  affinity: { ...near(...nearTerms).affinity, ...away(...awayTerms).affinity },
});

/** Zone z1 has a and b, z2 has c, and d is in none. */
const nodes = [
  node('a', { labels: { zone: 'z1', host: 'a' } }),
  node('b', { labels: { zone: 'z1', host: 'b' } }),
  node('c', { labels: { zone: 'z2', host: 'c' } }),
  node('d', { labels: { host: 'd' } }),
];
const objects = [
  namespace('default', { team: 'a' }),
  namespace('other', { team: 'b' }),
  namespace('third', { team: 'b', stage: 'test' }),
];

const short: Readonly<Record<string, string>> = {
  [noAffinity]: 'no',
  [ownAnti]: 'own',
  [othersAnti]: 'others',
  fits: 'fits',
};
const verdicts = (pods: readonly Pod[], one: Pod): string =>
  Object.values(verdictsOf({ nodes, objects, pods, pod: one }))
    .map((verdict) => short[verdict] ?? verdict)
    .join(' ');

describe('InterPodAffinity: required affinity', () => {
  test.each<[what: string, there: readonly Pod[], terms: readonly PodAffinityTerm[], expected: string]>([
    ['a pod in z1', [pod('o', { on: 'a', labels: x })], [about(x)], 'fits fits no no'],
    ['a pod in z2', [pod('o', { on: 'c', labels: x })], [about(x)], 'no no fits no'],
    [
      'pods in both',
      [pod('o', { on: 'b', labels: x }), pod('q', { on: 'c', labels: x })],
      [about(x)],
      'fits fits fits no',
    ],
    ['a pod on a node without the key', [pod('o', { on: 'd', labels: x })], [about(x)], 'no no no no'],
    ['no such pod', [pod('o', { on: 'a', labels: { app: 'y' } })], [about(x)], 'no no no no'],
    [
      'a pod of another namespace',
      [pod('o', { on: 'a', labels: x, namespace: 'other' })],
      [about(x)],
      'no no no no',
    ],
    [
      'a pod that is being deleted',
      [pod('o', { on: 'a', labels: x, isTerminating: true })],
      [about(x)],
      'fits fits no no',
    ],
    ['by host', [pod('o', { on: 'a', labels: x })], [about(x, { topologyKey: 'host' })], 'fits no no no'],
    [
      'by another key',
      [pod('o', { on: 'a', labels: x })],
      [about(x, { topologyKey: 'rack' })],
      'no no no no',
    ],
    [
      'expressions',
      [pod('o', { on: 'a', labels: x })],
      [
        about(
          {},
          { labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['w', 'x'] }] } },
        ),
      ],
      'fits fits no no',
    ],
    ['an empty selector matches all pods', [pod('o', { on: 'c' })], [about({})], 'no no fits no'],
    ['no selector matches none', [pod('o', { on: 'c' })], [{ topologyKey: 'zone' }], 'no no no no'],
    [
      'two terms and a pod that both match',
      [pod('o', { on: 'a', labels: { ...x, tier: 'web' } })],
      [about(x), about({ tier: 'web' }, { topologyKey: 'host' })],
      'fits no no no',
    ],
    [
      'two terms and a pod for each: none matches both',
      [pod('o', { on: 'a', labels: x }), pod('q', { on: 'a', labels: { tier: 'web' } })],
      [about(x), about({ tier: 'web' })],
      'no no no no',
    ],
    [
      'two terms, of which a node lacks a key',
      [pod('o', { on: 'a', labels: x })],
      [about(x), about(x, { topologyKey: 'rack' })],
      'no no no no',
    ],
  ])('%s', (_what, there, terms, expected) => {
    expect(verdicts(there, pod('p', { spec: near(...terms) }))).toBe(expected);
  });

  test.each<
    [what: string, there: readonly Pod[], labels: Labels, terms: readonly PodAffinityTerm[], expected: string]
  >([
    ['the first of its kind goes anywhere with the key', [], x, [about(x)], 'fits fits fits no'],
    ['where another is, no more', [pod('o', { on: 'a', labels: x })], x, [about(x)], 'fits fits no no'],
    ['one that its own terms do not match', [], { app: 'y' }, [about(x)], 'no no no no'],
    ['one that one of two terms matches', [], x, [about(x), about({ tier: 'web' })], 'no no no no'],
    [
      'one that both match',
      [],
      { ...x, tier: 'web' },
      [about(x), about({ tier: 'web' }, { topologyKey: 'host' })],
      'fits fits fits no',
    ],
    [
      'another whose node lacks the key is none',
      [pod('o', { on: 'd', labels: x })],
      x,
      [about(x)],
      'fits fits fits no',
    ],
    [
      'another of another namespace is none',
      [pod('o', { on: 'a', labels: x, namespace: 'other' })],
      x,
      [about(x)],
      'fits fits fits no',
    ],
    [
      'terms about another namespace do not match itself',
      [],
      x,
      [about(x, { namespaces: ['other'] })],
      'no no no no',
    ],
    ['terms about its own do', [], x, [about(x, { namespaces: ['default'] })], 'fits fits fits no'],
  ])('the escape: %s', (_what, there, labels, terms, expected) => {
    expect(verdicts(there, pod('p', { labels, spec: near(...terms) }))).toBe(expected);
  });
});

describe('InterPodAffinity: required anti-affinity', () => {
  test.each<[what: string, there: readonly Pod[], terms: readonly PodAffinityTerm[], expected: string]>([
    ['nobody there', [], [about(x)], 'fits fits fits fits'],
    ['a pod in z1', [pod('o', { on: 'a', labels: x })], [about(x)], 'own own fits fits'],
    [
      'by host',
      [pod('o', { on: 'a', labels: x })],
      [about(x, { topologyKey: 'host' })],
      'own fits fits fits',
    ],
    [
      'a pod on a node without the key',
      [pod('o', { on: 'd', labels: x })],
      [about(x)],
      'fits fits fits fits',
    ],
    ['another pod', [pod('o', { on: 'a', labels: { app: 'y' } })], [about(x)], 'fits fits fits fits'],
    [
      'a pod of another namespace',
      [pod('o', { on: 'a', labels: x, namespace: 'other' })],
      [about(x)],
      'fits fits fits fits',
    ],
    [
      'a pod that is being deleted',
      [pod('o', { on: 'a', labels: x, isTerminating: true })],
      [about(x)],
      'own own fits fits',
    ],
    [
      'any of two terms',
      [pod('o', { on: 'a', labels: x }), pod('q', { on: 'c', labels: { app: 'y' } })],
      [about(x), about({ app: 'y' })],
      'own own own fits',
    ],
    [
      'two terms of different keys',
      [pod('o', { on: 'a', labels: x }), pod('q', { on: 'c', labels: { app: 'y' } })],
      [about(x, { topologyKey: 'host' }), about({ app: 'y' })],
      'own fits own fits',
    ],
    ['an empty selector', [pod('o', { on: 'c' })], [about({})], 'fits fits own fits'],
    ['no selector', [pod('o', { on: 'c' })], [{ topologyKey: 'zone' }], 'fits fits fits fits'],
  ])('%s', (_what, there, terms, expected) => {
    expect(verdicts(there, pod('p', { labels: x, spec: away(...terms) }))).toBe(expected);
  });

  test('what a pod wants of others is nothing that it wants of itself', () => {
    expect(verdicts([], pod('p', { labels: x, spec: away(about(x)) }))).toBe('fits fits fits fits');
  });
});

describe('InterPodAffinity: those that are there', () => {
  const hating = (draft: PodDraft = {}, ...terms: readonly PodAffinityTerm[]) =>
    pod('o', { on: 'a', ...draft, spec: away(...(terms.length > 0 ? terms : [about(x)])) });
  test.each<[what: string, there: readonly Pod[], draft: PodDraft, expected: string]>([
    ['keep off whom they do not want', [hating()], { labels: x }, 'others others fits fits'],
    ['let others in', [hating()], { labels: { app: 'y' } }, 'fits fits fits fits'],
    ['by host', [hating({}, about(x, { topologyKey: 'host' }))], { labels: x }, 'others fits fits fits'],
    ['without the key on their node', [hating({ on: 'd' })], { labels: x }, 'fits fits fits fits'],
    ['of another namespace', [hating({ namespace: 'other' })], { labels: x }, 'fits fits fits fits'],
    [
      'of another namespace, about this one',
      [hating({ namespace: 'other' }, about(x, { namespaces: ['default'] }))],
      { labels: x },
      'others others fits fits',
    ],
    [
      'about a namespace by its labels',
      [hating({}, about(x, { namespaceSelector: { matchLabels: { team: 'b' } } }))],
      { labels: x, namespace: 'other' },
      'others others fits fits',
    ],
    [
      'about a namespace of other labels',
      [hating({}, about(x, { namespaceSelector: { matchLabels: { team: 'c' } } }))],
      { labels: x, namespace: 'other' },
      'fits fits fits fits',
    ],
    [
      'about all namespaces',
      [hating({}, about(x, { namespaceSelector: {} }))],
      { labels: x, namespace: 'other' },
      'others others fits fits',
    ],
    // What they exclude is asked of the real labels: the quirk is the newcomer's alone.
    [
      'about namespaces by exclusion',
      [
        hating(
          {},
          about(x, { namespaceSelector: { matchExpressions: [{ key: 'stage', operator: 'DoesNotExist' }] } }),
        ),
      ],
      { labels: x, namespace: 'third' },
      'fits fits fits fits',
    ],
    ['that are being deleted', [hating({ isTerminating: true })], { labels: x }, 'others others fits fits'],
    [
      'required affinity of theirs asks nothing',
      [pod('o', { on: 'a', spec: near(about(x)) })],
      { labels: x },
      'fits fits fits fits',
    ],
  ])('%s', (_what, there, draft, expected) => {
    expect(verdicts(there, pod('p', draft))).toBe(expected);
  });

  test.each<[what: string, there: readonly Pod[], spec: Partial<Pod['spec']>, expected: string]>([
    // Who has no terms and is kept off by nobody on a node is not asked about (upstream: PreFilter skips the plugin).
    ['nobody else is there', [], {}, 'fits fits fits fits'],
    [
      'somebody keeps it off elsewhere',
      [hating({ on: 'c' }, about(x, { topologyKey: 'host' }))],
      {},
      'others fits others fits',
    ],
    ['it has terms of its own', [], away(about({ app: 'z' })), 'others fits fits fits'],
  ])('that wait for a node count there: %s', (_what, there, spec, expected) => {
    const { metadata, ...waiting } = hating({ priority: 9 }, about(x, { topologyKey: 'host' }));
    const { nodeName: _on, ...rest } = waiting.spec;
    const nominated = {
      ...waiting,
      metadata: { ...metadata, name: 'w', uid: 'w' },
      spec: rest,
      status: { nominatedNodeName: 'a' },
    };
    expect(verdicts([...there, nominated], pod('p', { labels: x, spec }))).toBe(expected);
  });
});

describe('InterPodAffinity: namespaces of a term', () => {
  const teamB = { matchLabels: { team: 'b' } };
  test.each<[what: string, members: Partial<PodAffinityTerm>, fits: readonly string[]]>([
    ["none: the pod's own", {}, ['default']],
    ['an empty list: its own too', { namespaces: [] }, ['default']],
    ['listed', { namespaces: ['other'] }, ['other']],
    ['several listed', { namespaces: ['other', 'default'] }, ['default', 'other']],
    ['selected', { namespaceSelector: teamB }, ['other', 'third']],
    [
      'listed or selected',
      { namespaces: ['default'], namespaceSelector: teamB },
      ['default', 'other', 'third'],
    ],
    ['all', { namespaceSelector: {} }, ['default', 'other', 'third']],
    ['selected, but none is so', { namespaceSelector: { matchLabels: { team: 'c' } } }, []],
    [
      'selected by an expression',
      { namespaceSelector: { matchExpressions: [{ key: 'stage', operator: 'Exists' }] } },
      ['third'],
    ],
    // A selector that nothing at all would match, too, is taken for all (upstream quirk).
    [
      'selected by exclusion',
      { namespaceSelector: { matchExpressions: [{ key: 'stage', operator: 'DoesNotExist' }] } },
      ['default', 'other', 'third'],
    ],
    [
      'selected by exclusion of a value',
      { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['b'] }] } },
      ['default', 'other', 'third'],
    ],
    [
      'selected by exclusion and more',
      {
        namespaceSelector: {
          matchLabels: { team: 'b' },
          matchExpressions: [{ key: 'stage', operator: 'DoesNotExist' }],
        },
      },
      ['other'],
    ],
  ])('%s', (_what, members, fits) => {
    const found = ['default', 'other', 'third'].filter((name) => {
      const there = pod('o', { on: 'c', labels: x, namespace: name });
      const isNear = verdicts([there], pod('p', { spec: near(about(x, members)) })) === 'no no fits no';
      const isAway = verdicts([there], pod('p', { spec: away(about(x, members)) })) === 'fits fits own fits';
      expect(isNear).toBe(isAway);
      return isNear;
    });
    expect(found).toEqual(fits);
  });
});

describe('InterPodAffinity: the order of reasons', () => {
  const hated = pod('o', { on: 'a', labels: x, spec: away(about({ app: 'y' })) });
  test.each<[what: string, spec: Pod['spec'] | object, expected: string]>([
    ['affinity first', both([about({ app: 'z' })], [about(x)]), 'no no no no'],
    ['own anti-affinity second', away(about(x)), 'own own fits fits'],
    ["the others' last", {}, 'others others fits fits'],
  ])('%s', (_what, spec, expected) => {
    expect(verdicts([hated], pod('p', { labels: { app: 'y' }, spec: spec as Partial<Pod['spec']> }))).toBe(
      expected,
    );
  });
});

describe('InterPodAffinity: what wakes a pod', () => {
  const zoned = node('n', { labels: { zone: 'z1' } });
  const moved = node('n', { labels: { zone: 'z2' } });
  const bare = node('n');
  const there = (labels: Labels, spec: Partial<Pod['spec']> = {}) => pod('o', { on: 'a', labels, spec });
  const wanting = pod('p', { labels: x, spec: near(about(x)) });
  const hating = pod('p', { labels: x, spec: away(about(x)) });
  const meek = pod('p', { labels: x });

  test.each([
    ['a wanted pod comes', { added: there(x) }, 'wakes', 'sleeps'],
    ['another pod comes', { added: there({ app: 'y' }) }, 'sleeps', 'sleeps'],
    ['such a pod goes', { removed: there(x) }, 'sleeps', 'wakes'],
    ['another pod goes', { removed: there({ app: 'y' }) }, 'sleeps', 'sleeps'],
    ['a pod comes to be such a one', { updated: [there({ app: 'y' }), there(x)] }, 'wakes', 'sleeps'],
    ['a pod ceases to be such a one', { updated: [there(x), there({ app: 'y' })] }, 'sleeps', 'wakes'],
    ['such a pod changes otherwise', { updated: [there(x), there({ ...x, a: 'b' })] }, 'sleeps', 'sleeps'],
    ['a node with the key is added', { added: zoned }, 'wakes', 'wakes'],
    ['a node without the key is added', { added: bare }, 'sleeps', 'sleeps'],
    ['a node gets the key', { updated: [bare, zoned] }, 'wakes', 'wakes'],
    ['a node moves', { updated: [zoned, moved] }, 'wakes', 'wakes'],
    // A node that is in no domain is in none that is excluded.
    ['a node loses the key', { updated: [zoned, bare] }, 'sleeps', 'wakes'],
    [
      'a node changes otherwise',
      { updated: [zoned, node('n', { labels: { zone: 'z1', a: 'b' } })] },
      'sleeps',
      'sleeps',
    ],
    ['a node goes', { removed: zoned }, 'sleeps', 'sleeps'],
  ] as const)('%s', (_what, happening, wanted, unwanted) => {
    expect([wakes(interPodAffinity, wanting, happening), wakes(interPodAffinity, hating, happening)]).toEqual(
      [wanted, unwanted],
    );
  });

  test.each([
    ['1.35.0', 'sleeps'],
    ['1.36.0', 'wakes'],
  ])('in %s one that kept it off goes: it %s', (version, expected) => {
    const gone = there({ app: 'y' }, away(about(x)));
    expect(wakes(interPodAffinity, meek, { removed: gone }, { version })).toBe(expected);
  });

  test('one that kept others off goes: it sleeps', () => {
    const gone = there({ app: 'y' }, away(about({ app: 'z' })));
    expect(wakes(interPodAffinity, meek, { removed: gone }, { version: '1.36.0' })).toBe('sleeps');
  });
});
