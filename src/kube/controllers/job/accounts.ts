import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { isTerminating, jobTracking, pods, stateTerm } from '../../kinds/index.js';
import type { Pod, PodState } from '../../kinds/index.js';
import type { Stored } from '../../object.js';
import { finishedAt, noFailures, withEnded } from './backoff.js';
import type { FailureRecord } from './backoff.js';
import { outcomeOf } from './failure-policy.js';
import { IndexRanges } from './index-ranges.js';
import type { Job } from './job.js';
import { indexFailures, indexOf } from './pod-template.js';
import type { IndexFailures } from './pod-template.js';

export type PodEntry = Versioned<Stored<Pod>>;

/** The last failed pod of an index, which is kept until another one takes its place. */
export interface LastFailure {
  readonly pod: Pod;
  readonly at: number;
  /** The failures that the next pod of the index starts with. */
  readonly next: IndexFailures;
}

/**
 * What a job's pods have come to: what its status says, and the pods that have ended since and are not counted yet. A pod is
 * counted once: the finalizer that kept it goes with the count.
 */
export class Accounts {
  readonly #tx: Transaction;
  readonly #job: Job;
  readonly #now: Instant;
  readonly #isIndexed: boolean;
  readonly #before: { readonly succeeded: IndexRanges; readonly failed: IndexRanges };
  /** Indexes of which a pod has succeeded, and those that have failed for good. */
  readonly succeededIndexes: IndexRanges;
  readonly failedIndexes: IndexRanges;
  readonly newlySucceeded: readonly PodEntry[];
  readonly newlyFailed: readonly PodEntry[];

  constructor(tx: Transaction, job: Job, now: Instant) {
    this.#tx = tx;
    this.#job = job;
    this.#now = now;
    const { completionMode, completions = 0 } = job.spec;
    this.#isIndexed = completionMode === 'Indexed';
    const limit = this.#isIndexed ? completions : 0;
    this.#before = {
      succeeded: IndexRanges.parse(job.status?.completedIndexes ?? '', limit),
      failed: IndexRanges.parse(job.status?.failedIndexes ?? '', limit),
    };
    const uncounted = this.podsIn('uncounted').filter(({ value }) => this.#isValid(value.object));
    this.newlySucceeded = uncounted.filter(({ value }) => value.object.status?.phase === 'Succeeded');
    this.newlyFailed = uncounted.filter(({ value }) => this.isFailed(value.object));
    this.succeededIndexes = this.#before.succeeded.with(indexesOf(this.newlySucceeded));
    this.failedIndexes = this.#before.failed.with(
      indexesOf(this.newlyFailed.filter(({ value }) => this.#failsIndex(value.object))),
    );
  }

  podsIn(state: PodState): readonly PodEntry[] {
    const term = stateTerm(this.#job.metadata.uid, state);
    return this.#tx.findEntries(pods.collection, 'byState', term) as readonly PodEntry[];
  }

  count(state: PodState): number {
    return this.#tx.count(pods.collection, 'byState', stateTerm(this.#job.metadata.uid, state));
  }

  /** True for a pod whose end is a failure; one that is being deleted is one at once where it is replaced at once. */
  isFailed(pod: Pod): boolean {
    const { phase } = pod.status ?? {};
    if (phase === 'Failed') return true;
    if (phase === 'Succeeded' || !isTerminating(pod)) return false;
    return this.#job.spec.podReplacementPolicy !== 'Failed' || !pod.spec.nodeName;
  }

  /** Completions so far: of an indexed job, its indexes that have succeeded. */
  get succeeded(): number {
    if (this.#isIndexed) return this.succeededIndexes.total;
    return (this.#job.status?.succeeded ?? 0) + this.newlySucceeded.length;
  }

  /** Failures so far, but for those that the failure policy ignores. */
  get failed(): number {
    return (this.#job.status?.failed ?? 0) + this.newlyFailed.filter((entry) => this.#counts(entry)).length;
  }

  #counts({ value }: PodEntry): boolean {
    return outcomeOf(this.#job.spec.podFailurePolicy, value.object).kind !== 'ignore';
  }

  #isValid(pod: Pod): boolean {
    if (!this.#isIndexed) return true;
    const index = indexOf(pod);
    return index !== undefined && index < (this.#job.spec.completions ?? 0);
  }

  #failsIndex(pod: Pod): boolean {
    const { backoffLimitPerIndex, podFailurePolicy } = this.#job.spec;
    if (backoffLimitPerIndex === undefined) return false;
    const { kind } = outcomeOf(podFailurePolicy, pod);
    if (kind === 'failIndex') return true;
    return kind !== 'ignore' && indexFailures(pod).counted >= backoffLimitPerIndex;
  }

  /** Failures in a row: those known, with the pods that have ended since; all pods that have, where nothing is known. */
  record(known: FailureRecord | undefined): FailureRecord {
    const ended = known ? [...this.newlySucceeded, ...this.newlyFailed] : this.#allEnded();
    return withEnded(
      known ?? noFailures,
      ended.map(({ value }) => value.object),
      this.#now,
    );
  }

  #allEnded(): readonly PodEntry[] {
    const going = this.newlyFailed.filter(({ value }) => value.object.status?.phase !== 'Failed');
    return [...this.podsIn('finished'), ...going];
  }

  /** The last failed pods of indexes that may be tried again and of which no other pod runs. */
  lastFailures(): ReadonlyMap<number, LastFailure> {
    if (this.#job.spec.backoffLimitPerIndex === undefined) return new Map();
    const running = new Set(this.podsIn('active').map(({ value }) => indexOf(value.object)));
    const found = new Map<number, LastFailure>();
    for (const { value } of this.newlyFailed) {
      const pod = value.object;
      const index = indexOf(pod) ?? -1;
      if (running.has(index) || this.succeededIndexes.has(index) || this.failedIndexes.has(index)) continue;
      const next = this.#nextFailures(pod);
      const other = found.get(index)?.next;
      if (other && other.counted + other.ignored >= next.counted + next.ignored) continue;
      found.set(index, { pod, at: finishedAt(pod, this.#now), next });
    }
    return found;
  }

  #nextFailures(pod: Pod): IndexFailures {
    const { counted, ignored } = indexFailures(pod);
    const isIgnored = outcomeOf(this.#job.spec.podFailurePolicy, pod).kind === 'ignore';
    return isIgnored ? { counted, ignored: ignored + 1 } : { counted: counted + 1, ignored };
  }

  /**
   * Counts the pods that have ended and lets them go, all that are left once the job's outcome is known.
   *
   * @returns the counts for the status.
   */
  settle(outcome: 'open' | 'known'): { readonly succeeded: number; readonly failed: number } {
    const kept = outcome === 'open' ? this.lastFailures() : new Map<number, LastFailure>();
    const keptUids = new Set([...kept.values()].map(({ pod }) => pod.metadata.uid));
    let { succeeded = 0, failed = 0 } = this.#job.status ?? {};
    if (this.#isIndexed) succeeded = this.succeededIndexes.total;
    for (const entry of this.podsIn('uncounted')) {
      const pod = entry.value.object;
      const isSuccess = pod.status?.phase === 'Succeeded';
      const isFailure = !isSuccess && (outcome === 'known' || this.isFailed(pod));
      if (keptUids.has(pod.metadata.uid) || !(isSuccess || isFailure)) continue;
      if (this.#isValid(pod)) {
        if (isSuccess && !this.#isIndexed) succeeded += 1;
        if (isFailure && this.#counts(entry)) failed += 1;
      }
      letGo(this.#tx, entry);
    }
    return { succeeded, failed };
  }
}

const indexesOf = (entries: readonly PodEntry[]): IndexRanges =>
  IndexRanges.of(entries.flatMap(({ value }) => indexOf(value.object) ?? []));

/** Takes the finalizer off a pod; one that is being deleted and has ended on its node goes with it. */
export function letGo(tx: Transaction, { key, value }: PodEntry): void {
  const { finalizers = [], ...metadata } = value.object.metadata;
  const left = finalizers.filter((one) => one !== jobTracking);
  const isGone =
    left.length === 0 && isTerminating(value.object) && (metadata.deletionGracePeriodSeconds ?? 0) === 0;
  if (isGone) tx.delete(pods.collection, key);
  else {
    const object = {
      ...value.object,
      metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) },
    };
    tx.put(pods.collection, key, { ...value, object });
  }
}
