import type { Container, Pod, Probe } from '../kinds/index.js';
import { isEphemeral, isSidecar } from '../kinds/index.js';
import { behaviourOf, chanceOf, drawn, lookAgainFor, merged } from './behaviour/index.js';
import type { Behaviour, Window } from './behaviour/index.js';
import { failureText, probeCourse } from './probes.js';
import type { Flip, ProbeCourse, ProbeKind } from './probes.js';
import type { KubeletTimings } from './timings.js';
import { memoryCurve, memoryLimit } from './usage.js';

/** How a run of a container ends by itself. */
export type RunEnd = { readonly at: number } & (
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'unhealthy'; readonly probe: 'startup' | 'liveness' }
);

/** A run of a container from its start on: all of it follows from its spec, its behaviour and the moment it began. */
export interface Run {
  /** When it counts as started (Kubernetes: startup probes); undefined if never. */
  readonly startsAt: number | undefined;
  readonly readiness: readonly Flip[];
  /** Failures to be told. */
  readonly failures: readonly { readonly at: number; readonly message: string }[];
  readonly end: RunEnd | undefined;
  /** When memory has to be looked at again, where it can't be known when it is above its limit. */
  readonly lookAgainAt: number | undefined;
}

/** What is known of a container when it begins to run. */
export interface RunStart {
  readonly pod: Pod;
  readonly container: Container;
  readonly run: number;
  readonly startedAt: number;
  readonly now: number;
  readonly timings: KubeletTimings;
}

const noCourse: ProbeCourse = { flips: [], failures: [] };

/** The course of a run. */
export function runOf(start: RunStart): Run {
  const behaviour = behaviourOf(start.pod, start.container);
  const memory = memoryEnd(start, behaviour);
  const { startsAt, failsAt, unhealthyAt, readiness, failures } = serviceOf(start);
  return {
    startsAt,
    readiness: readiness.flips,
    failures,
    end: earliest([
      exitOf(start, behaviour),
      memory.end,
      unhealthyAt === undefined ? undefined : { at: unhealthyAt, kind: 'unhealthy', probe: 'liveness' },
      failsAt === undefined ? undefined : { at: failsAt, kind: 'unhealthy', probe: 'startup' },
    ]),
    lookAgainAt: memory.lookAgainAt,
  };
}

const earliest = (ends: readonly (RunEnd | undefined)[]): RunEnd | undefined =>
  ends.reduce((one, other) => (one && (!other || one.at <= other.at) ? one : other), undefined);

/** What the probes of a container find over a run. */
export interface Service {
  readonly startsAt: number | undefined;
  /** When its startup probe has failed too often. */
  readonly failsAt: number | undefined;
  /** When its liveness probe has. */
  readonly unhealthyAt: number | undefined;
  readonly readiness: ProbeCourse;
  readonly failures: Run['failures'];
}

/** What the probes of a container find. A probe that is not there finds nothing wrong. */
export function serviceOf({
  pod,
  container,
  run,
  startedAt,
}: Pick<RunStart, 'pod' | 'container' | 'run' | 'startedAt'>): Service {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const behaviour = behaviourOf(pod, container);
  const readyDelay = drawn(behaviour.readyDelay, 0, pod, container.name, run, 'ready-delay');
  const notYet: readonly Window[] = readyDelay > 0 ? [{ from: 0, to: readyDelay }] : [];
  const since = (windows: readonly Window[]): readonly Window[] =>
    merged(windows).map(({ from, to }) => ({ from: startedAt + from, to: startedAt + to }));
  const first = (probe: Probe): number => startedAt + (probe.initialDelaySeconds ?? 0) * 1000;
  const told = (kind: ProbeKind, probe: Probe | undefined, { failures }: Pick<ProbeCourse, 'failures'>) =>
    probe
      ? failures.map((at) => ({ at, message: failureText(kind, probe, container, pod.status?.podIP ?? '') }))
      : [];
  const { startsAt, failsAt, failures } = startupProbe
    ? startupOf(startupProbe, first(startupProbe), since([...notYet, ...(behaviour.startupFailing ?? [])]))
    : { startsAt: startedAt, failsAt: undefined, failures: [] };
  // The other probes wait for the startup probe.
  const begin = startsAt ?? Infinity;
  const from = (probe: Probe): number => Math.max(first(probe), begin);
  const liveness =
    livenessProbe && startsAt !== undefined
      ? probeCourse(livenessProbe, from(livenessProbe), true, since(behaviour.livenessFailing ?? []))
      : noCourse;
  const failing = since([...notYet, ...(behaviour.readinessFailing ?? [])]);
  const unprobed = {
    flips: [{ at: Math.max(begin, startedAt + readyDelay), isPassing: true }],
    failures: [],
  };
  const probed = readinessProbe
    ? probeCourse(readinessProbe, from(readinessProbe), false, failing)
    : unprobed;
  const readiness = startsAt === undefined ? noCourse : probed;
  return {
    startsAt,
    failsAt,
    unhealthyAt: liveness.flips.find(({ isPassing }) => !isPassing)?.at,
    readiness,
    failures: [
      ...told('Startup', startupProbe, { failures }),
      ...told('Liveness', livenessProbe, liveness),
      ...told('Readiness', readinessProbe, readiness),
    ],
  };
}

/** A startup probe's first success ends it; before that, enough failures in a row end the container. */
function startupOf(probe: Probe, first: number, failing: readonly Window[]) {
  const period = (probe.periodSeconds ?? 10) * 1000;
  let passes = first;
  for (const { from, to } of failing) {
    if (passes < from) break;
    if (passes < to) passes = to === Infinity ? Infinity : first + Math.ceil((to - first) / period) * period;
  }
  const { flips, failures } = probeCourse(probe, first, true, failing);
  const failsAt = flips.find(({ isPassing }) => !isPassing)?.at ?? Infinity;
  const isFailing = failsAt < passes;
  return {
    failures: failures.filter((at) => at < passes),
    startsAt: isFailing ? undefined : passes,
    failsAt: isFailing ? failsAt : undefined,
  };
}

/** When a container ends that ends by itself, and with which code. */
function exitOf(
  { pod, container, run, startedAt, timings }: RunStart,
  behaviour: Behaviour,
): RunEnd | undefined {
  const isInit = (pod.spec.initContainers ?? []).includes(container);
  // What is added to a pod waits for its user while its input is open; else it does its work and ends.
  const runsOn = isEphemeral(pod, container)
    ? container.stdin === true
    : isSidecar(container) || (!isInit && pod.spec.restartPolicy === 'Always');
  if (runsOn && !behaviour.runDuration) return undefined;
  const usual = isInit ? timings.initRun : timings.run;
  const length = drawn(behaviour.runDuration, usual, pod, container.name, run, 'run-duration');
  return {
    at: Math.round(startedAt + length),
    kind: 'exit',
    exitCode: exitCodeOf(pod, container, run, behaviour),
  };
}

function exitCodeOf(pod: Pod, { name }: Container, run: number, behaviour: Behaviour): number {
  const { exitCode = 0, failureChance } = behaviour;
  if (failureChance === undefined) return exitCode;
  const fails = chanceOf(pod, name, run, 'failure-chance').float() < failureChance;
  return fails ? exitCode || 1 : 0;
}

/** When a container is above its memory limit (Kubernetes: OOMKilled). */
function memoryEnd(
  { pod, container, run, startedAt, now }: RunStart,
  { memory }: Behaviour,
): { readonly end?: RunEnd; readonly lookAgainAt: number | undefined } {
  const limit = memoryLimit(container);
  if (!memory || limit === undefined) return { lookAgainAt: undefined };
  // Usage is told from the second in which the container started.
  const curve = memoryCurve(pod, container, run, Math.floor(startedAt / 1000) * 1000);
  const at = lookAgainFor(curve, limit, Math.max(startedAt, now));
  if (at === undefined) return { lookAgainAt: undefined };
  return curve.at(at) > limit
    ? { end: { at, kind: 'out-of-memory' }, lookAgainAt: undefined }
    : { lookAgainAt: at };
}
