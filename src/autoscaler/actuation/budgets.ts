import type { AutoscalerOptions } from '../options.js';
import type { Deletion } from './deletion.js';

/** Nodes to take away: those with no pods to move, and the others. */
export interface NodesToRemove<T> {
  readonly empty: readonly T[];
  readonly drain: readonly T[];
}

/**
 * As many nodes as may be under way at once, in the order given, empty ones first (cluster autoscaler: scale-down budgets).
 * Groups that go as a whole or not at all are not known: AKS has none.
 */
export function cropToBudgets<T>(
  { empty, drain }: NodesToRemove<T>,
  underWay: readonly Pick<Deletion, 'kind'>[],
  options: Pick<AutoscalerOptions, 'maxScaleDownParallelism' | 'maxDrainParallelism'>,
): NodesToRemove<T> {
  const draining = underWay.filter(({ kind }) => kind === 'drain').length;
  const total = Math.max(0, options.maxScaleDownParallelism - underWay.length);
  const chosen = empty.slice(0, total);
  const drains = Math.min(options.maxDrainParallelism - draining, total - chosen.length);
  return { empty: chosen, drain: drain.slice(0, Math.max(0, drains)) };
}
