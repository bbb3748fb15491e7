import type { Instant } from '../../../units/index.js';

/** What was recommended from a moment on. */
export interface Recommendation {
  readonly replicas: number;
  readonly since: Instant;
}

export interface ScaleEvent {
  readonly change: number;
  readonly at: Instant;
}

/** What an autoscaler remembers of its past, kept beside it. */
export interface ScalingHistory {
  /** Oldest first; each holds until the next one. */
  readonly recommendations: readonly Recommendation[];
  readonly ups: readonly ScaleEvent[];
  readonly downs: readonly ScaleEvent[];
}

export const noHistory: ScalingHistory = { recommendations: [], ups: [], downs: [] };

/** Autoscalers look so often. */
export const syncInterval = 15_000;

/** The recommendations that were made within a window before now, the present one apart. */
export function recommendedWithin(
  { recommendations }: ScalingHistory,
  window: number,
  now: Instant,
): readonly number[] {
  return recommendations.flatMap(({ replicas, since }, index) => {
    const next = recommendations[index + 1];
    const last = next ? Math.max(since, next.since - syncInterval) : Math.max(since, now - syncInterval);
    return last > now - window ? [replicas] : [];
  });
}

/** The history with one more recommendation; what is older than `keep` milliseconds is forgotten. */
export function withRecommendation(
  history: ScalingHistory,
  replicas: number,
  keep: number,
  now: Instant,
): ScalingHistory {
  const all = history.recommendations;
  const grown = all.at(-1)?.replicas === replicas ? all : [...all, { replicas, since: now }];
  const kept = grown.filter((_one, index) => {
    const next = grown[index + 1];
    return !next || next.since > now - keep;
  });
  return kept.length === all.length && grown === all ? history : { ...history, recommendations: kept };
}

/** Pods added or removed within a period before now. */
export const changedWithin = (events: readonly ScaleEvent[], seconds: number, now: Instant): number =>
  events.reduce((sum, { change, at }) => (at > now - seconds * 1000 ? sum + change : sum), 0);

/** The history with a change of scale; changes older than half an hour, the longest period, are forgotten. */
export function withScaling(history: ScalingHistory, from: number, to: number, now: Instant): ScalingHistory {
  const recent = (events: readonly ScaleEvent[]) => events.filter(({ at }) => at > now - 1_800_000);
  const event = { change: Math.abs(to - from), at: now };
  return {
    ...history,
    ups: [...recent(history.ups), ...(to > from ? [event] : [])],
    downs: [...recent(history.downs), ...(to < from ? [event] : [])],
  };
}
