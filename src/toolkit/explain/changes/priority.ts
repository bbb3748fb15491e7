import { priorityClasses } from '../../../kube/index.js';
import type { Pod } from '../../../kube/index.js';
import { listed } from '../amounts.js';
import type { Change } from '../explanation.js';
import type { Question } from '../question.js';

/** Pods that are named one by one; of more, the number says enough. */
const fewPods = 3;

/** Pods by name, or how many they are. */
export function podsText(pods: readonly Pod[]): string {
  const names = pods.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
  return names.length > fewPods
    ? `${String(names.length)} pods (${names.slice(0, fewPods).join(', ')}, …)`
    : `${names.length === 1 ? 'pod' : 'pods'} ${listed(names)}`;
}

/** How many of the pods that go are protected. */
export function budgetsText(violations: number, victims: number): string {
  if (violations === 0) return '';
  if (victims === 1) return ', against its disruption budget';
  const those = violations === victims ? '' : `${String(violations)} of them `;
  return `, ${those}against their disruption budgets`;
}

/** The lowest priority class above the pod's with which it would drive pods of lower priority out of a node. */
export function higherPriority(question: Question): readonly Change[] {
  const { pod, whatIf, waiting, reader, cluster } = question;
  if (waiting.length > 1) return [];
  const classes = reader
    .find(priorityClasses.collection, 'byCluster', cluster)
    .map(
      ({ object }) =>
        object as typeof object & { readonly value?: number; readonly preemptionPolicy?: string },
    )
    .filter(
      ({ value = 0, preemptionPolicy, metadata }) =>
        value > (pod.spec.priority ?? 0) &&
        preemptionPolicy !== 'Never' &&
        !metadata.name.startsWith('system-'),
    )
    .sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
  for (const { metadata, value = 0 } of classes) {
    const { preemptionPolicy: _policy, ...spec } = pod.spec;
    const attempt = whatIf.attempt({ ...pod, spec: { ...spec, priority: value } });
    if (attempt.kind !== 'refused' || !attempt.preemption) continue;
    const { victims, node, violations } = attempt.preemption;
    const budgets = budgetsText(violations, victims.length);
    return [
      {
        kind: 'priority',
        text: `Give it priority class ${metadata.name} (${String(value)}): it drives ${podsText(victims)} out of node ${node}${budgets}`,
        manifest: `priorityClassName: ${metadata.name}`,
      },
    ];
  }
  return [];
}
