import type { Duration, Instant } from '../../../units/index.js';
import { toIso } from '../../../units/index.js';
import { counted } from '../amounts.js';

/** A moment to the second, e.g. `2026-08-21T09:30:00Z`. */
export const momentText = (when: Instant): string => `${toIso(when).slice(0, 19)}Z`;

const units = [
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A span in the largest unit that divides it, e.g. `10 minutes`, `90 seconds`. */
export function spanText(span: Duration): string {
  const [name, size] =
    units.find(([, one]) => span >= one && span % one === 0) ?? (['second', 1000] as const);
  return counted(span / size, name);
}

/** A share of 1 as a percentage with a decimal at the most, e.g. `50%`. */
export const shareText = (share: number): string => `${String(Math.round(share * 1000) / 10)}%`;

/** A group's pool, as long as there is one: else the group's own name. */
export type PoolNames = (group: string) => string;
