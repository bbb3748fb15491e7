import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../../units/index.js';
import { parseSchedule } from '../../kinds/index.js';
import { dueBetween, nextTime } from './schedule.js';

const schedule = (text: string) => {
  const parsed = parseSchedule(text);
  if (!parsed) throw new Error(text);
  return parsed;
};
const iso = (moment: number | undefined): string | undefined =>
  moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 19);
const after = (text: string, from: string, zone = 'UTC') =>
  iso(nextTime(schedule(text), zone, Date.parse(from)));

describe('the next time', () => {
  test.each([
    ['* * * * *', '2026-08-21T09:30:00Z', '2026-08-21T09:31:00'],
    ['* * * * *', '2026-08-21T09:30:59.999Z', '2026-08-21T09:31:00'],
    ['*/15 * * * *', '2026-08-21T09:46:00Z', '2026-08-21T10:00:00'],
    ['5/20 * * * *', '2026-08-21T09:46:00Z', '2026-08-21T10:05:00'],
    ['0 9-17/4 * * *', '2026-08-21T09:00:00Z', '2026-08-21T13:00:00'],
    ['0 0 * * mon-fri', '2026-08-21T00:00:00Z', '2026-08-24T00:00:00'],
    ['0 0 31 * *', '2026-08-31T00:00:00Z', '2026-10-31T00:00:00'],
    ['0 0 29 feb *', '2026-08-21T00:00:00Z', '2028-02-29T00:00:00'],
    // Both days named: either will do. With a star on one side the other decides.
    ['0 0 13 * 5', '2026-08-21T00:00:00Z', '2026-08-28T00:00:00'],
    ['0 0 */2 * 5', '2026-08-21T00:00:00Z', '2026-08-23T00:00:00'],
    ['0 0 ? * 5', '2026-08-21T00:00:00Z', '2026-08-28T00:00:00'],
    ['@daily', '2026-08-21T00:00:00Z', '2026-08-22T00:00:00'],
    ['@hourly', '2026-08-21T09:30:00Z', '2026-08-21T10:00:00'],
    ['@weekly', '2026-08-21T00:00:00Z', '2026-08-23T00:00:00'],
    ['@monthly', '2026-08-21T00:00:00Z', '2026-09-01T00:00:00'],
    ['@yearly', '2026-08-21T00:00:00Z', '2027-01-01T00:00:00'],
    ['@every 1h30m', '2026-08-21T09:00:00.500Z', '2026-08-21T10:30:00'],
    ['0 0 31 2 *', '2026-08-21T00:00:00Z', undefined],
  ])('of %s after %s is %s', (text, from, expected) => {
    expect(after(text, from)).toBe(expected);
  });

  test.each([
    // Clocks in Berlin go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October.
    ['0 9 * * *', '2026-03-28T09:00:00Z', '2026-03-29T07:00:00'],
    ['30 2 * * *', '2026-03-28T02:00:00Z', '2026-03-30T00:30:00'],
    ['30 2 * * *', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00'],
    ['30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00'],
    ['30 2 * * *', '2026-10-25T01:30:00Z', '2026-10-26T01:30:00'],
    ['*/30 * * * *', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00'],
    ['0 0 * * *', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00'],
  ])('of %s in Berlin after %s is %s', (text, from, expected) => {
    expect(after(text, from, 'Europe/Berlin')).toBe(expected);
  });

  test.each([
    ['0 9 * * *', 'Asia/Kolkata', '2026-08-21T00:00:00Z', '2026-08-21T03:30:00'],
    ['0 0 * * *', 'Pacific/Kiritimati', '2026-08-21T00:00:00Z', '2026-08-21T10:00:00'],
    ['0 23 * * *', 'Pacific/Pago_Pago', '2026-08-21T00:00:00Z', '2026-08-21T10:00:00'],
  ])('of %s in %s after %s is %s', (text, zone, from, expected) => {
    expect(after(text, from, zone)).toBe(expected);
  });

  test('is the first minute that clocks show, in any zone', () => {
    const number = (max: number) => fc.integer({ min: 0, max });
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
    // Around the days on which clocks are changed.
    const start = fc.constantFrom(
      '2026-03-08',
      '2026-03-29',
      '2026-04-05',
      '2026-10-04',
      '2026-10-25',
      '2026-11-01',
    );
    fc.assert(
      fc.property(zones, start, number(23), number(59), number(1439), (zone, day, hour, minute, offset) => {
        const from = Date.parse(`${day}T00:00:00Z`) + (offset - 720) * 60_000;
        const shown = new Intl.DateTimeFormat('en-GB', {
          timeZone: zone,
          hour: '2-digit',
          minute: '2-digit',
        });
        const wanted = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        let expected = Math.floor(from / 60_000) * 60_000 + 60_000;
        while (shown.format(expected) !== wanted) expected += 60_000;
        expect(after(`${String(minute)} ${String(hour)} * * *`, new Date(from).toISOString(), zone)).toBe(
          iso(expected),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is due', () => {
  const day = (time: string) => Date.parse(`2026-08-21T${time}Z`);
  test.each([
    ['09:00:00', '09:30:00', undefined, 'none', '10:00:00'],
    ['09:00:00', '10:00:00', '10:00:00', 'none', '11:00:00'],
    ['09:00:00', '11:59:00', '11:00:00', 'few', '12:00:00'],
  ])('of an hourly schedule between %s and %s', (from, now, last, missed, next) => {
    const due = dueBetween(schedule('@hourly'), 'UTC', day(from), instant(day(now)));
    expect([due.last, due.missed, due.next]).toEqual([
      last === undefined ? undefined : day(last),
      missed,
      day(next),
    ]);
  });

  test('of every minute after a year is many, and the last', () => {
    const due = dueBetween(schedule('* * * * *'), 'UTC', Date.UTC(2025, 7, 21), instant(day('09:00:30')));
    expect([due.last, due.missed]).toEqual([day('09:00:00'), 'many']);
  });

  test('of an uneven schedule is the last of it', () => {
    const due = dueBetween(schedule('0 0 1,2 * *'), 'UTC', Date.UTC(2026, 0, 15), instant(day('09:00:00')));
    expect(iso(due.last)).toBe('2026-08-02T00:00:00');
  });
});
