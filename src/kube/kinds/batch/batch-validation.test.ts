import { describe, expect, test } from 'vitest';
import { checking } from '../fixtures.js';
import type { Change } from '../fixtures.js';
import { cronJobs } from './cron-job.js';
import { scheduleFault } from './cron-schedule.js';
import { jobs } from './job.js';

const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'app:1' }] } };
const job = checking(jobs, { spec: { template } });
const cron = checking(cronJobs, { spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } } } });
const spec = (change: Change): Change => ({ spec: change });
const policy = (...rules: Change[]): Change => spec({ podFailurePolicy: { rules } });
const rule = 'spec.podFailurePolicy.rules[0]';

describe('a job with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    [
      'pods that restart for ever',
      spec({ template: { spec: { restartPolicy: null } } }),
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'less than no pods',
      spec({ parallelism: -1 }),
      ['spec.parallelism: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a negative time to live',
      spec({ ttlSecondsAfterFinished: -1 }),
      ['spec.ttlSecondsAfterFinished: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a negative limit',
      spec({ backoffLimit: -1 }),
      ['spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a selector that is not its own',
      spec({ selector: { matchLabels: { app: 'web' } } }),
      [
        expect.stringMatching(/^spec.selector: Invalid value: .*: `selector` not auto-generated$/),
        expect.stringMatching(
          /^spec.template.metadata.labels: .* `selector` does not match template `labels`$/,
        ),
      ],
    ],
    [
      'an unknown mode',
      spec({ completionMode: 'Random' }),
      ['spec.completionMode: Unsupported value: "Random": supported values: "NonIndexed", "Indexed"'],
    ],
    [
      'indexes without a number',
      spec({ completionMode: 'Indexed', parallelism: 1 }),
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
    [
      'a limit by index, without indexes',
      spec({ backoffLimitPerIndex: 1 }),
      ['spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode'],
    ],
    [
      'failed indexes without their limit',
      spec({ completionMode: 'Indexed', completions: 2, maxFailedIndexes: 1 }),
      ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified'],
    ],
    [
      'more failed indexes than there are',
      spec({ completionMode: 'Indexed', completions: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 3 }),
      ['spec.maxFailedIndexes: Invalid value: 3: must be less than or equal to completions'],
    ],
    [
      'its own selector that selects nothing',
      spec({ manualSelector: true, selector: { matchLabels: { a: 'b' } } }),
      ['spec.template.metadata.labels: Invalid value: {}: `selector` does not match template `labels`'],
    ],
    ['no selector of its own', spec({ manualSelector: true }), ['spec.selector: Required value']],
    [
      'a manager without a domain',
      spec({ managedBy: 'me' }),
      ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      'a failure policy and pods that restart',
      { spec: { podFailurePolicy: { rules: [] }, template: { spec: { restartPolicy: 'OnFailure' } } } },
      [
        'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
      ],
    ],
    [
      'a rule without an action',
      policy({ onPodConditions: [{ type: 'DisruptionTarget' }] }),
      [`${rule}.action: Required value`],
    ],
    [
      'a rule of nothing',
      policy({ action: 'Ignore' }),
      [
        `${rule}: Invalid value: {"action":"Ignore"}: specifying one of OnExitCodes and OnPodConditions is required`,
      ],
    ],
    [
      'a rule on success',
      policy({ action: 'FailJob', onExitCodes: { operator: 'In', values: [0] } }),
      [`${rule}.onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator`],
    ],
    [
      'a rule in disorder',
      policy({ action: 'FailJob', onExitCodes: { operator: 'In', values: [2, 1] } }),
      [`${rule}.onExitCodes.values: Invalid value: [2,1]: must be ordered`],
    ],
    [
      'a rule on another container',
      policy({ action: 'FailJob', onExitCodes: { containerName: 'x', operator: 'In', values: [1] } }),
      [
        `${rule}.onExitCodes.containerName: Invalid value: "x": must be one of the container or initContainer names in the pod template`,
      ],
    ],
    [
      'a rule on an index that is not',
      policy({ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }),
      [`${rule}.action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set`],
    ],
    [
      'a success policy without indexes',
      spec({ successPolicy: { rules: [{ succeededCount: 1 }] } }),
      [
        'spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: requires indexed completion mode',
      ],
    ],
    [
      'replacements at once in spite of a policy',
      spec({ podFailurePolicy: { rules: [] }, podReplacementPolicy: 'TerminatingOrFailed' }),
      ['spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"'],
    ],
  ])('%s', (_, change, faults) => expect(job.faults(change)).toEqual(faults));

  test.each<readonly [string, Change, readonly string[]]>([
    ['parallelism', spec({ parallelism: 3, completions: 1 }), []],
    ['suspension', spec({ suspend: true }), []],
    ['completions', spec({ completions: 3 }), ['spec.completions: Invalid value: 3: field is immutable']],
    [
      'mode',
      spec({ completionMode: 'Indexed' }),
      ['spec.completionMode: Invalid value: "Indexed": field is immutable'],
    ],
  ])('another %s once it exists', (_, change, faults) =>
    expect(job.changeFaults({}, change)).toEqual(faults),
  );

  test('another template once it exists, unless it has not begun', () => {
    const image = spec({ template: { spec: { containers: [{ name: 'app', image: 'app:2' }] } } });
    expect(job.changeFaults({}, image)).toEqual([
      expect.stringMatching(/^spec.template: .*field is immutable$/),
    ]);
    const suspended = spec({ suspend: true });
    const elsewhere = spec({ suspend: true, template: { spec: { nodeSelector: { a: 'b' } } } });
    expect(job.changeFaults(suspended, elsewhere)).toEqual([]);
  });
});

describe('a cron job with', () => {
  test.each<readonly [string, Change, readonly string[]]>([
    ['nothing wrong', {}, []],
    ['no schedule', spec({ schedule: '' }), ['spec.schedule: Required value']],
    [
      'a zone in its schedule',
      spec({ schedule: 'TZ=UTC * * * * *' }),
      [
        'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    [
      'an empty zone',
      spec({ timeZone: '' }),
      ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
    ],
    [
      'an unknown zone',
      spec({ timeZone: 'Mars/Olympus' }),
      ['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
    ],
    ['a zone', spec({ timeZone: 'Europe/Amsterdam' }), []],
    [
      "the server's zone",
      spec({ timeZone: 'Local' }),
      [
        'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ],
    ],
    [
      'a policy',
      spec({ concurrencyPolicy: 'Queue' }),
      ['spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"'],
    ],
    [
      'a negative history',
      spec({ failedJobsHistoryLimit: -1 }),
      ['spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a negative deadline',
      spec({ startingDeadlineSeconds: -1 }),
      ['spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'a long name',
      { metadata: { name: 'a'.repeat(53) } },
      [`metadata.name: Invalid value: "${'a'.repeat(53)}": must be no more than 52 characters`],
    ],
    [
      'a selector',
      spec({ jobTemplate: { spec: { selector: { matchLabels: { a: 'b' } } } } }),
      [
        'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated',
      ],
    ],
    [
      'pods that restart for ever',
      spec({ jobTemplate: { spec: { template: { spec: { restartPolicy: 'Always' } } } } }),
      [
        'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
      ],
    ],
  ])('%s', (_, change, faults) => expect(cron.faults(change)).toEqual(faults));
});

describe('schedules', () => {
  test.each([
    '* * * * *',
    '0 0 1 1 0',
    '*/15 8-18 * jan-jun mon-fri',
    '5/10 * ? * ?',
    '@daily',
    '@every 1h30m',
    '0,30 * * * *',
  ])('%s is one', (schedule) => expect(scheduleFault(schedule)).toBeUndefined());
  test.each([
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['30-10 * * * *', 'beginning of range (30) beyond end of range (10): 30-10'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['@fortnightly', 'unrecognized descriptor: @fortnightly'],
    ['@every day', 'failed to parse duration @every day: time: invalid duration "day"'],
  ])('%s is none', (schedule, fault) => expect(scheduleFault(schedule)).toBe(fault));
});
