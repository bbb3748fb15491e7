import type { NodeGroup } from '../cloud.js';
import type { AutoscalerOptions } from '../options.js';

/** How many nodes an estimate may add: `Infinity` for as many as it takes, 0 for none. */
export type NodeLimit = number;

/** What an estimate is held within. */
export interface LimitedBy {
  readonly options: Pick<AutoscalerOptions, 'maxNodesPerScaleUp' | 'maxNodesTotal'>;
  /** The nodes that count against max-nodes-total. */
  readonly currentNodes: number;
  /** The group, and those like it that it shares the new nodes with. */
  readonly groups: readonly Pick<NodeGroup, 'targetSize' | 'maxSize'>[];
}

/**
 * The least of what a scale-up, the cluster and the groups have room for (cluster autoscaler: thresholds of the estimation
 * limiter). Its limits on time are left out: they are of the wall clock.
 */
export function nodeLimit({ options, currentNodes, groups }: LimitedBy): NodeLimit {
  const { maxNodesPerScaleUp, maxNodesTotal } = options;
  const perScaleUp = maxNodesPerScaleUp === 0 ? Infinity : maxNodesPerScaleUp;
  const inCluster = maxNodesTotal === 0 ? Infinity : maxNodesTotal - currentNodes;
  const inGroups = groups.reduce(
    (sum, { targetSize, maxSize }) => sum + Math.max(0, maxSize - targetSize),
    0,
  );
  return Math.max(0, Math.min(perScaleUp, inCluster, inGroups));
}
