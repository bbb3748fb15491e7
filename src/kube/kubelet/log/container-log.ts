import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { StatusError } from '../../api/index.js';
import type { FieldError } from '../../api/index.js';
import type { Container, ContainerStatus, Pod } from '../../kinds/index.js';
import { linesOf, momentBefore, nextLine } from './lines.js';
import type { LogLine, LoggedRun } from './lines.js';

/** What of a log is asked for (core/v1 PodLogOptions). */
export interface LogOptions {
  readonly container?: string;
  /** The run before the present one. */
  readonly previous: boolean;
  /** Each line with its moment before it. */
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: Instant;
  readonly limitBytes?: number;
}

/** The log of a run of a container, as far as it is asked for. */
export class ContainerLog {
  readonly #run: LoggedRun;
  readonly #options: LogOptions;
  #left: number;

  constructor(run: LoggedRun, options: LogOptions) {
    this.#run = run;
    this.#options = options;
    this.#left = options.limitBytes ?? Infinity;
  }

  /** What has been written by now. */
  begin(now: Instant): string {
    const { tailLines, sinceSeconds, sinceTime } = this.#options;
    const since = sinceTime ?? (sinceSeconds === undefined ? undefined : now - sinceSeconds * 1000);
    const from = since === undefined ? -Infinity : since - 1;
    if (tailLines === undefined) return this.#text(linesOf(this.#run, from, now));
    const lines = linesOf(this.#run, Math.max(from, momentBefore(this.#run, tailLines, now)), now);
    return this.#text(lines.slice(Math.max(0, lines.length - tailLines)));
  }

  /** What is written after a moment, up to now. */
  since(after: Instant, now: Instant): string {
    const { end } = this.#run;
    // An end is known to the second alone: it may lie before what was read last, and is news all the same.
    const from = end && end.at <= after ? end.at - 1 : after;
    return this.#text(linesOf(this.#run, from, now));
  }

  /** When the next line comes by time alone. */
  next(after: Instant): Instant | undefined {
    const next = nextLine(this.#run, after);
    return next === undefined ? undefined : instant(next);
  }

  /** True once as many bytes as were asked for have been given. */
  get isFull(): boolean {
    return this.#left <= 0;
  }

  /** The same log, with what the pod tells by now; it may have ended, or been followed by another run. */
  with(pod: Pod): ContainerLog {
    const status = statusOf(pod, this.#run.container.name);
    const found = [status?.state, status?.lastState].flatMap((state) => {
      const startedAt = state?.terminated?.startedAt;
      return startedAt !== undefined && Date.parse(startedAt) === this.#run.startedAt
        ? [state?.terminated]
        : [];
    })[0];
    if (!found) return this;
    const end = { at: Date.parse(found.finishedAt ?? ''), exitCode: found.exitCode };
    return new ContainerLog({ ...this.#run, end }, { ...this.#options, limitBytes: this.#left });
  }

  /** True for a run that is over. */
  get hasEnded(): boolean {
    return this.#run.end !== undefined;
  }

  #text(lines: readonly LogLine[]): string {
    const { timestamps } = this.#options;
    const text = lines.map((line) => `${timestamps ? `${stamp(line.at)} ` : ''}${line.text}\n`).join('');
    if (this.#left === Infinity) return text;
    const bytes = Buffer.from(text).subarray(0, Math.max(0, this.#left));
    this.#left -= bytes.length;
    return bytes.toString();
  }
}

/** A moment to the nanosecond, as container runtimes write it. */
const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, -1)}000000Z`;

/**
 * The log of a container of a pod; undefined for a pod that is on no node, which has none.
 *
 * @throws StatusError 400 for a container that there is not, or that has not run; 422 for options that make no sense
 */
export function containerLog(pod: Pod, options: LogOptions): ContainerLog | undefined {
  const errors = optionErrors(options);
  if (errors.length > 0) throw StatusError.invalid({ group: '', kind: 'PodLogOptions' }, '', errors);
  const container = containerOf(pod, options.container);
  if (!pod.spec.nodeName) return undefined;
  return new ContainerLog(runOf(pod, container, options.previous), options);
}

function optionErrors({ tailLines, limitBytes, sinceSeconds, sinceTime }: LogOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  const invalid = (field: string, value: number, detail: string): void => {
    errors.push({ type: 'invalid', field, value, detail });
  };
  if (tailLines !== undefined && tailLines < 0)
    invalid('tailLines', tailLines, 'must be greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) invalid('limitBytes', limitBytes, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    const detail = 'at most one of `sinceTime` or `sinceSeconds` may be specified';
    errors.push({ type: 'forbidden', field: '', detail });
  } else if (sinceSeconds !== undefined && sinceSeconds < 1)
    invalid('sinceSeconds', sinceSeconds, 'must be greater than 0');
  return errors;
}

function containerOf({ metadata, spec }: Pod, wanted: string | undefined): Container {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  if (wanted !== undefined) {
    const found = [...initContainers, ...containers, ...ephemeralContainers].find(
      ({ name }) => name === wanted,
    );
    if (found) return found;
    throw StatusError.badRequest(`container ${wanted} is not valid for pod ${metadata.name}`);
  }
  const [only, ...more] = containers;
  if (only && more.length === 0) return only;
  const names = (list: readonly Container[]): string => list.map(({ name }) => name).join(' ');
  const inits = initContainers.length > 0 ? ` or one of the init containers: [${names(initContainers)}]` : '';
  throw StatusError.badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${names(containers)}]${inits}`,
  );
}

const statusOf = ({ status }: Pod, container: string): ContainerStatus | undefined =>
  [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ].find(({ name }) => name === container);

/** The run that is asked for: the present one, the last one while none runs, or the one before. */
function runOf(pod: Pod, container: Container, previous: boolean): LoggedRun {
  const { name } = container;
  const status = statusOf(pod, name);
  const { running, terminated, waiting } = status?.state ?? {};
  const last = status?.lastState.terminated;
  const refuse = (why: string): StatusError =>
    StatusError.badRequest(`container "${name}" in pod "${pod.metadata.name}" is ${why}`);
  const ended = (found: NonNullable<typeof last>, run: number): LoggedRun => ({
    pod,
    container,
    run,
    startedAt: Date.parse(found.startedAt ?? ''),
    end: { at: Date.parse(found.finishedAt ?? ''), exitCode: found.exitCode },
  });
  const restarts = status?.restartCount ?? 0;
  // A container that waits has had as many restarts as the run before had.
  const lastRun = running || terminated ? restarts - 1 : restarts;
  if (previous) {
    if (last?.containerID !== undefined) return ended(last, lastRun);
    throw StatusError.badRequest(
      `previous terminated container "${name}" in pod "${pod.metadata.name}" not found`,
    );
  }
  if (running) return { pod, container, run: restarts, startedAt: Date.parse(running.startedAt) };
  if (terminated?.containerID !== undefined) return ended(terminated, restarts);
  if (last?.containerID !== undefined) return ended(last, lastRun);
  if (terminated) throw refuse('terminated');
  switch (waiting?.reason) {
    case 'ErrImagePull':
      throw refuse("waiting to start: image can't be pulled");
    case 'ImagePullBackOff':
      throw refuse('waiting to start: trying and failing to pull image');
    case undefined:
      throw refuse('waiting to start - no logs yet');
    default:
      throw refuse(`waiting to start: ${waiting?.reason ?? ''}`);
  }
}
