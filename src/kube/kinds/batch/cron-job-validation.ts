import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import type { KubeObject } from '../../object.js';
import { scheduleFault } from './cron-schedule.js';
import { checkJobSpec } from './job-validation.js';
import type { JobSpec } from './job-validation.js';

interface CronJob extends KubeObject {
  readonly spec?: {
    readonly schedule?: string;
    readonly timeZone?: string;
    readonly startingDeadlineSeconds?: number;
    readonly concurrencyPolicy?: string;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate?: { readonly spec?: JobSpec };
  };
}

/** A job's name is its cron job's with eleven characters more, of the 63 that a label has. */
const longestName = 52;

/** Everything wrong with a cron job (batch validation: ValidateCronJob). */
export const cronJobErrors = validation<CronJob>((faults, { metadata, spec = {} }, before) => {
  if (!before && metadata.name.length > longestName) {
    const most = `must be no more than ${String(longestName)} characters`;
    faults.invalid('metadata.name', metadata.name, most);
  }
  checkSchedule(faults, spec.schedule ?? '', spec.timeZone);
  faults.nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  faults.requiredOneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']);
  const { spec: job = {} } = spec.jobTemplate ?? {};
  checkJobSpec(faults, 'spec.jobTemplate.spec', job);
  if (job.selector)
    faults.invalid('spec.jobTemplate.spec.selector', job.selector, '`selector` will be auto-generated');
  if (job.manualSelector === true) {
    const field = 'spec.jobTemplate.spec.manualSelector';
    faults.add({ type: 'notSupported', field, value: true, detail: 'supported values: "nil", "false"' });
  }
  faults.nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit);
  faults.nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit);
});

function checkSchedule(faults: Faults, schedule: string, timeZone: string | undefined): void {
  if (schedule === '') faults.required('spec.schedule');
  else if (schedule.includes('TZ')) {
    const text = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    faults.invalid('spec.schedule', schedule, text);
  } else faults.invalid('spec.schedule', schedule, scheduleFault(schedule));
  if (timeZone !== undefined) faults.invalid('spec.timeZone', timeZone, timeZoneFault(timeZone));
}

function timeZoneFault(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or non-empty string';
  if (name.toLowerCase() === 'local')
    return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `unknown time zone ${name}`;
  }
}
