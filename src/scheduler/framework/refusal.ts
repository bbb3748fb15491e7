/**
 * Whether taking pods away could help: a node that is `Unschedulable` is looked at by preemption, one that is
 * `UnschedulableAndUnresolvable` is not (kube-scheduler: framework status codes).
 */
export type RefusalCode = 'Unschedulable' | 'UnschedulableAndUnresolvable';

/** Why a plugin keeps a pod off a node, or off all of them. */
export interface Refusal {
  readonly plugin: string;
  /** In kube-scheduler's words; each is counted by itself. */
  readonly reasons: readonly string[];
  readonly code: RefusalCode;
}

/** A refusal that preemption may resolve. */
export const unschedulable = (plugin: string, ...reasons: readonly string[]): Refusal => ({
  plugin,
  reasons,
  code: 'Unschedulable',
});

/** A refusal that no preemption resolves. */
export const unresolvable = (plugin: string, ...reasons: readonly string[]): Refusal => ({
  plugin,
  reasons,
  code: 'UnschedulableAndUnresolvable',
});
