import { beforeEach, describe, expect, test } from 'vitest';
import { Bench, container, node } from './fixture.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const asking = (requests: Record<string, string>, more: object = {}) => ({
  containers: [
    // What can't be shared has to be limited too.
    container({
      resources: {
        requests,
        ...('nvidia.com/gpu' in requests && {
          limits: { 'nvidia.com/gpu': requests['nvidia.com/gpu'] ?? '' },
        }),
      },
      ...more,
    }),
  ],
});

describe('a node does not take up', () => {
  const rejected = (name = 'q') => {
    const { phase, reason, message } = bench.pod(name).status ?? {};
    return [phase, reason, message];
  };

  test.each([
    [{ cpu: '3' }, { cpu: '2500m' }, 'OutOfcpu', 'cpu, requested: 2500, used: 3000, capacity: 4000'],
    [
      { memory: '6Gi' },
      { memory: '3Gi' },
      'OutOfmemory',
      'memory, requested: 3221225472, used: 6442450944, capacity: 8589934592',
    ],
    [
      {},
      { 'nvidia.com/gpu': '1' },
      'OutOfnvidia.com/gpu',
      'nvidia.com/gpu, requested: 1, used: 0, capacity: 0',
    ],
  ])('beside a pod that asks for %j one that asks for %j', (first, second, reason, what) => {
    bench.run(asking(first));
    bench.run(asking(second), {}, 'q');
    bench.pass(30);
    const message = `Node didn't have enough resource: ${what}`;
    expect(rejected()).toEqual(['Failed', reason, `Pod was rejected: ${message}`]);
    expect(bench.events('q')).toEqual([`${reason} ${message}`]);
    expect(bench.pod().status?.phase).toBe('Running');
  });

  test('more pods than it may have', () => {
    bench.addNode(node('n2', { pods: '2' }));
    for (const name of ['a', 'b', 'q']) bench.run({ nodeName: 'n2' }, {}, name);
    bench.pass(0);
    expect(rejected()).toEqual([
      'Failed',
      'OutOfpods',
      "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
    ]);
  });

  test.each([
    [
      { nodeSelector: { os: 'windows' } },
      'NodeAffinity',
      "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ],
    [
      asking({}, { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] }),
      'NodePorts',
      "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    ],
  ])('what does not go with it: %j', (spec, reason, message) => {
    bench.run(asking({}, { ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] }));
    bench.run(spec, {}, 'q');
    bench.pass(0);
    expect(rejected()).toEqual(['Failed', reason, `Pod was rejected: ${message}`]);
  });

  test('what it has a taint against that evicts', () => {
    bench.addNode(node('n2', {}, { taints: [{ key: 'k', effect: 'NoExecute' }] }));
    bench.run({ nodeName: 'n2' }, {}, 'q');
    bench.pass(0);
    expect(rejected()[1]).toBe('TaintToleration');
    bench.run({ nodeName: 'n2', tolerations: [{ operator: 'Exists' }] }, {}, 'r');
    bench.pass(20);
    expect(bench.pod('r').status?.phase).toBe('Running');
  });

  test('room is there again once a pod has ended or gone', () => {
    bench.run({ ...asking({ cpu: '3' }), restartPolicy: 'Never' }, { 'run-duration': '5s' });
    bench.pass(60);
    bench.run(asking({ cpu: '3' }), {}, 'q');
    bench.pass(20);
    expect(bench.pod('q').status?.phase).toBe('Running');
    bench.delete('q');
    bench.pass(20);
    bench.run(asking({ cpu: '3' }), {}, 'r');
    bench.pass(20);
    expect(bench.pod('r').status?.phase).toBe('Running');
  });
});

describe('a critical pod', () => {
  const critical = { ...asking({ cpu: '2' }), priority: 2_000_000_000 };

  test('pushes off no more than it takes, the least of quality first', () => {
    const guaranteed = { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } };
    bench.run({ containers: [container({ resources: guaranteed })] }, {}, 'guaranteed');
    bench.run(asking({ cpu: '1' }), {}, 'small');
    bench.run(asking({ cpu: '2' }), {}, 'large');
    bench.pass(20);
    bench.run(critical);
    bench.pass(20);
    const phases = ['guaranteed', 'small', 'large', 'p'].map((name) => bench.pod(name).status?.phase);
    expect(phases).toEqual(['Running', 'Running', 'Failed', 'Running']);
    expect(bench.pod('large').status).toMatchObject({
      reason: 'Preempting',
      message: 'Preempted in order to admit critical pod',
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'DisruptionTarget', reason: 'TerminationByKubelet' }),
      ]) as unknown,
      containerStatuses: [{ state: { terminated: { exitCode: 137 } } }],
    });
  });

  test('is not taken up where all others are critical too', () => {
    bench.run({ ...asking({ cpu: '3' }), priority: 2_000_001_000 }, {}, 'other');
    bench.run(critical);
    bench.pass(20);
    expect([bench.pod('other').status?.phase, bench.pod().status?.reason]).toEqual(['Running', 'OutOfcpu']);
  });
});
