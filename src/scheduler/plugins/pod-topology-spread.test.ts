import { describe, expect, test } from 'vitest';
import type { Labels, Pod, TopologySpreadConstraint } from '../../kube/index.js';
import type { NodeDraft } from '../fixtures.js';
import { node, pod, verdictsOf, wakes } from '../fixtures.js';
import { podTopologySpread } from './pod-topology-spread.js';

const skewed = "U node(s) didn't match pod topology spread constraints";
const missing = "UU node(s) didn't match pod topology spread constraints (missing required label)";

const app: Labels = { app: 'x' };
const hard = (members: Partial<TopologySpreadConstraint> = {}): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey: 'zone',
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: app },
  ...members,
});
const spread = (
  constraints: readonly TopologySpreadConstraint[],
  draft: Parameters<typeof pod>[1] = {},
): Pod =>
  pod('p', { labels: app, ...draft, spec: { topologySpreadConstraints: constraints, ...draft.spec } });

/** A node for each zone, with so many pods of the app on it. */
function cluster(counts: Readonly<Record<string, number>>, draft: Parameters<typeof pod>[1] = {}) {
  const zones = Object.keys(counts);
  return {
    nodes: zones.map((zone) => node(zone, { labels: { zone } })),
    pods: zones.flatMap((zone) =>
      Array.from({ length: counts[zone] ?? 0 }, (_, at) =>
        pod(`${zone}-${String(at)}`, { on: zone, labels: app, ...draft }),
      ),
    ),
  };
}

/** Verdicts in short. */
const verdicts = (question: Parameters<typeof verdictsOf>[0]): string =>
  Object.values(verdictsOf(question))
    .map((verdict) => (verdict === skewed ? 'skewed' : verdict === missing ? 'missing' : verdict))
    .join(' ');

describe('PodTopologySpread: skew', () => {
  // count + 1 - least <= maxSkew.
  test.each([
    [1, { a: 0, b: 0 }, 'fits fits'],
    [1, { a: 1, b: 0 }, 'skewed fits'],
    [1, { a: 1, b: 1 }, 'fits fits'],
    [1, { a: 2, b: 1 }, 'skewed fits'],
    [1, { a: 3, b: 1, c: 2 }, 'skewed fits skewed'],
    [2, { a: 1, b: 0 }, 'fits fits'],
    [2, { a: 2, b: 0 }, 'skewed fits'],
    [2, { a: 3, b: 1, c: 2 }, 'skewed fits fits'],
    [5, { a: 4, b: 0 }, 'fits fits'],
    [5, { a: 5, b: 0 }, 'skewed fits'],
    [1, { a: 7 }, 'fits'],
  ])('%i where pods are %j: %s', (maxSkew, counts, expected) => {
    expect(verdicts({ ...cluster(counts), pod: spread([hard({ maxSkew })]) })).toBe(expected);
  });

  test.each([
    // A pod that its own selector does not match adds nothing: count - least <= maxSkew.
    [1, { a: 1, b: 0 }, 'fits fits'],
    [1, { a: 2, b: 0 }, 'skewed fits'],
    [2, { a: 2, b: 0 }, 'fits fits'],
  ])('%i where pods are %j and the pod is no such pod: %s', (maxSkew, counts, expected) => {
    const one = spread([hard({ maxSkew })], { labels: { app: 'y' } });
    expect(verdicts({ ...cluster(counts), pod: one })).toBe(expected);
  });

  test.each<[what: string, draft: Parameters<typeof pod>[1], expected: string]>([
    ['count', {}, 'skewed fits'],
    ['of another namespace do not count', { namespace: 'other' }, 'fits fits'],
    ['of other labels do not count', { labels: { app: 'y' } }, 'fits fits'],
    ['without labels do not count', { labels: {} }, 'fits fits'],
    ['that are being deleted do not count', { isTerminating: true }, 'fits fits'],
    ['with more labels count', { labels: { ...app, tier: 'web' } }, 'skewed fits'],
  ])('pods %s', (_what, draft, expected) => {
    expect(verdicts({ ...cluster({ a: 1, b: 0 }, draft), pod: spread([hard()]) })).toBe(expected);
  });

  test('a pod that waits for a node counts there for pods of no higher priority', () => {
    const { nodes } = cluster({ a: 0, b: 0 });
    const waiting = pod('w', { labels: app, priority: 5, status: { nominatedNodeName: 'a' } });
    const of = (priority: number) =>
      verdicts({ nodes, pods: [waiting], pod: spread([hard()], { priority }) });
    expect([of(0), of(5), of(6)]).toEqual(['skewed fits', 'skewed fits', 'fits fits']);
  });

  test('nodes of one domain count together', () => {
    const nodes = ['a1', 'a2', 'b'].map((name) => node(name, { labels: { zone: name.slice(0, 1) } }));
    const pods = [pod('o', { on: 'a1', labels: app })];
    expect(verdicts({ nodes, pods, pod: spread([hard()]) })).toBe('skewed skewed fits');
  });
});

describe('PodTopologySpread: selectors', () => {
  const counts = { a: 2, b: 0 };
  test.each<[what: string, members: Partial<TopologySpreadConstraint>, expected: string]>([
    ['labels', { labelSelector: { matchLabels: app } }, 'skewed fits'],
    [
      'expressions',
      { labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['x', 'z'] }] } },
      'skewed fits',
    ],
    [
      'expressions that no pod matches',
      { labelSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } },
      'fits fits',
    ],
    // An empty one counts nobody but the pod itself.
    ['an empty one', { labelSelector: {} }, 'fits fits'],
    [
      'an empty one of empty parts',
      { labelSelector: { matchLabels: {}, matchExpressions: [] } },
      'fits fits',
    ],
    // None matches nobody.
    ['none', { labelSelector: undefined as never }, 'fits fits'],
  ])('%s', (_what, members, expected) => {
    expect(verdicts({ ...cluster(counts), pod: spread([hard(members)]) })).toBe(expected);
  });

  test('an empty one matches the pod itself, and so wants a skew of one at least', () => {
    // 0 + 1 - 0 <= 1, whatever is there; with two domains wanted of one, the least is nothing too.
    const question = cluster({ a: 3, b: 3 });
    expect(verdicts({ ...question, pod: spread([hard({ labelSelector: {}, minDomains: 3 })]) })).toBe(
      'fits fits',
    );
  });

  const revision = 'pod-template-hash';
  test.each<[what: string, keys: readonly string[], own: Labels, expected: string]>([
    ['none', [], { ...app, [revision]: 'new' }, 'skewed fits'],
    ['a key with a value of which there are none', [revision], { ...app, [revision]: 'new' }, 'fits fits'],
    ['a key with a value of which there are', [revision], { ...app, [revision]: 'old' }, 'skewed fits'],
    ['a key that the pod lacks', [revision], app, 'skewed fits'],
    ['two keys', [revision, 'app'], { ...app, [revision]: 'old' }, 'skewed fits'],
    [
      'two keys of which one excludes all',
      [revision, 'tier'],
      { ...app, [revision]: 'old', tier: 'web' },
      'fits fits',
    ],
  ])('matchLabelKeys: %s', (_what, matchLabelKeys, own, expected) => {
    const question = cluster(counts, { labels: { ...app, [revision]: 'old' } });
    expect(verdicts({ ...question, pod: spread([hard({ matchLabelKeys })], { labels: own }) })).toBe(
      expected,
    );
  });

  test('matchLabelKeys make an empty selector one that counts', () => {
    const one = spread([hard({ labelSelector: {}, matchLabelKeys: ['app'] })]);
    expect(verdicts({ ...cluster(counts), pod: one })).toBe('skewed fits');
  });
});

describe('PodTopologySpread: minDomains', () => {
  test.each([
    [undefined, { a: 1, b: 1 }, 'fits fits'],
    [1, { a: 1, b: 1 }, 'fits fits'],
    [2, { a: 1, b: 1 }, 'fits fits'],
    // Fewer domains than wanted: the least is nothing.
    [3, { a: 1, b: 1 }, 'skewed skewed'],
    [3, { a: 1, b: 0 }, 'skewed fits'],
    [3, { a: 1, b: 1, c: 1 }, 'fits fits fits'],
    [2, { a: 0 }, 'fits'],
    [2, { a: 1 }, 'skewed'],
  ])('%s where pods are %j: %s', (minDomains, counts, expected) => {
    const constraint = minDomains === undefined ? hard() : hard({ minDomains });
    expect(verdicts({ ...cluster(counts), pod: spread([constraint]) })).toBe(expected);
  });
});

describe('PodTopologySpread: keys', () => {
  const zoneAndHost = [hard(), hard({ topologyKey: 'host' })];
  const nodeOf = (name: string, zone?: string, host?: string) =>
    node(name, { labels: { ...(zone !== undefined && { zone }), ...(host !== undefined && { host }) } });

  test('a node without the key is refused for good', () => {
    expect(verdicts({ nodes: [nodeOf('a', 'z1'), nodeOf('b')], pod: spread([hard()]) })).toBe('fits missing');
  });

  test('a node without the key is refused for it though it is skewed elsewhere', () => {
    const nodes = [nodeOf('a', 'z1', 'a'), nodeOf('b', undefined, 'b'), nodeOf('c', 'z2')];
    expect(verdicts({ nodes, pod: spread(zoneAndHost) })).toBe('fits missing missing');
  });

  test('an empty value is a value', () => {
    expect(verdicts({ nodes: [nodeOf('a', ''), nodeOf('b', 'z1')], pod: spread([hard()]) })).toBe(
      'fits fits',
    );
  });

  test('a node that lacks one of the keys takes no part in any', () => {
    // c is in z2 with no pods, but without a host name: z1 is the only domain of zones.
    const nodes = [nodeOf('a', 'z1', 'a'), nodeOf('b', 'z1', 'b'), nodeOf('c', 'z2')];
    const pods = [pod('o', { on: 'a', labels: app })];
    expect(verdicts({ nodes, pods, pod: spread(zoneAndHost) })).toBe('skewed fits missing');
  });

  test('pods on a node that takes no part do not count', () => {
    const nodes = [nodeOf('a', 'z1', 'a'), nodeOf('b', 'z2', 'b'), nodeOf('c', 'z1')];
    const pods = [pod('o', { on: 'c', labels: app })];
    expect(verdicts({ nodes, pods, pod: spread(zoneAndHost) })).toBe('fits fits missing');
  });

  test('keys of soft constraints ask nothing of a node', () => {
    const soft = hard({ topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' });
    expect(verdicts({ ...cluster({ a: 1, b: 0 }), pod: spread([hard(), soft]) })).toBe('skewed fits');
  });

  test('each constraint has to hold', () => {
    const nodes = [
      nodeOf('a', 'z1', 'a'),
      nodeOf('b', 'z1', 'b'),
      nodeOf('c', 'z2', 'c'),
      nodeOf('d', 'z2', 'd'),
    ];
    const pods = [pod('o', { on: 'a', labels: app }), pod('q', { on: 'c', labels: app })];
    // Zones are even; hosts a and c have one, b and d none.
    expect(verdicts({ nodes, pods, pod: spread(zoneAndHost) })).toBe('skewed fits skewed fits');
  });
});

describe('PodTopologySpread: nodes that count', () => {
  const nodeIn = (zone: string, draft: NodeDraft = {}) =>
    node(zone, { ...draft, labels: { zone, ...draft.labels } });
  const full = [pod('o', { on: 'a', labels: app })];
  const ssd = { labels: { disk: 'ssd' } };
  const selecting = { nodeSelector: { disk: 'ssd' } };
  const unselected = "UU node(s) didn't match Pod's node affinity/selector";
  const tainted: NodeDraft = { taints: [{ key: 'k', effect: 'NoSchedule' }] };
  const soft: NodeDraft = { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] };
  const untolerated = 'UU node(s) had untolerated taint(s)';

  test.each<[policy: 'Honor' | 'Ignore' | undefined, expected: string]>([
    // Only nodes that the pod may go to count: a is the only domain.
    [undefined, `fits ${unselected}`],
    ['Honor', `fits ${unselected}`],
    // b counts with no pods, so a is skewed.
    ['Ignore', `skewed ${unselected}`],
  ])('nodeAffinityPolicy %s', (nodeAffinityPolicy, expected) => {
    const nodes = [nodeIn('a', ssd), nodeIn('b')];
    const constraint = nodeAffinityPolicy ? hard({ nodeAffinityPolicy }) : hard();
    expect(verdicts({ nodes, pods: full, pod: spread([constraint], { spec: selecting }) })).toBe(expected);
  });

  test('nodeAffinityPolicy: required affinity as well as the selector', () => {
    const nodes = [nodeIn('a', ssd), nodeIn('b')];
    const nodeSelectorTerms = [{ matchExpressions: [{ key: 'disk', operator: 'Exists' as const }] }];
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
    };
    const one = spread([hard()], { spec: { affinity } });
    expect(verdicts({ nodes, pods: full, pod: one })).toBe(`fits ${unselected}`);
  });

  test('nodeAffinityPolicy: pods on nodes that do not count are not counted either', () => {
    // a1 has a pod but not the disk; a2 has the disk.
    const nodes = [
      node('a1', { labels: { zone: 'a' } }),
      node('a2', { labels: { zone: 'a', disk: 'ssd' } }),
      nodeIn('b', ssd),
    ];
    const pods = [pod('o', { on: 'a1', labels: app })];
    expect(verdicts({ nodes, pods, pod: spread([hard()], { spec: selecting }) })).toBe(
      `${unselected} fits fits`,
    );
  });

  test.each<[policy: 'Honor' | 'Ignore' | undefined, draft: NodeDraft, tolerates: boolean, expected: string]>(
    [
      [undefined, tainted, false, `skewed ${untolerated}`],
      ['Ignore', tainted, false, `skewed ${untolerated}`],
      ['Honor', tainted, false, `fits ${untolerated}`],
      ['Honor', tainted, true, 'skewed fits'],
      ['Honor', soft, false, 'skewed fits'],
      // A cordon alone is no taint.
      ['Honor', { unschedulable: true }, false, 'skewed UU node(s) were unschedulable'],
    ],
  )('nodeTaintsPolicy %s, a node with %j, tolerated: %s', (nodeTaintsPolicy, draft, tolerates, expected) => {
    const nodes = [nodeIn('a'), nodeIn('b', draft)];
    const constraint = nodeTaintsPolicy ? hard({ nodeTaintsPolicy }) : hard();
    const spec = tolerates ? { tolerations: [{ key: 'k', operator: 'Exists' as const }] } : {};
    expect(verdicts({ nodes, pods: full, pod: spread([constraint], { spec }) })).toBe(expected);
  });

  test('where no node counts the least is nothing', () => {
    // The taint is not tolerated, so no node counts; the pod is held against none and would fit.
    const nodes = [nodeIn('a', tainted)];
    const one = spread([hard({ nodeTaintsPolicy: 'Honor' })]);
    expect(verdicts({ nodes, pod: one, disabled: ['TaintToleration'] })).toBe('fits');
  });
});

describe('PodTopologySpread: what wakes a pod', () => {
  const soft = hard({
    topologyKey: 'rack',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { app: 's' } },
  });
  const waiting = spread([hard(), soft]);
  const zoned = node('n', { labels: { zone: 'z1' } });
  const moved = node('n', { labels: { zone: 'z2' } });
  const bare = node('n');
  const counted = pod('o', { on: 'n', labels: app });
  const other = pod('o', { on: 'n', labels: { app: 'y' } });
  test.each([
    ['a pod that it counts comes', { added: counted }, 'wakes'],
    ['a pod that it counts goes', { removed: counted }, 'wakes'],
    ['a pod that it does not count comes', { added: other }, 'sleeps'],
    ['a pod that it does not count goes', { removed: other }, 'sleeps'],
    [
      'a pod of another namespace goes',
      { removed: pod('o', { on: 'n', labels: app, namespace: 'other' }) },
      'sleeps',
    ],
    [
      'a pod that only a soft constraint counts goes',
      { removed: pod('o', { on: 'n', labels: { app: 's' } }) },
      'sleeps',
    ],
    ['a pod comes to be counted', { updated: [other, counted] }, 'wakes'],
    ['a pod ceases to be counted', { updated: [counted, other] }, 'wakes'],
    [
      'a pod that it counts changes otherwise',
      { updated: [counted, pod('o', { on: 'n', labels: { ...app, a: 'b' } })] },
      'sleeps',
    ],
    ['a node with the key is added, though not with that of a soft constraint', { added: zoned }, 'wakes'],
    ['a node without the key is added', { added: bare }, 'sleeps'],
    ['a node with the key goes', { removed: zoned }, 'wakes'],
    ['a node without the key goes', { removed: bare }, 'sleeps'],
    ['a node gets the key', { updated: [bare, zoned] }, 'wakes'],
    ['a node loses the key', { updated: [zoned, bare] }, 'wakes'],
    ['a node moves', { updated: [zoned, moved] }, 'wakes'],
    [
      "a node's taints change",
      {
        updated: [zoned, node('n', { labels: { zone: 'z1' }, taints: [{ key: 'k', effect: 'NoSchedule' }] })],
      },
      'wakes',
    ],
    [
      'a node changes otherwise',
      { updated: [zoned, node('n', { labels: { zone: 'z1', a: 'b' } })] },
      'sleeps',
    ],
    [
      'a claim comes',
      { changed: { of: 'persistentvolumeclaims', before: undefined, after: undefined } },
      'sleeps',
    ],
  ] as const)('%s', (_what, happening, expected) => {
    expect(wakes(podTopologySpread, waiting, happening)).toBe(expected);
  });
});
