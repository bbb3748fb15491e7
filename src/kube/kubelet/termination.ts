import type { Container, ContainerStop, Pod } from '../kinds/index.js';
import { isSidecar } from '../kinds/index.js';
import { behaviourOf, drawn } from './behaviour/index.js';
import type { KubeletTimings } from './timings.js';

/** What is left of a grace that has run out before a container's own turn, in milliseconds (kubelet: minimum grace). */
export const leastGrace = 2000;

/** The grace that a pod has now, in milliseconds: a second deletion may have shortened it. `otherwise` while it has none. */
export function graceOf({ metadata }: Pod, otherwise: number): number {
  const { deletionGracePeriodSeconds } = metadata;
  return deletionGracePeriodSeconds === undefined ? otherwise : deletionGracePeriodSeconds * 1000;
}

/** What a container's preStop hook takes, in milliseconds: `sleep`, or a command that sleeps. Other hooks take no time. */
export function preStopTime({ lifecycle }: Container): number {
  const { sleep, exec } = lifecycle?.preStop ?? {};
  if (sleep) return sleep.seconds * 1000;
  const slept = /\bsleep\s+(\d+(?:\.\d+)?)/.exec((exec?.command ?? []).join(' '))?.[1];
  return slept === undefined ? 0 : Number(slept) * 1000;
}

/**
 * When a container that has been asked to end does so, and with which code: its preStop hook runs, then it is told to end
 * and takes its time, and it is killed when its grace is over (Kubernetes: termination of pods).
 */
export function stopOf(
  pod: Pod,
  container: Container,
  run: number,
  { since, grace }: ContainerStop,
  { containerStop }: KubeletTimings,
): { readonly at: number; readonly exitCode: number } {
  if (grace === 0) return { at: since, exitCode: 137 };
  const { stopDuration, stopExitCode } = behaviourOf(pod, container);
  const takes = drawn(stopDuration, containerStop, pod, container.name, run, 'stop-duration');
  const hook = Math.min(preStopTime(container), grace);
  const left = Math.max(grace - hook, leastGrace);
  if (takes > left) return { at: since + hook + left, exitCode: 137 };
  return { at: Math.round(since + hook + takes), exitCode: stopExitCode ?? usualStopCode(pod, container) };
}

/** Servers end well when they are told to; work that is cut off has not been done (143: ended by SIGTERM). */
const usualStopCode = ({ spec }: Pod, container: Container): number =>
  isSidecar(container) || (spec.restartPolicy ?? 'Always') === 'Always' ? 0 : 143;
