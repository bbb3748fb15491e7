/** Waits between restarts of a container that ends again and again (Kubernetes: CrashLoopBackOff), in milliseconds. */
const firstDelay = 10_000;
const longestDelay = 300_000;
/** A container that has run so long is restarted as if it had never ended. */
const resetAfter = 600_000;

/**
 * How long a container waits before it is restarted, counted from its end: not at all at first, then 10 s, doubling to 5 min.
 * `before` is what it waited the last time; undefined for a container that was never restarted.
 */
export function restartDelay(before: number | undefined, ranFor: number): number {
  if (before === undefined || ranFor >= resetAfter) return 0;
  return before === 0 ? firstDelay : Math.min(2 * before, longestDelay);
}

/** How long a node waits before it tries an image again whose pull has failed so many times (kubelet: image back-off). */
export const pullDelay = (failures: number): number =>
  Math.min(firstDelay * 2 ** Math.max(0, failures - 1), longestDelay);

/** True when a container that has ended runs again (Kubernetes: restartPolicy). */
export function isRestarted(policy: 'Always' | 'OnFailure' | 'Never', exitCode: number): boolean {
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
