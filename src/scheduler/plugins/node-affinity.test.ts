import { describe, expect, test } from 'vitest';
import type { KubeNode, NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm } from '../../kube/index.js';
import { ask, node, pod, scoresOf, verdictOn, verdictsOf, wakes } from '../fixtures.js';
import { nodeAffinity } from './node-affinity.js';

const refused = "UU node(s) didn't match Pod's node affinity/selector";
const notAdded = "UU node(s) didn't match scheduler-enforced node affinity";
const unexamined = "UU node(s) didn't satisfy plugin(s) [NodeAffinity]";

type Requirement = readonly [key: string, operator: NodeSelectorRequirement['operator'], ...values: string[]];
const requirement = ([key, operator, ...values]: Requirement): NodeSelectorRequirement => ({
  key,
  operator,
  ...(values.length > 0 && { values }),
});
/** A term of expressions on labels. */
const labelled = (...requirements: readonly Requirement[]): NodeSelectorTerm => ({
  matchExpressions: requirements.map(requirement),
});
/** A term of expressions on the node's name. */
const named = (...requirements: readonly Requirement[]): NodeSelectorTerm => ({
  matchFields: requirements.map(requirement),
});
const requiring = (...nodeSelectorTerms: readonly NodeSelectorTerm[]): NodeAffinity => ({
  requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
});
const preferring = (
  ...terms: readonly (readonly [weight: number, term: NodeSelectorTerm])[]
): NodeAffinity => ({
  preferredDuringSchedulingIgnoredDuringExecution: terms.map(([weight, preference]) => ({
    weight,
    preference,
  })),
});
const wanting = (affinity: NodeAffinity) => pod('p', { spec: { affinity: { nodeAffinity: affinity } } });

describe('NodeAffinity: the selector', () => {
  test.each([
    [{}, {}, 'fits'],
    [{ disk: 'ssd' }, { disk: 'ssd' }, 'fits'],
    [{ disk: 'ssd' }, { disk: 'hdd' }, refused],
    [{ disk: 'ssd' }, {}, refused],
    [{ disk: '' }, { disk: '' }, 'fits'],
    [{ disk: '' }, {}, refused],
    [{ disk: 'ssd', zone: 'z1' }, { disk: 'ssd', zone: 'z1', more: 'x' }, 'fits'],
    [{ disk: 'ssd', zone: 'z1' }, { disk: 'ssd' }, refused],
  ])('%j on a node labelled %j: %s', (nodeSelector, labels, verdict) => {
    expect(verdictOn(node('n', { labels }), { pod: pod('p', { spec: { nodeSelector } }) })).toBe(verdict);
  });

  test.each([
    ['ssd', 'z1', 'fits'],
    ['ssd', 'z2', refused],
    ['hdd', 'z1', refused],
  ])('holds beside the terms: %s in %s: %s', (disk, zone, verdict) => {
    const one = pod('p', {
      spec: {
        nodeSelector: { disk: 'ssd' },
        affinity: { nodeAffinity: requiring(labelled(['zone', 'In', 'z1'])) },
      },
    });
    expect(verdictOn(node('n', { labels: { disk, zone } }), { pod: one })).toBe(verdict);
  });
});

describe('NodeAffinity: one requirement', () => {
  test.each<[Requirement, label: string | undefined, verdict: string]>([
    [['k', 'In', 'a'], 'a', 'fits'],
    [['k', 'In', 'a', 'b'], 'b', 'fits'],
    [['k', 'In', 'a', 'b'], 'c', refused],
    [['k', 'In', 'a'], undefined, refused],
    [['k', 'In', ''], '', 'fits'],
    [['k', 'In', ''], undefined, refused],
    [['k', 'NotIn', 'a'], 'b', 'fits'],
    [['k', 'NotIn', 'a'], 'a', refused],
    [['k', 'NotIn', 'a', 'b'], 'b', refused],
    [['k', 'NotIn', 'a'], undefined, 'fits'],
    [['k', 'Exists'], 'a', 'fits'],
    [['k', 'Exists'], '', 'fits'],
    [['k', 'Exists'], undefined, refused],
    [['k', 'DoesNotExist'], undefined, 'fits'],
    [['k', 'DoesNotExist'], 'a', refused],
    [['k', 'DoesNotExist'], '', refused],
    [['k', 'Gt', '5'], '6', 'fits'],
    [['k', 'Gt', '5'], '5', refused],
    [['k', 'Gt', '5'], '10', 'fits'],
    [['k', 'Gt', '-5'], '-4', 'fits'],
    [['k', 'Gt', '5'], undefined, refused],
    [['k', 'Gt', '-1'], '', refused],
    [['k', 'Gt', '5'], 'six', refused],
    [['k', 'Gt', 'five'], '6', refused],
    [['k', 'Gt', '5'], '6.5', refused],
    [['k', 'Gt', '5'], '1e3', refused],
    [['k', 'Gt', '5'], '0x10', refused],
    [['k', 'Gt', '5'], ' 6', refused],
    [['k', 'Gt', '5'], '+6', 'fits'],
    [['k', 'Gt', '5'], '06', 'fits'],
    [['k', 'Gt', '9007199254740992'], '9007199254740993', 'fits'],
    [['k', 'Gt', '5'], '9223372036854775807', 'fits'],
    [['k', 'Gt', '5'], '9223372036854775808', refused],
    [['k', 'Gt', '4', '5'], '6', refused],
    [['k', 'Gt'], '6', refused],
    [['k', 'Lt', '5'], '4', 'fits'],
    [['k', 'Lt', '5'], '5', refused],
    [['k', 'Lt', '5'], '-10', 'fits'],
    [['k', 'Lt', '5'], undefined, refused],
    [['k', 'Lt', '5'], '', refused],
    [['k', 'Lt', '5'], '4.5', refused],
    [['k', 'Lt', '5'], '-9223372036854775809', refused],
  ])('%j where the label is %j: %s', (one, label, verdict) => {
    const labels = label === undefined ? {} : { k: label };
    expect(verdictOn(node('n', { labels }), { pod: wanting(requiring(labelled(one))) })).toBe(verdict);
  });

  test.each<[Requirement, verdict: string]>([
    [['metadata.name', 'In', 'n'], 'fits'],
    [['metadata.name', 'NotIn', 'other'], 'fits'],
    [['metadata.name', 'NotIn', 'n'], refused],
    [['metadata.namespace', 'In', 'n'], refused],
  ])('on fields, %j: %s', (one, verdict) => {
    expect(verdictOn(node('n'), { pod: wanting(requiring(named(one))) })).toBe(verdict);
  });
});

describe('NodeAffinity: terms', () => {
  const ssd = labelled(['disk', 'In', 'ssd']);
  const zoned = labelled(['zone', 'In', 'z1']);
  const both = labelled(['disk', 'In', 'ssd'], ['zone', 'In', 'z1']);
  const ssdNode = node('n', { labels: { disk: 'ssd' } });
  test.each<[what: string, terms: readonly NodeSelectorTerm[], one: KubeNode, verdict: string]>([
    ['one holds', [ssd], ssdNode, 'fits'],
    ['any will do', [zoned, ssd], ssdNode, 'fits'],
    ['none holds', [zoned], ssdNode, refused],
    ['all of a term has to hold', [both], ssdNode, refused],
    ['all of a term holds', [both], node('n', { labels: { disk: 'ssd', zone: 'z1' } }), 'fits'],
    ['an empty term matches nothing', [{}], ssdNode, refused],
    ['an empty term of empty lists too', [{ matchExpressions: [], matchFields: [] }], ssdNode, refused],
    ['an empty term beside one that holds', [{}, ssd], ssdNode, 'fits'],
    ['no terms match nothing', [], ssdNode, refused],
    [
      'labels and name have to hold',
      [{ ...ssd, matchFields: [requirement(['metadata.name', 'NotIn', 'n'])] }],
      ssdNode,
      refused,
    ],
    [
      'labels and name hold',
      [{ ...ssd, matchFields: [requirement(['metadata.name', 'NotIn', 'm'])] }],
      ssdNode,
      'fits',
    ],
    ['the name of one, the label of the other', [named(['metadata.name', 'In', 'm']), ssd], ssdNode, 'fits'],
  ])('%s', (_what, terms, one, verdict) => {
    expect(verdictOn(one, { pod: wanting(requiring(...terms)) })).toBe(verdict);
  });
});

describe('NodeAffinity: pins', () => {
  const nodes = [node('a', { labels: { disk: 'ssd' } }), node('b'), node('c', { labels: { disk: 'ssd' } })];
  const isIn = (...names: readonly string[]) => named(['metadata.name', 'In', ...names]);
  test.each<[what: string, terms: readonly NodeSelectorTerm[], verdicts: readonly string[]]>([
    ['a name', [isIn('a')], ['fits', unexamined, unexamined]],
    ['several names', [isIn('a', 'b')], ['fits', 'fits', unexamined]],
    ['a name a term', [isIn('a'), isIn('c')], ['fits', unexamined, 'fits']],
    ['a name of no node', [isIn('z')], [unexamined, unexamined, unexamined]],
    [
      'a name and a label that the node has',
      [{ ...isIn('a'), ...labelled(['disk', 'In', 'ssd']) }],
      ['fits', unexamined, unexamined],
    ],
    [
      'a name and a label that the node lacks',
      [{ ...isIn('b'), ...labelled(['disk', 'In', 'ssd']) }],
      [unexamined, refused, unexamined],
    ],
    [
      'a name twice over',
      [named(['metadata.name', 'In', 'a', 'b'], ['metadata.name', 'In', 'b', 'c'])],
      [unexamined, 'fits', unexamined],
    ],
    // One term that names none lets all nodes be looked at.
    ['a term without a name', [isIn('b'), labelled(['disk', 'In', 'ssd'])], ['fits', 'fits', 'fits']],
    ['names that are excluded', [named(['metadata.name', 'NotIn', 'b'])], ['fits', refused, 'fits']],
  ])('%s', (_what, terms, verdicts) => {
    const found = verdictsOf({ nodes, pod: wanting(requiring(...terms)) });
    expect(Object.values(found)).toEqual(verdicts);
  });

  test.each<[what: string, terms: readonly NodeSelectorTerm[], message: string]>([
    [
      'names that contradict each other',
      [named(['metadata.name', 'In', 'a'], ['metadata.name', 'In', 'b'])],
      '0/3 nodes are available: pod affinity terms conflict. not found',
    ],
    [
      'a node that is not there',
      [isIn('z')],
      "0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    ],
    [
      'a node that lacks a label',
      [{ ...isIn('b'), ...labelled(['disk', 'In', 'ssd']) }],
      "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    ],
  ])('the message for %s', (_what, terms, message) => {
    expect(ask({ nodes, pod: wanting(requiring(...terms)) }).message).toBe(message);
  });
});

describe('NodeAffinity: added by the scheduler', () => {
  const addedAffinity = requiring(labelled(['team', 'In', 'a']));
  test.each<[labels: Record<string, string>, own: NodeAffinity, verdict: string]>([
    [{ team: 'a' }, {}, 'fits'],
    [{ team: 'b' }, {}, notAdded],
    [{}, {}, notAdded],
    [{ team: 'a' }, requiring(labelled(['disk', 'Exists'])), refused],
    [{ team: 'a', disk: 'ssd' }, requiring(labelled(['disk', 'Exists'])), 'fits'],
    // What the scheduler adds is asked first.
    [{}, requiring(labelled(['disk', 'Exists'])), notAdded],
  ])('a node labelled %j, a pod that wants %j: %s', (labels, own, verdict) => {
    const args = { NodeAffinity: { addedAffinity } };
    expect(verdictOn(node('n', { labels }), { args, pod: wanting(own) })).toBe(verdict);
  });

  test('preferred terms of both are summed', () => {
    const args = { NodeAffinity: { addedAffinity: preferring([30, labelled(['team', 'In', 'a'])]) } };
    const nodes = [
      node('a', { labels: { team: 'a', disk: 'ssd' } }),
      node('b', { labels: { team: 'a' } }),
      node('c', { labels: { disk: 'ssd' } }),
    ];
    // 100, 30 and 70 of 100.
    const one = wanting(preferring([70, labelled(['disk', 'In', 'ssd'])]));
    expect(scoresOf('NodeAffinity', { nodes, args, pod: one })).toEqual({ a: 200, b: 60, c: 140 });
  });
});

describe('NodeAffinity: scores', () => {
  const ssd = labelled(['disk', 'In', 'ssd']);
  const fast = labelled(['speed', 'Gt', '5']);
  const nodes = [
    node('a', { labels: { disk: 'ssd', speed: '9' } }),
    node('b', { labels: { disk: 'ssd' } }),
    node('c', { labels: { speed: '9' } }),
    node('d'),
  ];
  // Weights of the terms that match, as a share of the most, times 2.
  test.each<[what: string, affinity: NodeAffinity, scores: readonly (number | undefined)[]]>([
    ['nothing preferred', {}, [undefined, undefined, undefined, undefined]],
    ['one term', preferring([1, ssd]), [200, 200, 0, 0]],
    ['two terms', preferring([10, ssd], [30, fast]), [200, 2 * 25, 2 * 75, 0]],
    ['two terms, not even', preferring([1, ssd], [2, fast]), [200, 2 * 33, 2 * 66, 0]],
    ['the same term twice', preferring([10, ssd], [10, ssd], [20, fast]), [200, 100, 100, 0]],
    ['a term that no node matches', preferring([50, labelled(['none', 'Exists'])]), [0, 0, 0, 0]],
    ['a term that says nothing', preferring([50, {}], [1, ssd]), [200, 200, 0, 0]],
    ['a term that weighs nothing', preferring([0, fast], [1, ssd]), [200, 200, 0, 0]],
    ['only terms that say nothing', preferring([50, {}]), [undefined, undefined, undefined, undefined]],
    ['a name', preferring([5, named(['metadata.name', 'In', 'd'])], [10, ssd]), [200, 200, 0, 100]],
    [
      'a name and a label',
      preferring([5, { ...named(['metadata.name', 'In', 'b']), ...ssd }]),
      [0, 200, 0, 0],
    ],
    ['labels that are not there', preferring([5, labelled(['disk', 'DoesNotExist'])]), [0, 0, 200, 200]],
  ])('%s', (_what, affinity, scores) => {
    expect(Object.values(scoresOf('NodeAffinity', { nodes, pod: wanting(affinity) }))).toEqual(scores);
  });
});

describe('NodeAffinity: what wakes a pod', () => {
  const ssd = node('n', { labels: { disk: 'ssd' } });
  const hdd = node('n', { labels: { disk: 'hdd' } });
  test.each([
    ['a node that is added and matches', { added: ssd }, 'wakes'],
    ['a node that is added and does not', { added: hdd }, 'sleeps'],
    ['labels that come to match', { updated: [hdd, ssd] }, 'wakes'],
    ['labels that cease to match', { updated: [ssd, hdd] }, 'sleeps'],
    [
      'a change of a node that matched',
      { updated: [ssd, node('n', { labels: { disk: 'ssd', a: 'b' } })] },
      'sleeps',
    ],
    ['a node that goes', { removed: ssd }, 'sleeps'],
    ['a pod that goes', { removed: pod('other', { on: 'n' }) }, 'sleeps'],
  ] as const)('%s', (_what, happening, expected) => {
    expect(wakes(nodeAffinity, pod('p', { spec: { nodeSelector: { disk: 'ssd' } } }), happening)).toBe(
      expected,
    );
  });
});
