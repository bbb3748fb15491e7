import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Seed } from '../../sim/index.js';
import { podGroup, template } from '../fixtures.js';
import type { NodeDraft, PodDraft } from '../fixtures.js';
import type { ExpanderName } from '../options.js';
import { choose, parseExpanders } from './chain.js';
import type { ExpanderContext, ExpansionOption } from './expander.js';

interface OptionDraft extends NodeDraft {
  readonly id: string;
  readonly nodes?: number;
  /** How many pods it helps. */
  readonly helps?: number;
  readonly asks?: PodDraft;
  readonly price?: number;
}

function option({ id, nodes = 1, helps = 1, asks, price, ...node }: OptionDraft): ExpansionOption {
  return {
    group: {
      id,
      pool: id,
      minSize: 0,
      maxSize: 10,
      targetSize: 0,
      instances: [],
      options: {},
      isHeld: false,
    },
    nodes,
    pods: podGroup('p', helps, asks).pods,
    template: template(node),
    similar: [],
    ...(price !== undefined && { price }),
  };
}

const contextWith = (context: Partial<ExpanderContext> = {}): ExpanderContext => ({
  rng: new Seed('expanders').stream('test'),
  nodes: 4,
  ...context,
});
const priorities = (text: string): Partial<ExpanderContext> => ({ priorities: { priorities: text } });

/** Which options an expander keeps, before chance decides. */
function kept(
  name: ExpanderName,
  drafts: readonly OptionDraft[],
  context: Partial<ExpanderContext> = {},
): readonly string[] {
  const { scores } = choose([name], drafts.map(option), contextWith(context));
  return [...scores].filter(([, [first]]) => first?.kept).map(([{ group }]) => group.id);
}

const half = { cpu: '500m', memory: '2500Mi' };

describe('an expander keeps', () => {
  test.each<[string, ExpanderName, readonly OptionDraft[], readonly string[], Partial<ExpanderContext>?]>([
    [
      'those that help most',
      'most-pods',
      [
        { id: 'a', helps: 2 },
        { id: 'b', helps: 3 },
        { id: 'c', helps: 3 },
      ],
      ['b', 'c'],
    ],
    ['those of fewest nodes', 'least-nodes', [{ id: 'a', nodes: 2 }, { id: 'b' }, { id: 'c' }], ['b', 'c']],
    [
      'those with least left over',
      'least-waste',
      [
        { id: 'a', asks: half, cpu: '2' },
        { id: 'b', asks: half },
      ],
      ['b'],
    ],
    [
      'equals in waste',
      'least-waste',
      [
        { id: 'a', asks: half },
        { id: 'b', asks: half },
      ],
      ['a', 'b'],
    ],
    [
      'what is wasted of all nodes together',
      'least-waste',
      [
        { id: 'a', asks: half, helps: 3, nodes: 2 },
        { id: 'b', asks: half, helps: 2 },
      ],
      ['b'],
    ],
    [
      'the cheapest for what it is for',
      'price',
      [
        { id: 'a', price: 0.2 },
        { id: 'b', price: 0.1 },
      ],
      ['b'],
    ],
    ['those with a price', 'price', [{ id: 'a' }, { id: 'b', price: 9 }], ['b']],
    [
      'the size that suits a small cluster',
      'price',
      [
        { id: 'a', cpu: '2', price: 0.1 },
        { id: 'b', cpu: '16', price: 0.1 },
      ],
      ['a'],
    ],
    [
      'the size that suits a large cluster',
      'price',
      [
        { id: 'a', cpu: '2', price: 0.1 },
        { id: 'b', cpu: '16', price: 0.1 },
      ],
      ['b'],
      { nodes: 150 },
    ],
    [
      'what has no GPU',
      'price',
      [
        { id: 'a', price: 5 },
        { id: 'b', price: 0.1, labels: { 'kubernetes.azure.com/accelerator': 'nvidia' } },
      ],
      ['a'],
    ],
    [
      'the highest priority',
      'priority',
      [{ id: 'aks-a-1-vmss' }, { id: 'aks-b-1-vmss' }],
      ['aks-b-1-vmss'],
      priorities('10: [".*"]\n50: ["-b-"]'),
    ],
    [
      'equals in priority',
      'priority',
      [{ id: 'a1' }, { id: 'a2' }, { id: 'b' }],
      ['a1', 'a2'],
      priorities('10: [b]\n50: [^a]'),
    ],
    ['what has a priority at all', 'priority', [{ id: 'a' }, { id: 'b' }], ['b'], priorities('10: [b]')],
    ['all without priorities', 'priority', [{ id: 'a' }, { id: 'b' }], ['a', 'b']],
    ['all when none has one', 'priority', [{ id: 'a' }, { id: 'b' }], ['a', 'b'], priorities('10: [c]')],
    ['all of priorities below -1', 'priority', [{ id: 'a' }, { id: 'b' }], ['a', 'b'], priorities('-2: [a]')],
    [
      'the last list of a priority',
      'priority',
      [{ id: 'a' }, { id: 'b' }],
      ['b'],
      priorities('10: [a]\n10: [b]'),
    ],
  ])('%s (%s)', (_, name, drafts, expected, context) =>
    expect(kept(name, drafts, context)).toEqual(expected),
  );
});

test('the price of a unit of what pods are worth is the score', () => {
  const draft = { id: 'a', nodes: 2, helps: 3, price: 0.1, cpu: '4', asks: { cpu: '1', memory: '2Gi' } };
  const { scores, best } = choose(['price'], [option(draft)], contextWith({ nodes: 10 }));
  const steadying = 0.5 * 0.033174 + (500 / 1024) * 0.004446;
  const worth = 3 * (0.033174 + 2 * 0.004446);
  expect(scores.get(best as ExpansionOption)?.[0]?.score).toBeCloseTo(
    (0.2 + steadying) / (worth + steadying),
  );
});

describe('priorities', () => {
  const invalid = 'Wrong configuration for priority expander: ';
  const notYaml = `${invalid}Can't parse YAML with priorities in the configmap: `;
  test.each<[string, Readonly<Record<string, string>>, readonly [reason: string, message: string][]]>([
    [
      'no key',
      { other: '' },
      [
        [
          'PriorityConfigMapInvalid',
          "Wrong configmap for priority expander, doesn't contain priorities key. Ignoring update.",
        ],
      ],
    ],
    [
      'nothing',
      { priorities: '' },
      [
        [
          'PriorityConfigMapInvalid',
          `${invalid}priority configuration in cluster-autoscaler-priority-expander configmap is empty; please provide valid configuration. Ignoring update.`,
        ],
      ],
    ],
    [
      'another key than a number',
      { priorities: '1: [a]\nhigh: [b]' },
      [
        [
          'PriorityConfigMapInvalid',
          `${notYaml}yaml: unmarshal errors:\n  line 2: cannot unmarshal !!str \`high\` into int. Ignoring update.`,
        ],
      ],
    ],
    [
      'no list',
      { priorities: '1: a' },
      [
        [
          'PriorityConfigMapInvalid',
          `${notYaml}yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str \`a\` into []string. Ignoring update.`,
        ],
      ],
    ],
    [
      'no expression',
      { priorities: '1: ["a", "["]' },
      [
        [
          'PriorityConfigMapInvalid',
          `${invalid}Can't compile regexp rule for priority 1 and rule [: error parsing regexp: \`[\`. Ignoring update.`,
        ],
      ],
    ],
    [
      'expressions that miss one',
      { priorities: '1: [a]' },
      [
        [
          'PriorityConfigMapNotMatchedGroup',
          "Priority expander: node group b not found in priority expander configuration. The group won't be used.",
        ],
      ],
    ],
    [
      'expressions that miss all',
      { priorities: '1: [c]' },
      [
        [
          'PriorityConfigMapNotMatchedGroup',
          "Priority expander: node group a not found in priority expander configuration. The group won't be used.",
        ],
        [
          'PriorityConfigMapNotMatchedGroup',
          "Priority expander: node group b not found in priority expander configuration. The group won't be used.",
        ],
        [
          'PriorityConfigMapNoGroupMatched',
          'Priority expander: no priorities info found for any of the expansion options. No options filtered.',
        ],
      ],
    ],
    ['what is simple but no text', { priorities: '1: [a, b, 5, true]' }, []],
  ])('with %s', (_, data, expected) => {
    const options = [option({ id: 'a' }), option({ id: 'b' })];
    const { warnings, best } = choose(['priority'], options, contextWith({ priorities: data }));
    expect(warnings.map(({ reason, message }) => [reason, message])).toEqual(expected);
    expect(best).toBeDefined();
  });

  test('that are no YAML', () => {
    const { warnings } = choose(
      ['priority'],
      [option({ id: 'a' })],
      contextWith({ priorities: { priorities: '1: [a' } }),
    );
    expect(warnings[0]?.message).toMatch(
      /^Wrong configuration .* in the configmap: yaml: line 1: .* Ignoring/u,
    );
  });
});

describe('a chain', () => {
  const drafts = [
    { id: 'a', helps: 3, nodes: 2 },
    { id: 'b', helps: 3, nodes: 1 },
    { id: 'c', helps: 1, nodes: 1 },
  ];

  test('asks each expander about what the one before left, and stops at one', () => {
    const { best, scores } = choose(
      ['most-pods', 'least-nodes', 'least-waste'],
      drafts.map(option),
      contextWith(),
    );
    expect(best?.group.id).toBe('b');
    expect([...scores].map(([{ group }, one]) => [group.id, one])).toEqual([
      [
        'a',
        [
          { expander: 'most-pods', score: 3, kept: true },
          { expander: 'least-nodes', score: 2, kept: false },
        ],
      ],
      [
        'b',
        [
          { expander: 'most-pods', score: 3, kept: true },
          { expander: 'least-nodes', score: 1, kept: true },
        ],
      ],
      ['c', [{ expander: 'most-pods', score: 1, kept: false }]],
    ]);
  });

  test('leaves to chance what remains, and nothing else', () => {
    const { scores } = choose(['most-pods'], drafts.map(option), contextWith());
    const asked = [...scores.values()].map((entries) => entries.map(({ expander }) => expander));
    expect(asked).toEqual([['most-pods', 'random'], ['most-pods', 'random'], ['most-pods']]);
  });

  test('chance is the same for all that are left', () => {
    const rng = new Seed('chance').stream('expander');
    const options = ['a', 'b', 'c'].map((id) => option({ id }));
    const chosen = Array.from({ length: 3000 }, () => choose(['random'], options, contextWith({ rng })).best);
    for (const one of options) {
      const count = chosen.filter((best) => best === one).length;
      expect(Math.abs(count - 1000)).toBeLessThan(120);
    }
  });

  test('asks even about an only option, and chooses nothing where nothing is left', () => {
    const only = [option({ id: 'a' })];
    expect(choose(['price'], only, contextWith()).best).toBeUndefined();
    expect(choose(['random'], [], contextWith()).best).toBeUndefined();
  });

  test('chooses one of those that every expander keeps', () => {
    const name = fc.constantFrom<ExpanderName>('most-pods', 'least-nodes', 'least-waste', 'price');
    const draft = fc.record({
      nodes: fc.integer({ min: 1, max: 3 }),
      helps: fc.integer({ min: 1, max: 3 }),
      price: fc.constantFrom(0.1, 0.2),
    });
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.array(draft, { minLength: 1, maxLength: 6 }), (names, some) => {
        const options = some.map((one, index) => option({ id: String(index), ...one }));
        const { best, scores } = choose(names, options, contextWith());
        const asked = scores.get(best as ExpansionOption) ?? [];
        expect(asked.every(({ kept: isKept }) => isKept)).toBe(true);
        const others = options.filter((one) => one !== best).map((one) => scores.get(one) ?? []);
        for (const other of others) expect(other.some(({ kept: isKept }) => !isKept)).toBe(true);
      }),
    );
  });
});

test.each<[readonly string[], expected: string]>([
  [['random'], 'random'],
  [['priority', 'least-waste', 'random'], 'priority least-waste random'],
  [[], 'At least one expander must be specified'],
  [
    ['most-pods', 'most-pods'],
    'Expander most-pods was specified multiple times, each expander must not be specified more than once',
  ],
  [
    ['random', 'price'],
    'Expander price came after an expander random that will always return only one result, this is not allowed since price will never be used',
  ],
  [['grpc'], 'Expander grpc not supported'],
  [['toString'], 'Expander toString not supported'],
])('expanders %o are read as %s', (given, expected) => {
  const parsed = parseExpanders(given);
  expect(parsed.kind === 'expanders' ? parsed.names.join(' ') : parsed.message).toBe(expected);
});
