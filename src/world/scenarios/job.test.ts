import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, isGoing, podTemplate } from './fixtures.js';

const runs = { 'poolkeeper.dev/run-duration': '10s' };
const fails = { 'poolkeeper.dev/run-duration': '1s', 'poolkeeper.dev/exit-code': '1' };
const job = (spec: object, annotations: object = runs) => ({
  metadata: { name: 'once' },
  spec: { template: podTemplate({}, { restartPolicy: 'Never' }, annotations), ...spec },
});

let cluster: TestCluster;
const pods = () => cluster.list('pods', 'job-name=once');
const status = () => cluster.get('jobs', 'once').status;
const conditions = () =>
  (status().conditions ?? []).map(({ type, status: is, reason = '' }) => `${type}=${is} ${reason}`);
const counts = () =>
  ['active', 'succeeded', 'failed', 'terminating'].map((name) => Number(status()[name] ?? 0));
const setPhase = (name: string, exitCode: number) =>
  cluster.patch(
    'pods',
    name,
    {
      status: {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        containerStatuses: [
          {
            name: 'c',
            ready: false,
            restartCount: 0,
            image: 'image:1',
            imageID: '',
            lastState: {},
            state: {
              terminated: { exitCode, finishedAt: new Date(cluster.world.clock.now()).toISOString() },
            },
          },
        ],
      },
    },
    'status',
  );

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe('a Job', () => {
  test('runs its pods side by side until enough have succeeded', () => {
    cluster.create('jobs', job({ completions: 3, parallelism: 2 }));
    expect(cluster.timeline(40, 0.5, counts).map(([, seen]) => seen)).toEqual([
      [0, 0, 0, 0],
      [2, 0, 0, 0],
      [1, 2, 0, 0],
      [0, 3, 0, 0],
    ]);
    expect(conditions()).toEqual([
      'SuccessCriteriaMet=True CompletionsReached',
      'Complete=True CompletionsReached',
    ]);
    expect(status()['completionTime']).toBeDefined();
    expect(pods().every(({ metadata }) => metadata.finalizers === undefined)).toBe(true);
    expect(cluster.events('once').filter((text) => text.startsWith('Completed'))).toEqual([
      'Completed Job completed',
    ]);
  });

  test('of no completions is done when one pod has succeeded and none runs', () => {
    cluster.create('jobs', job({ parallelism: 3 }));
    cluster.pass(30);
    expect([counts(), conditions()[1]]).toEqual([[0, 3, 0, 0], 'Complete=True CompletionsReached']);
  });

  test('waits longer after each failure, and gives up after its limit', () => {
    cluster.create('jobs', job({ backoffLimit: 3 }, fails));
    cluster.pass(300);
    const made = pods()
      .map(({ metadata }) => Date.parse(metadata.creationTimestamp) / 1000)
      .sort((a, b) => a - b);
    const waits = made.slice(1).map((time, index) => time - (made[index] ?? 0));
    // A pod runs for about two seconds before it fails.
    expect(waits.map((wait) => Math.floor(wait / 10) * 10)).toEqual([10, 20, 40]);
    expect([counts(), conditions()]).toEqual([
      [0, 0, 4, 0],
      ['FailureTarget=True BackoffLimitExceeded', 'Failed=True BackoffLimitExceeded'],
    ]);
    expect(cluster.events('once')).toContain(
      'BackoffLimitExceeded Job has reached the specified backoff limit',
    );
  });

  test('goes on waiting after the world was closed', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const data = mkdtempSync('/tmp/poolkeeper-job-');
    try {
      cluster = TestCluster.open(2, { data });
      cluster.create('jobs', job({ backoffLimit: 3 }, fails));
      cluster.pass(20);
      expect(pods().length).toBe(2);
      cluster = await cluster.reopen({ data });
      cluster.pass(5);
      expect(pods().length).toBe(2);
      cluster.pass(20);
      expect(pods().length).toBe(3);
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });

  test('is stopped at its deadline, and failed once its pods have ended', () => {
    const slow = { ...runs, 'poolkeeper.dev/run-duration': '1h', 'poolkeeper.dev/stop-duration': '5s' };
    cluster.create('jobs', job({ activeDeadlineSeconds: 20 }, slow));
    const told = cluster.timeline(40, 0.5, conditions);
    expect(told.map(([, seen]) => seen)).toEqual([
      [],
      ['FailureTarget=True DeadlineExceeded'],
      ['FailureTarget=True DeadlineExceeded', 'Failed=True DeadlineExceeded'],
    ]);
    expect(told[1]?.[0]).toBeCloseTo(20, 0);
    expect(told[2]?.[0]).toBeCloseTo(25, 0);
    expect(counts()).toEqual([0, 0, 1, 0]);
  });

  test('that is suspended loses its pods, and begins anew when it is resumed', () => {
    cluster.create('jobs', job({ suspend: true }));
    cluster.pass(5);
    expect([pods(), conditions(), status()['startTime']]).toEqual([
      [],
      ['Suspended=True JobSuspended'],
      undefined,
    ]);
    cluster.patch('jobs', 'once', { spec: { suspend: false } });
    cluster.pass(3);
    expect([counts()[0], conditions()]).toEqual([1, ['Suspended=False JobResumed']]);
    cluster.patch('jobs', 'once', { spec: { suspend: true } });
    cluster.pass(3);
    expect([counts()[0], conditions()]).toEqual([0, ['Suspended=True JobSuspended']]);
    cluster.patch('jobs', 'once', { spec: { suspend: false } });
    cluster.pass(30);
    expect(conditions()).toContain('Complete=True CompletionsReached');
    const told = cluster.events('once').filter((text) => /^(Suspended|Resumed)/.test(text));
    expect(told.sort()).toEqual(['Resumed Job resumed', 'Suspended Job suspended']);
  });

  test('goes after its time to live, with its pods', () => {
    cluster.create('jobs', job({ ttlSecondsAfterFinished: 60 }));
    cluster.pass(30);
    expect(cluster.list('jobs').length).toBe(1);
    cluster.pass(60);
    expect([cluster.list('jobs'), cluster.list('pods')]).toEqual([[], []]);
  });

  test.each(['Background', 'Foreground'] as const)(
    'deleted in the %s takes its running pods with it',
    (propagation) => {
      cluster.create('jobs', job({ parallelism: 2, completions: 2 }));
      cluster.pass(3);
      cluster.delete('jobs', 'once', propagation);
      cluster.pass(5);
      expect([cluster.list('jobs'), cluster.list('pods')]).toEqual([[], []]);
    },
  );

  test('has fewer pods when its parallelism is less', () => {
    cluster.create('jobs', job({ parallelism: 4, completions: 8 }));
    cluster.pass(3);
    cluster.patch('jobs', 'once', { spec: { parallelism: 1 } });
    cluster.pass(0);
    expect(pods().filter((pod) => !isGoing(pod)).length).toBe(1);
  });

  test('of a manager of its own is left to it', () => {
    cluster.create('jobs', job({ managedBy: 'acme.io/jobs' }));
    cluster.pass(5);
    expect([pods(), status()]).toEqual([[], {}]);
  });

  test.each([
    ['TerminatingOrFailed', 2],
    ['Failed', 1],
  ])('with the replacement policy %s has %i pods while one stops', (podReplacementPolicy, present) => {
    const slow = { ...runs, 'poolkeeper.dev/run-duration': '1h', 'poolkeeper.dev/stop-duration': '20s' };
    cluster.create('jobs', job({ podReplacementPolicy }, slow));
    cluster.pass(5);
    cluster.delete('pods', pods()[0]?.metadata.name ?? '');
    cluster.pass(12);
    expect(pods().length).toBe(present);
    cluster.pass(40);
    expect([counts(), pods().length]).toEqual([[1, 0, 1, 0], 1]);
  });

  test('is not failed by pods that its failure policy ignores', () => {
    const rules = [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }];
    cluster.create('jobs', job({ backoffLimit: 0, podFailurePolicy: { rules } }));
    cluster.pass(3);
    cluster.world.kubernetes.evict(
      { cluster: cluster.key, namespace: 'default' },
      pods()[0]?.metadata.name ?? '',
      {},
    );
    cluster.pass(60);
    expect([counts(), conditions()[1]]).toEqual([[0, 1, 0, 0], 'Complete=True CompletionsReached']);
  });

  test('is failed by an exit code that its failure policy names', () => {
    const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }];
    cluster.create('jobs', job({ podFailurePolicy: { rules } }, fails));
    cluster.pass(10);
    expect(conditions()).toEqual(['FailureTarget=True PodFailurePolicy', 'Failed=True PodFailurePolicy']);
    expect(cluster.condition('jobs', 'once', 'Failed')).toMatch(
      /^True PodFailurePolicy Container c for pod default\/once-\w+ failed with exit code 1 matching FailJob rule at index 0$/,
    );
  });
});

describe('an indexed Job', () => {
  test('runs one pod for each index, which knows it', () => {
    cluster.create('jobs', job({ completions: 4, parallelism: 4, completionMode: 'Indexed' }));
    cluster.pass(3);
    const [first] = pods();
    expect(first?.metadata.name).toMatch(/^once-0-\w{5}$/);
    expect(first?.metadata.labels).toMatchObject({ 'batch.kubernetes.io/job-completion-index': '0' });
    expect(first?.metadata.annotations).toMatchObject({ 'batch.kubernetes.io/job-completion-index': '0' });
    expect(first?.spec['hostname']).toBe('once-0');
    expect(first?.spec['containers']).toMatchObject([
      {
        env: [
          {
            name: 'JOB_COMPLETION_INDEX',
            valueFrom: {
              fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" },
            },
          },
        ],
      },
    ]);
    cluster.pass(20);
    expect(status()).toMatchObject({ succeeded: 4, completedIndexes: '0-3' });
  });

  test('tries an index again until it has succeeded', () => {
    cluster.create(
      'jobs',
      job(
        { completions: 3, parallelism: 3, completionMode: 'Indexed' },
        { 'poolkeeper.dev/run-duration': '1h' },
      ),
    );
    cluster.pass(3);
    const [zero = '', one = '', two = ''] = pods().map(({ metadata }) => metadata.name);
    setPhase(zero, 0);
    setPhase(one, 1);
    cluster.pass(1);
    expect(status()).toMatchObject({ succeeded: 1, failed: 1, completedIndexes: '0', active: 1 });
    cluster.pass(11);
    expect(pods().filter(({ metadata }) => metadata.name.startsWith('once-1-')).length).toBe(2);
    setPhase(two, 0);
    cluster.pass(1);
    expect(status()).toMatchObject({ completedIndexes: '0,2' });
  });

  test('fails an index by itself where each has its own limit', () => {
    cluster.create(
      'jobs',
      job(
        { completions: 2, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 1 },
        { 'poolkeeper.dev/run-duration': '1h' },
      ),
    );
    cluster.pass(3);
    const ofIndex = (index: number) =>
      pods().filter(
        ({ metadata, status: { phase } }) =>
          metadata.name.startsWith(`once-${String(index)}-`) && phase === 'Running',
      );
    setPhase(ofIndex(0)[0]?.metadata.name ?? '', 1);
    cluster.pass(15);
    const [again] = ofIndex(0);
    expect(again?.metadata.annotations).toMatchObject({ 'batch.kubernetes.io/job-index-failure-count': '1' });
    setPhase(again?.metadata.name ?? '', 1);
    cluster.pass(15);
    expect([ofIndex(0), status()['failedIndexes'], conditions()]).toEqual([[], '0', []]);
    setPhase(ofIndex(1)[0]?.metadata.name ?? '', 0);
    cluster.pass(5);
    expect(conditions()).toEqual(['FailureTarget=True FailedIndexes', 'Failed=True FailedIndexes']);
    expect(status()).toMatchObject({ succeeded: 1, failed: 2, completedIndexes: '1', failedIndexes: '0' });
  });

  test('has succeeded when its success policy says so, and stops the others', () => {
    const successPolicy = { rules: [{ succeededIndexes: '1' }] };
    cluster.create(
      'jobs',
      job(
        { completions: 3, parallelism: 3, completionMode: 'Indexed', successPolicy },
        { 'poolkeeper.dev/run-duration': '1h' },
      ),
    );
    cluster.pass(3);
    setPhase(pods()[1]?.metadata.name ?? '', 0);
    cluster.pass(5);
    expect(conditions()).toEqual(['SuccessCriteriaMet=True SuccessPolicy', 'Complete=True SuccessPolicy']);
    expect(status()).toMatchObject({ succeeded: 1, completedIndexes: '1' });
    expect(pods().length).toBe(1);
  });
});
