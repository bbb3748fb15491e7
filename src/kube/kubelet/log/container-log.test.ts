import { beforeEach, describe, expect, test } from 'vitest';
import { StatusError } from '../../api/index.js';
import { instant } from '../../../units/index.js';
import { Bench, container, start } from '../fixture.js';
import { containerLog } from './container-log.js';
import type { LogOptions } from './container-log.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const read = (options: Partial<LogOptions> = {}, name = 'p') => {
  try {
    const log = containerLog(bench.pod(name), { previous: false, timestamps: false, ...options });
    return log?.begin(bench.clock.now()).trimEnd().split('\n') ?? 'none';
  } catch (error) {
    if (error instanceof StatusError) return `${String(error.code)} ${error.message}`;
    throw error;
  }
};
const time = (seconds: number) => new Date(start + seconds * 1000).toISOString();

describe('the log of a container', () => {
  test('tells its start, that it works, and what its probes find', () => {
    const readinessProbe = {
      httpGet: { port: 80 },
      periodSeconds: 5,
      failureThreshold: 1,
      successThreshold: 1,
    };
    bench.run({ containers: [container({ readinessProbe })] }, { 'ready-delay': '4s' });
    bench.pass(30);
    expect(read()).toEqual([
      `time=${time(9)} level=info msg="started" container=c image=nginx:1 restarts=0`,
      `time=${time(9)} level=warn msg="Readiness probe failed: HTTP probe failed with statuscode: 503"`,
      `time=${time(14)} level=info msg="ready"`,
      `time=${time(19)} level=info msg="working" container=c up=10s`,
      `time=${time(29)} level=info msg="working" container=c up=20s`,
    ]);
  });

  test('of a run that ended stays, the one before too', () => {
    bench.run({}, { 'run-duration': '12s', 'exit-code': 3 });
    bench.pass(30);
    expect(read({ previous: true })).toEqual([
      `time=${time(9)} level=info msg="started" container=c image=nginx:1 restarts=0`,
      `time=${time(9)} level=info msg="ready"`,
      `time=${time(19)} level=info msg="working" container=c up=10s`,
      `time=${time(21)} level=error msg="exiting" code=3`,
    ]);
    expect(read()[0]).toContain(`time=${time(23)} level=info msg="started"`);
    bench.pass(400);
    expect(bench.pod().status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('CrashLoopBackOff');
    expect(read().at(-1)).toContain('msg="exiting" code=3');
  });

  test.each([
    [{ tailLines: 2 }, [50, 60]],
    [{ tailLines: 0 }, []],
    [{ sinceSeconds: 25 }, [40, 50, 60]],
    [{ sinceTime: instant(start + 59_000) }, [50, 60]],
    [{ tailLines: 1, sinceSeconds: 25 }, [60]],
  ])('%j shows the seconds %j', (options, ups) => {
    bench.run({});
    bench.pass(70);
    const lines = read(options);
    const shown = (Array.isArray(lines) ? lines : []).flatMap((line) => /up=(\d+)s/.exec(line)?.[1] ?? []);
    expect(shown.map(Number)).toEqual(ups);
  });

  test('has its moments before each line, and no more bytes than asked for', () => {
    bench.run({});
    bench.pass(20);
    expect(read({ timestamps: true })[0]).toMatch(/^2026-08-21T00:00:09\.000000000Z time=/);
    expect(read({ limitBytes: 10 })).toEqual(['time=2026-']);
  });

  test('of a week is read from its end at once', () => {
    bench.run({});
    bench.pass(7 * 86_400);
    expect(read({ tailLines: 1 })).toEqual([expect.stringMatching(/up=6047\d\ds$/) as string]);
  });
});

describe('there is no log', () => {
  test.each<[Partial<LogOptions>, string]>([
    [{ container: 'x' }, '400 container x is not valid for pod p'],
    [{ previous: true }, '400 previous terminated container "c" in pod "p" not found'],
    [
      { tailLines: -1 },
      '422 PodLogOptions "" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      { limitBytes: 0 },
      '422 PodLogOptions "" is invalid: limitBytes: Invalid value: 0: must be greater than 0',
    ],
    [
      { sinceSeconds: 0 },
      '422 PodLogOptions "" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0',
    ],
  ])('for %j', (options, message) => {
    bench.run({});
    bench.pass(20);
    expect(read(options)).toBe(message);
  });

  test.each([
    [{}, '400 container "c" in pod "p" is waiting to start: ContainerCreating'],
    [
      { 'image-pull-failure': 'not-found' },
      '400 container "c" in pod "p" is waiting to start: trying and failing to pull image',
    ],
  ])('while a container of %j waits', (behaviour, message) => {
    bench.run({}, behaviour);
    bench.pass(4);
    expect(read()).toBe(message);
  });

  test('where it is not said of which container', () => {
    bench.run({ containers: [container(), container({ name: 'd' })] });
    const initContainers = [container({ name: 'i' })];
    bench.run({ initContainers, containers: [container(), container({ name: 'd' })] }, {}, 'q');
    bench.run({ initContainers }, {}, 'r');
    bench.pass(30);
    expect(read()).toBe('400 a container name must be specified for pod p, choose one of: [c d]');
    expect(read({}, 'q')).toBe(
      '400 a container name must be specified for pod q, choose one of: [c d] or one of the init containers: [i]',
    );
    // The only one is meant, whatever came before it.
    expect(read({}, 'r')[0]).toContain('container=c');
  });
});
