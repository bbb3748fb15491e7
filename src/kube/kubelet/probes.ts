import type { Container, Probe } from '../kinds/index.js';
import type { Window } from './behaviour/index.js';

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness';

/** A change of what a probe says of its container. */
export interface Flip {
  readonly at: number;
  readonly isPassing: boolean;
}

/** What a probe finds over a container's run, by formula: nothing has to happen while nothing changes. */
export interface ProbeCourse {
  readonly flips: readonly Flip[];
  /** The first failure of every row of failures. */
  readonly failures: readonly number[];
}

/** Consecutive results that are the same: the first, and how many there are. */
interface Row {
  readonly isPassing: boolean;
  readonly first: number;
  readonly count: number;
}

/**
 * The course of a probe that runs from `from` on, every period, in a container that fails it within `failing` (moments, in
 * order). A probe that fails `failureThreshold` times in a row says no, one that passes `successThreshold` times says yes
 * (Kubernetes: probes). The kubelet's own offset within the period is left out: the first one is at `from`.
 */
export function probeCourse(
  probe: Probe,
  from: number,
  initial: boolean,
  failing: readonly Window[],
): ProbeCourse {
  const period = (probe.periodSeconds ?? 10) * 1000;
  const flips: Flip[] = [];
  const failures: number[] = [];
  let isPassing = initial;
  for (const row of rowsOf(from, period, failing)) {
    const needed = row.isPassing ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (!row.isPassing) failures.push(from + row.first * period);
    if (row.isPassing === isPassing || row.count < needed) continue;
    isPassing = row.isPassing;
    flips.push({ at: from + (row.first + needed - 1) * period, isPassing });
  }
  return { flips, failures };
}

function rowsOf(from: number, period: number, failing: readonly Window[]): readonly Row[] {
  const rows: Row[] = [];
  let next = 0;
  const upTo = (time: number): number =>
    time === Infinity ? Infinity : Math.max(0, Math.ceil((time - from) / period));
  const add = (isPassing: boolean, end: number): void => {
    if (end <= next) return;
    const last = rows.at(-1);
    if (last?.isPassing === isPassing) rows[rows.length - 1] = { ...last, count: end - last.first };
    else rows.push({ isPassing, first: next, count: end - next });
    next = end;
  };
  for (const window of failing) {
    add(true, upTo(window.from));
    add(false, upTo(window.to));
  }
  add(true, Infinity);
  return rows;
}

/** What a failing probe found, in the kubelet's words. */
export function failureText(kind: ProbeKind, probe: Probe, container: Container, podIP: string): string {
  return `${kind} probe failed: ${foundText(probe, container, podIP)}`;
}

function foundText({ httpGet, tcpSocket, grpc }: Probe, { ports = [] }: Container, podIP: string): string {
  if (httpGet) return 'HTTP probe failed with statuscode: 503';
  if (tcpSocket) {
    const { host = podIP, port } = tcpSocket;
    const number = ports.find(({ name }) => name === port)?.containerPort ?? port;
    return `dial tcp ${host}:${String(number)}: connect: connection refused`;
  }
  return grpc ? 'service unhealthy (responded with "NOT_SERVING")' : '';
}
