import { compileLabelSelector } from '../../kube/index.js';
import type { DisruptionBudget, Labels } from '../../kube/index.js';
import type { PodInfo } from '../cache/pod-info.js';

/** A disruption budget as preemption counts with it. */
export interface Budget {
  readonly namespace: string;
  readonly matches: (labels: Labels) => boolean;
  readonly allowed: number;
  /** Pods that are on their way out already are not charged. */
  readonly disrupted: ReadonlySet<string>;
}

/** What preemption reads of a budget; one that selects everything is left out, as kube-scheduler does. */
export function budgetOf({ metadata, spec, status }: DisruptionBudget): Budget | undefined {
  const { selector } = spec;
  const isEmpty =
    Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0;
  if (isEmpty) return undefined;
  return {
    namespace: metadata.namespace ?? '',
    matches: compileLabelSelector(selector),
    allowed: status?.disruptionsAllowed ?? 0,
    disrupted: new Set(Object.keys(status?.disruptedPods ?? {})),
  };
}

/** Tells the pods that could not go within their budgets from the others, both in the order given. */
export function splitByBudgets(
  pods: readonly PodInfo[],
  budgets: readonly Budget[],
): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  if (budgets.length === 0) return { violating: [], others: pods };
  const left = budgets.map(({ allowed }) => allowed);
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const info of pods) {
    const { namespace, labels } = info.labels;
    const { name } = info.pod.metadata;
    let isViolating = false;
    if (Object.keys(labels).length > 0) {
      for (const [at, budget] of budgets.entries()) {
        if (budget.namespace !== namespace || budget.disrupted.has(name) || !budget.matches(labels)) continue;
        left[at] = (left[at] ?? 0) - 1;
        if ((left[at] ?? 0) < 0) isViolating = true;
      }
    }
    (isViolating ? violating : others).push(info);
  }
  return { violating, others };
}
