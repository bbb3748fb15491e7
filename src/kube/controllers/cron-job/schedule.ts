import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import type { CronSchedule } from '../../kinds/index.js';
import { offsetAt } from './time-zone.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** How far ahead a next time is looked for: five years. */
const horizon = 5 * 366;

/**
 * The first time of a schedule after a moment, undefined when there is none within five years. Times are those of the
 * clocks in `zone`: one that clocks skip is not run at, one that they show twice is run at twice (Kubernetes: CronJob).
 */
export function nextTime(schedule: CronSchedule, zone: string, after: number): Instant | undefined {
  if (schedule.kind === 'every') return instant(Math.floor(after / 1000) * 1000 + schedule.milliseconds);
  const local = after + offsetAt(zone, after);
  // Clocks may be set back across midnight: the day before may come again.
  let date = Math.floor(local / day) * day - day;
  for (let count = 0; count < horizon; count += 1, date += day) {
    if (!isDay(schedule, new Date(date))) continue;
    const found = firstOfDay(schedule, zone, date, after);
    if (found !== undefined) return instant(found);
  }
  return undefined;
}

type Fields = Extract<CronSchedule, { kind: 'fields' }>;

function isDay({ days, months, weekdays, eitherDay }: Fields, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isDate = days.has(date.getUTCDate());
  const isWeekday = weekdays.has(date.getUTCDay());
  return eitherDay ? isDate || isWeekday : isDate && isWeekday;
}

/** The first moment after `after` at which clocks show a time of the schedule on a date. */
function firstOfDay(
  { hours, minutes }: Fields,
  zone: string,
  date: number,
  after: number,
): number | undefined {
  // By how much clocks may be ahead on that date: one value but for days on which they are changed.
  const offsets = [...new Set([-14, 0, 14, 38].map((ahead) => offsetAt(zone, date + ahead * hour)))];
  let first: number | undefined;
  for (const offset of offsets) {
    for (const moment of momentsOf(hours, minutes, date - offset, after)) {
      if (offsets.length > 1 && offsetAt(zone, moment) !== offset) continue;
      if (first === undefined || moment < first) first = moment;
      break;
    }
  }
  return first;
}

function* momentsOf(
  hours: readonly number[],
  minutes: readonly number[],
  midnight: number,
  after: number,
): Generator<number> {
  for (const h of hours) {
    if (midnight + (h + 1) * hour <= after) continue;
    for (const m of minutes) {
      const moment = midnight + h * hour + m * minute;
      if (moment > after) yield moment;
    }
  }
}

/** What of a schedule is due. */
export interface Due {
  /** The last time that is not in the future, since `earliest`; undefined when there is none. */
  readonly last: Instant | undefined;
  readonly missed: 'none' | 'few' | 'many';
  readonly next: Instant | undefined;
}

/** Times that may be missed before that is worth a warning. */
const many = 100;

/** What of a schedule is due between two moments. */
export function dueBetween(schedule: CronSchedule, zone: string, earliest: number, now: Instant): Due {
  const first = nextTime(schedule, zone, earliest);
  if (first === undefined || first > now) return { last: undefined, missed: 'none', next: first };
  const second = nextTime(schedule, zone, first);
  if (second === undefined || second > now) return { last: first, missed: 'none', next: second };
  // The rest is not walked through one by one: a schedule may be of every minute, and the moment years ago.
  const interval = Math.max(1000, second - first);
  const missed = Math.floor((now - first) / interval) + 1;
  let last = first;
  let next: Instant | undefined = second;
  const near = first + Math.max(0, missed - 2) * interval;
  const jump = near < now ? nextTime(schedule, zone, near) : undefined;
  if (jump !== undefined && jump <= now) next = jump;
  for (; next !== undefined && next <= now; next = nextTime(schedule, zone, next)) last = next;
  return { last, missed: missed > many ? 'many' : 'few', next };
}
