import { describe, expect, test } from 'vitest';
import type { FitArgs } from '../framework/configuration.js';
import { node, pod, scoresOf, verdictOn, wakes } from '../fixtures.js';
import { nodeResourcesFit } from './node-resources-fit.js';

type Requests = Readonly<Record<string, string>>;

describe('NodeResourcesFit: what is left', () => {
  // A node of 4 cores, 8 GiB, 100 GiB of storage and 110 pods.
  test.each<[wanted: Requests, taken: Requests, verdict: string]>([
    [{}, {}, 'fits'],
    [{ cpu: '4', memory: '8Gi' }, {}, 'fits'],
    [{ cpu: '1' }, { cpu: '3' }, 'fits'],
    [{ cpu: '1' }, { cpu: '3001m' }, 'U Insufficient cpu'],
    [{ cpu: '1001m' }, { cpu: '3' }, 'U Insufficient cpu'],
    [{ cpu: '4001m' }, {}, 'UU Insufficient cpu'],
    [{ memory: '1Gi' }, { memory: '7Gi' }, 'fits'],
    [{ memory: '1Gi' }, { memory: '7169Mi' }, 'U Insufficient memory'],
    [{ memory: '8193Mi' }, {}, 'UU Insufficient memory'],
    [{ 'ephemeral-storage': '60Gi' }, { 'ephemeral-storage': '40Gi' }, 'fits'],
    [{ 'ephemeral-storage': '60Gi' }, { 'ephemeral-storage': '41Gi' }, 'U Insufficient ephemeral-storage'],
    [{ 'ephemeral-storage': '101Gi' }, {}, 'UU Insufficient ephemeral-storage'],
    // All that is lacking is told; one that can never be settles it.
    [{ cpu: '3', memory: '6Gi' }, { cpu: '3', memory: '6Gi' }, 'U Insufficient cpu; Insufficient memory'],
    [{ cpu: '3', memory: '9Gi' }, { cpu: '3' }, 'UU Insufficient cpu; Insufficient memory'],
    [{ cpu: '5', memory: '6Gi' }, { memory: '6Gi' }, 'UU Insufficient cpu; Insufficient memory'],
    // Who asks for nothing is not refused for it, however full the node.
    [{}, { cpu: '5', memory: '9Gi' }, 'fits'],
    [{ memory: '1Gi' }, { cpu: '5' }, 'fits'],
    [{ cpu: '0' }, { cpu: '5' }, 'fits'],
    // Resources that the node does not have.
    [{ 'nvidia.com/gpu': '1' }, {}, 'UU Insufficient nvidia.com/gpu'],
    [{ 'hugepages-2Mi': '4Mi' }, {}, 'UU Insufficient hugepages-2Mi'],
    [{ 'nvidia.com/gpu': '0' }, {}, 'fits'],
  ])('%j where %j is taken: %s', (requests, taken, verdict) => {
    const others = [pod('other', { on: 'n', requests: taken })];
    expect(verdictOn(node('n'), { pods: others, pod: pod('p', { requests }) })).toBe(verdict);
  });

  test.each<[wanted: Requests, taken: Requests, verdict: string]>([
    [{ 'nvidia.com/gpu': '1' }, {}, 'fits'],
    [{ 'nvidia.com/gpu': '1' }, { 'nvidia.com/gpu': '1' }, 'fits'],
    [{ 'nvidia.com/gpu': '1' }, { 'nvidia.com/gpu': '2' }, 'U Insufficient nvidia.com/gpu'],
    [{ 'nvidia.com/gpu': '3' }, {}, 'UU Insufficient nvidia.com/gpu'],
    [{ 'hugepages-2Mi': '8Mi' }, { 'hugepages-2Mi': '8Mi' }, 'fits'],
    [{ 'hugepages-2Mi': '8Mi' }, { 'hugepages-2Mi': '10Mi' }, 'U Insufficient hugepages-2Mi'],
    [{ 'hugepages-2Mi': '18Mi' }, {}, 'UU Insufficient hugepages-2Mi'],
    [{ 'attachable-volumes-azure-disk': '5' }, {}, 'UU Insufficient attachable-volumes-azure-disk'],
    [
      { cpu: '5', 'nvidia.com/gpu': '3', 'hugepages-2Mi': '2Mi' },
      {},
      'UU Insufficient cpu; Insufficient nvidia.com/gpu',
    ],
  ])('a node with devices, %j where %j is taken: %s', (requests, taken, verdict) => {
    const allocatable = {
      'nvidia.com/gpu': '2',
      'hugepages-2Mi': '16Mi',
      'attachable-volumes-azure-disk': '4',
    };
    const others = [pod('other', { on: 'n', requests: taken })];
    expect(verdictOn(node('n', { allocatable }), { pods: others, pod: pod('p', { requests }) })).toBe(
      verdict,
    );
  });

  test.each([
    ['1', 0, {}, 'fits'],
    ['1', 1, {}, 'U Too many pods'],
    ['2', 1, {}, 'fits'],
    ['2', 2, {}, 'U Too many pods'],
    ['0', 0, {}, 'U Too many pods'],
    ['1', 1, { cpu: '1' }, 'U Too many pods'],
    ['1', 1, { cpu: '4', memory: '8Gi' }, 'U Too many pods; Insufficient cpu; Insufficient memory'],
    ['1', 1, { cpu: '5' }, 'UU Too many pods; Insufficient cpu'],
  ])('room for %s pods, %i there, one that wants %j: %s', (pods, count, requests, verdict) => {
    const others = Array.from({ length: count }, (_, at) =>
      pod(`other-${String(at)}`, { on: 'n', requests: { cpu: '500m', memory: '1Mi' } }),
    );
    const one = node('n', { allocatable: { pods } });
    expect(verdictOn(one, { pods: others, pod: pod('p', { requests }) })).toBe(verdict);
  });

  test('a pod that is being deleted counts until it is gone', () => {
    const going = pod('other', { on: 'n', requests: { cpu: '4' }, isTerminating: true });
    expect(verdictOn(node('n'), { pods: [going], pod: pod('p', { requests: { cpu: '1' } }) })).toBe(
      'U Insufficient cpu',
    );
  });
});

describe('NodeResourcesFit: resources that are ignored', () => {
  test.each<[args: FitArgs, requests: Requests, verdict: string]>([
    [{ ignoredResources: ['example.com/a'] }, { 'example.com/a': '1' }, 'fits'],
    [{ ignoredResources: ['example.com/a'] }, { 'example.com/b': '1' }, 'UU Insufficient example.com/b'],
    [{ ignoredResourceGroups: ['example.com'] }, { 'example.com/a': '1', 'example.com/b': '1' }, 'fits'],
    [{ ignoredResourceGroups: ['example'] }, { 'example.com/a': '1' }, 'UU Insufficient example.com/a'],
    [{ ignoredResourceGroups: ['other.com'] }, { 'example.com/a': '1' }, 'UU Insufficient example.com/a'],
    // Only extended resources can be.
    [{ ignoredResources: ['cpu'] }, { cpu: '5' }, 'UU Insufficient cpu'],
    [{ ignoredResources: ['hugepages-2Mi'] }, { 'hugepages-2Mi': '2Mi' }, 'UU Insufficient hugepages-2Mi'],
    [
      { ignoredResourceGroups: ['kubernetes.io'] },
      { 'kubernetes.io/a': '1' },
      'UU Insufficient kubernetes.io/a',
    ],
    [
      { ignoredResources: ['sub.kubernetes.io/a'] },
      { 'sub.kubernetes.io/a': '1' },
      'UU Insufficient sub.kubernetes.io/a',
    ],
    // Whatever ends like Kubernetes' domain is taken for it.
    [
      { ignoredResources: ['mykubernetes.io/a'] },
      { 'mykubernetes.io/a': '1' },
      'UU Insufficient mykubernetes.io/a',
    ],
    [
      { ignoredResources: ['requests.example.com/a'] },
      { 'requests.example.com/a': '1' },
      'UU Insufficient requests.example.com/a',
    ],
  ])('%j, a pod that wants %j: %s', (args, requests, verdict) => {
    expect(verdictOn(node('n'), { args: { NodeResourcesFit: args }, pod: pod('p', { requests }) })).toBe(
      verdict,
    );
  });
});

describe('NodeResourcesFit: LeastAllocated', () => {
  // Nodes of 4 cores and 8 GiB: floor((all - used) x 100 / all) of each, and the whole mean of both.
  test.each<[wanted: Requests, taken: readonly [Requests, Requests], scores: readonly [number, number]]>([
    // 100m of 4000m leaves 97 (97.5), 200 MiB of 8192 leaves 97 (97.5).
    [{}, [{}, {}], [97, 97]],
    [{ cpu: '1', memory: '2Gi' }, [{}, {}], [75, 75]],
    [{ cpu: '1', memory: '2Gi' }, [{ cpu: '1', memory: '2Gi' }, {}], [50, 75]],
    [{ cpu: '4', memory: '8Gi' }, [{}, {}], [0, 0]],
    // 50 and 75: 62.5.
    [{ cpu: '2', memory: '2Gi' }, [{}, {}], [62, 62]],
    // 25 and floor(87.5) = 87: 56.
    [{ cpu: '3', memory: '1Gi' }, [{}, {}], [56, 56]],
    // The pod that is there asks for cpu alone, and counts with 200 MiB: 25 and floor(72.55) = 72: 48.5.
    [{ cpu: '1', memory: '2Gi' }, [{ cpu: '2' }, {}], [48, 75]],
    // 1 core of 4 is taken; 1 + 1 leaves 50; memory: 200 MiB of both leave 95 (95.1): 72.5.
    [{ cpu: '1' }, [{ cpu: '1' }, { cpu: '1' }], [72, 72]],
  ])('%j where %j are taken scores %j', (requests, taken, scores) => {
    const nodes = [node('a'), node('b')];
    const others = taken.flatMap((one, at) =>
      Object.keys(one).length > 0 ? [pod(`o${String(at)}`, { on: at === 0 ? 'a' : 'b', requests: one })] : [],
    );
    const found = scoresOf('NodeResourcesFit', { nodes, pods: others, pod: pod('p', { requests }) });
    expect(Object.values(found)).toEqual(scores);
  });

  test('more than there is scores nothing of that resource', () => {
    // Pods that ask for no cpu count with 100m each: 110m of 100m are used, memory: 220 MiB... of 8192 leave 95.
    const nodes = [node('a', { allocatable: { cpu: '100m' } }), node('b')];
    const others = [pod('o', { on: 'a' })];
    const found = scoresOf('NodeResourcesFit', { nodes, pods: others, pod: pod('p') });
    // a: cpu 0, memory floor(7792 x 100 / 8192) = 95: 47. b: 97 and 97.
    expect(found).toEqual({ a: 47, b: 97 });
  });

  test('a resource that the node lacks does not count', () => {
    const nodes = [node('a', { allocatable: { memory: '0' } }), node('b')];
    const found = scoresOf('NodeResourcesFit', { nodes, pod: pod('p', { requests: { cpu: '2' } }) });
    // a: cpu alone, 50. b: 50 and 97.
    expect(found).toEqual({ a: 50, b: 73 });
  });

  test('what a pod asks for as a whole does not count while it is placed', () => {
    const nodes = [node('a'), node('b')];
    const spec = { resources: { requests: { cpu: '2', memory: '4Gi' } } };
    const found = scoresOf('NodeResourcesFit', { nodes, pod: pod('p', { spec }) });
    expect(found).toEqual({ a: 97, b: 97 });
  });

  test('it counts once the pod is there', () => {
    const nodes = [node('a'), node('b')];
    const spec = { resources: { requests: { cpu: '2', memory: '4Gi' } } };
    const found = scoresOf('NodeResourcesFit', {
      nodes,
      pods: [pod('o', { on: 'a', spec })],
      pod: pod('p', { requests: { cpu: '1', memory: '2Gi' } }),
    });
    expect(found).toEqual({ a: 25, b: 75 });
  });
});

describe('NodeResourcesFit: other strategies', () => {
  const one = { requests: { cpu: '1', memory: '2Gi', 'example.com/a': '1' } };
  const nodes = [
    node('a', { allocatable: { 'example.com/a': '4' } }),
    node('b', { allocatable: { 'example.com/a': '10' } }),
  ];
  const taken = [pod('o', { on: 'a', requests: { cpu: '2', memory: '1Gi', 'example.com/a': '1' } })];
  const linear = [
    { utilization: 0, score: 0 },
    { utilization: 100, score: 10 },
  ];
  test.each<
    [what: string, strategy: NonNullable<FitArgs['scoringStrategy']>, scores: readonly [number, number]]
  >([
    // a: cpu 3 of 4, memory 3 of 8, device 2 of 4; b: 1 of 4, 2 of 8, 1 of 10.
    ['MostAllocated', { type: 'MostAllocated' }, [(75 + 37) / 2, 25]],
    [
      'MostAllocated by weight',
      {
        type: 'MostAllocated',
        resources: [
          { name: 'cpu', weight: 3 },
          { name: 'memory', weight: 1 },
        ],
      },
      [Math.floor((3 * 75 + 37) / 4), 25],
    ],
    [
      'LeastAllocated by weight',
      {
        type: 'LeastAllocated',
        resources: [
          { name: 'cpu', weight: 1 },
          { name: 'memory', weight: 3 },
        ],
      },
      [Math.floor((25 + 3 * 62) / 4), 75],
    ],
    [
      'LeastAllocated of a device',
      { type: 'LeastAllocated', resources: [{ name: 'example.com/a', weight: 1 }] },
      [50, 90],
    ],
    [
      'MostAllocated of a device and one that nobody asks for',
      { type: 'MostAllocated', resources: [{ name: 'example.com/a' }, { name: 'example.com/b' }] },
      [50, 10],
    ],
    [
      'RequestedToCapacityRatio, the more used the better',
      { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: { shape: linear } },
      // a: (75 + 37) / 2; b: 25 and 25.
      [56, 25],
    ],
    [
      'RequestedToCapacityRatio, the less used the better',
      {
        type: 'RequestedToCapacityRatio',
        requestedToCapacityRatio: {
          shape: [
            { utilization: 0, score: 10 },
            { utilization: 100, score: 0 },
          ],
        },
      },
      // a: 25 and 63, 44; b: 75.
      [44, 75],
    ],
    [
      'RequestedToCapacityRatio, rounded to the nearest',
      {
        type: 'RequestedToCapacityRatio',
        resources: [
          { name: 'cpu', weight: 1 },
          { name: 'memory', weight: 2 },
        ],
        requestedToCapacityRatio: { shape: linear },
      },
      // a: (75 + 2 x 37) / 3 = 49.67.
      [50, 25],
    ],
    [
      'RequestedToCapacityRatio, with points between',
      {
        type: 'RequestedToCapacityRatio',
        resources: [{ name: 'cpu' }],
        requestedToCapacityRatio: {
          shape: [
            { utilization: 30, score: 2 },
            { utilization: 50, score: 10 },
            { utilization: 80, score: 4 },
          ],
        },
      },
      // b: below the first point; a: 100 + (40 - 100) x (75 - 50) / (80 - 50).
      [50, 20],
    ],
    [
      'RequestedToCapacityRatio, a resource that scores nothing does not count',
      {
        type: 'RequestedToCapacityRatio',
        requestedToCapacityRatio: {
          shape: [
            { utilization: 50, score: 0 },
            { utilization: 100, score: 10 },
          ],
        },
      },
      // a: cpu 50, memory nothing; b: nothing at all.
      [50, 0],
    ],
  ])('%s', (_what, scoringStrategy, scores) => {
    const args = { NodeResourcesFit: { scoringStrategy } };
    const found = scoresOf('NodeResourcesFit', { nodes, args, pods: taken, pod: pod('p', one) });
    expect(Object.values(found)).toEqual(scores);
  });
});

describe('NodeResourcesFit: what wakes a pod', () => {
  const waiting = pod('p', { requests: { cpu: '2', 'example.com/a': '1' } });
  const sized = (allocatable: Requests) => node('n', { allocatable });
  const small = sized({ cpu: '1', 'example.com/a': '1' });
  const large = sized({ cpu: '4', 'example.com/a': '1' });
  const other = (requests: Requests) => pod('other', { on: 'n', requests });
  test.each([
    ['a pod that goes', { removed: other({ cpu: '1' }) }, 'wakes'],
    ['a pod that goes and had nothing', { removed: other({}) }, 'wakes'],
    ['a pod that comes', { added: other({ cpu: '1' }) }, 'sleeps'],
    ['a pod that asks for less of it', { updated: [other({ cpu: '2' }), other({ cpu: '1' })] }, 'wakes'],
    ['a pod that asks for more of it', { updated: [other({ cpu: '1' }), other({ cpu: '2' })] }, 'sleeps'],
    [
      'a pod that asks for less of another',
      { updated: [other({ memory: '2Gi' }), other({ memory: '1Gi' })] },
      'sleeps',
    ],
    ['a node that is added with room', { added: large }, 'wakes'],
    ['a node that is added without', { added: small }, 'sleeps'],
    ['a node that is added without the device', { added: node('n') }, 'sleeps'],
    [
      'a node that is added for no pods',
      { added: sized({ cpu: '4', 'example.com/a': '1', pods: '0' }) },
      'sleeps',
    ],
    ['a node that grows enough', { updated: [small, large] }, 'wakes'],
    [
      'a node that grows too little',
      { updated: [small, sized({ cpu: '1500m', 'example.com/a': '1' })] },
      'sleeps',
    ],
    [
      'a node that grows in what is not asked for',
      { updated: [large, sized({ cpu: '4', 'example.com/a': '1', memory: '16Gi' })] },
      'sleeps',
    ],
    ['a node that shrinks', { updated: [large, small] }, 'sleeps'],
    [
      'a node that takes more pods',
      { updated: [sized({ 'example.com/a': '1', pods: '1' }), large] },
      'wakes',
    ],
    [
      'a node whose labels change',
      { updated: [large, { ...large, metadata: { ...large.metadata, labels: { a: 'b' } } }] },
      'sleeps',
    ],
    ['a node that goes', { removed: large }, 'sleeps'],
  ] as const)('%s', (_what, happening, expected) => {
    expect(wakes(nodeResourcesFit, waiting, happening)).toBe(expected);
  });

  test('a node that grows wakes a pod though others fill it: they may have to make way', () => {
    const pods = [pod('other', { on: 'n', requests: { cpu: '4' } })];
    expect(wakes(nodeResourcesFit, waiting, { updated: [small, large] }, { pods })).toBe('wakes');
  });
});
