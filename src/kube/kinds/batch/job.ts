import { fieldAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { bySelector } from '../apps/group.js';
import type { Draft } from '../../resource-type.js';
import { ageColumn, column, humanDuration, nameColumn } from '../../table/index.js';
import { fill, member, objectOf, objectsOf } from '../defaulting.js';
import { defaultTemplate, templateWarnings } from '../pod/index.js';
import { containerColumns, selectorColumn } from '../workload-columns.js';
import { jobErrors } from './job-validation.js';

const moment = (object: KubeObject, path: string): number | undefined => {
  const value = fieldAt(object, path);
  return typeof value === 'string' ? Date.parse(value) : undefined;
};

function jobStatus(object: KubeObject): string {
  const conditions = (fieldAt(object, 'status.conditions') ?? []) as readonly {
    type: string;
    status: string;
  }[];
  const has = (type: string) => conditions.some((one) => one.type === type && one.status === 'True');
  for (const [type, text] of [
    ['Complete', 'Complete'],
    ['Failed', 'Failed'],
    ['Suspended', 'Suspended'],
    ['FailureTarget', 'FailureTarget'],
    ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
  ] as const) {
    if (has(type)) return text;
    // What is going is told to be unless it has ended.
    if (type === 'Failed' && object.metadata.deletionTimestamp !== undefined) return 'Terminating';
  }
  return 'Running';
}

function completions(object: KubeObject): string {
  const succeeded = Number(fieldAt(object, 'status.succeeded') ?? 0);
  const wanted = fieldAt(object, 'spec.completions');
  if (typeof wanted === 'number') return `${String(succeeded)}/${String(wanted)}`;
  const parallelism = Number(fieldAt(object, 'spec.parallelism') ?? 0);
  return parallelism > 1 ? `${String(succeeded)}/1 of ${String(parallelism)}` : `${String(succeeded)}/1`;
}

/** Fills what a job, or the jobs of a cron job, leave out (batch/v1 defaults). */
export function defaultJobSpec(spec: Draft): void {
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  fill(spec, 'parallelism', 1);
  // Where each index may fail so often by itself, only that counts.
  fill(spec, 'backoffLimit', spec['backoffLimitPerIndex'] === undefined ? 6 : 2_147_483_647);
  fill(spec, 'completionMode', 'NonIndexed');
  fill(spec, 'suspend', false);
  const isFailureRuled = spec['podFailurePolicy'] !== undefined;
  fill(spec, 'podReplacementPolicy', isFailureRuled ? 'Failed' : 'TerminatingOrFailed');
  for (const rule of objectsOf(objectOf(spec['podFailurePolicy'])?.['rules'])) {
    for (const condition of objectsOf(rule['onPodConditions'])) fill(condition, 'status', 'True');
  }
  defaultTemplate(spec);
}

export const jobs = defineKind({
  collection: objectCollection('jobs.batch', bySelector),
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  schema: 'V1Job',
  selectable: ['status.successful'],
  selectorRefusal: (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  columns: [
    nameColumn,
    column('Status', jobStatus),
    column('Completions', completions),
    column('Duration', (object, now) => {
      const start = moment(object, 'status.startTime');
      return start === undefined
        ? ''
        : humanDuration((moment(object, 'status.completionTime') ?? now) - start);
    }),
    ageColumn,
    ...containerColumns(),
    selectorColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    defaultJobSpec(spec);
    fill(spec, 'manualSelector', false);
  },
  prepareCreate: (draft) => {
    draft['status'] = {};
    const spec = member(draft, 'spec');
    const metadata = member(draft, 'metadata');
    if (spec['manualSelector'] === true) return;
    const labels = member(member(member(spec, 'template'), 'metadata'), 'labels');
    const marks = {
      'batch.kubernetes.io/controller-uid': metadata['uid'],
      'batch.kubernetes.io/job-name': metadata['name'],
      'controller-uid': metadata['uid'],
      'job-name': metadata['name'],
    };
    Object.assign(labels, marks);
    // A job without labels has those of its pods (batch/v1 defaults).
    if (metadata['labels'] === undefined) metadata['labels'] = { ...labels };
    member(member(spec, 'selector'), 'matchLabels')['batch.kubernetes.io/controller-uid'] = metadata['uid'];
  },
  validate: jobErrors,
  warnings: templateWarnings('spec.template'),
});
