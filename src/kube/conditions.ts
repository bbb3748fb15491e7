import type { Instant } from '../units/index.js';
import { toKubeTime } from './kube-time.js';

/** What is so of an object, and since when (meta/v1 Condition). */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

export const isTrue = (conditions: readonly Condition[] | undefined, type: string): boolean =>
  conditions?.some((one) => one.type === type && one.status === 'True') === true;

/** Conditions with one of them as it is now: its time changes with its status alone. */
export function withCondition(
  conditions: readonly Condition[],
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: Instant,
): readonly Condition[] {
  const before = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime =
    before?.status === condition.status ? before.lastTransitionTime : toKubeTime(now);
  const { type, status, reason, message } = condition;
  const made: Condition = { lastTransitionTime, message, reason, status, type };
  return before ? conditions.map((one) => (one === before ? made : one)) : [...conditions, made];
}
