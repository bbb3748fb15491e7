import type { Stored } from '../../object.js';
import type { Versioned } from '../../../store/index.js';
import type { Pod } from '../../kinds/index.js';

/** So many pods that have ended are kept (Kubernetes: terminated-pod-gc-threshold). */
export const finishedKept = 12_500;

/** Of pods that have ended, those that are too many: evicted ones first, then the oldest. */
export function surplusOf(
  finished: readonly Versioned<Stored<Pod>>[],
  kept: number,
): readonly Versioned<Stored<Pod>>[] {
  if (finished.length <= kept) return [];
  const rank = ({ value: { object } }: Versioned<Stored<Pod>>): string =>
    `${object.status?.reason === 'Evicted' ? '0' : '1'} ${object.metadata.creationTimestamp} ${object.metadata.name}`;
  return finished
    .map((entry) => ({ entry, rank: rank(entry) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, finished.length - kept)
    .map(({ entry }) => entry);
}
