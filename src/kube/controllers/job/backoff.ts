import type { Instant } from '../../../units/index.js';
import { podCondition } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';

/** Failures in a row delay the next pod: 10 s, doubling to 10 min (Kubernetes: pod backoff failure policy). */
const delays = { first: 10_000, longest: 600_000 };

/** Milliseconds to wait after so many failures in a row. */
export const delayAfter = (failures: number): number =>
  failures === 0 ? 0 : Math.min(delays.longest, delays.first * 2 ** (failures - 1));

/** When a pod ended: with its last container; one without, when it was no longer ready, or at the latest by now. */
export function finishedAt(pod: Pod, now: Instant): number {
  const ends = (pod.status?.containerStatuses ?? []).flatMap(({ state }) => {
    const moment = Date.parse(state.terminated?.finishedAt ?? '');
    return Number.isNaN(moment) ? [] : [moment];
  });
  if (ends.length > 0) return Math.max(...ends);
  const ready = podCondition(pod, 'Ready');
  const unready = ready?.status === 'False' ? Date.parse(ready.lastTransitionTime ?? '') : NaN;
  return Number.isNaN(unready) ? now : unready;
}

/** Failures of a job since its last success. */
export interface FailureRecord {
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly last: number;
}

export const noFailures: FailureRecord = { failures: 0, last: 0 };

/** A record with more pods that have ended. */
export function withEnded(record: FailureRecord, ended: readonly Pod[], now: Instant): FailureRecord {
  const order = ended
    .map((pod) => ({ isSuccess: pod.status?.phase === 'Succeeded', at: finishedAt(pod, now) }))
    .sort((a, b) => a.at - b.at);
  return order.reduce<FailureRecord>(
    ({ failures, last }, { isSuccess, at }) =>
      isSuccess ? noFailures : { failures: failures + 1, last: Math.max(last, at) },
    record,
  );
}

/** When the next pod may be made after the failures of a record. */
export const allowedAt = ({ failures, last }: FailureRecord): number => last + delayAfter(failures);
