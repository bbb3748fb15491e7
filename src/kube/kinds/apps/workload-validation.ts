import { percentFault, percentOf } from '../../api/formats.js';
import type { CountOrPercent } from '../../api/formats.js';
import type { Faults } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { compileLabelSelector } from '../../selectors/index.js';
import type { LabelSelector } from '../../selectors/index.js';
import { checkPodTemplate } from '../pod/index.js';
import type { PodTemplateSpec, Volume } from '../pod/index.js';
import { checkLabelSelector, isCompilable, isEmptySelector } from '../selector-validation.js';

/** What the specs of workloads have in common. */
export interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit?: number;
}

export interface Workload<S extends WorkloadSpec = WorkloadSpec> extends KubeObject {
  readonly spec?: S;
}

/** Counts of a workload: none below nought. */
export function checkCounts(faults: Faults, spec: WorkloadSpec): void {
  faults.nonNegative('spec.replicas', spec.replicas);
  faults.nonNegative('spec.minReadySeconds', spec.minReadySeconds);
  faults.nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit);
}

/** A workload's selector says something; `emptyText` is what its kind says of one that does not. */
export function checkSelector(faults: Faults, selector: LabelSelector | undefined, emptyText: string): void {
  if (!selector) faults.required('spec.selector');
  else {
    checkLabelSelector(faults, 'spec.selector', selector);
    if (isEmptySelector(selector)) faults.invalid('spec.selector', selector, emptyText);
    if (!isCompilable(selector)) faults.invalid('spec.selector', selector, 'invalid label selector');
  }
}

/** A workload's pods: selected by its selector, restarted for ever, without an end. `kind` is as messages name it. */
export function checkTemplate(
  faults: Faults,
  kind: string,
  { selector, template }: WorkloadSpec,
  furtherVolumes: readonly Volume[] = [],
): void {
  const labels = template?.metadata?.labels;
  if (!selects(selector, labels)) {
    const text = '`selector` does not match template `labels`';
    faults.invalid('spec.template.metadata.labels', labels ?? null, text);
  }
  checkPodTemplate(faults, 'spec.template', template, furtherVolumes);
  checkEndless(faults, kind, template);
}

/** No selector, and one that says nothing, is a fault of its own: an absent one selects no labels. */
function selects(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  if (!selector) return false;
  return isEmptySelector(selector) || !isCompilable(selector) || compileLabelSelector(selector)(labels);
}

/** Pods of a workload that replaces them do not end by themselves. */
export function checkEndless(faults: Faults, kind: string, template: PodTemplateSpec | undefined): void {
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? {};
  faults.oneOf('spec.template.spec.restartPolicy', restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined) {
    const field = 'spec.template.spec.activeDeadlineSeconds';
    faults.forbidden(field, `activeDeadlineSeconds in ${kind} is not Supported`);
  }
}

/** A selector is what it was made with, for good. */
export function checkSameSelector(faults: Faults, object: Workload, before: Workload | undefined): void {
  if (!before) return;
  const [now, was] = [object.spec?.selector, before.spec?.selector];
  faults.immutable('spec.selector', now ?? null, canonicalJson(now) === canonicalJson(was));
}

/** A count or a percentage of a rolling update. */
export function checkCountOrPercent(faults: Faults, at: string, value: CountOrPercent | undefined): void {
  if (typeof value === 'string') faults.invalid(at, value, percentFault(value));
  else faults.nonNegative(at, value);
}

/** At most all of them. */
export function checkAtMostAll(faults: Faults, at: string, value: CountOrPercent | undefined): void {
  if ((percentOf(value) ?? 0) > 100) faults.invalid(at, value, 'must not be greater than 100%');
}

/** The count or the percentage, whichever it is. */
export const amountOf = (value: CountOrPercent | undefined): number =>
  typeof value === 'number' ? value : (percentOf(value) ?? 0);
