import { describe, expect, test } from 'vitest';
import type { KubeNode, KubeObject, Labels, Pod, TopologySpreadConstraint } from '../../kube/index.js';
import { node, object, pod, scoresOf } from '../fixtures.js';

const hostname = 'kubernetes.io/hostname';
const zoneKey = 'topology.kubernetes.io/zone';
const app: Labels = { app: 'x' };
const soft = (members: Partial<TopologySpreadConstraint> = {}): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey: zoneKey,
  whenUnsatisfiable: 'ScheduleAnyway',
  labelSelector: { matchLabels: app },
  ...members,
});
const spread = (...constraints: readonly TopologySpreadConstraint[]): Pod =>
  pod('p', { labels: app, spec: { topologySpreadConstraints: constraints } });

const nodeIn = (name: string, zone: string | undefined, labels: Labels = {}): KubeNode =>
  node(name, { labels: { [hostname]: name, ...(zone !== undefined && { [zoneKey]: zone }), ...labels } });
const podsOn = (name: string, count: number, draft: Parameters<typeof pod>[1] = {}): readonly Pod[] =>
  Array.from({ length: count }, (_, at) => pod(`${name}-${String(at)}`, { on: name, labels: app, ...draft }));

const scores = (
  nodes: readonly KubeNode[],
  pods: readonly Pod[],
  one: Pod,
  objects: readonly KubeObject[] = [],
) => Object.values(scoresOf('PodTopologySpread', { nodes, pods, pod: one, objects }));

describe('PodTopologySpread: scores', () => {
  // Raw: round(count x ln(domains + 2) + maxSkew - 1); then floor(100 x (most + least - raw) / most); times 2.
  // ln 4 = 1.386, ln 5 = 1.609.
  test.each<[maxSkew: number, counts: readonly number[], expected: readonly number[]]>([
    [1, [0, 0], [200, 200]],
    // 0 and 1.386 -> 1.
    [1, [0, 1], [200, 0]],
    // 1 and 3 (2.77): 100 x (4 - 3) / 3 = 33.
    [1, [1, 2], [200, 66]],
    // 4 (4.16) and 7 (6.93): 100 x 4 / 7 = 57.
    [1, [3, 5], [200, 114]],
    [1, [2, 2], [200, 200]],
    // Of three: 0, 2 (1.61), 3 (3.22): 100, 100 x (3 - 2) / 3, 0.
    [1, [0, 1, 2], [200, 66, 0]],
    // maxSkew waters down: 4 and 4 + 1.386 -> 5: 100 x 4 / 5.
    [5, [0, 1], [200, 160]],
    // 2 and 2 + 1.386 -> 3: 100 x 2 / 3.
    [3, [0, 1], [200, 132]],
    // 4 and 4 + 13.86 -> 18: 100 x 4 / 18 = 22.
    [5, [0, 10], [200, 44]],
  ])('over zones, maxSkew %i, where pods are %j: %j', (maxSkew, counts, expected) => {
    const nodes = counts.map((_, at) => nodeIn(`n${String(at)}`, `z${String(at)}`));
    const pods = counts.flatMap((count, at) => podsOn(`n${String(at)}`, count));
    expect(scores(nodes, pods, spread(soft({ maxSkew })))).toEqual(expected);
  });

  test('nodes of a zone have the count of the zone', () => {
    const nodes = [nodeIn('a1', 'a'), nodeIn('a2', 'a'), nodeIn('b', 'b')];
    // 3 (2.77) in a; 0 in b.
    expect(scores(nodes, podsOn('a1', 2), spread(soft()))).toEqual([0, 0, 200]);
  });

  test('host names count by node, with the nodes that will do as their number', () => {
    const nodes = ['a', 'b', 'c'].map((name) => nodeIn(name, undefined));
    // ln 5: 2 pods 3 (3.22), 1 pod 2 (1.61), none 0.
    const pods = [...podsOn('a', 2), ...podsOn('b', 1)];
    expect(scores(nodes, pods, spread(soft({ topologyKey: hostname })))).toEqual([0, 66, 200]);
  });

  test('several constraints are summed before they are rounded', () => {
    const nodes = [nodeIn('a1', 'a'), nodeIn('a2', 'a'), nodeIn('b1', 'b')];
    const pods = [...podsOn('a1', 1), ...podsOn('b1', 1)];
    // Zones, ln 4: 1.386 each. Hosts, ln 5: 1.609, 0, 1.609. Sums 2.996 -> 3, 1.386 -> 1, 3: 100 x (3 + 1 - 3) / 3.
    expect(scores(nodes, pods, spread(soft(), soft({ topologyKey: hostname })))).toEqual([66, 200, 66]);
  });

  test('a node without a key scores nothing and is no domain', () => {
    const nodes = [nodeIn('a', 'a'), nodeIn('b', 'b'), nodeIn('c', undefined)];
    // Two domains, ln 4: 0 and 3 (2.77).
    expect(scores(nodes, podsOn('b', 2), spread(soft()))).toEqual([200, 0, 0]);
  });

  test('a node without one of two keys scores nothing', () => {
    const nodes = [nodeIn('a', 'a', { rack: 'r' }), nodeIn('b', 'b')];
    expect(scores(nodes, [], spread(soft(), soft({ topologyKey: 'rack' })))).toEqual([200, 0]);
  });

  test('pods count on nodes that will not do, in zones of those that will', () => {
    // a2 is cordoned, its pods are in zone a all the same; c is in a zone of its own and counts for nothing.
    const cordoned = (name: string, zone: string): KubeNode => {
      const one = nodeIn(name, zone);
      return { ...one, spec: { unschedulable: true } };
    };
    const nodes = [nodeIn('a1', 'a'), cordoned('a2', 'a'), nodeIn('b', 'b'), cordoned('c', 'c')];
    const pods = [...podsOn('a2', 2), ...podsOn('c', 9)];
    // ln 4: 3 (2.77) and 0.
    expect(scores(nodes, pods, spread(soft()))).toEqual([0, 200]);
  });

  test('policies leave nodes out of the count of zones', () => {
    const tainted: KubeNode = {
      ...nodeIn('a2', 'a'),
      spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] },
    };
    const nodes = [nodeIn('a1', 'a'), tainted, nodeIn('b', 'b')];
    const pods = podsOn('a2', 2);
    const of = (nodeTaintsPolicy: 'Honor' | 'Ignore') =>
      scores(nodes, pods, spread(soft({ nodeTaintsPolicy })));
    expect([of('Ignore'), of('Honor')]).toEqual([
      [0, 200],
      [200, 200],
    ]);
  });

  test('pods that are being deleted or of another namespace do not count', () => {
    const nodes = [nodeIn('a', 'a'), nodeIn('b', 'b')];
    const pods = [...podsOn('a', 3, { isTerminating: true }), ...podsOn('b', 3, { namespace: 'other' })];
    expect(scores(nodes, pods, spread(soft()))).toEqual([200, 200]);
  });

  test.each<[what: string, one: Pod]>([
    ['hard constraints alone', spread({ ...soft(), whenUnsatisfiable: 'DoNotSchedule', maxSkew: 9 })],
    ['no constraint, service or owner', pod('p', { labels: app })],
  ])('%s score nothing', (_what, one) => {
    const nodes = [nodeIn('a', 'a'), nodeIn('b', 'b')];
    expect(scores(nodes, podsOn('a', 2), one)).toEqual([undefined, undefined]);
  });
});

describe('PodTopologySpread: what Kubernetes does by itself', () => {
  const nodes = [nodeIn('a', 'a'), nodeIn('b', 'b')];
  const service = (name: string, selector: Labels | undefined, namespace = 'default') =>
    object('v1', 'Service', name, { spec: selector ? { selector } : {} }, { namespace });
  const owner = (kind: string, selector: object) =>
    object(kind === 'ReplicationController' ? 'v1' : 'apps/v1', kind, 'o', { spec: { selector } });
  // Two pods in a. Hosts: ln 4 x 2 + 2 = 4.77 and 2; zones: ln 4 x 2 + 4 = 6.77 and 4. Sums 11.55 -> 12 and 6: 50.
  const spreads = [100, 200];
  const nothing = [undefined, undefined];

  test.each<
    [
      what: string,
      objects: readonly KubeObject[],
      draft: Parameters<typeof pod>[1],
      expected: readonly (number | undefined)[],
    ]
  >([
    ['a service that selects it', [service('s', app)], {}, spreads],
    ['a service that does not', [service('s', { app: 'y' })], {}, nothing],
    ['a service without a selector', [service('s', undefined)], {}, nothing],
    ['a service of another namespace', [service('s', app, 'other')], {}, nothing],
    [
      'services that select it, merged',
      [service('s', app), service('t', { tier: 'web' })],
      { labels: { ...app, tier: 'web' } },
      [200, 200],
    ],
    ['its ReplicaSet', [owner('ReplicaSet', { matchLabels: app })], { owner: ['ReplicaSet', 'o'] }, spreads],
    [
      'its StatefulSet',
      [owner('StatefulSet', { matchLabels: app })],
      { owner: ['StatefulSet', 'o'] },
      spreads,
    ],
    [
      'its ReplicationController',
      [owner('ReplicationController', app)],
      { owner: ['ReplicationController', 'o'] },
      spreads,
    ],
    [
      'expressions of its ReplicaSet',
      [owner('ReplicaSet', { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] })],
      { owner: ['ReplicaSet', 'o'] },
      spreads,
    ],
    ['a Job', [owner('Job', { matchLabels: app })], { owner: ['Job', 'o'] }, nothing],
    ['an owner that is gone', [], { owner: ['ReplicaSet', 'o'] }, nothing],
    [
      'a service and its ReplicaSet',
      [service('s', app), owner('ReplicaSet', { matchLabels: { tier: 'web' } })],
      { owner: ['ReplicaSet', 'o'], labels: { ...app, tier: 'web' } },
      [200, 200],
    ],
    // A pod with constraints of its own has those alone.
    [
      'constraints of its own',
      [service('s', app)],
      {
        spec: { topologySpreadConstraints: [{ ...soft(), whenUnsatisfiable: 'DoNotSchedule', maxSkew: 9 }] },
      },
      nothing,
    ],
  ])('%s', (_what, objects, draft, expected) => {
    const one = pod('p', { labels: app, ...draft });
    expect(scores(nodes, podsOn('a', 2), one, objects)).toEqual(expected);
  });

  test('a node without a zone is scored by its host name, and is a zone of its own', () => {
    const mixed = [nodeIn('a', 'z'), nodeIn('b', 'z'), nodeIn('c', undefined)];
    // Hosts, ln 5: a 1.609 + 2, b 2, c 2. Zones: z and none, ln 4: a and b 1.386 + 4.
    // a 8.995 -> 9, b 7.386 -> 7, c 2: 100 x (9 + 2 - raw) / 9 = 22, 44, 100.
    expect(scores(mixed, podsOn('a', 1), pod('p', { labels: app }), [service('s', app)])).toEqual([
      44, 88, 200,
    ]);
  });

  test('a list of constraints may take the place of those', () => {
    const constraint: TopologySpreadConstraint = {
      maxSkew: 1,
      topologyKey: zoneKey,
      whenUnsatisfiable: 'DoNotSchedule',
    };
    const args = { PodTopologySpread: { defaultingType: 'List', defaultConstraints: [constraint] } } as const;
    const question = {
      nodes,
      pods: podsOn('a', 1),
      pod: pod('p', { labels: app }),
      objects: [service('s', app)],
      args,
    };
    expect(scoresOf('PodTopologySpread', question)).toEqual({ b: undefined });
  });
});
