import { beforeEach, describe, expect, test } from 'vitest';
import type { EphemeralContainer } from '../kinds/index.js';
import { Bench, container } from './fixture.js';

/*
 * On this bench asking for an image takes a second, pulling nginx 7.2 s more, starting, stopping and noticing an end a second
 * each; busybox is pulled in 0.22 s, and work takes ten seconds.
 */
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

/** Adds a container as `kubectl debug` does. */
const debug = (more: Partial<EphemeralContainer> = {}, name = 'p'): void => {
  const added = { ...container({ name: 'd', image: 'busybox:1' }), ...more };
  bench.change(
    (pod) => ({
      ...pod,
      spec: { ...pod.spec, ephemeralContainers: [...(pod.spec.ephemeralContainers ?? []), added] },
    }),
    name,
  );
};
const statuses = (name = 'p') => bench.pod(name).status?.ephemeralContainerStatuses ?? [];
/** What kubectl would show of the added containers as time goes on, second by second, each once. */
const seen = (seconds: number): readonly string[] => {
  const states: string[] = [];
  bench.pass(0);
  for (let at = 0; at <= seconds; at += 1) {
    const { state } = statuses()[0] ?? {};
    const text = state?.running
      ? 'running'
      : (state?.waiting?.reason ??
        `${state?.terminated?.reason ?? 'none'} ${String(state?.terminated?.exitCode)}`);
    if (!states.at(-1)?.endsWith(` ${text}`)) states.push(`${String(at)} ${text}`);
    bench.pass(1);
  }
  return states;
};

describe('a container that is added to a pod', () => {
  test('is pulled and started beside the others, does its work, and ends', () => {
    bench.run({});
    bench.pass(20);
    debug();
    expect(seen(20)).toEqual(['0 ContainerCreating', '3 running', '13 Completed 0']);
    expect(bench.events()).toEqual(
      expect.arrayContaining([
        'Pulling Pulling image "busybox:1"',
        'Created Created container: d',
        'Started Started container d',
      ]),
    );
    expect(statuses()).toEqual([
      {
        name: 'd',
        ready: false,
        restartCount: 0,
        image: 'docker.io/library/busybox:1',
        imageID: expect.stringMatching(/^docker\.io\/library\/busybox@sha256:/) as string,
        containerID: expect.stringMatching(/^containerd:\/\//) as string,
        state: { terminated: expect.objectContaining({ exitCode: 0, reason: 'Completed' }) as object },
        lastState: {},
      },
    ]);
  });

  test('is never run again, and changes nothing of what the pod is', () => {
    bench.run({}, { 'd.exit-code': '3', 'd.run-duration': '4s' });
    bench.pass(20);
    debug();
    expect(bench.timeline(600)).toEqual(['0 1/1 Running 0']);
    expect(statuses()[0]).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 3 } } });
  });

  test('waits for its user while its input is open', () => {
    bench.run({});
    bench.pass(20);
    debug({ stdin: true });
    expect(seen(600)).toEqual(['0 ContainerCreating', '3 running']);
  });

  test('runs while the others are still waiting to start', () => {
    bench.run({}, { 'image-pull-failure': 'not-found' });
    bench.pass(3);
    debug({ stdin: true });
    bench.pass(10);
    expect(bench.pod().status?.containerStatuses?.[0]?.state.waiting?.reason).toMatch(/ImagePull/);
    expect(statuses()[0]?.state.running).toBeDefined();
    expect(bench.pod().status?.phase).toBe('Pending');
  });

  test('is asked for again and again where its image can not be had', () => {
    bench.run({}, { 'd.image-pull-failure': 'not-found for 50s' });
    bench.pass(20);
    debug({ stdin: true });
    const states = seen(120).map((line) => line.split(' ')[1]);
    expect(new Set(states.slice(0, -1))).toEqual(
      new Set(['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff']),
    );
    expect(states.at(-1)).toBe('running');
  });

  test('comes beside those that were added before', () => {
    bench.run({});
    bench.pass(20);
    debug();
    bench.pass(30);
    debug({ name: 'e', stdin: true });
    bench.pass(5);
    expect(statuses().map(({ name, state }) => [name, Object.keys(state)])).toEqual([
      ['d', ['terminated']],
      ['e', ['running']],
    ]);
  });

  test('ends with its pod, within its grace', () => {
    bench.run({}, { 'd.stop-duration': '90s' });
    bench.pass(20);
    debug({ stdin: true });
    bench.pass(10);
    bench.delete();
    expect(bench.timeline(60)).toEqual([
      '0 1/1 Terminating 0',
      '1 0/1 Terminating 0',
      '30 0/1 Completed 0',
      '30 gone',
    ]);
    expect(bench.events()).toContain('Killing Stopping container d');
  });

  test('does not keep a pod whose own containers have ended', () => {
    bench.run({ restartPolicy: 'Never' });
    bench.pass(12);
    debug({ stdin: true });
    bench.pass(30);
    expect(bench.pod().status?.phase).toBe('Succeeded');
    expect(statuses()[0]?.state.terminated).toBeDefined();
  });

  test('does not begin in a pod that has ended', () => {
    bench.run({ restartPolicy: 'Never' });
    bench.pass(60);
    debug();
    bench.pass(60);
    expect(statuses()).toEqual([]);
  });

  test('goes on as it was when the world is closed and opened', () => {
    bench.run({});
    bench.pass(20);
    debug();
    bench.pass(5);
    bench = bench.reopened();
    expect(seen(20)).toEqual(['0 running', '8 Completed 0']);
  });
});
