import type { Pod } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import type { BlockingReason } from '../scale-down/unremovable.js';
import type { Controller } from './controllers.js';

/** What a node's removal means to a pod on it (cluster autoscaler: drainability outcome). */
export type Drainability =
  /** It is evicted, and needs another place. */
  | { readonly kind: 'movable' }
  /** It belongs to the node: it needs no other place, and may be evicted as a courtesy. */
  | { readonly kind: 'daemon' }
  /** It goes with the node, and is not asked. */
  | { readonly kind: 'skipped' }
  /** The node stays until it has ended by itself. */
  | { readonly kind: 'waits' }
  | {
      readonly kind: 'blocks';
      readonly reason: BlockingReason;
      /** In upstream's words. */
      readonly message: string;
    };

/** Disruption budgets as the rules ask about them. */
export interface BudgetQuestions {
  /** Whether any budget selects the pod. */
  isProtected(pod: Pod): boolean;
  /** Whether all budgets that select the pod let one more go. */
  allows(pod: Pod): boolean;
}

/** What pods are judged by. */
export interface DrainContext {
  readonly now: Instant;
  /** The first that decides has it. */
  readonly rules: readonly DrainRule[];
  readonly controller: (pod: Pod) => Controller;
  readonly budgets: BudgetQuestions;
}

/** Judges a pod, or leaves it to the rules after it. */
export type DrainRule = (pod: Pod, context: DrainContext) => Drainability | undefined;

export const movable: Drainability = { kind: 'movable' };
export const skipped: Drainability = { kind: 'skipped' };

export const blocks = (reason: BlockingReason, message: string): Drainability => ({
  kind: 'blocks',
  reason,
  message,
});
