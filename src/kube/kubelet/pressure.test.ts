import { beforeEach, describe, expect, test } from 'vitest';
import { nodeCondition } from '../nodes/index.js';
import { Bench, container } from './fixture.js';

/* The node has 8 GiB for pods. A pod that nobody says anything of uses half of what it asks for. */
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const asking = (memory: string) => ({ containers: [container({ resources: { requests: { memory } } })] });
const pressure = () => nodeCondition(bench.node(), 'MemoryPressure');

describe('a node whose pods use too much memory', () => {
  test('evicts the pod that is furthest above its request, when it is too much', () => {
    bench.run(asking('4Gi'), {}, 'quiet');
    bench.run(asking('1Gi'), { memory: 'ramp(1Gi,8Gi,700s)' }, 'grows');
    bench.pass(9 + 500);
    expect(bench.pod('grows').status?.phase).toBe('Running');
    bench.pass(1);
    expect(bench.pod('grows').status).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
      message:
        'The node was low on resource: memory. Threshold quantity: 100Mi, available: 102390Ki. Container c was using 6291467Ki, request is 1Gi, has larger consumption of memory. ',
      containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'Error' } } }],
    });
    expect(bench.pod('grows').status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' }),
    );
    expect(bench.pod('quiet').status?.phase).toBe('Running');
    expect(pressure()).toMatchObject({ status: 'True', reason: 'KubeletHasInsufficientMemory' });
    expect(bench.events('n1')).toEqual(
      expect.arrayContaining([
        'EvictionThresholdMet Attempting to reclaim memory',
        'NodeHasInsufficientMemory Node n1 status is now: NodeHasInsufficientMemory',
      ]),
    );
  });

  test('is under pressure until five minutes later, and takes up nothing that asks for nothing meanwhile', () => {
    bench.run(asking('1Gi'), { memory: '0s=1Gi,60s=9Gi' });
    bench.pass(70);
    expect(bench.pod().status?.reason).toBe('Evicted');
    bench.run({}, {}, 'best-effort');
    bench.run(asking('1Gi'), {}, 'burstable');
    bench.pass(20);
    expect(bench.pod('best-effort').status).toMatchObject({
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    });
    expect(bench.pod('burstable').status?.phase).toBe('Running');
    bench.pass(9 + 60 + 300 - 90 - 1);
    expect(pressure()?.status).toBe('True');
    bench.pass(1);
    expect(pressure()).toMatchObject({ status: 'False', reason: 'KubeletHasSufficientMemory' });
    expect(bench.clock.pending()).toBe(0);
  });

  test('evicts one after the other: those above their requests, of low priority first', () => {
    bench.run({ ...asking('3Gi'), priority: 0 }, { memory: '0s=1Gi,60s=2900Mi' }, 'within');
    bench.run({ ...asking('1Gi'), priority: 100 }, { memory: '0s=1Gi,60s=5Gi' }, 'high');
    bench.run({ ...asking('1Gi'), priority: 10 }, { memory: '0s=1Gi,60s=4Gi' }, 'low');
    bench.run({ ...asking('1Gi'), priority: 2_000_000_000 }, { memory: '0s=1Gi,60s=4Gi' }, 'critical');
    const evicted = () =>
      ['within', 'high', 'low', 'critical'].filter((name) => bench.pod(name).status?.reason === 'Evicted');
    bench.pass(69);
    expect(evicted()).toEqual(['low']);
    bench.pass(9);
    expect(evicted()).toEqual(['low']);
    bench.pass(1);
    expect(evicted()).toEqual(['high', 'low']);
    bench.pass(600);
    expect(evicted()).toEqual(['high', 'low']);
  });

  test('is not looked at while no pod’s memory changes', () => {
    bench.run(asking('20Mi'));
    bench.run(asking('20Mi'), { cpu: 'sine(0,1,1h)' }, 'q');
    bench.pass(60);
    expect(bench.clock.pending()).toBe(0);
  });

  test('is looked at seldom while it is far from too much', () => {
    bench.run(asking('1Gi'), { memory: 'diurnal(1Gi,2Gi)' });
    bench.pass(60);
    expect(bench.clock.pending()).toBe(0);
    bench.run(asking('1Gi'), { 'memory-leak': '1Mi/h' }, 'leaks');
    bench.pass(60);
    const next = bench.clock.pending();
    bench.pass(86_400);
    expect(bench.clock.pending()).toBe(next);
  });
});
