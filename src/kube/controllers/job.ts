import type { Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import { StatusError, deleteObject, insertObject } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import { isActive, isFinished, isReady, isTerminating, jobs, pods } from '../kinds/index.js';
import type { Pod, PodTemplateSpec } from '../kinds/index.js';
import type { KubeObject, Stored } from '../object.js';
import { Controller, byController } from './controller.js';
import type { ControllerParts } from './controller.js';
import { recordEvent } from './events.js';
import { controllerReference, podDraft, podsOf, putStatus } from './owned.js';

interface JobCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastProbeTime: string;
  readonly lastTransitionTime: string;
}

interface Job extends KubeObject {
  readonly spec: {
    readonly parallelism: number;
    readonly completions?: number;
    readonly backoffLimit: number;
    readonly completionMode: 'NonIndexed' | 'Indexed';
    readonly suspend: boolean;
    readonly activeDeadlineSeconds?: number;
    readonly ttlSecondsAfterFinished?: number;
    readonly template: PodTemplateSpec;
  };
  readonly status?: {
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly completedIndexes?: string;
    readonly conditions?: readonly JobCondition[];
  };
}

const component = 'job-controller';
/** Keeps a pod until it is counted. */
const tracking = 'batch.kubernetes.io/job-tracking';
const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
/** Failures delay the next pod: 10 s, doubling to 10 min (Kubernetes: pod backoff failure policy). */
const backoff = { first: 10_000, longest: 600_000 };

const has = ({ status }: Job, type: string): boolean =>
  status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;

/** Runs pods until enough of them have succeeded (Kubernetes: Job). */
export class JobController extends Controller {
  protected readonly triggers = [{ type: pods, keys: byController('Job') }];

  constructor(parts: ControllerParts) {
    super(parts, jobs);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Instant | undefined {
    const job = entry.value.object as Job;
    const counted = this.#count(tx, job);
    if (has(job, 'Complete') || has(job, 'Failed')) return this.#expire(tx, entry, job);
    if (isTerminating(job)) return undefined;
    return new JobRun(this.parts, tx, entry, job, counted).advance();
  }

  /** Counts the pods that have ended, each once: its finalizer goes with the count. */
  #count(tx: Transaction, job: Job): Counted {
    let succeeded = job.status?.succeeded ?? 0;
    let failed = job.status?.failed ?? 0;
    const indexes = new Set(parseIndexes(job.status?.completedIndexes ?? ''));
    for (const { key, value } of podsOf(tx, job)) {
      const pod = value.object;
      const { finalizers = [], ...metadata } = pod.metadata;
      const hasEnded = isFinished(pod) || (isTerminating(pod) && !pod.spec.nodeName);
      if (!hasEnded || !finalizers.includes(tracking)) continue;
      if (pod.status?.phase === 'Succeeded') {
        succeeded += 1;
        const index = metadata.annotations?.[indexAnnotation];
        if (index !== undefined) indexes.add(Number(index));
      } else failed += 1;
      const left = finalizers.filter((one) => one !== tracking);
      const isGone =
        left.length === 0 && isTerminating(pod) && (metadata.deletionGracePeriodSeconds ?? 0) === 0;
      if (isGone) tx.delete(pods.collection, key);
      else {
        const object = { ...pod, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } };
        tx.put(pods.collection, key, { ...value, object });
      }
    }
    return { succeeded, failed, indexes };
  }

  /** A job that is done goes after its time to live. */
  #expire(tx: Transaction, entry: Versioned<Stored>, job: Job): Instant | undefined {
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    if (ttl === undefined || isTerminating(job)) return undefined;
    const finished = job.status?.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed');
    const ends = instant(Date.parse(finished?.lastTransitionTime ?? '') + ttl * 1000);
    if (ends > this.parts.clock.now()) return ends;
    deleteObject(this.parts.context, tx, jobs, entry, { propagation: 'Background' });
    return undefined;
  }
}

interface Counted {
  readonly succeeded: number;
  readonly failed: number;
  readonly indexes: ReadonlySet<number>;
}

/** One turn of a job that is not done. */
class JobRun {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #job: Job;
  readonly #counted: Counted;
  readonly #now: Instant;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>, job: Job, counted: Counted) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#job = job;
    this.#counted = counted;
    this.#now = parts.clock.now();
  }

  advance(): Instant | undefined {
    const { spec, status } = this.#job;
    const { succeeded, failed, indexes } = this.#counted;
    const active = this.#active();
    const done = spec.completionMode === 'Indexed' ? indexes.size : succeeded;
    const deadline =
      spec.activeDeadlineSeconds === undefined
        ? undefined
        : Date.parse(status?.startTime ?? toKubeTime(this.#now)) + spec.activeDeadlineSeconds * 1000;
    if (failed > spec.backoffLimit) {
      return this.#fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    }
    if (deadline !== undefined && deadline <= this.#now) {
      return this.#fail('DeadlineExceeded', 'Job was active longer than specified deadline');
    }
    const isComplete =
      spec.completions === undefined ? succeeded > 0 && active.length === 0 : done >= spec.completions;
    if (isComplete) return this.#complete();
    if (spec.suspend) {
      for (const entry of active) this.#delete(entry);
      this.#putStatus([this.#condition('Suspended', 'JobSuspended', 'Job suspended')]);
      return undefined;
    }
    const next = this.#grow(active, done);
    this.#putStatus([]);
    const moments = [next, deadline].filter((moment): moment is number => moment !== undefined);
    return moments.length === 0 ? undefined : instant(Math.min(...moments));
  }

  #active(): readonly Versioned<Stored<Pod>>[] {
    return podsOf(this.#tx, this.#job).filter(({ value }) => isActive(value.object));
  }

  /** Makes the pods that are missing, after the backoff; returns when it is over. */
  #grow(active: readonly Versioned<Stored<Pod>>[], done: number): number | undefined {
    const { spec } = this.#job;
    const left = spec.completions === undefined ? spec.parallelism : spec.completions - done;
    const wanted =
      spec.completions === undefined && this.#counted.succeeded > 0
        ? active.length
        : Math.min(spec.parallelism, left);
    for (const entry of active.slice(Math.max(0, wanted))) this.#delete(entry);
    if (active.length >= wanted) return undefined;
    const allowed = this.#backoffEnds();
    if (allowed > this.#now) return allowed;
    const taken = new Set(active.map(({ value }) => value.object.metadata.annotations?.[indexAnnotation]));
    let index = 0;
    for (let missing = wanted - active.length; missing > 0; missing -= 1) {
      while (this.#counted.indexes.has(index) || taken.has(String(index))) index += 1;
      if (!this.#create(index)) return this.#now + backoff.first;
      index += 1;
    }
    return undefined;
  }

  #backoffEnds(): number {
    const { failed } = this.#counted;
    if (failed === 0) return 0;
    const ends = podsOf(this.#tx, this.#job).flatMap(({ value }) => {
      if (value.object.status?.phase !== 'Failed') return [];
      return (value.object.status.containerStatuses ?? []).map(
        ({ state }) => Date.parse(state.terminated?.finishedAt ?? '') || 0,
      );
    });
    return Math.max(0, ...ends) + Math.min(backoff.longest, backoff.first * 2 ** (failed - 1));
  }

  #create(index: number): boolean {
    const { context } = this.#parts;
    const { name, namespace = '' } = this.#job.metadata;
    const isIndexed = this.#job.spec.completionMode === 'Indexed';
    const draft = podDraft(this.#job.spec.template, {
      generateName: isIndexed ? `${name}-${String(index)}-` : `${name}-`,
      finalizers: [tracking],
      ...(isIndexed && {
        annotations: { [indexAnnotation]: String(index) },
        labels: { [indexAnnotation]: String(index) },
      }),
      ownerReferences: [controllerReference(jobs, this.#job)],
    });
    try {
      const { cluster } = this.#entry.value;
      const pod = insertObject(context, this.#tx, pods, { cluster, namespace }, draft);
      this.#tell('Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      return true;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#tell('Warning', 'FailedCreate', `Error creating: ${error.message}`);
      return false;
    }
  }

  #delete(entry: Versioned<Stored<Pod>>): void {
    deleteObject(this.#parts.context, this.#tx, pods, entry, { propagation: 'Background' });
    this.#tell('Normal', 'SuccessfulDelete', `Deleted pod: ${entry.value.object.metadata.name}`);
  }

  #complete(): Instant | undefined {
    for (const entry of this.#active()) this.#delete(entry);
    const why = ['CompletionsReached', 'Reached expected number of succeeded pods'] as const;
    this.#tell('Normal', 'Completed', 'Job completed');
    this.#putStatus([this.#condition('SuccessCriteriaMet', ...why), this.#condition('Complete', ...why)], {
      completionTime: toKubeTime(this.#now),
    });
    return undefined;
  }

  #fail(reason: string, message: string): undefined {
    for (const entry of this.#active()) this.#delete(entry);
    this.#tell('Warning', reason, message);
    this.#putStatus([
      this.#condition('FailureTarget', reason, message),
      this.#condition('Failed', reason, message),
    ]);
    return undefined;
  }

  #condition(type: string, reason: string, message: string): JobCondition {
    const now = toKubeTime(this.#now);
    return { type, status: 'True', lastProbeTime: now, lastTransitionTime: now, reason, message };
  }

  #putStatus(conditions: readonly JobCondition[], further: object = {}): void {
    const { status, spec } = this.#job;
    const { succeeded, failed, indexes } = this.#counted;
    const active = this.#active().map(({ value }) => value.object);
    const entry = this.#tx.entry(jobs.collection, this.#entry.key) ?? this.#entry;
    const all = conditions.length > 0 ? conditions : spec.suspend ? (status?.conditions ?? []) : [];
    putStatus(this.#tx, jobs, entry, {
      ...(all.length > 0 && { conditions: all }),
      ...(!spec.suspend && { startTime: status?.startTime ?? toKubeTime(this.#now) }),
      ...(active.length > 0 && { active: active.length }),
      ready: active.filter(isReady).length,
      ...(succeeded > 0 && { succeeded }),
      ...(failed > 0 && { failed }),
      ...(indexes.size > 0 && { completedIndexes: formatIndexes(indexes) }),
      terminating: 0,
      uncountedTerminatedPods: {},
      ...further,
    });
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordEvent(this.#tx, this.#parts.context, this.#entry.value.cluster, this.#job, {
      type,
      reason,
      message,
      component,
    });
  }
}

/** `0-2,5` as numbers. */
function parseIndexes(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    if (first === '') return [];
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, offset) => Number(first) + offset);
  });
}

/** Numbers as `0-2,5`. */
function formatIndexes(indexes: ReadonlySet<number>): string {
  const ranges: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges
    .map(([first, last]) => (first === last ? String(first) : `${String(first)}-${String(last)}`))
    .join(',');
}
