import { own } from '../../../units/index.js';

/** A field of a schedule: what it counts, and the names that some of its numbers have. */
interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  {
    least: 1,
    most: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Why a text is no schedule of a cron job, in the words of the parser that Kubernetes uses; undefined when it is one. */
export function scheduleFault(schedule: string): string | undefined {
  if (schedule.startsWith('@')) {
    if (descriptors.includes(schedule)) return undefined;
    if (/^@every (\d+(\.\d+)?(h|m|s|ms|us|ns))+$/.test(schedule)) return undefined;
    return schedule.startsWith('@every ')
      ? `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(schedule.slice(7))}`
      : `unrecognized descriptor: ${schedule}`;
  }
  const parts = schedule.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== fields.length)
    return `expected exactly 5 fields, found ${String(parts.length)}: [${parts.join(' ')}]`;
  for (const [index, part] of parts.entries()) {
    const field = fields[index];
    const fault =
      field &&
      part
        .split(',')
        .map((range) => rangeFault(range, field))
        .find(Boolean);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A number, a range of numbers or all of them, with or without a step: `5`, `mon-fri`, `*`, `0-30/10`. */
function rangeFault(range: string, field: Field): string | undefined {
  const [span = '', step, ...tooMany] = range.split('/');
  if (tooMany.length > 0) return `too many slashes: ${range}`;
  const [low = '', high, ...further] = span.split('-');
  const isAll = low === '*' || low === '?';
  if (further.length > 0 || (isAll && high !== undefined)) return `too many hyphens: ${range}`;
  const start = isAll ? field.least : numberOf(low, field);
  if (typeof start === 'string') return start;
  const end = endOf({ isAll, high, step }, start, field);
  if (typeof end === 'string') return end;
  const every = step === undefined ? 1 : numberOf(step, field);
  if (typeof every === 'string') return every;
  if (start < field.least)
    return `beginning of range (${String(start)}) below minimum (${String(field.least)}): ${range}`;
  if (end > field.most)
    return `end of range (${String(end)}) above maximum (${String(field.most)}): ${range}`;
  if (start > end)
    return `beginning of range (${String(start)}) beyond end of range (${String(end)}): ${range}`;
  return every === 0 ? `step of range should be a positive number: ${range}` : undefined;
}

function endOf(
  {
    isAll,
    high,
    step,
  }: { readonly isAll: boolean; readonly high?: string | undefined; readonly step?: string | undefined },
  start: number,
  field: Field,
): number | string {
  if (high !== undefined) return numberOf(high, field);
  // A start with a step goes on to the end: `5/10` is `5-59/10`.
  return isAll || step !== undefined ? field.most : start;
}

/** A number, or a name of one; else why it is none. */
function numberOf(text: string, { least, names = [] }: Field): number | string {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + least;
  if (/^\d+$/.test(text)) return Number(text);
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`;
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}

/** When a cron job runs: at minutes that its fields name, or again and again after a while. */
export type CronSchedule =
  | {
      readonly kind: 'fields';
      readonly minutes: readonly number[];
      readonly hours: readonly number[];
      readonly days: ReadonlySet<number>;
      readonly months: ReadonlySet<number>;
      readonly weekdays: ReadonlySet<number>;
      /** Where both days are named, either will do; where one is `*`, the other decides. */
      readonly eitherDay: boolean;
    }
  | { readonly kind: 'every'; readonly milliseconds: number };

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const durations: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Reads a schedule; undefined for a text that is none (`scheduleFault` says why). */
export function parseSchedule(text: string): CronSchedule | undefined {
  if (scheduleFault(text) !== undefined) return undefined;
  if (text.startsWith('@every ')) {
    const parts = [...text.slice(7).matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)/g)];
    const sum = parts.reduce(
      (total, [, amount, unit]) => total + Number(amount) * (own(durations, unit ?? '') ?? 0),
      0,
    );
    return { kind: 'every', milliseconds: Math.max(1000, Math.floor(sum / 1000) * 1000) };
  }
  const parts = (own(macros, text) ?? text).split(/\s+/).filter((part) => part !== '');
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = parts.map((part, index) => {
    const field = fields[index];
    return field ? numbersOf(part, field) : [];
  });
  const isAny = (part = ''): boolean => part.split(',').some((range) => /^[*?](\/1)?$/.test(range));
  return {
    kind: 'fields',
    minutes,
    hours,
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(weekdays),
    eitherDay: !isAny(parts[2]) && !isAny(parts[4]),
  };
}

/** The numbers that a field names, in order. */
function numbersOf(part: string, field: Field): readonly number[] {
  const numbers = new Set<number>();
  for (const range of part.split(',')) {
    const [span = '', step] = range.split('/');
    const [low = '', high] = span.split('-');
    const isAll = low === '*' || low === '?';
    const start = isAll ? field.least : Number(numberOf(low, field));
    const end = Number(endOf({ isAll, high, step }, start, field));
    for (let number = start; number <= end; number += Number(step ?? 1)) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}
