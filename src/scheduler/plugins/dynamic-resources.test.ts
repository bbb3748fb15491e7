import { describe, expect, test } from 'vitest';
import type { KubeObject, Pod } from '../../kube/index.js';
import {
  allocated,
  device,
  deviceClass,
  driver,
  podWith,
  request,
  resourceClaim,
  sharedSlice,
  slice,
} from '../devices/fixtures.js';
import { decided, node, refusalOf } from '../volumes/fixtures.js';

const gpus = deviceClass('gpu');
const two = slice('n1', [device('gpu-0'), device('gpu-1')]);
const nodes = [node('n1', { zone: '1' })];
const notAll = 'UU DynamicResources: cannot allocate all claims';

const decision = (objects: readonly KubeObject[], pod: Pod = podWith('c'), version = '1.34.2') =>
  decided({ nodes, pod, objects, kubernetesVersion: version });

describe('before nodes are looked at', () => {
  const full = Array.from({ length: 256 }, (_, at) => ({ resource: 'pods', name: 'p', uid: String(at) }));
  const generated: Pod = {
    ...podWith(),
    spec: { ...podWith().spec, resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 't' }] },
  };
  const named: Pod = {
    ...generated,
    status: { resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'c' }] },
  };

  test.each<[string, readonly KubeObject[], Pod, string]>([
    ['a claim that is still to be made', [], generated, 'pod "default/train": ResourceClaim not created yet'],
    ['a claim that is not there', [], podWith('c'), 'could not find claim "default/c"'],
    [
      'a claim that is being deleted',
      [resourceClaim('c', [], {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
      podWith('c'),
      'resourceclaim "c" is being deleted',
    ],
    [
      'a claim that was made for another pod',
      [resourceClaim('c', [])],
      named,
      'ResourceClaim default/c was not created for pod default/train (pod is not owner)',
    ],
    [
      'a claim that as many pods use as can',
      [resourceClaim('c', [], { ...allocated('n1', 'gpu-0'), reservedFor: full })],
      podWith('c'),
      'resourceclaim in use',
    ],
    [
      'a class that there is not',
      [resourceClaim('c', [request('r', { deviceClassName: 'tpu' })])],
      podWith('c'),
      'request r: device class tpu does not exist',
    ],
    [
      'a class that there is not, of an alternative',
      [gpus, resourceClaim('c', [{ name: 'r', firstAvailable: [{ name: 'a', deviceClassName: 'tpu' }] }])],
      podWith('c'),
      'request r/a: device class tpu does not exist',
    ],
    [
      'a request of a kind that is not known',
      [resourceClaim('c', [{ name: 'r' }])],
      podWith('c'),
      'resource claim default/c, request r: unknown request type',
    ],
  ])('%s', (_case, objects, pod, text) => {
    expect(decision(objects, pod).message).toBe(
      `0/1 nodes are available: ${text}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
    );
  });

  test('a pod that all is there for needs no claim where its status says so', () => {
    const none: Pod = { ...generated, status: { resourceClaimStatuses: [{ name: 'gpu' }] } };
    expect(decision([], none).node).toBe('n1');
  });

  test('releases before 1.34 do not look at claims', () => {
    expect(decision([], podWith('c'), '1.33.5').node).toBe('n1');
  });
});

describe('on a node', () => {
  const large = 'device.capacity["gpu.example.com"].memory.compareTo(quantity("60Gi")) >= 0';
  const mixed = slice('n1', [
    device('a', { model: { string: 'A100' }, index: { int: 1 }, [`${driver}/link`]: { string: 'x' } }),
    device('b', {
      model: { string: 'H100' },
      index: { int: 2 },
      link: { string: 'x' },
      driver: { version: '1.10.2' },
    }),
    device('c', { model: { string: 'H100' }, index: { int: 3 }, link: { string: 'y' } }, '40Gi'),
  ]);
  const selecting = (...expressions: readonly string[]) =>
    resourceClaim('c', [
      request('r', { selectors: expressions.map((expression) => ({ cel: { expression } })) }),
    ]);
  const alike = (requests: readonly string[], ...claims: readonly object[]) =>
    resourceClaim('c', claims as never, {
      devices: {
        constraints: [{ ...(requests.length > 0 && { requests }), matchAttribute: `${driver}/link` }],
      },
    });
  const all = (members: object = {}) =>
    resourceClaim('c', [request('r', { allocationMode: 'All', ...members })]);
  const firstOf = (...choices: readonly object[]) => [{ name: 'r', firstAvailable: choices }];
  const choice = (name: string, members: object) => ({
    name,
    deviceClassName: 'gpu',
    allocationMode: 'ExactCount',
    count: 1,
    ...members,
  });
  const elsewhere = {
    nodeSelector: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['2'] }] }],
    },
  };
  const here = {
    nodeSelector: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['1'] }] }],
    },
  };

  test.each<[string, readonly KubeObject[], Pod, string | undefined]>([
    ['a device', [two, resourceClaim('c', [request('r')])], podWith('c'), undefined],
    ['all that there are', [two, resourceClaim('c', [request('r', { count: 2 })])], podWith('c'), undefined],
    ['more than there are', [two, resourceClaim('c', [request('r', { count: 3 })])], podWith('c'), notAll],
    [
      'two requests for more than there are',
      [two, resourceClaim('c', [request('r', { count: 2 }), request('s')])],
      podWith('c'),
      notAll,
    ],
    [
      'two claims for more than there are',
      [two, resourceClaim('c', [request('r', { count: 2 })]), resourceClaim('d', [request('r')])],
      podWith('c', 'd'),
      notAll,
    ],
    [
      'a device beside another claim’s',
      [two, resourceClaim('x', [], allocated('n1', 'gpu-0')), resourceClaim('c', [request('r')])],
      podWith('c'),
      undefined,
    ],
    [
      'a device when all are taken',
      [two, resourceClaim('x', [], allocated('n1', 'gpu-0', 'gpu-1')), resourceClaim('c', [request('r')])],
      podWith('c'),
      notAll,
    ],
    [
      'a look at a device that is taken',
      [
        two,
        resourceClaim('x', [], allocated('n1', 'gpu-0', 'gpu-1')),
        resourceClaim('c', [request('r', { adminAccess: true })]),
      ],
      podWith('c'),
      undefined,
    ],
    [
      'devices of another node',
      [slice('n2', [device('gpu-0')]), resourceClaim('c', [request('r')])],
      podWith('c'),
      notAll,
    ],
    [
      'devices of all nodes',
      [sharedSlice('s', [device('gpu-0')], { allNodes: true }), resourceClaim('c', [request('r')])],
      podWith('c'),
      undefined,
    ],
    [
      'devices of the nodes of its zone',
      [sharedSlice('s', [device('gpu-0')], here), resourceClaim('c', [request('r')])],
      podWith('c'),
      undefined,
    ],
    [
      'devices of the nodes of another zone',
      [sharedSlice('s', [device('gpu-0')], elsewhere), resourceClaim('c', [request('r')])],
      podWith('c'),
      notAll,
    ],
    ['all devices', [two, all()], podWith('c'), undefined],
    [
      'all devices, of which one is taken',
      [two, resourceClaim('x', [], allocated('n1', 'gpu-0')), all()],
      podWith('c'),
      notAll,
    ],
    ['all devices, of which there are none', [slice('n1', []), all()], podWith('c'), notAll],
    [
      'all devices of a pool that is being updated',
      [slice('n1', [device('gpu-0')], { pool: { name: 'n1', generation: 1, resourceSliceCount: 2 } }), all()],
      podWith('c'),
      `UU DynamicResources: claim default/c, request r: asks for all devices, but resource pool ${driver}/n1 is currently being updated`,
    ],
    [
      'a device of a pool that is being updated',
      [
        slice('n1', [device('gpu-0')], { pool: { name: 'n1', generation: 1, resourceSliceCount: 2 } }),
        resourceClaim('c', [request('r')]),
      ],
      podWith('c'),
      undefined,
    ],
    [
      'a device of a pool with two of a name',
      [slice('n1', [device('gpu-0'), device('gpu-0')]), resourceClaim('c', [request('r')])],
      podWith('c'),
      'UU DynamicResources: invalid resource pools were encountered',
    ],
    [
      'a claim that has its devices there',
      [two, resourceClaim('c', [], allocated('n1', 'gpu-0'))],
      podWith('c'),
      undefined,
    ],
    [
      'a claim that has its devices elsewhere',
      [two, resourceClaim('c', [], allocated('n2', 'gpu-0'))],
      podWith('c'),
      'UU DynamicResources: resourceclaim not available on the node',
    ],
    [
      'an attribute',
      [mixed, selecting(`device.attributes["${driver}"].model == "H100"`)],
      podWith('c'),
      undefined,
    ],
    [
      'an attribute that none has so',
      [mixed, selecting(`device.attributes["${driver}"].model == "T4"`)],
      podWith('c'),
      notAll,
    ],
    ['a number', [mixed, selecting(`device.attributes["${driver}"].index >= 3`)], podWith('c'), undefined],
    [
      'two expressions that no device satisfies',
      [mixed, selecting(large, `device.attributes["${driver}"].index >= 3`)],
      podWith('c'),
      notAll,
    ],
    [
      'capacity',
      [mixed, selecting(large, `device.attributes["${driver}"].index == 2`)],
      podWith('c'),
      undefined,
    ],
    [
      'a domain that no device has',
      [mixed, selecting('"model" in device.attributes["other.example"]')],
      podWith('c'),
      notAll,
    ],
    [
      'an attribute where a device may lack it',
      [
        mixed,
        selecting(
          `"driver" in device.attributes["${driver}"] && device.attributes["${driver}"].driver.isGreaterThan(semver("1.9.0"))`,
        ),
      ],
      podWith('c'),
      undefined,
    ],
    [
      'an attribute that a device lacks',
      [mixed, selecting(`device.attributes["${driver}"].cores > 1`)],
      podWith('c'),
      'UU DynamicResources: claim default/c: selector #0: runtime error: no such key: cores',
    ],
    ['what devices have in common', [mixed, alike([], request('r', { count: 2 }))], podWith('c'), undefined],
    [
      'what not so many devices have in common',
      [mixed, alike([], request('r', { count: 3 }))],
      podWith('c'),
      notAll,
    ],
    [
      'what devices of two requests have in common',
      [mixed, alike(['r', 's'], request('r'), request('s'))],
      podWith('c'),
      undefined,
    ],
    [
      'what devices of one request alone have in common',
      [mixed, alike(['r'], request('r', { count: 2 }), request('s'))],
      podWith('c'),
      undefined,
    ],
    [
      'the second of two alternatives',
      [two, resourceClaim('c', firstOf(choice('many', { count: 8 }), choice('one', {})))],
      podWith('c'),
      undefined,
    ],
    [
      'none of two alternatives',
      [two, resourceClaim('c', firstOf(choice('many', { count: 8 }), choice('some', { count: 3 })))],
      podWith('c'),
      notAll,
    ],
    [
      'more devices than a claim can have',
      [
        slice(
          'n1',
          Array.from({ length: 40 }, (_, at) => device(`gpu-${String(at)}`)),
        ),
        resourceClaim('c', [request('r', { count: 33 })]),
      ],
      podWith('c'),
      'UU DynamicResources: claim default/c: number of requested devices 33 exceeds the claim limit of 32',
    ],
  ])('%s', (_case, objects, pod, refusal) => {
    expect(refusalOf(decision([gpus, ...objects], pod), 'n1')).toBe(refusal);
  });

  test('a class says which devices are its own', () => {
    const big = deviceClass('gpu', large);
    expect(refusalOf(decision([big, mixed, resourceClaim('c', [request('r', { count: 3 })])]), 'n1')).toBe(
      notAll,
    );
  });

  test('slices of an older generation do not count', () => {
    const older = sharedSlice('p', [device('a'), device('b')], { allNodes: true });
    const newer = sharedSlice('q', [device('a')], {
      allNodes: true,
      pool: { name: 'p', generation: 2, resourceSliceCount: 1 },
    });
    const objects = [gpus, older, newer, resourceClaim('c', [request('r', { count: 2 })])];
    expect(refusalOf(decision(objects), 'n1')).toBe(notAll);
  });

  test('what a pod is told when its claims keep it from all nodes', () => {
    const busy = resourceClaim('c', [], {
      ...allocated('n2', 'gpu-0'),
      reservedFor: [{ resource: 'pods', name: 'x', uid: 'x' }],
    });
    const idle = resourceClaim('c', [], allocated('n2', 'gpu-0'));
    const told = (claim: KubeObject) => decision([claim]).message?.split('. ')[1]?.split(',')[0];
    expect([told(busy), told(idle)]).toEqual([
      'still not schedulable',
      'deallocation of ResourceClaim completed',
    ]);
  });
});

describe('scores', () => {
  const choices = resourceClaim('c', [
    {
      name: 'r',
      firstAvailable: ['H100', 'A100'].map((model) => ({
        name: model.toLowerCase(),
        deviceClassName: 'gpu',
        allocationMode: 'ExactCount',
        count: 1,
        selectors: [{ cel: { expression: `device.attributes["${driver}"].model == "${model}"` } }],
      })),
    },
  ]);
  const both = {
    nodes: [node('n1'), node('n2')],
    pod: podWith('c'),
    objects: [
      gpus,
      choices,
      slice('n1', [device('a', { model: { string: 'A100' } })]),
      slice('n2', [device('b', { model: { string: 'H100' } })]),
    ],
  };

  test.each<[string, string | undefined, object]>([
    ['1.36.2', 'n2', { n1: 2 * 87, n2: 2 * 100 }],
    ['1.35.0', 'n2', { n1: 2 * 87, n2: 2 * 100 }],
    ['1.34.2', 'n1', {}],
  ])('of %s', (kubernetesVersion, expected, scores) => {
    const { node: chosen, scores: all } = decided({ ...both, kubernetesVersion });
    expect(chosen).toBe(expected);
    const seen = Object.entries(all).flatMap(([name, { DynamicResources: score }]) =>
      score === undefined ? [] : [[name, score]],
    );
    expect(Object.fromEntries(seen)).toEqual(scores);
  });
});
