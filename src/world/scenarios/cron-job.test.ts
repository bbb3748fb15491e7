import { beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../../units/index.js';
import { TestCluster, podTemplate } from './fixtures.js';

const cron = (spec: object, run = '10s') => ({
  metadata: { name: 'tick' },
  spec: {
    schedule: '*/5 * * * *',
    jobTemplate: {
      metadata: { labels: { from: 'tick' } },
      spec: {
        template: podTemplate({}, { restartPolicy: 'Never' }, { 'poolkeeper.dev/run-duration': run }),
      },
    },
    ...spec,
  },
});

let cluster: TestCluster;
const jobs = () => cluster.list('jobs');
/** Times of the jobs that are there, as `HH:MM` in UTC, by their names. */
const times = () =>
  cluster
    .names('jobs')
    .map((name) => new Date(Number(name.split('-').at(-1)) * 60_000).toISOString().slice(11, 16));
const events = (reason: string) => cluster.events('tick').filter((text) => text.startsWith(`${reason} `));

beforeEach(() => {
  cluster = TestCluster.open(2);
});

describe('a CronJob', () => {
  test('makes a job at each of its times, and keeps the last three', () => {
    cluster.create('cronjobs', cron({}));
    cluster.pass(5 * 60);
    expect(times()).toEqual(['00:05']);
    expect(jobs()[0]?.metadata).toMatchObject({
      labels: { from: 'tick' },
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-08-21T00:05:00Z' },
      ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true }],
    });
    cluster.pass(60 * 60);
    expect(times()).toEqual(['00:55', '01:00', '01:05'].slice(0, 3));
    const { status } = cluster.get('cronjobs', 'tick');
    expect(status['lastScheduleTime']).toBe('2026-08-21T01:05:00Z');
    expect(String(status['lastSuccessfulTime']) > '2026-08-21T01:00:00Z').toBe(true);
    expect(events('SuccessfulCreate').length).toBeGreaterThan(0);
    expect(events('SawCompletedJob')[0]).toMatch(
      /^SawCompletedJob Saw completed job: tick-\d+, condition: Complete$/,
    );
    expect(events('SuccessfulDelete').length).toBeGreaterThan(0);
  });

  test('skips a quiet week at once', () => {
    cluster.create('cronjobs', cron({ schedule: '0 3 * * 0' }));
    cluster.pass(14 * 86_400);
    expect(jobs().length).toBe(2);
  });

  test.each([
    // policy    jobs that run at 00:11, and at which times they were made
    ['Allow', ['00:05', '00:10']],
    ['Forbid', ['00:05']],
    ['Replace', ['00:10']],
  ])('with the policy %s runs the jobs of %j', (concurrencyPolicy, expected) => {
    cluster.create('cronjobs', cron({ concurrencyPolicy }, '1h'));
    cluster.pass(10 * 60);
    expect(times()).toEqual(expected);
    expect((cluster.get('cronjobs', 'tick').status['active'] as object[]).length).toBe(expected.length);
  });

  test('that forbids a second job says so, and makes it when the first is done', () => {
    cluster.create('cronjobs', cron({ concurrencyPolicy: 'Forbid' }, '6m'));
    cluster.pass(10 * 60);
    expect(events('JobAlreadyActive')).toEqual([
      'JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid',
    ]);
    cluster.pass(2 * 60);
    // The time that was missed is made up for.
    expect(times()).toEqual(['00:05', '00:10']);
  });

  test('with a starting deadline makes no job too late', () => {
    cluster.create('cronjobs', cron({ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 30 }, '6m'));
    cluster.pass(13 * 60);
    expect(times()).toEqual(['00:05']);
    cluster.pass(3 * 60);
    expect(times()).toEqual(['00:05', '00:15']);
  });

  test('that is suspended makes none, and one for what it missed when it is resumed', () => {
    cluster.create('cronjobs', cron({ suspend: true }));
    cluster.pass(12 * 3600);
    expect(jobs()).toEqual([]);
    cluster.patch('cronjobs', 'tick', { spec: { suspend: false } });
    cluster.pass(1);
    expect(jobs().length).toBe(1);
    expect(events('TooManyMissedTimes')).toEqual([
      'TooManyMissedTimes too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    ]);
  });

  test('keeps as many failed jobs as it is told', () => {
    const failing = cron({ failedJobsHistoryLimit: 2 });
    const { spec } = failing.spec.jobTemplate;
    const annotations = { 'poolkeeper.dev/run-duration': '1s', 'poolkeeper.dev/exit-code': '1' };
    Object.assign(spec, {
      backoffLimit: 0,
      template: podTemplate({}, { restartPolicy: 'Never' }, annotations),
    });
    cluster.create('cronjobs', failing);
    cluster.pass(31 * 60);
    expect(times()).toEqual(['00:25', '00:30']);
  });

  test('follows the clocks of its zone when they are changed', () => {
    // Clocks in Berlin go from 2:00 to 3:00 on 29 March 2026.
    cluster = TestCluster.open(1, { start: instant(Date.UTC(2026, 2, 28)) });
    cluster.create(
      'cronjobs',
      cron({ schedule: '30 2,8 * * *', timeZone: 'Europe/Berlin', successfulJobsHistoryLimit: 10 }),
    );
    cluster.pass(3 * 86_400);
    expect(
      jobs().map(({ metadata }) => metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp']),
    ).toEqual([
      '2026-03-28T02:30:00+01:00',
      '2026-03-28T08:30:00+01:00',
      '2026-03-29T08:30:00+02:00',
      '2026-03-30T02:30:00+02:00',
      '2026-03-30T08:30:00+02:00',
    ]);
  });

  test('leaves a job alone that a user made of it', () => {
    const made = cluster.create('cronjobs', cron({}));
    const { name, uid } = made.metadata;
    cluster.create('jobs', {
      metadata: {
        name: 'by-hand',
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid }],
      },
      spec: cron({}).spec.jobTemplate.spec,
    });
    cluster.pass(60);
    expect(cluster.get('jobs', 'by-hand').status['succeeded']).toBe(1);
    expect(cluster.events('tick')).toEqual([]);
  });

  test('goes on after the world was closed, and makes up for what it missed once', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const data = mkdtempSync('/tmp/poolkeeper-cron-');
    try {
      cluster = TestCluster.open(1, { data });
      cluster.create('cronjobs', cron({}));
      cluster.pass(6 * 60);
      // Opened again an hour later.
      cluster = await cluster.reopen({ data, start: instant(Date.UTC(2026, 7, 21, 1, 7)) });
      cluster.pass(0.2);
      expect(times()).toEqual(['00:05', '01:05']);
      await cluster.world.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});
