import type { Container, Pod } from '../../kinds/index.js';
import { serviceOf } from '../run.js';

/** A line that a container has written. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/** A run of a container whose log is read; moments are to the second, as the pod's status tells them. */
export interface LoggedRun {
  readonly pod: Pod;
  readonly container: Container;
  readonly run: number;
  readonly startedAt: number;
  readonly end?: { readonly at: number; readonly exitCode: number };
}

/** A container that works says so in such intervals, in milliseconds. */
const interval = 10_000;
/** Lines are kept for so long: what one log file of ten megabytes holds of them (kubelet: containerLogMaxSize). */
const keptFor = 100_000 * interval;

const written = (at: number, level: string, message: string, more = ''): LogLine => ({
  at,
  text: `time=${new Date(at).toISOString()} level=${level} msg=${JSON.stringify(message)}${more}`,
});

/**
 * The lines of a run with moments after `after` and up to `until`, in order: its start, one every ten seconds while it works,
 * what its probes find, its end. They follow from the pod and the moment: nothing is kept.
 */
export function linesOf(run: LoggedRun, after: number, until: number): readonly LogLine[] {
  const { startedAt, end } = run;
  const last = Math.min(until, end?.at ?? Infinity);
  const from = Math.max(after, last - keptFor);
  const lines = eventLines(run).filter(({ at }) => at > from && at <= last);
  const first = Math.max(1, Math.floor((from - startedAt) / interval) + 1);
  // The last interval of a run that has ended belongs to its end.
  const stop = end && end.at <= last ? end.at - 1 : last;
  for (let count = first; startedAt + count * interval <= stop; count += 1) {
    const up = ` container=${run.container.name} up=${String((count * interval) / 1000)}s`;
    lines.push(written(startedAt + count * interval, 'info', 'working', up));
  }
  return lines.sort((a, b) => a.at - b.at);
}

/** A moment after which a run has written at least so many lines by `until`, if it has written that many at all. */
export function momentBefore({ end }: LoggedRun, lines: number, until: number): number {
  return Math.min(until, end?.at ?? Infinity) - (lines + 1) * interval;
}

/** The moment of the next line after one, as far as time alone tells; undefined after the end of a run. */
export function nextLine(run: LoggedRun, after: number): number | undefined {
  const { startedAt, end } = run;
  if (end && after >= end.at) return undefined;
  const tick = startedAt + (Math.max(0, Math.floor((after - startedAt) / interval)) + 1) * interval;
  const events = eventLines(run).flatMap(({ at }) => (at > after ? [at] : []));
  return Math.min(tick, ...events);
}

/** What happens once. */
function eventLines({ pod, container, run, startedAt, end }: LoggedRun): LogLine[] {
  const image = ` container=${container.name} image=${container.image ?? ''} restarts=${String(run)}`;
  const { failures, readiness } = serviceOf({ pod, container, run, startedAt });
  return [
    written(startedAt, 'info', 'started', image),
    ...failures.map(({ at, message }) => written(at, 'warn', message)),
    ...readiness.flips.map(({ at, isPassing }) =>
      written(at, isPassing ? 'info' : 'warn', isPassing ? 'ready' : 'not ready'),
    ),
    // What is killed writes nothing more.
    ...(end && end.exitCode !== 137
      ? [written(end.at, end.exitCode === 0 ? 'info' : 'error', 'exiting', ` code=${String(end.exitCode)}`)]
      : []),
  ];
}
