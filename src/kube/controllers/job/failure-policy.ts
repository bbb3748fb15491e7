import type { ContainerStatus, Pod } from '../../kinds/index.js';

interface FailureRule {
  readonly action: 'Count' | 'FailIndex' | 'FailJob' | 'Ignore';
  readonly onExitCodes?: {
    readonly containerName?: string;
    readonly operator: 'In' | 'NotIn';
    readonly values: readonly number[];
  };
  readonly onPodConditions?: readonly { readonly type: string; readonly status: string }[];
}

/** What pods' failures mean for their job (batch/v1 PodFailurePolicy). */
export interface FailurePolicy {
  readonly rules: readonly FailureRule[];
}

/** What a failure means: it counts, fails the index or the whole job, or is none. */
export type FailureOutcome =
  | { readonly kind: 'count' }
  | { readonly kind: 'failIndex' }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'failJob'; readonly message: string };

const counts: FailureOutcome = { kind: 'count' };

/** What the failure of a pod means: the first rule that matches it says so. */
export function outcomeOf(policy: FailurePolicy | undefined, pod: Pod): FailureOutcome {
  if (!policy || pod.status?.phase !== 'Failed') return counts;
  for (const [index, rule] of policy.rules.entries()) {
    const match = matchOf(rule, pod);
    if (match === undefined) continue;
    switch (rule.action) {
      case 'Count':
        return counts;
      case 'FailIndex':
        return { kind: 'failIndex' };
      case 'Ignore':
        return { kind: 'ignore' };
      case 'FailJob':
        return { kind: 'failJob', message: `${match} matching FailJob rule at index ${String(index)}` };
    }
  }
  return counts;
}

/** How a rule matches a pod, in words; undefined when it does not. */
function matchOf(rule: FailureRule, pod: Pod): string | undefined {
  const { namespace = '', name } = pod.metadata;
  if (rule.onExitCodes) {
    const container = failedContainer(rule.onExitCodes, pod);
    const exitCode = container?.state.terminated?.exitCode;
    return container && exitCode !== undefined
      ? `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${String(exitCode)}`
      : undefined;
  }
  const condition = rule.onPodConditions?.find(({ type, status }) =>
    pod.status?.conditions?.some((one) => one.type === type && one.status === status),
  );
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`;
}

function failedContainer(
  { containerName, operator, values }: NonNullable<FailureRule['onExitCodes']>,
  { status }: Pod,
): ContainerStatus | undefined {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find(({ name, state }) => {
    const exitCode = state.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (containerName !== undefined && containerName !== name)) return false;
    return values.includes(exitCode) === (operator === 'In');
  });
}
