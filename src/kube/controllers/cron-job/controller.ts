import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { StatusError, deleteObject, insertObject } from '../../api/index.js';
import { cronJobs, isTerminating, jobs, parseSchedule, scheduleFault } from '../../kinds/index.js';
import type { CronSchedule } from '../../kinds/index.js';
import { toKubeTime } from '../../kube-time.js';
import type { KubeObject, Stored } from '../../object.js';
import { apiVersionOf, objectKey } from '../../resource-type.js';
import { Controller, byController } from '../controller.js';
import type { ControllerParts, Next } from '../controller.js';
import { recordEvent } from '../events.js';
import { finishedCondition } from '../job/index.js';
import type { Job } from '../job/index.js';
import { controlledBy, controllerReference, putStatus } from '../owned.js';
import { dueBetween } from './schedule.js';
import { isZone, offsetAt } from './time-zone.js';

interface ActiveJob {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/** A CronJob (batch/v1), with the fields that its controller reads. */
interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string;
    readonly timeZone?: string;
    readonly startingDeadlineSeconds?: number;
    readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace';
    readonly suspend: boolean;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate: {
      readonly metadata?: {
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      };
      readonly spec: object;
    };
  };
  readonly status?: {
    readonly active?: readonly ActiveJob[];
    readonly lastScheduleTime?: string;
    readonly lastSuccessfulTime?: string;
  };
}

type JobEntry = Versioned<Stored<Job>>;

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
/** A job is made so long after its time, that the time has surely come. */
const lateness = 100;

/** Makes jobs at times (Kubernetes: CronJob). */
export class CronJobController extends Controller {
  protected readonly triggers = [{ type: jobs, keys: byController('CronJob') }];

  constructor(parts: ControllerParts) {
    super(parts, cronJobs);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const turn = new CronTurn(this.parts, tx, entry);
    const next = turn.advance();
    turn.putStatus();
    return next;
  }
}

/** One turn of a cron job. */
class CronTurn {
  readonly #parts: ControllerParts;
  readonly #tx: Transaction;
  readonly #entry: Versioned<Stored>;
  readonly #cron: CronJob;
  readonly #now: Instant;
  #active: readonly ActiveJob[];
  #lastSchedule: string | undefined;
  #lastSuccess: string | undefined;

  constructor(parts: ControllerParts, tx: Transaction, entry: Versioned<Stored>) {
    this.#parts = parts;
    this.#tx = tx;
    this.#entry = entry;
    this.#cron = entry.value.object as CronJob;
    this.#now = parts.clock.now();
    const { active = [], lastScheduleTime, lastSuccessfulTime } = this.#cron.status ?? {};
    this.#active = active;
    this.#lastSchedule = lastScheduleTime;
    this.#lastSuccess = lastSuccessfulTime;
  }

  advance(): Next {
    const all = controlledBy<Job>(this.#tx, jobs, this.#cron.metadata.uid);
    this.#lookAt(all);
    if (isTerminating(this.#cron)) return undefined;
    this.#trim(all);
    const { spec } = this.#cron;
    const { schedule: text, timeZone = 'UTC', suspend } = spec;
    if (suspend) return undefined;
    if (!isZone(timeZone)) {
      this.#tell(
        'Warning',
        'UnknownTimeZone',
        `invalid timeZone: ${timeZone}: unknown time zone ${timeZone}`,
      );
      return undefined;
    }
    const schedule = parseSchedule(text);
    if (!schedule) {
      const message = `unparseable schedule: ${text} : ${scheduleFault(text) ?? ''}`;
      this.#tell('Warning', 'UnparseableSchedule', message);
      return undefined;
    }
    return this.#follow(schedule, timeZone);
  }

  /** Takes finished jobs off the list of active ones, and those that are gone. */
  #lookAt(all: readonly JobEntry[]): void {
    for (const { value } of all) {
      const job = value.object;
      const { name, uid } = job.metadata;
      const isListed = this.#active.some((one) => one.uid === uid);
      const finished = finishedCondition(job);
      if (!isListed && !finished) {
        this.#tell(
          'Warning',
          'UnexpectedJob',
          `Saw a job that the controller did not create or forgot: ${name}`,
        );
      } else if (isListed && finished) {
        this.#active = this.#active.filter((one) => one.uid !== uid);
        this.#tell('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${finished.type}`);
      }
      const { completionTime } = job.status ?? {};
      if (finished?.type === 'Complete' && completionTime !== undefined) {
        if (this.#lastSuccess === undefined || this.#lastSuccess < completionTime)
          this.#lastSuccess = completionTime;
      }
    }
    const present = new Set(all.map(({ value }) => value.object.metadata.uid));
    for (const { name, uid } of this.#active) {
      if (!present.has(uid)) this.#tell('Normal', 'MissingJob', `Active job went missing: ${name}`);
    }
    this.#active = this.#active.filter(({ uid }) => present.has(uid));
  }

  /** Drops the oldest finished jobs beyond the history. */
  #trim(all: readonly JobEntry[]): void {
    const { successfulJobsHistoryLimit: successful, failedJobsHistoryLimit: failed } = this.#cron.spec;
    for (const [type, limit] of [
      ['Complete', successful],
      ['Failed', failed],
    ] as const) {
      if (limit === undefined) continue;
      const finished = all
        .filter(({ value }) => finishedCondition(value.object)?.type === type && !isTerminating(value.object))
        .sort((a, b) => startOf(a) - startOf(b));
      for (const job of finished.slice(0, Math.max(0, finished.length - limit))) this.#delete(job);
    }
  }

  #delete(job: Versioned<Stored>): void {
    deleteObject(this.#parts.context, this.#tx, jobs, job, { propagation: 'Background' });
    const { name, uid } = job.value.object.metadata;
    this.#active = this.#active.filter((one) => one.uid !== uid);
    this.#tell('Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  }

  #follow(schedule: CronSchedule, zone: string): Next {
    const { metadata, spec } = this.#cron;
    const { startingDeadlineSeconds: deadline, concurrencyPolicy } = spec;
    const since = Date.parse(this.#lastSchedule ?? metadata.creationTimestamp);
    const earliest = deadline === undefined ? since : Math.max(since, this.#now - deadline * 1000);
    const { last, missed, next } = dueBetween(schedule, zone, earliest, this.#now);
    const again = next === undefined ? undefined : instant(next + lateness);
    if (missed === 'many') {
      const message =
        'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      this.#tell('Warning', 'TooManyMissedTimes', message);
    }
    if (last === undefined) return again;
    if (deadline !== undefined && last + deadline * 1000 < this.#now) {
      this.#tell('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${longTime(last)}`);
      return again;
    }
    if (concurrencyPolicy === 'Forbid' && this.#active.length > 0) {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      this.#tell('Normal', 'JobAlreadyActive', message);
      return again;
    }
    if (concurrencyPolicy === 'Replace') this.#deleteActive();
    return this.#start(last, zone) === 'refused' ? 'retry' : again;
  }

  #deleteActive(): void {
    const { cluster } = this.#entry.value;
    for (const { namespace, name } of this.#active) {
      const job = this.#tx.entry(jobs.collection, objectKey(cluster, namespace, name));
      if (job) this.#delete(job);
    }
  }

  #start(scheduled: Instant, zone: string): 'done' | 'refused' {
    const { metadata, spec } = this.#cron;
    const { namespace = '' } = metadata;
    const { cluster } = this.#entry.value;
    const name = `${metadata.name}-${String(Math.floor(scheduled / 60_000))}`;
    const { labels, annotations } = spec.jobTemplate.metadata ?? {};
    const draft = {
      metadata: {
        name,
        ...(labels && { labels }),
        annotations: { ...annotations, [scheduledAnnotation]: zonedTime(scheduled, zone) },
        ownerReferences: [controllerReference(cronJobs, this.#cron)],
      },
      spec: structuredClone(spec.jobTemplate.spec),
    };
    try {
      const job = insertObject(this.#parts.context, this.#tx, jobs, { cluster, namespace }, draft);
      const { uid } = job.metadata;
      this.#active = [...this.#active, { apiVersion: apiVersionOf(jobs), kind: 'Job', name, namespace, uid }];
      this.#tell('Normal', 'SuccessfulCreate', `Created job ${name}`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      // It was made in an earlier turn.
      if (error.code === 409) return this.#noteSchedule(scheduled);
      this.#tell('Warning', 'FailedCreate', `Error creating job: ${error.message}`);
      return 'refused';
    }
    return this.#noteSchedule(scheduled);
  }

  #noteSchedule(scheduled: Instant): 'done' {
    this.#lastSchedule = toKubeTime(scheduled);
    return 'done';
  }

  putStatus(): void {
    const entry = this.#tx.entry(cronJobs.collection, this.#entry.key);
    if (!entry) return;
    putStatus(this.#tx, cronJobs, entry, {
      ...(this.#active.length > 0 && { active: this.#active }),
      ...(this.#lastSchedule !== undefined && { lastScheduleTime: this.#lastSchedule }),
      ...(this.#lastSuccess !== undefined && { lastSuccessfulTime: this.#lastSuccess }),
    });
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const component = 'cronjob-controller';
    const note = { type, reason, message, component };
    recordEvent(this.#tx, this.#parts.context, this.#entry.value.cluster, this.#cron, note);
  }
}

const startOf = ({ value }: JobEntry): number =>
  Date.parse(value.object.status?.startTime ?? value.object.metadata.creationTimestamp);

/** A moment as the clocks of a zone show it, e.g. `2026-08-21T09:30:00+02:00` (RFC 3339). */
function zonedTime(moment: Instant, zone: string): string {
  const offset = offsetAt(zone, moment) / 60_000;
  if (zone === 'UTC') return toKubeTime(moment);
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(offset);
  const text = new Date(moment + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${text}Z`;
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A moment in words, e.g. `Fri, 21 Aug 2026 09:30:00 +0000` (RFC 1123 with a numeric zone). */
const longTime = (moment: Instant): string => new Date(moment).toUTCString().replace('GMT', '+0000');
