import type { Instant } from '../../../units/index.js';
import { isFinished, isReady, isTerminating } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { availableAt, isAvailable } from '../availability.js';
import { revisionLabel } from '../revision-history.js';

/** What a set asks of a node's pods. */
export interface Wanted {
  /** The hash of the present template. */
  readonly hash: string;
  /** Milliseconds that a pod has to be ready to be available. */
  readonly minReady: number;
  readonly surges: boolean;
  readonly now: Instant;
}

/** Whether a node should have a pod of the set, and may keep one that it has. */
export interface Place {
  readonly exists: boolean;
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
}

export const nowhere: Place = { exists: false, shouldRun: false, mayStay: false };

/** What to do about the set's pods on a node. */
export interface Actions {
  readonly create: boolean;
  /** Pods that have ended. */
  readonly ended: readonly Pod[];
  readonly remove: readonly Pod[];
}

/** Pods that count: those that have ended and are on their way out do not. */
const counting = (pods: readonly Pod[]): readonly Pod[] =>
  pods.filter((pod) => !(isTerminating(pod) && isFinished(pod)));

/** The oldest first; one that is on its node before one that waits. */
export const bySeniority = (a: Pod, b: Pod): number =>
  Number(!a.spec.nodeName) - Number(!b.spec.nodeName) ||
  Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp) ||
  (a.metadata.name < b.metadata.name ? -1 : 1);

const isCurrent = ({ metadata }: Pod, { hash }: Wanted): boolean => metadata.labels?.[revisionLabel] === hash;

/** What a node's pods need (Kubernetes: DaemonSet; one pod a node, two while one takes over from the other). */
export function decide(all: readonly Pod[], place: Place, wanted: Wanted): Actions {
  const pods = counting(all);
  const none: Actions = { create: false, ended: [], remove: [] };
  // Pods of a node that is gone are for the garbage collector, unless they never got there.
  if (!place.exists) return { ...none, remove: pods.filter((pod) => !pod.spec.nodeName) };
  const living = pods.filter((pod) => !isTerminating(pod));
  if (!place.mayStay) return { ...none, remove: living };
  if (pods.length === 0) return { ...none, create: place.shouldRun };
  const ended = living.filter(isFinished);
  const running = living.filter((pod) => !isFinished(pod)).sort(bySeniority);
  return { ...none, ended, remove: wanted.surges ? overtaken(running, wanted) : running.slice(1) };
}

/** Of a node's running pods, those that are one too many, and the old one once the new one has taken over. */
function overtaken(running: readonly Pod[], wanted: Wanted): readonly Pod[] {
  const [current, ...furtherCurrent] = running.filter((pod) => isCurrent(pod, wanted));
  const [old, ...furtherOld] = running.filter((pod) => !isCurrent(pod, wanted));
  const isDone = current && old && (!isReady(old) || isAvailable(current, wanted.minReady, wanted.now));
  return [...furtherCurrent, ...furtherOld, ...(isDone ? [old] : [])];
}

/** How far a node is in an update. */
export type Progress =
  /** Its pod is of the present template and available; or there is to be none. */
  | 'done'
  /** It has no pod that is available, and none to replace. */
  | 'unavailable'
  | 'old, unavailable'
  | 'old, available'
  /** An old pod and a new one. */
  | 'both';

/** What a set's status counts of a node. */
export interface Summary {
  readonly desired: boolean;
  readonly current: boolean;
  readonly misscheduled: boolean;
  readonly ready: boolean;
  readonly available: boolean;
  readonly updated: boolean;
  readonly progress: Progress;
  /** When its pod becomes available by time alone. */
  readonly availableAt: Instant | undefined;
}

/** Counts a node's pods. */
export function summarize(all: readonly Pod[], place: Place, wanted: Wanted): Summary {
  const pods = [...counting(all)].sort(bySeniority);
  const [first] = pods;
  const { minReady, now } = wanted;
  const counts = place.shouldRun && first !== undefined;
  return {
    desired: place.shouldRun,
    current: counts,
    misscheduled: place.exists && !place.shouldRun && first !== undefined,
    ready: counts && isReady(first),
    available: counts && isAvailable(first, minReady, now),
    updated: counts && isCurrent(first, wanted),
    progress: place.shouldRun ? progressOf(pods, wanted) : 'done',
    availableAt: pods.map((pod) => availableAt(pod, minReady, now)).find((moment) => moment !== undefined),
  };
}

function progressOf(pods: readonly Pod[], wanted: Wanted): Progress {
  const { minReady, now } = wanted;
  const living = pods.filter((pod) => !isTerminating(pod));
  const current = living.filter((pod) => isCurrent(pod, wanted));
  const old = living.filter((pod) => !isCurrent(pod, wanted));
  if (current.length > 1 || old.length > 1 || (current.length === 1 && old.length === 1)) return 'both';
  const [present] = current;
  if (present) return isAvailable(present, minReady, now) ? 'done' : 'unavailable';
  const [former] = old;
  if (!former) return 'unavailable';
  return isAvailable(former, minReady, now) ? 'old, available' : 'old, unavailable';
}
