import type { Pod } from '../kinds/index.js';

/** Annotations by which a pod says how its simulated containers behave. */
export const behaviour = {
  /** How long the containers run before they end, e.g. `90s`, `5m`. */
  runDuration: 'poolkeeper.dev/run-duration',
  /** The exit code they end with; default 0. */
  exitCode: 'poolkeeper.dev/exit-code',
  /** How long the containers take to start, e.g. `20s`. */
  startDelay: 'poolkeeper.dev/start-delay',
  /** How long after the start the pod becomes ready, e.g. `10s`. */
  readyDelay: 'poolkeeper.dev/ready-delay',
  /** How long the containers take to stop when asked to, e.g. `25s`. */
  stopDuration: 'poolkeeper.dev/stop-duration',
} as const;

const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration that an annotation gives, in milliseconds; undefined when it gives none or none that can be read. */
export function durationOf(pod: Pod, annotation: string): number | undefined {
  const text = pod.metadata.annotations?.[annotation];
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount) * (factors[unit ?? 's'] ?? 1000);
}
