import type { Pod } from '../../kube/index.js';
import { parseDuration, podRequests } from '../../kube/index.js';
import { gpuResource } from '../gpu.js';
import type { Duration, Instant } from '../../units/index.js';
import { after, instant, milliseconds, seconds } from '../../units/index.js';

/** A pod that is younger may not have been waited with long enough. */
const delayAnnotation = 'cluster-autoscaler.kubernetes.io/pod-scale-up-delay';

/** Pods come in numbers: no decision before the oldest is this old. */
const buffer = seconds(2);
/** Device plugins are slow to offer GPUs. */
const gpuBuffer = seconds(30);

const createdAt = ({ metadata }: Pod): Instant => instant(Date.parse(metadata.creationTimestamp));

/** When a pod is old enough to ask for a node: its own delay counts when it is the longer. */
function ripeAt(pod: Pod, delay: Duration): Instant {
  const nanoseconds = parseDuration(pod.metadata.annotations?.[delayAnnotation] ?? '') ?? 0;
  const own = milliseconds(nanoseconds / 1e6);
  return after(createdAt(pod), own > delay ? own : delay);
}

/** Pods that may ask for nodes now, and when the next of the others may. */
export function ripePods(
  pods: readonly Pod[],
  delay: Duration,
  now: Instant,
): { readonly ripe: readonly Pod[]; readonly next?: Instant } {
  let next: Instant | undefined;
  const ripe = pods.filter((pod) => {
    const at = ripeAt(pod, delay);
    // A pod whose annotation asks for nothing is as old as it is: no delay is no wait.
    if (at < now || at === createdAt(pod)) return true;
    if (next === undefined || at < next) next = at;
    return false;
  });
  return { ripe, ...(next !== undefined && { next }) };
}

/** Until when nothing is decided, as all pods are new; undefined when something can be. */
export function heldBackUntil(pods: readonly Pod[], now: Instant): Instant | undefined {
  let oldest = Infinity;
  let oldestWithGpu = Infinity;
  for (const pod of pods) {
    const at = createdAt(pod);
    if (at < oldest) oldest = at;
    if (at < oldestWithGpu && asksForGpu(pod)) oldestWithGpu = at;
  }
  const ends = [after(instant(oldest), buffer), after(instant(oldestWithGpu), gpuBuffer)].filter(
    (end) => Number.isFinite(end) && end > now,
  );
  return ends.length > 0 ? instant(Math.max(...ends)) : undefined;
}

const asksForGpu = (pod: Pod): boolean => (podRequests(pod.spec).get(gpuResource) ?? 0) > 0;
