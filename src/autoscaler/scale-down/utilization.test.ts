import { describe, expect, test } from 'vitest';
import type { Pod } from '../../kube/index.js';
import { WhatIf } from '../../scheduler/index.js';
import { after, minutes } from '../../units/index.js';
import { DevicePools } from './device-pools.js';
import { cluster, node, noon, pod, storeOf } from './fixtures.js';
import type { PodDraft, Thing } from './fixtures.js';
import { utilizationOf, utilizationText } from './utilization.js';
import type { Utilization, UtilizationOptions } from './utilization.js';

const counting: UtilizationOptions = {
  ignoreDaemonSetsUtilization: false,
  ignoreMirrorPodsUtilization: false,
};
const noDaemons = { ...counting, ignoreDaemonSetsUtilization: true };
const noMirrors = { ...counting, ignoreMirrorPodsUtilization: true };

function use(
  of: ReturnType<typeof node>,
  present: readonly Pod[],
  options = counting,
  further: readonly Thing[] = [],
): Utilization {
  const store = storeOf(of, ...present, ...further);
  const pools = new DevicePools(store, cluster).of('n', () => present);
  return WhatIf.of(store, cluster).suppose((supposed) =>
    utilizationOf(supposed, of, { now: noon, options, pools }),
  );
}

const on = (name: string, cpu: string, memory: string, draft: PodDraft = {}): Pod =>
  pod(name, { on: 'n', requests: { cpu, memory }, ...draft });
const daemon = on('agent', '2', '4Gi', { owner: 'DaemonSet agent' });
const mirror = on('static', '2', '4Gi', { annotations: { 'kubernetes.io/config.mirror': 'x' } });
const stuck = on('stuck', '1', '1Gi', { deletedAt: '2026-08-21T11:00:00Z' });
const web = on('web', '1', '1Gi');
const tired = on('tired', '100m', '3Gi');

describe('a node is used', () => {
  test.each<[string, Pod[], UtilizationOptions, string, number]>([
    ['by nobody', [], counting, 'memory', 0],
    ['by what asks for cpu', [web], counting, 'cpu', 0.25],
    ['by what asks for memory', [tired], counting, 'memory', 0.375],
    ['by all together', [web, tired], counting, 'memory', 0.5],
    ['by daemons too', [web, daemon], counting, 'cpu', 0.75],
    ['by others than daemons, of what is left', [web, daemon], noDaemons, 'cpu', 0.5],
    ['by static pods too', [web, mirror], counting, 'cpu', 0.75],
    ['by others than static pods, of what is left', [web, mirror], noMirrors, 'cpu', 0.5],
    [
      'by pods that go',
      [on('going', '1', '1Gi', { deletedAt: '2026-08-21T12:00:10Z' })],
      counting,
      'cpu',
      0.25,
    ],
    ['not by pods that should be gone', [web, stuck], counting, 'cpu', 0.25],
  ])('%s', (_, present, options, resource, ratio) => {
    expect(use(node('n'), present, options)).toMatchObject({ resource, ratio });
  });

  const gpus = (count: string) => ({ cpu: '4', memory: '8Gi', pods: '110', 'nvidia.com/gpu': count });
  const asking = (count: string) =>
    on('train', '3', '1Gi', { requests: { cpu: '3', 'nvidia.com/gpu': count } });
  test.each<[string, string, Record<string, string>, Pod[], number]>([
    ['by its GPUs alone', 'kubernetes.azure.com/accelerator', gpus('4'), [asking('1')], 0.25],
    ['by its GPUs alone, by the old label', 'accelerator', gpus('4'), [asking('2')], 0.5],
    ['by cpu alone that shows its GPUs by no label', 'x', gpus('4'), [asking('1')], 0.75],
    ['by nobody before it has shown its GPUs', 'accelerator', { cpu: '4', memory: '8Gi' }, [web], 0],
    ['by nobody when its GPUs are none', 'accelerator', gpus('0'), [web], 0],
  ])('%s', (_, label, allocatable, present, ratio) => {
    expect(use(node('n', { labels: { [label]: 'nvidia' }, allocatable }), present).ratio).toBe(ratio);
  });

  const slice = (name: string, pool: string, devices: string[], generation = 1, count = 1): Thing => [
    'resourceslices',
    {
      metadata: { name },
      spec: {
        driver: 'gpu.io',
        nodeName: 'n',
        pool: { name: pool, generation, resourceSliceCount: count },
        devices: devices.map((device) => ({ name: device })),
      },
    },
  ];
  const claim: Thing = [
    'resourceclaims',
    {
      metadata: { name: 'mine' },
      status: {
        allocation: {
          devices: { results: [{ request: 'r', driver: 'gpu.io', pool: 'big', device: 'd1' }] },
        },
      },
    },
  ];
  const claiming = on('claiming', '4', '1Gi', {
    spec: { nodeName: 'n', containers: [], resourceClaims: [{ name: 'r', resourceClaimName: 'mine' }] },
  });
  test.each<[string, Thing[], number, string]>([
    [
      'by the devices of its fullest pool',
      [slice('a', 'big', ['d1', 'd2', 'd3', 'd4']), slice('b', 'small', ['d1'])],
      0.25,
      'gpu.io/big',
    ],
    [
      'by a pool of two slices',
      [slice('a', 'big', ['d1'], 1, 2), slice('b', 'big', ['d2'], 1, 2)],
      0.5,
      'gpu.io/big',
    ],
    [
      'by the newest of a pool',
      [slice('a', 'big', ['d1'], 1), slice('b', 'big', ['d1', 'd2'], 2)],
      0.5,
      'gpu.io/big',
    ],
    ['by nobody when a pool is not there in full', [slice('a', 'big', ['d1'], 1, 2)], 0, ''],
  ])('%s', (_, slices, ratio, resource) => {
    expect(use(node('n'), [claiming], counting, [...slices, claim])).toMatchObject({ ratio, resource });
  });

  test('by nobody when it has not said what it has', () => {
    expect(use(node('n', { allocatable: { cpu: '4' } }), [web]).ratio).toBe(0);
  });
});

test.each<[Partial<Utilization>, string]>([
  [{ cpu: 0.25, memory: 0.125, resource: 'cpu', ratio: 0.25 }, '{0.25 0.125 0 0 cpu 0.25}'],
  [{ memory: 0.00005, resource: 'memory', ratio: 1 / 3 }, '{0 5e-05 0 0 memory 0.3333333333333333}'],
])('as text: %j', (part, text) => {
  const zero = { cpu: 0, memory: 0, gpu: 0, devices: 0, resource: '', ratio: 0 };
  expect(utilizationText({ ...zero, ...part })).toBe(text);
});

test('what was found of a node holds until a pod comes or goes, or one should have ended', () => {
  const going = on('going', '1', '1Gi', { deletedAt: '2026-08-21T12:00:10Z' });
  const of = node('n');
  const whatIf = WhatIf.of(storeOf(of, web), cluster);
  const ratioAt = (now = noon, extra?: Pod): number =>
    whatIf.suppose((supposed) => {
      if (extra) supposed.putPod(extra, 'n');
      return utilizationOf(supposed, of, { now, options: counting }).ratio;
    });
  const later = after(noon, minutes(10));
  const found = [ratioAt(), ratioAt(noon, tired), ratioAt(), ratioAt(noon, going), ratioAt(later, going)];
  expect(found).toEqual([0.25, 0.5, 0.25, 0.5, 0.25]);
  const another = WhatIf.of(storeOf(of, web, tired), cluster);
  const options = counting;
  expect(another.suppose((supposed) => utilizationOf(supposed, of, { now: noon, options }).ratio)).toBe(0.5);
});
