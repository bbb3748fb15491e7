import { describe, expect, test } from 'vitest';
import { instant } from '../../../units/index.js';
import type { Pod } from '../../kinds/index.js';
import { allowedAt, delayAfter, noFailures, withEnded } from './backoff.js';
import { outcomeOf } from './failure-policy.js';
import type { FailurePolicy } from './failure-policy.js';
import { IndexRanges } from './index-ranges.js';
import { metRule } from './success-policy.js';

const at = (second: number): string => new Date(second * 1000).toISOString();

const ended = (phase: 'Failed' | 'Succeeded', exitCode = 0, second = 0, conditions: object[] = []): Pod =>
  ({
    metadata: { name: 'p', namespace: 'ns' },
    spec: { containers: [] },
    status: {
      phase,
      conditions,
      containerStatuses: [{ name: 'main', state: { terminated: { exitCode, finishedAt: at(second) } } }],
    },
  }) as unknown as Pod;

describe('the back-off', () => {
  test.each([
    [0, 0],
    [1, 10],
    [2, 20],
    [6, 320],
    [7, 600],
    [50, 600],
  ])('after %i failures is %i s', (failures, seconds) => {
    expect(delayAfter(failures)).toBe(seconds * 1000);
  });

  test('counts from the last failure since the last success', () => {
    const pods = [
      ended('Failed', 1, 10),
      ended('Succeeded', 0, 20),
      ended('Failed', 1, 40),
      ended('Failed', 1, 30),
    ];
    const record = withEnded(noFailures, pods, instant(50_000));
    expect(record).toEqual({ failures: 2, last: 40_000 });
    expect(allowedAt(record)).toBe(60_000);
  });
});

describe('a failure', () => {
  const disrupted = [{ type: 'DisruptionTarget', status: 'True' }];
  const onDisruption = { onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  const onExit = (operator: 'In' | 'NotIn', values: number[], containerName?: string) => ({
    onExitCodes: { operator, values, ...(containerName !== undefined && { containerName }) },
  });

  test.each<[string, FailurePolicy['rules'], Pod, object]>([
    [
      'counts where no rule matches',
      [{ action: 'Ignore', ...onExit('In', [3]) }],
      ended('Failed', 4),
      { kind: 'count' },
    ],
    [
      'is none for a rule that ignores',
      [{ action: 'Ignore', ...onDisruption }],
      ended('Failed', 137, 0, disrupted),
      { kind: 'ignore' },
    ],
    [
      'fails the job by its exit code',
      [{ action: 'FailJob', ...onExit('In', [42], 'main') }],
      ended('Failed', 42),
      {
        kind: 'failJob',
        message: 'Container main for pod ns/p failed with exit code 42 matching FailJob rule at index 0',
      },
    ],
    [
      'fails the job by a condition',
      [
        { action: 'Count', ...onExit('In', [1]) },
        { action: 'FailJob', ...onDisruption },
      ],
      ended('Failed', 2, 0, disrupted),
      {
        kind: 'failJob',
        message: 'Pod ns/p has condition DisruptionTarget matching FailJob rule at index 1',
      },
    ],
    [
      'is judged by the first rule that matches',
      [
        { action: 'Count', ...onExit('NotIn', [5]) },
        { action: 'FailJob', ...onExit('In', [1]) },
      ],
      ended('Failed', 1),
      { kind: 'count' },
    ],
    [
      'is of another container',
      [{ action: 'FailJob', ...onExit('In', [1], 'other') }],
      ended('Failed', 1),
      { kind: 'count' },
    ],
    [
      'fails its index',
      [{ action: 'FailIndex', ...onExit('In', [1]) }],
      ended('Failed', 1),
      { kind: 'failIndex' },
    ],
  ])('%s', (_case, rules, pod, outcome) => {
    expect(outcomeOf({ rules }, pod)).toEqual(outcome);
  });
});

describe('a success policy', () => {
  test.each([
    [{ succeededIndexes: '0,2' }, [0, 2], 'Matched rules at index 0'],
    [{ succeededIndexes: '0,2' }, [0, 1], undefined],
    [{ succeededIndexes: '0-3', succeededCount: 2 }, [1, 3], 'Matched rules at index 0'],
    [{ succeededIndexes: '0-3', succeededCount: 2 }, [1, 5], undefined],
    [{ succeededCount: 2 }, [7, 8], 'Matched rules at index 0'],
    [{ succeededCount: 3 }, [7, 8], undefined],
  ])('%j with %j: %s', (rule, indexes, met) => {
    expect(metRule({ rules: [rule] }, 10, IndexRanges.of(indexes))).toBe(met);
  });
});
