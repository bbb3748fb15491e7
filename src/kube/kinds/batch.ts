import { membersOf, valueAt } from '../object.js';
import type { KubeObject } from '../object.js';
import { defineKind } from '../resource-type.js';
import { ageColumn, column, elapsed, humanDuration, nameColumn, numberAt, textAt } from '../table/index.js';
import { required } from '../api/status-error.js';
import { defaultTemplate, fill, member } from './pod-defaults.js';
import { podSpecErrors } from './pod-validation.js';
import type { PodSpec } from './pod.js';
import { containerColumns, selectorColumn } from './workload-columns.js';

const at = (object: KubeObject, path: string): unknown => valueAt(membersOf(object), path.split('.'));
const moment = (object: KubeObject, path: string): number | undefined => {
  const value = at(object, path);
  return typeof value === 'string' ? Date.parse(value) : undefined;
};

function jobStatus(object: KubeObject): string {
  const conditions = (at(object, 'status.conditions') ?? []) as readonly { type: string; status: string }[];
  const has = (type: string) => conditions.some((one) => one.type === type && one.status === 'True');
  for (const [type, text] of [
    ['Complete', 'Complete'],
    ['Failed', 'Failed'],
    ['Suspended', 'Suspended'],
    ['FailureTarget', 'FailureTarget'],
    ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
  ] as const) {
    if (has(type)) return text;
  }
  return object.metadata.deletionTimestamp === undefined ? 'Running' : 'Terminating';
}

function completions(object: KubeObject): string {
  const succeeded = Number(at(object, 'status.succeeded') ?? 0);
  const wanted = at(object, 'spec.completions');
  if (typeof wanted === 'number') return `${String(succeeded)}/${String(wanted)}`;
  const parallelism = Number(at(object, 'spec.parallelism') ?? 0);
  return parallelism > 1 ? `${String(succeeded)}/1 of ${String(parallelism)}` : `${String(succeeded)}/1`;
}

export const jobs = defineKind({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  schema: 'V1Job',
  selectable: ['status.successful'],
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
    if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
    fill(spec, 'parallelism', 1);
    fill(spec, 'backoffLimit', 6);
    fill(spec, 'completionMode', 'NonIndexed');
    fill(spec, 'suspend', false);
    fill(
      spec,
      'podReplacementPolicy',
      spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
    );
    defaultTemplate(spec);
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
    spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': metadata['uid'] } };
  },
  validate: (object) => {
    const spec = at(object, 'spec.template.spec') as PodSpec | undefined;
    const errors = [...podSpecErrors(spec, 'spec.template.spec')];
    if (spec?.restartPolicy === 'Always') {
      errors.push({
        type: 'notSupported',
        field: 'spec.template.spec.restartPolicy',
        value: 'Always',
        detail: 'supported values: "OnFailure", "Never"',
      });
    }
    return errors;
  },
});

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
    column('Suspend', (object) => (at(object, 'spec.suspend') === true ? 'True' : 'False')),
    column('Active', (object) => ((at(object, 'status.active') ?? []) as unknown[]).length, 'integer'),
    column('Last Schedule', (object, now) => {
      const last = at(object, 'status.lastScheduleTime');
      return typeof last === 'string' ? elapsed(last, now) : '<none>';
    }),
    ageColumn,
    ...containerColumns('spec.jobTemplate.spec.template.spec.containers'),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'concurrencyPolicy', 'Allow');
    fill(spec, 'suspend', false);
    fill(spec, 'successfulJobsHistoryLimit', 3);
    fill(spec, 'failedJobsHistoryLimit', 1);
    defaultTemplate(member(member(spec, 'jobTemplate'), 'spec'));
  },
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
  validate: (object) => (at(object, 'spec.schedule') ? [] : [required('spec.schedule')]),
});

export const horizontalPodAutoscalers = defineKind({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  schema: 'V2HorizontalPodAutoscaler',
  columns: [
    nameColumn,
    column('Reference', (object) => {
      const { kind = '', name = '' } = (at(object, 'spec.scaleTargetRef') ?? {}) as {
        kind?: string;
        name?: string;
      };
      return `${kind}/${name}`;
    }),
    column('Targets', targets),
    column('MinPods', textAt('spec.minReplicas', '<unset>')),
    column('MaxPods', numberAt('spec.maxReplicas'), 'integer'),
    column('Replicas', numberAt('status.currentReplicas'), 'integer'),
    ageColumn,
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'minReplicas', 1);
    fill(spec, 'metrics', [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ]);
  },
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
});

interface Metric {
  readonly type: string;
  readonly resource?: {
    readonly name: string;
    readonly target?: { readonly averageUtilization?: number; readonly averageValue?: string };
    readonly current?: { readonly averageUtilization?: number; readonly averageValue?: string };
  };
}

function targets(object: KubeObject): string {
  const specs = (at(object, 'spec.metrics') ?? []) as readonly Metric[];
  const current = (at(object, 'status.currentMetrics') ?? []) as readonly Metric[];
  const texts = specs.map(({ resource }, index) => {
    if (!resource?.target) return '<unknown>';
    const now = current[index]?.resource?.current;
    const { averageUtilization, averageValue = '' } = resource.target;
    return averageUtilization === undefined
      ? `${resource.name}: ${now?.averageValue ?? '<unknown>'}/${averageValue}`
      : `${resource.name}: ${now?.averageUtilization === undefined ? '<unknown>' : `${String(now.averageUtilization)}%`}/${String(averageUtilization)}%`;
  });
  return texts.join(', ') || '<none>';
}
