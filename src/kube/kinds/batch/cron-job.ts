import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, elapsed, nameColumn, textAt } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, selectorColumnAt } from '../workload-columns.js';
import { cronJobErrors } from './cron-job-validation.js';

export const cronJobs = defineKind({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  schema: 'V1CronJob',
  columns: [
    nameColumn,
    column('Schedule', textAt('spec.schedule')),
    column('Timezone', textAt('spec.timeZone')),
    column('Suspend', (object) => (fieldAt(object, 'spec.suspend') === true ? 'True' : 'False'), 'boolean'),
    column('Active', (object) => ((fieldAt(object, 'status.active') ?? []) as unknown[]).length, 'integer'),
    column('Last Schedule', (object, now) => {
      const last = fieldAt(object, 'status.lastScheduleTime');
      return typeof last === 'string' ? elapsed(last, now) : '<none>';
    }),
    ageColumn,
    ...containerColumns('spec.jobTemplate.spec.template.spec.containers'),
    selectorColumnAt('spec.jobTemplate.spec.selector'),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'concurrencyPolicy', 'Allow');
    fill(spec, 'suspend', false);
    fill(spec, 'successfulJobsHistoryLimit', 3);
    fill(spec, 'failedJobsHistoryLimit', 1);
    const jobTemplate = member(spec, 'jobTemplate');
    const jobSpec = member(jobTemplate, 'spec');
    // The metadata of templates is always there.
    member(jobTemplate, 'metadata');
    member(member(jobSpec, 'template'), 'metadata');
    defaultTemplate(jobSpec);
  },
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
  validate: cronJobErrors,
  warnings: templateWarnings('spec.jobTemplate.spec.template'),
});
