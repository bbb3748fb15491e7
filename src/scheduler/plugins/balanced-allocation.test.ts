import { describe, expect, test } from 'vitest';
import type { ResourceWeight } from '../framework/configuration.js';
import { node, pod, scoresOf } from '../fixtures.js';

type Requests = Readonly<Record<string, string>>;
const plugin = 'NodeResourcesBalancedAllocation';

/** The score of a node of 4 cores and 8 GiB, beside another so that there is something to choose. */
function scoreOf(
  version: string,
  requests: Requests,
  taken: Requests,
  allocatable: Requests = {},
  resources?: readonly ResourceWeight[],
): number | undefined {
  const nodes = [node('n', { allocatable }), node('other', { allocatable })];
  return scoresOf(plugin, {
    version,
    nodes,
    pods: [pod('o', { on: 'n', requests: taken })],
    pod: pod('p', { requests }),
    ...(resources && { args: { NodeResourcesBalancedAllocation: { resources } } }),
  })['n'];
}

describe('NodeResourcesBalancedAllocation', () => {
  // 1.34: floor(100 x (1 - |f1 - f2| / 2)) with the pod; 1.36: 50 + floor((50 + with - without) / 2).
  test.each<
    [wanted: Requests, taken: Requests, withPod: number | undefined, improvement: number | undefined]
  >([
    // Half and half.
    [{ cpu: '2', memory: '4Gi' }, {}, 100, 75],
    // 1/2 and 0: a quarter of deviation.
    [{ cpu: '2' }, {}, 75, 50 + Math.floor(25 / 2)],
    [{ memory: '4Gi' }, {}, 75, 62],
    [{ cpu: '4' }, {}, 50, 50],
    // 1/4 and 1/8: 1/16, 93.75.
    [{ cpu: '1', memory: '1Gi' }, {}, 93, 50 + Math.floor(43 / 2)],
    // 3/4 and 1/2 with, 1/2 and 0 without: 87.5 and 75.
    [{ cpu: '1', memory: '4Gi' }, { cpu: '2' }, 87, 50 + Math.floor((50 + 87 - 75) / 2)],
    // The pod evens out: 1/2 and 1/2 with, 1/2 and 0 without.
    [{ memory: '4Gi' }, { cpu: '2' }, 100, 50 + Math.floor((50 + 100 - 75) / 2)],
    // The pod unbalances: 1 and 1/2 with, 1/2 and 1/2 without.
    [{ cpu: '2' }, { cpu: '2', memory: '4Gi' }, 75, 50 + Math.floor((50 + 75 - 100) / 2)],
    // From one end to the other: 1 and 1 with, 1 and 0 without.
    [{ memory: '8Gi' }, { cpu: '4' }, 100, 50 + (50 + 100 - 50) / 2],
    // The little: 1m of 4000m, 87.5 ppm of deviation, is rounded down.
    [{ cpu: '1m' }, {}, 99, 50 + Math.floor(49 / 2)],
    // A pod that asks for neither changes nothing.
    [{}, { cpu: '2' }, undefined, undefined],
    [{ 'ephemeral-storage': '1Gi' }, {}, undefined, undefined],
    [{ cpu: '0', memory: '0' }, {}, undefined, undefined],
  ])('%j where %j is taken: %s, and in 1.36 %s', (requests, taken, withPod, improvement) => {
    expect([scoreOf('1.34.2', requests, taken), scoreOf('1.36.0', requests, taken)]).toEqual([
      withPod,
      improvement,
    ]);
  });

  test('1.35 scores as 1.34 does', () => {
    expect(scoreOf('1.35.3', { cpu: '1', memory: '4Gi' }, { cpu: '2' })).toBe(87);
  });

  test('more than there is counts as all', () => {
    // Pods may take more than a node has by now: cpu 6 of 4, memory 4 of 8 with the pod.
    const found = scoreOf('1.34.2', { memory: '4Gi' }, { cpu: '6' });
    expect(found).toBe(75);
  });

  test('defaults for containers without requests do not count here', () => {
    // 1/2 and 0, not 200 MiB.
    expect(scoreOf('1.34.2', { cpu: '1' }, { cpu: '1' })).toBe(75);
  });

  test('requests of the pod as a whole count', () => {
    const nodes = [node('a'), node('b')];
    const spec = { resources: { requests: { cpu: '2', memory: '8Gi' } } };
    expect(scoresOf(plugin, { nodes, pod: pod('p', { spec }) })).toEqual({ a: 75, b: 75 });
  });

  const three: readonly ResourceWeight[] = [{ name: 'cpu' }, { name: 'memory' }, { name: 'example.com/a' }];
  test.each<
    [
      what: string,
      wanted: Requests,
      allocatable: Requests,
      resources: readonly ResourceWeight[],
      score: number | undefined,
    ]
  >([
    // Shares 1/2, 1/2 and 1/2.
    ['three', { cpu: '2', memory: '4Gi', 'example.com/a': '1' }, { 'example.com/a': '2' }, three, 100],
    // Shares 0.5, 0.5 and 1: mean 2/3, deviation sqrt((2 x 1/36 + 1/9) / 3) = 0.2357.
    [
      'three, not even',
      { cpu: '2', memory: '4Gi', 'example.com/a': '2' },
      { 'example.com/a': '2' },
      three,
      76,
    ],
    // Shares 1, 0.5 and 0.25: mean 7/12, variance (25 + 1 + 16) / 144 / 3 = 0.0972, deviation 0.3118.
    [
      'three, all different',
      { cpu: '4', memory: '4Gi', 'example.com/a': '1' },
      { 'example.com/a': '4' },
      three,
      68,
    ],
    // A device that the pod does not want is left out: 1/2 and 0.
    ['a device that is not wanted', { cpu: '2' }, { 'example.com/a': '2' }, three, 75],
    ['a single resource is always even', { cpu: '3' }, {}, [{ name: 'cpu' }], 100],
    ['none of those that count is wanted', { cpu: '3' }, {}, [{ name: 'memory' }], undefined],
    [
      'a resource that the node lacks is left out',
      { cpu: '2', memory: '4Gi' },
      { 'ephemeral-storage': '0' },
      [...three, { name: 'ephemeral-storage' }],
      100,
    ],
  ])('%s', (_what, requests, allocatable, resources, score) => {
    expect(scoreOf('1.34.2', requests, {}, allocatable, resources)).toBe(score);
  });
});
