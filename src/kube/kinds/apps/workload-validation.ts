import { labelErrors } from '../../api/names.js';
import { invalid, required } from '../../api/status-error.js';
import type { FieldError } from '../../api/status-error.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { compileLabelSelector } from '../../selectors/index.js';
import type { LabelSelector } from '../../selectors/index.js';
import { podSpecErrors } from '../pod/index.js';
import type { PodTemplateSpec } from '../pod/index.js';

/** Everything wrong with a workload's selector and template: the selector selects the template's labels. */
export function workloadErrors(spec: {
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
  readonly replicas?: number;
}): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { selector, template, replicas = 0 } = spec;
  if (replicas < 0) errors.push(invalid('spec.replicas', replicas, 'must be greater than or equal to 0'));
  const empty =
    !selector ||
    (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0);
  const labels = template?.metadata?.labels ?? {};
  if (!selector) errors.push(required('spec.selector'));
  else if (empty) errors.push(invalid('spec.selector', selector, 'empty selector is invalid for deployment'));
  else if (!compileLabelSelector(selector)(labels)) {
    errors.push(
      invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    );
  }
  errors.push(...labelErrors(labels, 'spec.template.labels'));
  errors.push(...podSpecErrors(template?.spec, 'spec.template.spec'));
  return errors;
}

/** A selector is what it was made with, for good. */
export const selectorUnchanged = (
  object: KubeObject,
  before: KubeObject | undefined,
): readonly FieldError[] => {
  const selectorOf = (one: KubeObject) =>
    (one as unknown as { spec?: { selector?: LabelSelector } }).spec?.selector;
  if (!before || canonicalJson(selectorOf(object)) === canonicalJson(selectorOf(before))) return [];
  return [invalid('spec.selector', selectorOf(object), 'field is immutable')];
};
