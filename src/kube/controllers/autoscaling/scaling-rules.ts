import type { Instant } from '../../../units/index.js';
import type { Autoscaler, ScalingPolicy, ScalingRules } from './autoscaler.js';
import { changedWithin, recommendedWithin } from './history.js';
import type { ScalingHistory } from './history.js';

/** Why something is as it is, in a condition's words. */
export interface Reason {
  readonly reason: string;
  readonly message: string;
}

/** How many replicas there are to be now, and what kept them from being as many as the metrics say. */
export interface Decision {
  readonly replicas: number;
  /** Undefined when recent recommendations changed nothing. */
  readonly stabilized: Reason | undefined;
  /** What limits it; undefined within the range. */
  readonly limited: Reason | undefined;
}

const tooMany: Reason = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const tooFew: Reason = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const tooFast: Reason = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const tooFastDown: Reason = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};
const stabilizedDown: Reason = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const stabilizedUp: Reason = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};

/** Without a behaviour of its own an autoscaler goes down to the highest recommendation of so many seconds. */
const usualWindow = 300;

/** Milliseconds that recommendations matter for. */
export function windowsOf({ spec }: Autoscaler): { readonly up: number; readonly down: number } {
  const { behavior } = spec;
  return {
    up: (behavior?.scaleUp?.stabilizationWindowSeconds ?? 0) * 1000,
    down: (behavior?.scaleDown?.stabilizationWindowSeconds ?? usualWindow) * 1000,
  };
}

/** What becomes of a recommendation: it is stabilised, then limited (Kubernetes: HorizontalPodAutoscaler, behavior). */
export function decide(
  autoscaler: Autoscaler,
  history: ScalingHistory,
  current: number,
  recommended: number,
  now: Instant,
): Decision {
  const stable = stabilize(autoscaler, history, current, recommended, now);
  const limit = autoscaler.spec.behavior ? limitByPolicies : limitUsually;
  const { replicas, limited } = limit(autoscaler, history, current, stable, now);
  const reason = stable === recommended ? undefined : stable > recommended ? stabilizedDown : stabilizedUp;
  return { replicas, stabilized: reason, limited };
}

function stabilize(
  autoscaler: Autoscaler,
  history: ScalingHistory,
  current: number,
  recommended: number,
  now: Instant,
): number {
  const { up, down } = windowsOf(autoscaler);
  const highest = Math.max(recommended, ...recommendedWithin(history, down, now));
  if (!autoscaler.spec.behavior) return highest;
  const lowest = Math.min(recommended, ...recommendedWithin(history, up, now));
  return Math.min(Math.max(current, lowest), highest);
}

type Limited = Pick<Decision, 'replicas' | 'limited'>;

/** Without a behaviour: no more than twice as many, or four, at a time. */
function limitUsually(
  { spec }: Autoscaler,
  _history: ScalingHistory,
  current: number,
  desired: number,
): Limited {
  const { minReplicas = 1, maxReplicas } = spec;
  const fastest = Math.max(2 * current, 4);
  const most = Math.min(maxReplicas, fastest);
  if (desired < minReplicas) return { replicas: minReplicas, limited: tooFew };
  if (desired > most) return { replicas: most, limited: maxReplicas > fastest ? tooFast : tooMany };
  return { replicas: desired, limited: undefined };
}

function limitByPolicies(
  { spec }: Autoscaler,
  history: ScalingHistory,
  current: number,
  desired: number,
  now: Instant,
): Limited {
  const { minReplicas = 1, maxReplicas, behavior } = spec;
  if (desired > current) {
    const fastest = Math.max(current, upLimit(behavior?.scaleUp, history, current, now));
    const most = Math.min(maxReplicas, fastest);
    if (desired <= most) return { replicas: desired, limited: undefined };
    return { replicas: most, limited: maxReplicas > fastest ? tooFast : tooMany };
  }
  if (desired < current) {
    const fastest = Math.min(current, downLimit(behavior?.scaleDown, history, current, now));
    const least = Math.max(minReplicas, fastest);
    if (desired >= least) return { replicas: desired, limited: undefined };
    return { replicas: least, limited: minReplicas < fastest ? tooFastDown : tooFew };
  }
  return { replicas: desired, limited: undefined };
}

const usualUp: readonly ScalingPolicy[] = [
  { type: 'Pods', value: 4, periodSeconds: 15 },
  { type: 'Percent', value: 100, periodSeconds: 15 },
];
const usualDown: readonly ScalingPolicy[] = [{ type: 'Percent', value: 100, periodSeconds: 15 }];

/** The most replicas that policies let a set grow to now. */
export function upLimit(
  { selectPolicy = 'Max', policies = usualUp }: ScalingRules = {},
  { ups, downs }: ScalingHistory,
  current: number,
  now: Instant,
): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changedWithin(ups, periodSeconds, now) + changedWithin(downs, periodSeconds, now);
    return type === 'Pods' ? start + value : Math.ceil((start * (100 + value)) / 100);
  });
  return selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

/** The fewest replicas that policies let a set shrink to now. */
export function downLimit(
  { selectPolicy = 'Max', policies = usualDown }: ScalingRules = {},
  { ups, downs }: ScalingHistory,
  current: number,
  now: Instant,
): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changedWithin(ups, periodSeconds, now) + changedWithin(downs, periodSeconds, now);
    return type === 'Pods' ? start - value : Math.floor((start * (100 - value)) / 100);
  });
  return selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}
