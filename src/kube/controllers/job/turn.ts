import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import type { StatusError } from '../../api/index.js';
import { isActive, isTerminating, jobs, labelledTerm, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { toKubeTime } from '../../kube-time.js';
import type { KubeObject, Stored } from '../../object.js';
import { compileLabelSelector } from '../../selectors/index.js';
import { adopt, release } from '../adoption.js';
import { earliest } from '../availability.js';
import type { ControllerParts, Next } from '../controller.js';
import { putStatus } from '../owned.js';
import { PodWriter } from '../pod-writer.js';
import { inDeletionOrder } from '../replication/index.js';
import { slowStart } from '../slow-start.js';
import { Accounts } from './accounts.js';
import type { PodEntry } from './accounts.js';
import { allowedAt, delayAfter } from './backoff.js';
import type { FailureRecord } from './backoff.js';
import { outcomeOf } from './failure-policy.js';
import { IndexRanges } from './index-ranges.js';
import { conditionOf } from './job.js';
import type { Job, JobCondition, JobStatus } from './job.js';
import { indexOf, indexedMetadata, indexedTemplate, podMetadata } from './pod-template.js';
import { metRule } from './success-policy.js';

/** Pods made or deleted in one turn (Kubernetes: MaxPodCreateDeletePerSync). */
const burst = 500;

/** That a job has come to its end, and why; its pods may still be going. */
interface Outcome {
  readonly type: 'SuccessCriteriaMet' | 'FailureTarget';
  readonly reason: string;
  readonly message: string;
}

const failure = (reason: string, message: string): Outcome => ({ type: 'FailureTarget', reason, message });

/** One turn of a job that is not done. */
export class JobTurn {
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #job: Job;
  readonly #accounts: Accounts;
  readonly #writer: PodWriter;
  readonly #now: Instant;
  readonly #record: FailureRecord;
  #conditions: readonly JobCondition[];
  #startTime: string | undefined;
  #refusal: StatusError | undefined;
  #next: Instant | undefined;

  constructor(
    parts: ControllerParts,
    tx: Transaction,
    entry: Versioned<Stored>,
    job: Job,
    failures: Map<string, FailureRecord>,
  ) {
    this.#tx = tx;
    this.#entry = entry;
    this.#job = job;
    this.#now = parts.clock.now();
    this.#writer = new PodWriter(parts.context, tx, jobs, entry, 'job-controller');
    this.#claim();
    this.#accounts = new Accounts(tx, job, this.#now);
    this.#record = this.#accounts.record(failures.get(job.metadata.uid));
    failures.set(job.metadata.uid, this.#record);
    this.#conditions = job.status?.conditions ?? [];
    this.#startTime = job.status?.startTime;
  }

  advance(): Next {
    const { spec } = this.#job;
    if (this.#startTime === undefined && !spec.suspend) this.#startTime = toKubeTime(this.#now);
    let outcome = this.#knownOutcome() ?? this.#outcome();
    if (outcome) for (const entry of this.#accounts.podsIn('active')) this.#writer.remove(entry);
    else if (!isTerminating(this.#job)) {
      this.#manage();
      if (this.#isComplete())
        outcome = {
          type: 'SuccessCriteriaMet',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        };
      else this.#noteSuspension();
    }
    if (outcome) this.#set(outcome.type, 'True', outcome.reason, outcome.message);
    const isOver = outcome !== undefined || isTerminating(this.#job);
    const counts = this.#accounts.settle(isOver ? 'known' : 'open');
    if (outcome) this.#finish(outcome);
    this.#putStatus(counts);
    if (this.#refusal) return 'retry';
    return this.#next;
  }

  #claim(): void {
    const matches = compileLabelSelector(this.#job.spec.selector);
    const adopter = {
      type: jobs,
      entry: this.#entry,
      selects: ({ metadata }: KubeObject) => matches(metadata.labels ?? {}),
    };
    adopt(this.#tx, adopter, pods, (pod) => isActive(pod as Pod));
    const { uid } = this.#job.metadata;
    const { labels } = this.#job.spec.template.metadata ?? {};
    const own = this.#tx.count(pods.collection, 'byState', labelledTerm(uid, labels));
    if (own < this.#tx.count(pods.collection, 'byOwner', uid)) {
      const active = this.#tx.findEntries(pods.collection, 'byState', `${uid}|active`);
      release(this.#tx, adopter, pods, active);
    }
  }

  /** The outcome that was found in an earlier turn. */
  #knownOutcome(): Outcome | undefined {
    const found = conditionOf(this.#job, 'SuccessCriteriaMet') ?? conditionOf(this.#job, 'FailureTarget');
    if (!found) return undefined;
    const { reason, message } = found;
    return { type: found.type === 'SuccessCriteriaMet' ? found.type : 'FailureTarget', reason, message };
  }

  #outcome(): Outcome | undefined {
    return (
      this.#failedByPolicy() ?? this.#failedByLimits() ?? this.#failedByIndexes() ?? this.#succeededByPolicy()
    );
  }

  #failedByPolicy(): Outcome | undefined {
    const { podFailurePolicy } = this.#job.spec;
    if (!podFailurePolicy) return undefined;
    for (const { value } of this.#accounts.newlyFailed) {
      const outcome = outcomeOf(podFailurePolicy, value.object);
      if (outcome.kind === 'failJob') return failure('PodFailurePolicy', outcome.message);
    }
    return undefined;
  }

  #failedByLimits(): Outcome | undefined {
    const { backoffLimit, activeDeadlineSeconds: deadline, suspend } = this.#job.spec;
    const isNew = this.#accounts.failed > (this.#job.status?.failed ?? 0);
    if ((isNew && this.#accounts.failed > backoffLimit) || this.#hasRestartedTooOften())
      return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    if (deadline === undefined || suspend || this.#startTime === undefined) return undefined;
    const ends = instant(Date.parse(this.#startTime) + deadline * 1000);
    if (ends <= this.#now)
      return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
    this.#next = earliest(this.#next, ends);
    return undefined;
  }

  /** Restarts in place count where pods are restarted. */
  #hasRestartedTooOften(): boolean {
    const { template, backoffLimit } = this.#job.spec;
    if (template.spec.restartPolicy !== 'OnFailure') return false;
    let restarts = 0;
    for (const { value } of this.#accounts.podsIn('active')) {
      const { containerStatuses = [], initContainerStatuses = [] } = value.object.status ?? {};
      for (const { restartCount } of [...containerStatuses, ...initContainerStatuses])
        restarts += restartCount;
    }
    return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit;
  }

  #failedByIndexes(): Outcome | undefined {
    const { backoffLimitPerIndex, maxFailedIndexes, completions = 0 } = this.#job.spec;
    if (backoffLimitPerIndex === undefined) return undefined;
    const failed = this.#accounts.failedIndexes.total;
    if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
      const message = 'Job has exceeded the specified maximal number of failed indexes';
      return failure('MaxFailedIndexesExceeded', message);
    }
    return failed > 0 && failed + this.#accounts.succeededIndexes.total >= completions
      ? failure('FailedIndexes', 'Job has failed indexes')
      : undefined;
  }

  #succeededByPolicy(): Outcome | undefined {
    const { successPolicy, completions = 0 } = this.#job.spec;
    const message = successPolicy && metRule(successPolicy, completions, this.#accounts.succeededIndexes);
    return message === undefined
      ? undefined
      : { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message };
  }

  #isComplete(): boolean {
    const { completions } = this.#job.spec;
    const { succeeded } = this.#accounts;
    if (this.#accounts.count('active') > 0) return false;
    return completions === undefined ? succeeded > 0 : succeeded >= completions;
  }

  /** Makes and deletes pods until there are as many as there may be now. */
  #manage(): void {
    const { spec } = this.#job;
    const active = this.#accounts.count('active');
    if (spec.suspend) {
      for (const entry of this.#accounts.podsIn('active').slice(0, burst)) this.#writer.remove(entry);
      return;
    }
    const wanted = this.#wantedActive(active);
    const surplus = this.#surplus(active - wanted);
    for (const entry of surplus) this.#writer.remove(entry);
    if (surplus.length > 0) return;
    const going = spec.podReplacementPolicy === 'Failed' ? this.#accounts.count('terminating') : 0;
    const missing = Math.min(wanted - active - going, burst);
    if (missing > 0) this.#create(missing);
    // What was too much for one turn is for the next.
    if (wanted - active - going > burst) this.#next = this.#now;
  }

  #wantedActive(active: number): number {
    const { parallelism, completions } = this.#job.spec;
    const { succeeded } = this.#accounts;
    if (completions === undefined) return succeeded > 0 ? Math.min(active, parallelism) : parallelism;
    return Math.max(0, Math.min(parallelism, completions - succeeded));
  }

  /** Active pods that are too many: a second one of an index, one of no index, then those that have done least. */
  #surplus(count: number): readonly PodEntry[] {
    const { completionMode, completions = 0 } = this.#job.spec;
    const isIndexed = completionMode === 'Indexed';
    if (count <= 0 && !isIndexed) return [];
    const order = inDeletionOrder(this.#accounts.podsIn('active'), new Map(), this.#now);
    if (!isIndexed) return order.slice(0, Math.min(count, burst));
    const seen = new Set<number>();
    const misplaced = [...order].reverse().filter(({ value }) => {
      const index = indexOf(value.object) ?? completions;
      const isUseless = index >= completions || seen.has(index) || this.#accounts.succeededIndexes.has(index);
      seen.add(index);
      return isUseless;
    });
    const others = order.filter((entry) => !misplaced.includes(entry));
    return [...misplaced, ...others.slice(0, Math.max(0, count - misplaced.length))].slice(0, burst);
  }

  #create(count: number): void {
    const { spec, metadata } = this.#job;
    if (spec.backoffLimitPerIndex === undefined && allowedAt(this.#record) > this.#now) {
      this.#next = earliest(this.#next, allowedAt(this.#record));
      return;
    }
    if (spec.completionMode === 'NonIndexed') {
      this.#refusal = slowStart(count, () => this.#writer.create(spec.template, podMetadata()));
      return;
    }
    const last = this.#accounts.lastFailures();
    const indexes = this.#pendingIndexes(count).filter((index) => {
      const failed = last.get(index);
      if (!failed) return true;
      const allowed = failed.at + delayAfter(failed.next.counted + failed.next.ignored);
      if (allowed > this.#now) this.#next = earliest(this.#next, allowed);
      return allowed <= this.#now;
    });
    this.#refusal = slowStart(indexes.length, (at) => {
      const index = indexes[at] ?? 0;
      const none = spec.backoffLimitPerIndex === undefined ? undefined : { counted: 0, ignored: 0 };
      const failures = last.get(index)?.next ?? none;
      this.#writer.create(
        indexedTemplate(spec.template, metadata.name, index),
        indexedMetadata(metadata.name, index, failures),
      );
    });
  }

  /** The first indexes that no pod runs or has run for. */
  #pendingIndexes(count: number): readonly number[] {
    const { completions = 0, podReplacementPolicy } = this.#job.spec;
    const running = this.#accounts.podsIn('active');
    const going = podReplacementPolicy === 'Failed' ? this.#accounts.podsIn('terminating') : [];
    const taken = [...running, ...going].flatMap(({ value }) => indexOf(value.object) ?? []);
    const { succeededIndexes, failedIndexes } = this.#accounts;
    return succeededIndexes.with(failedIndexes).with(IndexRanges.of(taken)).gaps(count, completions);
  }

  #noteSuspension(): void {
    const { suspend } = this.#job.spec;
    const wasSuspended = conditionOf(this.#job, 'Suspended') !== undefined;
    if (suspend === wasSuspended) return;
    if (suspend) {
      this.#set('Suspended', 'True', 'JobSuspended', 'Job suspended');
      this.#writer.tell('Normal', 'Suspended', 'Job suspended');
      return;
    }
    this.#set('Suspended', 'False', 'JobResumed', 'Job resumed');
    this.#writer.tell('Normal', 'Resumed', 'Job resumed');
    this.#startTime = toKubeTime(this.#now);
    const { activeDeadlineSeconds } = this.#job.spec;
    if (activeDeadlineSeconds !== undefined)
      this.#next = earliest(this.#next, this.#now + activeDeadlineSeconds * 1000);
  }

  /** Says that the job is done, once the last of its pods has ended. */
  #finish({ type, reason, message }: Outcome): void {
    if (this.#accounts.count('active') + this.#accounts.count('terminating') > 0) return;
    if (type === 'SuccessCriteriaMet') {
      this.#set('Complete', 'True', reason, message);
      this.#writer.tell('Normal', 'Completed', 'Job completed');
    } else {
      this.#set('Failed', 'True', reason, message);
      this.#writer.tell('Warning', reason, message);
    }
  }

  #set(type: JobCondition['type'], status: 'True' | 'False', reason: string, message: string): void {
    const before = this.#conditions.find((one) => one.type === type);
    if (before?.status === status) return;
    const now = toKubeTime(this.#now);
    const made = { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
    this.#conditions = before
      ? this.#conditions.map((one) => (one === before ? made : one))
      : [...this.#conditions, made];
  }

  #putStatus({ succeeded, failed }: { readonly succeeded: number; readonly failed: number }): void {
    const entry = this.#tx.entry(jobs.collection, this.#entry.key);
    if (!entry) return;
    const { spec, status } = this.#job;
    const active = this.#accounts.count('active');
    const { succeededIndexes, failedIndexes } = this.#accounts;
    const isComplete = this.#conditions.some(({ type }) => type === 'Complete');
    const counted: JobStatus = {
      ...(this.#conditions.length > 0 && { conditions: this.#conditions }),
      ...(this.#startTime !== undefined && { startTime: this.#startTime }),
      ...(isComplete && { completionTime: status?.completionTime ?? toKubeTime(this.#now) }),
      ...(active > 0 && { active }),
      ...(succeeded > 0 && { succeeded }),
      ...(failed > 0 && { failed }),
      ...(spec.completionMode === 'Indexed' &&
        succeededIndexes.total > 0 && { completedIndexes: succeededIndexes.toString() }),
      ...(spec.backoffLimitPerIndex !== undefined && { failedIndexes: failedIndexes.toString() }),
    };
    putStatus(this.#tx, jobs, entry, {
      ...counted,
      terminating: this.#accounts.count('terminating'),
      ready: this.#accounts.count('ready'),
      uncountedTerminatedPods: {},
    });
  }
}
