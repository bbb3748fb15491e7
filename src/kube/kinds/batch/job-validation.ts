import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { nameFault } from '../../api/names.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { compileLabelSelector } from '../../selectors/index.js';
import type { LabelSelector } from '../../selectors/index.js';
import { checkPodTemplate } from '../pod/index.js';
import type { PodTemplateSpec } from '../pod/index.js';
import { checkLabelSelector } from '../selector-validation.js';
import { checkFailurePolicy, checkSuccessPolicy } from './job-policy-validation.js';
import type { FailurePolicy, SuccessPolicy } from './job-policy-validation.js';

/** What a job does (batch/v1 JobSpec). */
export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly completionMode?: string;
  readonly activeDeadlineSeconds?: number;
  readonly backoffLimit?: number;
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly ttlSecondsAfterFinished?: number;
  readonly suspend?: boolean;
  readonly selector?: LabelSelector;
  readonly manualSelector?: boolean;
  readonly podFailurePolicy?: FailurePolicy;
  readonly successPolicy?: SuccessPolicy;
  readonly podReplacementPolicy?: string;
  readonly managedBy?: string;
  readonly template?: PodTemplateSpec;
}

interface Job extends KubeObject {
  readonly spec?: JobSpec;
  readonly status?: { readonly startTime?: string };
}

const mostIndexedPods = 100_000;

/** Everything wrong with a job (batch validation: ValidateJob). */
export const jobErrors = validation<Job>((faults, job, before) => {
  const { spec = {}, metadata } = job;
  const { completions = 0 } = spec;
  checkJobSpec(faults, 'spec', spec);
  if (spec.completionMode === 'Indexed' && completions > 0) {
    const last = `${metadata.name}-${String(completions - 1)}`;
    const fault = nameFault('label', last);
    if (fault !== undefined) {
      const text = `will not able to create pod with invalid DNS label: ${last}`;
      faults.invalid('metadata.name', metadata.name, text);
    }
  }
  if (!spec.selector) faults.required('spec.selector');
  else {
    checkLabelSelector(faults, 'spec.selector', spec.selector);
    if (!before && spec.manualSelector !== true) checkGenerated(faults, job);
    const labels = spec.template?.metadata?.labels ?? {};
    if (!compileLabelSelector(spec.selector)(labels)) {
      const text = '`selector` does not match template `labels`';
      faults.invalid('spec.template.metadata.labels', labels, text);
    }
  }
  if (before) checkJobUpdate(faults, job, before);
});

/** A selector that is not the client's own is the one that the server makes. */
function checkGenerated(faults: Faults, { spec = {}, metadata }: Job): void {
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {};
  const isOwn = Object.keys(matchLabels).length === 1 && matchExpressions.length === 0;
  if (isOwn && matchLabels['batch.kubernetes.io/controller-uid'] === metadata.uid) return;
  faults.invalid('spec.selector', spec.selector, '`selector` not auto-generated');
}

/** Adds what is wrong with a job, or with the jobs of a cron job, at `at`. */
export function checkJobSpec(faults: Faults, at: string, spec: JobSpec): void {
  for (const member of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const) {
    faults.nonNegative(`${at}.${member}`, spec[member]);
  }
  checkIndexes(faults, at, spec);
  checkManager(faults, `${at}.managedBy`, spec.managedBy);
  checkPodTemplate(faults, `${at}.template`, spec.template);
  checkRestarts(faults, at, spec);
  if (spec.podFailurePolicy)
    checkFailurePolicy(faults, `${at}.podFailurePolicy`, spec.podFailurePolicy, spec);
  if (spec.successPolicy) checkSuccessPolicy(faults, `${at}.successPolicy`, spec.successPolicy, spec);
  const replacements = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  faults.oneOf(`${at}.podReplacementPolicy`, spec.podReplacementPolicy, replacements);
}

function checkIndexes(faults: Faults, at: string, spec: JobSpec): void {
  const { completionMode, completions, parallelism = 0, backoffLimitPerIndex, maxFailedIndexes } = spec;
  faults.oneOf(`${at}.completionMode`, completionMode, ['NonIndexed', 'Indexed']);
  if (completionMode === 'Indexed') {
    if (completions === undefined) faults.required(`${at}.completions`, 'when completion mode is Indexed');
    if (parallelism > mostIndexedPods) {
      const most = `must be less than or equal to ${String(mostIndexedPods)} when completion mode is Indexed`;
      faults.invalid(`${at}.parallelism`, parallelism, most);
    }
    if (maxFailedIndexes !== undefined && completions !== undefined && maxFailedIndexes > completions)
      faults.invalid(`${at}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions');
  } else {
    for (const member of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
      if (spec[member] !== undefined)
        faults.invalid(`${at}.${member}`, spec[member], 'requires indexed completion mode');
    }
  }
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined)
    faults.required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
}

function checkManager(faults: Faults, at: string, manager: string | undefined): void {
  if (manager === undefined) return;
  if (!/^[^/]+\/[^/]+/.test(manager))
    faults.invalid(at, manager, 'must be a domain-prefixed path (such as "acme.io/foo")');
  if (manager.length > 63) faults.tooLong(at, 63);
}

/** A job's pods end: they are not restarted for ever. */
function checkRestarts(faults: Faults, at: string, { template, podFailurePolicy }: JobSpec): void {
  const field = `${at}.template.spec.restartPolicy`;
  const { restartPolicy } = template?.spec ?? {};
  if (restartPolicy === undefined || restartPolicy === 'Always')
    faults.required(field, 'valid values: "OnFailure", "Never"');
  else if (podFailurePolicy && restartPolicy !== 'Never')
    faults.invalid(field, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified');
}

/** What may change in a job that exists: how many pods at once, its limits, and whether it is suspended. */
function checkJobUpdate(faults: Faults, { spec = {} }: Job, before: Job): void {
  const was = before.spec ?? {};
  const isSame = (member: keyof JobSpec): boolean =>
    canonicalJson(spec[member]) === canonicalJson(was[member]);
  const isIndexed = spec.completionMode === 'Indexed';
  if (!isIndexed) faults.immutable('spec.completions', spec.completions ?? null, isSame('completions'));
  else if (!isSame('completions') && spec.completions !== spec.parallelism) {
    const text = 'can only be modified in tandem with spec.parallelism';
    faults.invalid('spec.completions', spec.completions ?? null, text);
  }
  faults.immutable('spec.selector', spec.selector ?? null, isSame('selector'));
  const isWaiting = was.suspend === true && before.status?.startTime === undefined;
  const [now, old] = [spec.template, was.template].map((one) => (isWaiting ? unscheduled(one) : one));
  faults.immutable('spec.template', spec.template ?? null, canonicalJson(now) === canonicalJson(old));
  for (const member of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ] as const) {
    faults.immutable(`spec.${member}`, spec[member] ?? null, isSame(member));
  }
}

/** A template without what says where its pods go: that may change while a job has not begun. */
function unscheduled(template: PodTemplateSpec | undefined): unknown {
  if (!template) return undefined;
  const { metadata: _metadata, spec, ...rest } = template;
  const { nodeSelector: _nodes, affinity: _affinity, tolerations: _tolerations, ...others } = spec;
  const { schedulingGates: _gates, ...fixed } = others;
  return { ...rest, spec: fixed };
}
