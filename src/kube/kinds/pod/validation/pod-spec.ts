import { duplicate, forbiddenField, invalid, notSupported, required } from '../../../api/status-error.js';
import type { FieldError } from '../../../api/status-error.js';
import { labelErrors, nameFault, qualifiedNameFault } from '../../../api/names.js';
import { milliValue } from '../../../../units/index.js';
import { canonicalJson } from '../../../object.js';
import type { KubeObject } from '../../../object.js';
import type { Container } from '../container.js';
import type { Pod, PodSpec } from '../pod.js';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const tolerationEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Everything wrong with a pod's spec at `at` (core validation: ValidatePodSpec). */
export function podSpecErrors(spec: PodSpec | undefined, at: string): readonly FieldError[] {
  if (!spec) return [required(`${at}.containers`)];
  const errors: FieldError[] = [];
  const { containers = [], initContainers = [], restartPolicy = 'Always' } = spec;
  if (containers.length === 0) errors.push(required(`${at}.containers`));
  const names = new Set<string>();
  for (const [list, items] of [
    ['initContainers', initContainers],
    ['containers', containers],
  ] as const) {
    for (const [index, container] of items.entries()) {
      const place = `${at}.${list}[${String(index)}]`;
      errors.push(...containerErrors(container, place));
      if (names.has(container.name)) errors.push(duplicate(`${place}.name`, container.name));
      names.add(container.name);
    }
  }
  if (!restartPolicies.includes(restartPolicy)) {
    errors.push(notSupported(`${at}.restartPolicy`, restartPolicy, restartPolicies));
  }
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  if (grace < 0)
    errors.push(invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than or equal to 0'));
  errors.push(...labelErrors(spec.nodeSelector, `${at}.nodeSelector`));
  errors.push(...tolerationErrors(spec, at));
  if (spec.serviceAccountName) {
    const fault = nameFault('subdomain', spec.serviceAccountName);
    if (fault !== undefined) errors.push(invalid(`${at}.serviceAccountName`, spec.serviceAccountName, fault));
  }
  return errors;
}

function containerErrors(container: Container, at: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (!container.name) errors.push(required(`${at}.name`));
  else {
    const fault = nameFault('label', container.name);
    if (fault !== undefined) errors.push(invalid(`${at}.name`, container.name, fault));
  }
  if (container.image === undefined || container.image === '') errors.push(required(`${at}.image`));
  else if (container.image.trim() !== container.image) {
    errors.push(invalid(`${at}.image`, container.image, 'must not have leading or trailing whitespace'));
  }
  const { imagePullPolicy } = container;
  if (imagePullPolicy !== undefined && !pullPolicies.includes(imagePullPolicy)) {
    errors.push(notSupported(`${at}.imagePullPolicy`, imagePullPolicy, pullPolicies));
  }
  for (const [index, { containerPort }] of (container.ports ?? []).entries()) {
    if (!(containerPort >= 1 && containerPort <= 65_535)) {
      errors.push(
        invalid(
          `${at}.ports[${String(index)}].containerPort`,
          containerPort,
          'must be between 1 and 65535, inclusive',
        ),
      );
    }
  }
  const { requests = {}, limits = {} } = container.resources ?? {};
  for (const [name, amount] of Object.entries(requests)) {
    if (milliValue(amount) < 0) {
      errors.push(invalid(`${at}.resources.requests[${name}]`, amount, 'must be greater than or equal to 0'));
    }
    const limit = limits[name];
    if (limit !== undefined && milliValue(amount) > milliValue(limit)) {
      errors.push(
        invalid(
          `${at}.resources.requests`,
          amount,
          `must be less than or equal to ${name} limit of ${limit}`,
        ),
      );
    }
  }
  return errors;
}

function tolerationErrors(spec: PodSpec, at: string): readonly FieldError[] {
  return (spec.tolerations ?? []).flatMap((toleration, index) => {
    const place = `${at}.tolerations[${String(index)}]`;
    const { key = '', operator = 'Equal', value = '', effect, tolerationSeconds } = toleration;
    const errors: FieldError[] = [];
    if (key !== '') {
      const fault = qualifiedNameFault(key);
      if (fault !== undefined) errors.push(invalid(`${place}.key`, key, fault));
    } else if (operator !== 'Exists') {
      errors.push(
        invalid(
          `${place}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    }
    if (operator === 'Exists' && value !== '') {
      errors.push(
        invalid(`${place}.operator`, toleration, "value must be empty when `operator` is 'Exists'"),
      );
    }
    if (effect !== undefined && !tolerationEffects.includes(effect)) {
      errors.push(notSupported(`${place}.effect`, effect, tolerationEffects));
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      errors.push(
        invalid(
          `${place}.effect`,
          effect ?? '',
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
      );
    }
    return errors;
  });
}

/** What of a pod's spec may change once it exists; all else is refused (core validation: ValidatePodUpdate). */
const changeable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Everything wrong with a pod, new or changed. */
export function podErrors(object: KubeObject, before: KubeObject | undefined): readonly FieldError[] {
  const pod = object as Pod;
  const errors = podSpecErrors(pod.spec, 'spec');
  if (!before || errors.length > 0) return errors;
  const previous = before as Pod;
  const lost = (previous.spec.tolerations ?? []).some(
    (old) => !(pod.spec.tolerations ?? []).some((one) => JSON.stringify(one) === JSON.stringify(old)),
  );
  if (lost || comparable(pod.spec) !== comparable(previous.spec)) {
    return [forbiddenField('spec', `pod updates may not change fields other than ${changeable}`)];
  }
  return [];
}

/** A pod's spec without what may change, as a text that is equal for equal specs. */
function comparable(spec: PodSpec): string {
  const withoutImage = (containers: readonly Container[] | undefined) =>
    containers?.map(({ image: _image, ...rest }) => rest);
  const { tolerations: _tolerations, schedulingGates: _gates, ...rest } = spec;
  return canonicalJson({
    ...rest,
    activeDeadlineSeconds: undefined,
    terminationGracePeriodSeconds: undefined,
    containers: withoutImage(spec.containers),
    initContainers: withoutImage(spec.initContainers),
    ephemeralContainers: undefined,
  });
}
