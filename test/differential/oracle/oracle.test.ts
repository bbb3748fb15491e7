import { describe, expect, test } from 'vitest';
import type { Case } from '../case.js';
import type { Node, Pod } from '../objects.js';
import { judge } from './index.js';
import { nanos } from './quantity.js';

const node = (name: string, members: Partial<Node> = {}): Node => ({
  metadata: { name, uid: name, labels: { 'kubernetes.io/hostname': name } },
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
  ...members,
});

const tainted = (name: string): Node =>
  node(name, { spec: { taints: [{ key: 'sku', value: 'gpu', effect: 'NoSchedule' }] } });

const pod = (
  name: string,
  cpu: string,
  spec: Partial<Pod['spec']> = {},
  members: Partial<Pod> = {},
): Pod => ({
  metadata: { name, namespace: 'default', uid: name, labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], priority: 0, ...spec },
  ...members,
});

const on = (nodeName: string, name: string, cpu: string, spec: Partial<Pod['spec']> = {}): Pod =>
  pod(name, cpu, { nodeName, ...spec }, { status: { phase: 'Running', startTime: '2026-01-01T00:00:00Z' } });

const full = (nodeName: string): Pod => on(nodeName, `full-${nodeName}`, '3900m');

const input = (members: Partial<Case>): Case => ({
  formatVersion: 1,
  kubernetesVersion: '1.34.4',
  nodes: [],
  pods: [],
  pod: pod('pending', '1'),
  ...members,
});

const names = ['a', 'b', 'c', 'd', 'e'];
const three = names.slice(0, 3).map((name) => node(name));
const pinned = (...values: readonly string[]): Partial<Pod['spec']> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchFields: values.map((value) => ({ key: 'metadata.name', operator: 'In', values: [value] })) },
        ],
      },
    },
  },
});
const elsewhere: Partial<Pod['spec']> = { nodeSelector: { disk: 'ssd' } };
const claimed: Partial<Pod['spec']> = {
  volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
};
const immediate: Partial<Case> = {
  persistentVolumeClaims: [
    {
      metadata: { name: 'data', namespace: 'default' },
      spec: { storageClassName: 'now' },
      status: { phase: 'Pending' },
    },
  ],
  storageClasses: [{ metadata: { name: 'now' }, provisioner: 'disk', volumeBindingMode: 'Immediate' }],
};
const noHelp = 'Preemption is not helpful for scheduling';

describe('messages', () => {
  test.each<[string, Partial<Case>, string]>([
    [
      'a taint and full nodes',
      { nodes: [tainted('a'), node('b'), node('c')], pods: [full('b'), full('c')] },
      `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 ${noHelp}, 2 No preemption victims found for incoming pod.`,
    ],
    [
      'an unbound claim of an immediate class',
      { nodes: three, pod: pod('pending', '1', claimed), ...immediate },
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    ],
    [
      'a daemon pod on a full node',
      { nodes: names.map((name) => node(name)), pods: [full('a')], pod: pod('pending', '1', pinned('a')) },
      `0/5 nodes are available: 1 Insufficient cpu, 4 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 ${noHelp}.`,
    ],
    [
      'a selector that no node has',
      { nodes: three, pod: pod('pending', '1', elsewhere) },
      `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 ${noHelp}.`,
    ],
    [
      'the same before devices',
      { kubernetesVersion: '1.33.6', nodes: three, pod: pod('pending', '1', elsewhere) },
      `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 ${noHelp}.`,
    ],
    [
      'a rejection before nodes before devices',
      { kubernetesVersion: '1.33.6', nodes: three, pod: pod('pending', '1', claimed), ...immediate },
      `0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 ${noHelp}.`,
    ],
    [
      'taints that are named',
      { kubernetesVersion: '1.34.1', nodes: [tainted('a')] },
      `0/1 nodes are available: 1 node(s) had untolerated taint {sku: gpu}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 ${noHelp}.`,
    ],
    [
      'a name that no node has',
      { nodes: three, pod: pod('pending', '1', pinned('gone')) },
      `0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/3 nodes are available: 3 ${noHelp}.`,
    ],
    [
      'two names at once',
      { nodes: three, pod: pod('pending', '1', pinned('a', 'b')) },
      '0/3 nodes are available: pod affinity terms conflict. not found',
    ],
    [
      'no preemption wanted',
      { nodes: [node('a')], pods: [full('a')], pod: pod('pending', '1', { preemptionPolicy: 'Never' }) },
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
    ],
    [
      'successful preemption',
      { nodes: [node('a')], pods: [full('a')], pod: pod('pending', '1', { priority: 1 }) },
      '0/1 nodes are available: 1 Insufficient cpu.',
    ],
    [
      'counts sorted as text',
      {
        nodes: Array.from({ length: 12 }, (_, index) =>
          index < 2 ? tainted(`n${String(index)}`) : node(`n${String(index)}`),
        ),
        pods: Array.from({ length: 10 }, (_, index) => full(`n${String(index + 2)}`)),
      },
      `0/12 nodes are available: 10 Insufficient cpu, 2 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/12 nodes are available: 10 No preemption victims found for incoming pod, 2 ${noHelp}.`,
    ],
    ['no nodes', {}, 'no nodes available to schedule pods'],
    [
      'gates',
      { nodes: three, pod: pod('pending', '1', { schedulingGates: [{ name: 'wait' }] }) },
      'Scheduling is blocked due to non-empty scheduling gates',
    ],
  ])('%s', (_, members, message) => {
    expect(judge(input(members)).message).toBe(message);
  });
});

const zone = (name: string, value: string): Node =>
  node(name, {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': value } },
  });

/** The score of one plugin on each node. */
const scored = (plugin: string, members: Partial<Case>): readonly number[] => {
  const { scores, feasible } = judge(input(members));
  return feasible.toSorted().map((name) => scores[name]?.[plugin] ?? 0);
};

describe('scores', () => {
  test.each<[string, string, Partial<Case>, readonly number[]]>([
    // (75 + 97) / 2 and (50 + 94) / 2: 200Mi are presumed, of 8Gi.
    ['free room', 'NodeResourcesFit', { nodes: [node('a'), node('b')], pods: [on('b', 'x', '1')] }, [86, 72]],
    // |1/4 - 0| / 2 and |2/4 - 0| / 2
    [
      'balance',
      'NodeResourcesBalancedAllocation',
      { nodes: [node('a'), node('b')], pods: [on('b', 'x', '1')] },
      [87, 75],
    ],
    // 50 + (50 + 87 - 100) / 2 and 50 + (50 + 75 - 87) / 2
    [
      'balance since 1.36',
      'NodeResourcesBalancedAllocation',
      { kubernetesVersion: '1.36.2', nodes: [node('a'), node('b')], pods: [on('b', 'x', '1')] },
      [68, 69],
    ],
    [
      'soft taints',
      'TaintToleration',
      {
        nodes: [0, 1, 2].map((count) =>
          node(`n${String(count)}`, {
            spec: {
              taints: Array.from({ length: count }, (_, key) => ({
                key: String(key),
                effect: 'PreferNoSchedule',
              })),
            },
          }),
        ),
      },
      [300, 150, 0],
    ],
    [
      'preferred labels',
      'NodeAffinity',
      {
        nodes: [zone('a', 'z1'), zone('b', 'z2'), zone('c', 'z3')],
        pod: pod('pending', '1', {
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [['z1', 30] as const, ['z2', 20] as const].map(
                ([value, weight]) => ({
                  weight,
                  preference: {
                    matchExpressions: [
                      { key: 'topology.kubernetes.io/zone', operator: 'In', values: [value] },
                    ],
                  },
                }),
              ),
            },
          },
        }),
      },
      [200, 132, 0],
    ],
    // 2 and 1 and 0 pods, times ln(3 + 2): 3, 2, 0; so 0, 33, 100 of 100, twice.
    [
      'soft spread over zones',
      'PodTopologySpread',
      {
        nodes: [zone('a', 'z1'), zone('b', 'z2'), zone('c', 'z3')],
        pods: [on('a', 'x', '0'), on('a', 'y', '0'), on('b', 'z', '0')],
        pod: pod('pending', '1', {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { app: 'web' } },
            },
          ],
        }),
      },
      [0, 66, 200],
    ],
    [
      'preferred company',
      'InterPodAffinity',
      {
        nodes: three,
        pods: [on('a', 'x', '0'), on('a', 'y', '0'), on('b', 'z', '0')],
        pod: pod('pending', '1', {
          affinity: {
            podAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 10,
                  podAffinityTerm: {
                    topologyKey: 'kubernetes.io/hostname',
                    labelSelector: { matchLabels: { app: 'web' } },
                  },
                },
              ],
            },
          },
        }),
      },
      [200, 100, 0],
    ],
    // 600Mi on one of two nodes are 300Mi; (300 - 23) / (1000 - 23).
    [
      'images',
      'ImageLocality',
      {
        nodes: [
          node('a', {
            status: {
              allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
              images: [{ names: ['web:latest'], sizeBytes: 600 * 1024 * 1024 }],
            },
          }),
          node('b'),
        ],
        pod: pod('pending', '1', { containers: [{ name: 'c', image: 'web' }] }),
      },
      [28, 0],
    ],
  ])('%s', (_, plugin, members, expected) => {
    expect(scored(plugin, members)).toEqual(expected);
  });
});

describe('order', () => {
  test('zones take turns, and the round goes on where it ended', () => {
    const nodes = [zone('a', 'z1'), zone('b', 'z1'), zone('c', 'z2'), zone('d', 'z3'), zone('e', 'z2')];
    expect(judge(input({ nodes })).feasible).toEqual(['a', 'c', 'd', 'b', 'e']);
    expect(judge(input({ nodes, startNodeIndex: 3 })).feasible).toEqual(['b', 'e', 'a', 'c', 'd']);
  });

  test.each([
    [99, 99],
    [100, 100],
    [250, 120],
    [500, 230],
  ])('of %i nodes %i feasible ones are enough', (count, wanted) => {
    const nodes = Array.from({ length: count }, (_, index) => node(`n${String(index)}`));
    expect(judge(input({ nodes })).feasible).toHaveLength(wanted);
  });
});

describe('preemption', () => {
  const preemptor = pod('pending', '3', { priority: 100 });
  const budget = {
    metadata: { name: 'b', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'db' } } },
    status: { disruptionsAllowed: 0 },
  };
  const db = (nodeName: string, name: string, cpu: string, spec: Partial<Pod['spec']> = {}): Pod => ({
    ...on(nodeName, name, cpu, spec),
    metadata: { name, namespace: 'default', uid: name, labels: { app: 'db' } },
  });

  test.each<[string, readonly Pod[], readonly [string, readonly string[]][]]>([
    [
      'only as many as needed',
      [on('a', 'x', '2'), on('a', 'y', '1', { priority: 50 }), on('b', 'z', '4', { priority: 100 })],
      [['a', ['default/x']]],
    ],
    [
      'budgets before priorities',
      [db('a', 'x', '4'), on('b', 'y', '4', { priority: 50 })],
      [['b', ['default/y']]],
    ],
    ['lower priorities', [on('a', 'x', '4', { priority: 1 }), on('b', 'y', '4')], [['b', ['default/y']]]],
    ['fewer pods', [on('a', 'x', '2'), on('a', 'y', '2'), on('b', 'z', '4')], [['b', ['default/z']]]],
    [
      'any of equals',
      [on('a', 'x', '4'), on('b', 'y', '4')],
      [
        ['a', ['default/x']],
        ['b', ['default/y']],
      ],
    ],
    [
      'a violated budget where nothing else helps',
      [db('a', 'x', '4'), db('b', 'y', '4', { priority: 100 })],
      [['a', ['default/x']]],
    ],
  ])('%s', (_, pods, expected) => {
    const { nominations } = judge(
      input({ nodes: [node('a'), node('b')], pods, pod: preemptor, podDisruptionBudgets: [budget] }),
    );
    expect(nominations.map(({ node: name, victims }) => [name, victims])).toEqual(expected);
  });
});

test.each([
  ['100m', 10n ** 8n],
  ['1.5Gi', 3n * 2n ** 29n * 10n ** 9n],
  ['1e3', 10n ** 12n],
  ['2E', 2n * 10n ** 27n],
  ['0.0000000001', 1n],
  ['-1', -(10n ** 9n)],
])('%s is %i billionths', (text, expected) => {
  expect(nanos(text)).toBe(expected);
});
