import type { Instant } from '../../../units/index.js';

/** A pod of a scale target, as the calculation sees it. */
export interface PodSample {
  readonly name: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly isGoing: boolean;
  /** When its node took it up. */
  readonly startedAt: number | undefined;
  /** Whether it is ready, and since when; undefined before anybody knows. */
  readonly ready: { readonly isReady: boolean; readonly since: number } | undefined;
  /** Thousandths of the metric's unit; undefined while nothing is measured. */
  readonly value: number | undefined;
  /** Thousandths that are requested, where the metric is a share of that. */
  readonly request: number;
}

/** By how much a ratio may be off, down and up, without anything being done. */
export interface Tolerance {
  readonly down: number;
  readonly up: number;
}

export const isWithin = ({ down, up }: Tolerance, ratio: number): boolean =>
  1 - down <= ratio && ratio <= 1 + up;

/** CPU of pods younger than this counts only once they are ready (horizontal-pod-autoscaler-cpu-initialization-period). */
const cpuInitialization = 300_000;
/** A pod that was unready from so soon after its start on was never ready (…-initial-readiness-delay). */
const readinessDelay = 30_000;
/** Metrics are means of so long. */
const window = 15_000;

interface Groups {
  readonly measured: readonly PodSample[];
  readonly unready: readonly PodSample[];
  readonly missing: readonly PodSample[];
}

/** Sorts pods by what their metrics are worth (Kubernetes: HorizontalPodAutoscaler, algorithm details). */
function grouped(pods: readonly PodSample[], isCpu: boolean, now: Instant): Groups {
  const measured: PodSample[] = [];
  const unready: PodSample[] = [];
  const missing: PodSample[] = [];
  for (const pod of pods) {
    if (pod.isGoing || pod.phase === 'Failed') continue;
    if (pod.phase === 'Pending') unready.push(pod);
    else if (pod.value === undefined) missing.push(pod);
    else if (isCpu && isUnreadyForCpu(pod, now)) unready.push(pod);
    else measured.push(pod);
  }
  return { measured, unready, missing };
}

function isUnreadyForCpu({ ready, startedAt }: PodSample, now: Instant): boolean {
  if (!ready || startedAt === undefined) return true;
  const measuredAt = Math.floor(now / window) * window;
  if (startedAt + cpuInitialization > now) return !ready.isReady || measuredAt < ready.since + window;
  return !ready.isReady && startedAt + readinessDelay > ready.since;
}

/** What a metric asks for. */
export interface Proposal {
  readonly replicas: number;
  /** Thousandths a pod, of those measured. */
  readonly average: number;
  /** Percent of what is requested, for a share. */
  readonly utilization?: number;
}

/** How a metric of pods is compared: by its share of what is requested in percent, or by its mean in thousandths. */
export type PodTarget =
  | { readonly kind: 'utilization'; readonly percent: number }
  | { readonly kind: 'average'; readonly milli: number };

/**
 * Replicas by a metric of pods: what is not measured is taken to be at its target when that keeps more of them, and to use
 * nothing when that adds fewer (Kubernetes: HorizontalPodAutoscaler, algorithm details). Undefined when nothing is measured.
 */
export function podReplicas(
  pods: readonly PodSample[],
  target: PodTarget,
  current: number,
  tolerance: Tolerance,
  options: { readonly isCpu: boolean; readonly now: Instant },
): Proposal | undefined {
  const { measured, unready, missing } = grouped(pods, options.isCpu, options.now);
  if (measured.length === 0) return undefined;
  const values = measured.map(({ value = 0, request }) => ({ value, request }));
  const ratio = ratioOf(values, target);
  const average = Math.floor(values.reduce((sum, { value }) => sum + value, 0) / values.length);
  const share = target.kind === 'utilization' ? { utilization: utilizationOf(values) } : {};
  const proposal = (replicas: number): Proposal => ({ replicas, average, ...share });
  const countsUnready = unready.length > 0 && ratio > 1;
  if (!countsUnready && missing.length === 0) {
    return proposal(isWithin(tolerance, ratio) ? current : Math.ceil(round(ratio * measured.length)));
  }
  const assumed = missing.map(({ request }) => ({
    value: ratio < 1 ? fallback(request, target) : 0,
    request,
  }));
  const idle = countsUnready ? unready.map(({ request }) => ({ value: 0, request })) : [];
  const all = [...values, ...(ratio === 1 ? [] : assumed), ...idle];
  const again = ratioOf(all, target);
  if (isWithin(tolerance, again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1))
    return proposal(current);
  const replicas = Math.ceil(round(again * all.length));
  const isAgainst = (again < 1 && replicas > current) || (again > 1 && replicas < current);
  return proposal(isAgainst ? current : replicas);
}

type Valued = readonly { readonly value: number; readonly request: number }[];

const total = (values: Valued, member: 'value' | 'request'): number =>
  values.reduce((sum, one) => sum + one[member], 0);

const utilizationOf = (values: Valued): number =>
  Math.floor((total(values, 'value') * 100) / total(values, 'request'));

const ratioOf = (values: Valued, target: PodTarget): number =>
  target.kind === 'utilization'
    ? utilizationOf(values) / target.percent
    : Math.floor(total(values, 'value') / values.length) / target.milli;

/** What a pod without metrics is taken to use when the others use less than they should. */
const fallback = (request: number, target: PodTarget): number =>
  target.kind === 'utilization' ? Math.floor((request * Math.max(100, target.percent)) / 100) : target.milli;

/** Takes the noise of floating point off, so that 0.3 x 10 is 3 and not a bit more. */
const round = (value: number): number => Math.round(value * 1e9) / 1e9;

/** Replicas by one value for all of them, in proportion to those that are ready. */
export function valueReplicas(
  value: number,
  target: number,
  current: number,
  ready: number,
  tolerance: Tolerance,
): number {
  const ratio = value / target;
  if (current === 0) return Math.ceil(round(ratio));
  return isWithin(tolerance, ratio) ? current : Math.ceil(round(ratio * ready));
}

/** Replicas by a value that is shared among them. */
export function sharedReplicas(
  value: number,
  targetEach: number,
  current: number,
  tolerance: Tolerance,
): number {
  const ratio = value / (targetEach * current);
  return current > 0 && isWithin(tolerance, ratio) ? current : Math.ceil(round(value / targetEach));
}
