import type { Instant } from '../units/index.js';
import { toIso } from '../units/index.js';

/** A moment as Kubernetes writes it: to the second, e.g. `2026-08-21T09:30:00Z` (meta/v1 Time). */
export function toKubeTime(when: Instant): string {
  if (last.when !== when) last = { when, text: `${toIso(when).slice(0, 19)}Z` };
  return last.text;
}

/** One turn writes the same moment many times. */
let last: { readonly when: number; readonly text: string } = { when: NaN, text: '' };

/** A moment to the microsecond, e.g. of a lease (meta/v1 MicroTime). */
export const toMicroTime = (when: Instant): string => `${toIso(when).slice(0, 23)}000Z`;
