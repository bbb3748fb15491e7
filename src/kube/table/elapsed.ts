import type { Instant } from '../../units/index.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/**
 * A span as `kubectl get` shows it: two units while the first is small, one when it is large (kubectl: human durations),
 * e.g. `45s`, `2m30s`, `15m`, `3h5m`, `12h`, `2d4h`, `40d`, `2y31d`.
 */
export function humanDuration(span: number): string {
  const whole = (unit: number): number => Math.floor(span / unit);
  const two = (unit: number, name: string, finer: number, finerName: string): string => {
    const rest = Math.floor((span % unit) / finer);
    return rest === 0
      ? `${String(whole(unit))}${name}`
      : `${String(whole(unit))}${name}${String(rest)}${finerName}`;
  };
  if (span < -second) return '<invalid>';
  if (span < 0) return '0s';
  if (span < 2 * minute) return `${String(whole(second))}s`;
  if (span < 10 * minute) return two(minute, 'm', second, 's');
  if (span < 3 * hour) return `${String(whole(minute))}m`;
  if (span < 8 * hour) return two(hour, 'h', minute, 'm');
  if (span < 2 * day) return `${String(whole(hour))}h`;
  if (span < 8 * day) return two(day, 'd', hour, 'h');
  if (span < 2 * year) return `${String(whole(day))}d`;
  if (span < 8 * year) return two(year, 'y', day, 'd');
  return `${String(whole(year))}y`;
}

/** The time since a moment in an object's words; `<unknown>` where it has none. */
export const elapsed = (since: string | undefined, now: Instant): string =>
  since === undefined ? '<unknown>' : humanDuration(now - Date.parse(since));
