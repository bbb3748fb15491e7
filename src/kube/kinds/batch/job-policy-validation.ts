import type { Faults } from '../../api/field-error.js';
import { qualifiedNameFaults } from '../../api/names.js';
import type { JobSpec } from './job-validation.js';

/** What pods' failures mean for their job (batch/v1 PodFailurePolicy). */
export interface FailurePolicy {
  readonly rules?: readonly FailureRule[];
}

interface FailureRule {
  readonly action?: string;
  readonly onExitCodes?: {
    readonly containerName?: string;
    readonly operator?: string;
    readonly values?: readonly number[];
  };
  readonly onPodConditions?: readonly { readonly type?: string; readonly status?: string }[];
}

/** When a job has succeeded before all its indexes have (batch/v1 SuccessPolicy). */
export interface SuccessPolicy {
  readonly rules?: readonly { readonly succeededIndexes?: string; readonly succeededCount?: number }[];
}

const mostRules = 20;
const mostExitCodes = 255;

export function checkFailurePolicy(
  faults: Faults,
  at: string,
  { rules = [] }: FailurePolicy,
  job: JobSpec,
): void {
  if (rules.length > mostRules) {
    faults.tooMany(`${at}.rules`, rules.length, mostRules);
    return;
  }
  const { containers = [], initContainers = [] } = job.template?.spec ?? {};
  const names = [...initContainers, ...containers].map(({ name }) => name);
  for (const [index, rule] of rules.entries()) {
    const place = `${at}.rules[${String(index)}]`;
    faults.requiredOneOf(`${place}.action`, rule.action, ['Count', 'FailIndex', 'FailJob', 'Ignore']);
    if (rule.action === 'FailIndex' && job.backoffLimitPerIndex === undefined)
      faults.invalid(`${place}.action`, rule.action, 'requires the backoffLimitPerIndex to be set');
    const hasConditions = (rule.onPodConditions ?? []).length > 0;
    if (rule.onExitCodes && hasConditions)
      faults.invalid(place, rule, 'specifying both OnExitCodes and OnPodConditions is not supported');
    if (!rule.onExitCodes && !hasConditions)
      faults.invalid(place, rule, 'specifying one of OnExitCodes and OnPodConditions is required');
    if (rule.onExitCodes) checkExitCodes(faults, `${place}.onExitCodes`, rule.onExitCodes, names);
    for (const [number, { type = '', status }] of (rule.onPodConditions ?? []).entries()) {
      const condition = `${place}.onPodConditions[${String(number)}]`;
      faults.invalid(`${condition}.type`, type, qualifiedNameFaults(type));
      faults.requiredOneOf(`${condition}.status`, status, ['False', 'True', 'Unknown']);
    }
  }
}

function checkExitCodes(
  faults: Faults,
  at: string,
  { containerName, operator = '', values = [] }: NonNullable<FailureRule['onExitCodes']>,
  names: readonly string[],
): void {
  faults.requiredOneOf(`${at}.operator`, operator, ['In', 'NotIn']);
  if (containerName !== undefined && !names.includes(containerName)) {
    const text = 'must be one of the container or initContainer names in the pod template';
    faults.invalid(`${at}.containerName`, containerName, text);
  }
  if (values.length === 0) faults.invalid(`${at}.values`, values, 'at least one value is required');
  if (values.length > mostExitCodes) faults.tooMany(`${at}.values`, values.length, mostExitCodes);
  for (const [index, value] of values.entries()) {
    const place = `${at}.values[${String(index)}]`;
    if (operator === 'In' && value === 0) faults.invalid(place, value, 'must not be 0 for the In operator');
    if (values.indexOf(value) < index) faults.duplicate(place, value);
  }
  if (values.some((value, index) => index > 0 && value < (values[index - 1] ?? value)))
    faults.invalid(`${at}.values`, values, 'must be ordered');
}

export function checkSuccessPolicy(
  faults: Faults,
  at: string,
  policy: SuccessPolicy,
  { completionMode, completions = 0 }: JobSpec,
): void {
  if (completionMode !== 'Indexed') {
    faults.invalid(at, policy, 'requires indexed completion mode');
    return;
  }
  const { rules = [] } = policy;
  if (rules.length === 0)
    faults.required(
      `${at}.rules`,
      'at least one rules must be specified when the successPolicy is specified',
    );
  if (rules.length > mostRules) faults.tooMany(`${at}.rules`, rules.length, mostRules);
  for (const [index, { succeededIndexes, succeededCount }] of rules.entries()) {
    const place = `${at}.rules[${String(index)}]`;
    if (succeededIndexes === undefined && succeededCount === undefined) {
      const text = 'at least one of succeededCount or succeededIndexes must be specified';
      faults.required(place, text);
    }
    if (succeededCount === undefined) continue;
    faults.nonNegative(`${place}.succeededCount`, succeededCount);
    if (succeededCount > completions) {
      const text = `must be less than or equal to ${String(completions)} (the number of specified completions)`;
      faults.invalid(`${place}.succeededCount`, succeededCount, text);
    }
  }
}
