import type { Instant } from '../../units/index.js';
import { after, minutes } from '../../units/index.js';
import type { Turn } from '../turn.js';
import { scalingAlarms, scalingDecisions } from './decision.js';
import type { Exhaustion, ScalingAlarm, ScalingDecision } from './decision.js';

/** Decisions that are kept of a cluster. */
const kept = 500;

/** A part of a union without members that are added when it is recorded. */
type WithoutRecord<T> = T extends unknown
  ? Omit<T, 'cluster' | 'sequence' | 'at' | 'lastAt' | 'times'>
  : never;

/** A decision as it was taken. */
export type Decision = WithoutRecord<ScalingDecision>;

const keyOf = (cluster: string, sequence: number): string =>
  `${cluster}/${String(sequence).padStart(9, '0')}`;

/** The same decision is counted again after this: it is taken anew in every loop. */
const quiet = minutes(5);

/**
 * Writes a decision down; the one before it, taken again, is only counted.
 *
 * @returns when it would be counted again
 */
export function recordDecision(
  { tx, cluster, now }: Pick<Turn, 'tx' | 'cluster' | 'now'>,
  decision: Decision,
): Instant {
  const known = tx.find(scalingDecisions, 'byCluster', cluster);
  const last = known.at(-1);
  if (last && isSame(last, decision)) {
    if (now < after(last.lastAt, quiet)) return after(last.lastAt, quiet);
    tx.put(scalingDecisions, keyOf(cluster, last.sequence), { ...last, lastAt: now, times: last.times + 1 });
    return after(now, quiet);
  }
  const sequence = (last?.sequence ?? 0) + 1;
  const record = { cluster, sequence, at: now, lastAt: now, times: 1, ...decision } as ScalingDecision;
  tx.put(scalingDecisions, keyOf(cluster, sequence), record);
  const [first] = known;
  if (first && known.length >= kept) tx.delete(scalingDecisions, keyOf(cluster, first.sequence));
  return after(now, quiet);
}

function isSame(record: ScalingDecision, decision: Decision): boolean {
  const { cluster: _cluster, sequence: _number, at: _at, lastAt: _last, times: _times, ...before } = record;
  return textOf(before) === textOf(decision);
}

/** Which pod of several alike stands for them does not matter. */
const textOf = (decision: object): string =>
  JSON.stringify(decision, (name, value: unknown) => (name === 'example' ? '' : value));

/** The alarms that there are now: new ones begin, those that are over go. */
export function setAlarms(
  { tx, cluster, now }: Pick<Turn, 'tx' | 'cluster' | 'now'>,
  alarms: readonly Omit<ScalingAlarm, 'cluster' | 'since'>[],
): void {
  const found = new Map(alarms.map((alarm) => [alarmKey(cluster, alarm.exhaustion), alarm]));
  for (const { key } of tx.findEntries(scalingAlarms, 'byCluster', cluster))
    if (!found.has(key)) tx.delete(scalingAlarms, key);
  for (const [key, alarm] of found) {
    const before = tx.get(scalingAlarms, key);
    const next = { cluster, since: before?.since ?? now, ...alarm };
    if (JSON.stringify(before) !== JSON.stringify(next)) tx.put(scalingAlarms, key, next);
  }
}

function alarmKey(cluster: string, exhaustion: Exhaustion): string {
  if (exhaustion.kind === 'cluster') return `${cluster}/cluster`;
  const what = exhaustion.kind === 'subscription' ? `subscription/${exhaustion.scarce}` : exhaustion.kind;
  return `${cluster}/${what}/${exhaustion.pools.join(',')}`;
}
