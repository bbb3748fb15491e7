import { describe, expect, test } from 'vitest';
import type { Container, Pod } from '../../kube/index.js';
import { pod } from '../fixtures.js';
import { ResourceNames, amountOf, podResources } from './resources.js';

type Requests = Readonly<Record<string, string>>;
const main = (requests?: Requests): Container => ({
  name: 'c',
  ...(requests && { resources: { requests } }),
});
const initial = (name: string, requests?: Requests): Container => ({ ...main(requests), name });
const sidecar = (name: string, requests?: Requests): Container => ({
  ...initial(name, requests),
  restartPolicy: 'Always',
});

const asked = (one: Pod): Readonly<Record<string, number>> =>
  Object.fromEntries(
    podResources(one, new ResourceNames()).requests.map(({ name, amount }) => [name, amount]),
  );

const mebibyte = 1024 * 1024;

describe('an amount', () => {
  test.each([
    ['cpu', '1', 1000],
    ['cpu', '250m', 250],
    ['cpu', '0.5', 500],
    // Rounded up to thousandths.
    ['cpu', '100u', 1],
    ['cpu', '1.0001', 1001],
    ['memory', '1Ki', 1024],
    ['memory', '1k', 1000],
    ['memory', '1500m', 2],
    ['memory', '1', 1],
    ['ephemeral-storage', '1Gi', 1024 * mebibyte],
    ['nvidia.com/gpu', '2', 2],
    ['pods', '110', 110],
  ])('of %s, %s, is %i', (resource, quantity, amount) => expect(amountOf(resource, quantity)).toBe(amount));
});

describe('what a pod asks for', () => {
  const rows: readonly [what: string, spec: Pod['spec'], amounts: Readonly<Record<string, number>>][] = [
    ['nothing', { containers: [main()] }, {}],
    ['requests of nothing are left out', { containers: [main({ cpu: '0', 'nvidia.com/gpu': '0' })] }, {}],
    [
      'containers are summed',
      { containers: [main({ cpu: '1' }), main({ cpu: '500m', memory: '1Ki' })] },
      { cpu: 1500, memory: 1024 },
    ],
    [
      'an init container that asks for more',
      { containers: [main({ cpu: '1' })], initContainers: [initial('i', { cpu: '2' })] },
      { cpu: 2000 },
    ],
    [
      'an init container that asks for less',
      { containers: [main({ cpu: '1' })], initContainers: [initial('i', { cpu: '500m' })] },
      { cpu: 1000 },
    ],
    [
      'init containers run one after the other',
      { containers: [main()], initContainers: [initial('i', { cpu: '1' }), initial('j', { cpu: '2' })] },
      { cpu: 2000 },
    ],
    [
      'the most of each resource',
      {
        containers: [main({ cpu: '1', memory: '3' })],
        initContainers: [initial('i', { cpu: '2', memory: '1' }), initial('j', { 'nvidia.com/gpu': '1' })],
      },
      { cpu: 2000, memory: 3, 'nvidia.com/gpu': 1 },
    ],
    [
      'a sidecar is there all the time',
      { containers: [main({ cpu: '1' })], initContainers: [sidecar('s', { cpu: '500m' })] },
      { cpu: 1500 },
    ],
    [
      'an init container after a sidecar has it beside it',
      {
        containers: [main({ cpu: '1' })],
        initContainers: [sidecar('s', { cpu: '500m' }), initial('i', { cpu: '2' })],
      },
      { cpu: 2500 },
    ],
    [
      'an init container before a sidecar has not',
      {
        containers: [main({ cpu: '1' })],
        initContainers: [initial('i', { cpu: '2' }), sidecar('s', { cpu: '500m' })],
      },
      { cpu: 2000 },
    ],
    [
      'sidecars add up as they come',
      {
        containers: [main({ cpu: '100m' })],
        initContainers: [
          sidecar('s', { cpu: '1' }),
          initial('i', { cpu: '1' }),
          sidecar('t', { cpu: '1' }),
          initial('j', { cpu: '500m' }),
        ],
      },
      // i: 1 + 1; j: 2 + 0.5; for good: 0.1 + 2.
      { cpu: 2500 },
    ],
    [
      'overhead is added',
      { containers: [main({ cpu: '1' })], overhead: { cpu: '250m', memory: '10' } },
      { cpu: 1250, memory: 10 },
    ],
    [
      'overhead is added to an init container too',
      { containers: [main()], initContainers: [initial('i', { cpu: '1' })], overhead: { cpu: '250m' } },
      { cpu: 1250 },
    ],
    [
      'requests of the pod take the place of the sum',
      { containers: [main({ cpu: '1', memory: '5' })], resources: { requests: { cpu: '3' } } },
      { cpu: 3000, memory: 5 },
    ],
    [
      'even where they are less',
      {
        containers: [main({ cpu: '1' })],
        initContainers: [initial('i', { cpu: '4' })],
        resources: { requests: { cpu: '2' } },
      },
      { cpu: 2000 },
    ],
    [
      'of cpu, memory and huge pages alone',
      {
        containers: [main({ 'hugepages-2Mi': '4Mi' })],
        resources: {
          requests: {
            memory: '7',
            'hugepages-2Mi': '6Mi',
            'ephemeral-storage': '1Gi',
            'nvidia.com/gpu': '1',
          },
        },
      },
      { memory: 7, 'hugepages-2Mi': 6 * mebibyte },
    ],
    [
      'overhead is added to them',
      { containers: [main()], resources: { requests: { cpu: '1' } }, overhead: { cpu: '100m' } },
      { cpu: 1100 },
    ],
    [
      'other resources',
      { containers: [main({ 'ephemeral-storage': '1Ki', 'example.com/fpga': '2', 'hugepages-1Gi': '1Gi' })] },
      { 'ephemeral-storage': 1024, 'example.com/fpga': 2, 'hugepages-1Gi': 1024 * mebibyte },
    ],
  ];
  test.each(rows)('%s', (_what, spec, amounts) => expect(asked(pod('p', { spec }))).toEqual(amounts));
});

describe('a pod that is resized', () => {
  const infeasible = [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }];
  const deferred = [{ type: 'PodResizePending', status: 'True', reason: 'Deferred' }];
  const status = (resources?: Requests, allocatedResources?: Requests) => ({
    containerStatuses: [
      {
        name: 'c',
        ...(resources && { resources: { requests: resources } }),
        ...(allocatedResources && { allocatedResources }),
      },
    ],
  });
  test.each<[what: string, cpu: string, status: object, milli: number]>([
    ['no word of it', '1', { containerStatuses: [{ name: 'c' }] }, 1000],
    ['grows: what is asked for counts', '2', status({ cpu: '1' }, { cpu: '1' }), 2000],
    ['shrinks: what it has counts', '1', status({ cpu: '2' }, { cpu: '1' }), 2000],
    ['what it was promised counts', '1', status({ cpu: '1' }, { cpu: '3' }), 3000],
    ['done', '1', status({ cpu: '1' }, { cpu: '1' }), 1000],
    [
      'can not be: what is asked for is left out',
      '8',
      { ...status({ cpu: '1' }, { cpu: '2' }), conditions: infeasible },
      2000,
    ],
    [
      'has to wait: what is asked for counts',
      '8',
      { ...status({ cpu: '1' }, { cpu: '2' }), conditions: deferred },
      8000,
    ],
    // Before a kubelet tells what a container has, nothing of its status counts.
    ['only promised', '1', status(undefined, { cpu: '3' }), 1000],
    [
      'of another container',
      '1',
      { containerStatuses: [{ name: 'd', resources: { requests: { cpu: '9' } } }] },
      1000,
    ],
  ])('%s', (_what, cpu, podStatus, milli) => {
    expect(asked(pod('p', { requests: { cpu }, status: podStatus }))).toEqual({ cpu: milli });
  });

  test('a sidecar is resized too, an init container is not', () => {
    const of = (container: Container) =>
      asked(
        pod('p', {
          spec: { containers: [main()], initContainers: [container] },
          status: { initContainerStatuses: [{ name: 'i', resources: { requests: { cpu: '2' } } }] },
        }),
      );
    expect([of(sidecar('i', { cpu: '1' })), of(initial('i', { cpu: '1' }))]).toEqual([
      { cpu: 2000 },
      { cpu: 1000 },
    ]);
  });
});

describe('what counts for scores', () => {
  const of = (spec: Pod['spec']) => {
    const { nonZero, scored } = podResources(pod('p', { spec }), new ResourceNames());
    return {
      there: [nonZero.cpu, nonZero.memory / mebibyte],
      placed: [scored.nonZero.cpu, scored.nonZero.memory / mebibyte],
    };
  };
  const rows: readonly [
    what: string,
    spec: Pod['spec'],
    there: readonly number[],
    placed: readonly number[],
  ][] = [
    ['a container that asks for nothing', { containers: [main()] }, [100, 200], [100, 200]],
    ['each of several', { containers: [main(), main()] }, [200, 400], [200, 400]],
    ['one that asks for one of both', { containers: [main({ cpu: '1' })] }, [1000, 200], [1000, 200]],
    [
      'one that asks for nothing in so many words',
      { containers: [main({ cpu: '0', memory: '0' })] },
      [0, 0],
      [0, 0],
    ],
    [
      'an init container that asks for nothing',
      { containers: [main({ cpu: '50m', memory: '1Mi' })], initContainers: [initial('i')] },
      [100, 200],
      [100, 200],
    ],
    ['a sidecar', { containers: [main()], initContainers: [sidecar('s')] }, [200, 400], [200, 400]],
    ['overhead', { containers: [main()], overhead: { cpu: '1' } }, [1100, 200], [1100, 200]],
    // LeastAllocated does not see what the pod asks for as a whole while it is placed.
    [
      'requests of the pod',
      { containers: [main()], resources: { requests: { cpu: '2', memory: '1Gi' } } },
      [2000, 1024],
      [100, 200],
    ],
    // What one container asks for is known for the pod, then nothing is supposed of the others.
    [
      'requests of the pod for memory, of one container for cpu',
      { containers: [main({ cpu: '200m' }), main()], resources: { requests: { memory: '1Gi' } } },
      [200, 1024],
      [300, 400],
    ],
    [
      'requests of the pod for memory, of no container for cpu',
      { containers: [main(), main()], resources: { requests: { memory: '1Gi' } } },
      [200, 1024],
      [200, 400],
    ],
  ];
  test.each(rows)('%s', (_what, spec, there, placed) => expect(of(spec)).toEqual({ there, placed }));
});
