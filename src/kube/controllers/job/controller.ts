import type { Transaction, Versioned } from '../../../store/index.js';
import { instant } from '../../../units/index.js';
import { deleteObject } from '../../api/index.js';
import { isTerminating, jobs, pods } from '../../kinds/index.js';
import type { Stored } from '../../object.js';
import { Controller, byControllerOrSelector } from '../controller.js';
import type { ControllerParts, Next, Trigger } from '../controller.js';
import { finishedCondition } from './job.js';
import type { Job } from './job.js';
import type { FailureRecord } from './backoff.js';
import { JobTurn } from './turn.js';

const ownName = 'kubernetes.io/job-controller';

/** Runs pods until enough of them have succeeded (Kubernetes: Job). */
export class JobController extends Controller {
  /** Failures in a row, by job; found again from a job's pods after a restart. */
  readonly #failures = new Map<string, FailureRecord>();

  protected readonly triggers: readonly Trigger[] = [
    { type: pods, keys: byControllerOrSelector(jobs) },
    {
      type: jobs,
      keys: ({ before, after }) => {
        if (!after && before) this.#failures.delete(before.metadata.uid);
        return [];
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, jobs);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const job = entry.value.object as Job;
    const { managedBy = ownName } = job.spec;
    if (managedBy !== ownName) return undefined;
    if (finishedCondition(job)) return this.#expire(tx, entry, job);
    return new JobTurn(this.parts, tx, entry, job, this.#failures).advance();
  }

  /** A job that is done goes after its time to live, its pods before it (Kubernetes: TTL after finished). */
  #expire(tx: Transaction, entry: Versioned<Stored>, job: Job): Next {
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    if (ttl === undefined || isTerminating(job)) return undefined;
    const ends = instant(Date.parse(finishedCondition(job)?.lastTransitionTime ?? '') + ttl * 1000);
    if (ends > this.parts.clock.now()) return ends;
    deleteObject(this.parts.context, tx, jobs, entry, { propagation: 'Foreground' });
    return undefined;
  }
}
