import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TopologySpreadConstraint } from '../../kube/index.js';
import { node, pod, podGroup, supposing, template } from '../fixtures.js';
import type { NodeDraft, PodDraft } from '../fixtures.js';
import { estimate, estimateBy } from './estimate.js';
import type { GroupTemplate, PodGroup } from './pod-group.js';

const old = node('old', { zone: 'jupiter', cpu: '100m', memory: '100Mi' });
const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';

const spread = (topologyKey: string, maxSkew: number, minDomains?: number) => ({
  topologySpreadConstraints: [
    {
      maxSkew,
      topologyKey,
      whenUnsatisfiable: 'DoNotSchedule' as const,
      labelSelector: { matchLabels: { app: 'web' } },
      ...(minDomains !== undefined && { minDomains }),
    } satisfies TopologySpreadConstraint,
  ],
});
const onPort = (hostPort: number) => ({
  containers: [
    {
      name: 'c',
      image: 'image:1',
      ports: [{ containerPort: 80, hostPort }],
      resources: { requests: { cpu: '200m' } },
    },
  ],
});
const away = (topologyKey: string, app: string) => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey, labelSelector: { matchLabels: { app } } },
      ],
    },
  },
});

const near = (app: string) => ({
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: hostname, labelSelector: { matchLabels: { app } } },
      ],
    },
  },
});

const shape = ({ nodes, pods }: ReturnType<typeof estimate>): readonly number[] => [nodes, pods.length];
const names = ({ pods }: ReturnType<typeof estimate>): readonly string[] =>
  pods.map(({ metadata }) => metadata.name);

describe('an estimate', () => {
  const web = (count: number, draft: PodDraft) => [podGroup('web', count, draft)];
  test.each<[string, NodeDraft, readonly PodGroup[], limit: number, readonly [nodes: number, pods: number]]>([
    ['by amounts', { memory: '2000Mi' }, web(10, { cpu: '350m', memory: '1000Mi' }), Infinity, [5, 10]],
    [
      'by places for pods',
      { cpu: '10', memory: '20000Mi' },
      web(20, { cpu: '10m', memory: '100Mi' }),
      Infinity,
      [2, 20],
    ],
    ['by a host port', {}, web(8, { spec: onPort(5555) }), Infinity, [8, 8]],
    ['up to the limit', {}, web(20, { cpu: '500m', memory: '1000Mi' }), 5, [5, 10]],
    [
      'spread over hosts',
      {},
      web(8, { cpu: '200m', memory: '200Mi', spec: spread(hostname, 2) }),
      Infinity,
      [4, 8],
    ],
    [
      'spread over zones',
      {},
      web(8, { cpu: '20m', memory: '100Mi', spec: spread(zone, 2) }),
      Infinity,
      [1, 2],
    ],
    // Two new ones, and the old node, which counts as it takes pods back.
    [
      'spread over few hosts',
      {},
      web(12, { cpu: '20m', memory: '100', spec: spread(hostname, 1, 3) }),
      Infinity,
      [3, 12],
    ],
    ['of pods that are too large', {}, web(3, { cpu: '1100m' }), Infinity, [0, 0]],
    ['of pods that keep apart', {}, web(4, { cpu: '20m', spec: away(hostname, 'web') }), 3, [3, 3]],
    ['without room for any', {}, web(3, { cpu: '100m' }), 0, [0, 0]],
    ['of no pods', {}, [{ pods: [] }], Infinity, [0, 0]],
  ])('%s', (_, draft, groups, limit, expected) => {
    const found = supposing({ nodes: [old] }, (what) => estimate(what, template(draft), groups, limit));
    expect(shape(found)).toEqual(expected);
  });

  test('takes the largest pods first', () => {
    const groups = [
      podGroup('small', 10, { cpu: '50m', memory: '1000Mi' }),
      podGroup('large', 10, { cpu: '500m', memory: '1000Mi' }),
    ];
    const found = supposing({ nodes: [old] }, (what) => estimate(what, template(), groups, 5));
    expect([found.nodes, names(found)]).toEqual([5, names({ nodes: 0, pods: groups[1]?.pods ?? [] })]);
  });

  test('fills nodes up once it may add no more', () => {
    const groups = [podGroup('large', 3, { cpu: '600m' }), podGroup('small', 3, { cpu: '300m' })];
    const found = supposing({}, (what) => estimate(what, template(), groups, 2));
    expect(names(found)).toEqual(['large-0', 'large-1', 'small-0', 'small-1']);
  });

  test('of 51,000 pods of two kinds', () => {
    const groups = [
      podGroup('small', 50_000, { cpu: '50m', memory: '100Mi' }),
      podGroup('large', 1_000, { cpu: '95m', memory: '190Mi' }),
    ];
    const found = supposing({ nodes: [old] }, (what) =>
      estimate(what, template({ pods: '100' }), groups, 3000),
    );
    expect(shape(found)).toEqual([2595, 51_000]);
  });

  test('counts what daemons take of each node', () => {
    const daemon = pod('daemon', { cpu: '300m', labels: { app: 'daemon' } });
    const groups = [podGroup('web', 4, { cpu: '400m' })];
    const found = supposing({}, (what) => estimate(what, template({}, [daemon]), groups, Infinity));
    expect(shape(found)).toEqual([4, 4]);
  });

  test('adds one node, and no more, for pods that none of them would take', () => {
    const picky = podGroup('picky', 5, { cpu: '900m', spec: { nodeSelector: { pool: 'other' } } });
    const groups = [picky, podGroup('web', 2, { cpu: '600m' })];
    const found = supposing({}, (what) => estimate(what, template(), groups, 2));
    expect([found.nodes, names(found)]).toEqual([2, ['web-0', 'web-1']]);
  });

  test('heeds the anti-affinity of pods that were placed before', () => {
    const groups = [
      podGroup('loner', 1, { cpu: '500m', labels: { app: 'loner' }, spec: away(hostname, 'web') }),
      podGroup('web', 2, { cpu: '200m' }),
    ];
    const found = supposing({}, (what) => estimate(what, template(), groups, Infinity));
    expect(shape(found)).toEqual([2, 3]);
  });

  test.each(['where amounts tell', 'never'] as const)(
    'goes round the nodes, amounts asked %s',
    (reckoning) => {
      const groups = [
        podGroup('first', 3, { cpu: '400m', memory: '3000Mi' }),
        podGroup('second', 1, { cpu: '250m' }),
        podGroup('third', 1, { cpu: '200m' }),
        podGroup('fourth', 9, { cpu: '170m' }),
      ];
      // The third is on the second node, so that there is room for two of the fourth on each of the first two, and three on the last.
      const found = supposing({ nodes: [old] }, (what) => estimateBy(reckoning, what, template(), groups, 3));
      expect(shape(found)).toEqual([3, 5 + 7]);
    },
  );

  test('leaves the supposed cluster as it was', () => {
    supposing({ nodes: [old] }, (what) => {
      const groups = [podGroup('web', 12, { cpu: '20m', memory: '100', spec: spread(hostname, 1, 3) })];
      const once = estimate(what, template(), groups, Infinity);
      expect(what.nodes()).toEqual(['old']);
      expect(what.podsOn('old')).toEqual([]);
      expect(estimate(what, template(), groups, Infinity)).toEqual(once);
    });
  });

  test('by amounts comes to the same as one by one', () => {
    const specs: readonly Partial<PodDraft>[] = [
      {},
      {},
      {},
      { spec: { nodeSelector: { [zone]: 'venus' } } },
      { spec: spread(hostname, 1) },
      { spec: onPort(5555) },
      { spec: near('web'), labels: { app: 'friend' } },
      { spec: spread(zone, 2) },
      { spec: away(hostname, 'db'), labels: { app: 'db' } },
      { spec: away(zone, 'web'), labels: { app: 'jealous' } },
      {
        spec: {
          topologySpreadConstraints: [
            {
              ...spread(zone, 1).topologySpreadConstraints[0],
              whenUnsatisfiable: 'ScheduleAnyway',
            } as TopologySpreadConstraint,
          ],
        },
      },
    ];
    const group = fc.record({
      count: fc.integer({ min: 0, max: 12 }),
      cpu: fc.constantFrom('50m', '120m', '300m', '450m', '700m', '1200m'),
      memory: fc.constantFrom('100Mi', '700Mi', '1500Mi', '2600Mi'),
      kind: fc.constantFrom(...specs),
    });
    const daemons = [
      undefined,
      pod('daemon', { cpu: '70m', memory: '64Mi', labels: { app: 'daemon' } }),
      pod('daemon', { cpu: '70m', memory: '64Mi' }),
      pod('daemon', { cpu: '70m', labels: { app: 'daemon' }, spec: away(hostname, 'db') }),
      pod('daemon', { labels: { app: 'daemon' }, spec: onPort(5555) }),
    ];
    const present = { nodes: [old, node('wide', { cpu: '2', pods: '3' })] };
    fc.assert(
      fc.property(
        fc.array(group, { maxLength: 6 }),
        fc.constantFrom(0, 2, 7, Infinity),
        fc.constantFrom(...daemons),
        (drafts, limit, daemon) => {
          const groups = drafts.map(({ count, cpu, memory, kind }, index) =>
            podGroup(`g${String(index)}`, count, { cpu, memory, ...kind }),
          );
          const made: GroupTemplate = template({ pods: '6' }, daemon ? [daemon] : []);
          const [fast, slow] = supposing(present, (what) => [
            estimate(what, made, groups, limit),
            estimateBy('never', what, made, groups, limit),
          ]);
          expect([fast?.nodes, fast && names(fast)]).toEqual([slow?.nodes, slow && names(slow)]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
