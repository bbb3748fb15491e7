import type { Pod, Taint, TaintEffect, Toleration } from '../objects.js';

/**
 * An empty effect is every effect and an empty key every key; `Exists` looks at no value, and without an operator the value
 * must be equal.
 */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if ((toleration.effect ?? '') !== '' && toleration.effect !== taint.effect) return false;
  if ((toleration.key ?? '') !== '' && toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

const keepsPodsAway: ReadonlySet<TaintEffect> = new Set<TaintEffect>(['NoSchedule', 'NoExecute']);

/** The first taint that keeps the pod away from a node. */
export const untoleratedTaint = (pod: Pod, taints: readonly Taint[] = []): Taint | undefined =>
  taints.find(
    (taint) =>
      keepsPodsAway.has(taint.effect) && !pod.spec.tolerations?.some((each) => tolerates(each, taint)),
  );
