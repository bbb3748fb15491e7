import type { NodeGroup } from '../cloud.js';

/** A group that may grow. */
export type Growing = Pick<NodeGroup, 'id' | 'pool' | 'targetSize' | 'maxSize'>;

/** A group's share of new nodes. */
export interface Share<T extends Growing = NodeGroup> {
  readonly group: T;
  /** How many nodes it is to have then; more than it has. */
  readonly newSize: number;
}

/**
 * Shares new nodes out so that the groups come to be as even in size as their maximums let them: each node goes to the smallest
 * (cluster autoscaler: BalanceScaleUpBetweenGroups). What is more than all have room for is left out, and so are groups that get
 * none. Of groups of one size the first given comes first, which upstream leaves open.
 */
export function balance<T extends Growing>(groups: readonly T[], nodes: number): readonly Share<T>[] {
  const shares = groups
    .filter(({ targetSize, maxSize }) => targetSize < maxSize)
    .map((group) => ({ group, newSize: group.targetSize }))
    .sort((a, b) => a.newSize - b.newSize);
  let growing = shares;
  let left = nodes;
  for (let [smallest] = growing; smallest && left > 0; [smallest] = growing) {
    // The smallest grow side by side until one is full, they are as large as the next, or there is no node left.
    const { newSize: size } = smallest;
    const level = growing.filter(({ newSize }) => newSize === size);
    const next = growing[level.length]?.newSize ?? Infinity;
    const ceiling = level.reduce((least, { group }) => Math.min(least, group.maxSize), next);
    const rounds = Math.min(ceiling - size, Math.floor(left / level.length));
    const each = Math.max(1, rounds);
    const served = rounds === 0 ? level.slice(0, left) : level;
    for (const share of served) share.newSize += each;
    left -= served.length * each;
    growing = growing.filter(({ group, newSize }) => newSize < group.maxSize);
  }
  return shares.filter(({ group, newSize }) => newSize > group.targetSize);
}
