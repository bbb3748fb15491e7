import type { Container, Pod, Probe } from '../kinds/index.js';
import { isSidecar } from '../kinds/index.js';
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
  const { pod, container } = start;
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const behaviour = behaviourOf(pod, container);
  const memory = memoryEnd(start, behaviour);
  const exit = exitOf(start, behaviour);
  const service = serviceOf(start, behaviour);
  const { startup, liveness, readiness } = service;
  const podIP = pod.status?.podIP ?? '';
  const told = (kind: ProbeKind, probe: Probe | undefined, { failures }: ProbeCourse) =>
    probe ? failures.map((at) => ({ at, message: failureText(kind, probe, podIP) })) : [];
  const unhealthyAt = liveness.flips.find(({ isPassing }) => !isPassing)?.at;
  return {
    startsAt: startup.startsAt,
    readiness: readiness.flips,
    failures: [
      ...told('Startup', startupProbe, startup),
      ...told('Liveness', livenessProbe, liveness),
      ...told('Readiness', readinessProbe, readiness),
    ],
    end: earliest([
      exit,
      memory.end,
      unhealthyAt === undefined ? undefined : { at: unhealthyAt, kind: 'unhealthy', probe: 'liveness' },
      startup.failsAt === undefined
        ? undefined
        : { at: startup.failsAt, kind: 'unhealthy', probe: 'startup' },
    ]),
    lookAgainAt: memory.lookAgainAt,
  };
}

const earliest = (ends: readonly (RunEnd | undefined)[]): RunEnd | undefined =>
  ends.reduce((one, other) => (one && (!other || one.at <= other.at) ? one : other), undefined);

/** What the probes of a container find. A probe that is not there finds nothing wrong. */
function serviceOf(start: RunStart, behaviour: Behaviour) {
  const { pod, container, startedAt } = start;
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const readyDelay = drawn(behaviour.readyDelay, 0, pod, container.name, start.run, 'ready-delay');
  const notYet: readonly Window[] = readyDelay > 0 ? [{ from: 0, to: readyDelay }] : [];
  const since = (windows: readonly Window[]): readonly Window[] =>
    merged(windows).map(({ from, to }) => ({ from: startedAt + from, to: startedAt + to }));
  const first = (probe: Probe): number => startedAt + (probe.initialDelaySeconds ?? 0) * 1000;
  const startup = startupProbe
    ? startupOf(startupProbe, first(startupProbe), since([...notYet, ...(behaviour.startupFailing ?? [])]))
    : { ...noCourse, startsAt: startedAt, failsAt: undefined };
  const { startsAt } = startup;
  if (startsAt === undefined) return { startup, liveness: noCourse, readiness: noCourse };
  // The other probes wait for the startup probe.
  const from = (probe: Probe): number => Math.max(first(probe), startsAt);
  const liveness = livenessProbe
    ? probeCourse(livenessProbe, from(livenessProbe), true, since(behaviour.livenessFailing ?? []))
    : noCourse;
  const readiness = readinessProbe
    ? probeCourse(
        readinessProbe,
        from(readinessProbe),
        false,
        since([...notYet, ...(behaviour.readinessFailing ?? [])]),
      )
    : { flips: [{ at: Math.max(startsAt, startedAt + readyDelay), isPassing: true }], failures: [] };
  return { startup, liveness, readiness };
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
    flips: [],
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
  const runsOn = isSidecar(container) || (!isInit && pod.spec.restartPolicy === 'Always');
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
