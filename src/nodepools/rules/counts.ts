import type { AzureError } from '../../azure/index.js';
import { invalidPool, poolTarget, refusal } from '../refusal.js';
import { always, onCreate } from './rule.js';
import type { PoolModel } from './rule.js';

const maxNodesPerPool = 1000;
const maxPoolsPerCluster = 100;
const maxNodesPerCluster = 5000;
const maxNodesWithKubenet = 400;

const minimumOf = ({ pool }: PoolModel): number => (pool.mode === 'System' ? 1 : 0);

/** AKS's words for a count outside its range. */
const countOutOfRange = (count: number, min: number, max: number): AzureError =>
  refusal(
    'InvalidParameter',
    `agentPoolProfile.count was ${count}. It must be greater or equal to minCount:${min} and less than or equal to ` +
      `maxCount:${max}. If allowedMinCount was expected to be 0 but is 1: 1) The nodepool is a VMAS pool. ` +
      `2) api Version is less than 2020-03-01. 3) The node is a system pool.`,
    poolTarget('count'),
  );

function bounds(model: PoolModel): AzureError | undefined {
  const { enableAutoScaling, minCount, maxCount } = model.pool;
  if (!enableAutoScaling) {
    if (minCount !== undefined)
      return invalidPool('minCount', 'it must be null when enableAutoScaling is false.');
    if (maxCount !== undefined)
      return invalidPool('maxCount', 'it must be null when enableAutoScaling is false.');
    return undefined;
  }
  if (minCount === undefined)
    return invalidPool('minCount', 'it is required when enableAutoScaling is true.');
  if (maxCount === undefined)
    return invalidPool('maxCount', 'it is required when enableAutoScaling is true.');
  const least = minimumOf(model);
  if (minCount < least || minCount > maxNodesPerPool) {
    return invalidPool(
      'minCount',
      `${minCount} is not between ${least} and ${maxNodesPerPool}${forMode(model)}.`,
    );
  }
  if (maxCount < least || maxCount > maxNodesPerPool) {
    return invalidPool(
      'maxCount',
      `${maxCount} is not between ${least} and ${maxNodesPerPool}${forMode(model)}.`,
    );
  }
  if (minCount > maxCount) {
    return invalidPool('minCount', `minCount ${minCount} is greater than maxCount ${maxCount}.`);
  }
  return undefined;
}

const forMode = ({ pool }: PoolModel): string => (pool.mode === 'System' ? ' for a System pool' : '');

/** The most nodes a pool may come to have: its autoscaler's bound where there is one. */
const mostNodes = ({ count, maxCount, enableAutoScaling }: PoolModel['pool']): number =>
  enableAutoScaling ? Math.max(count, maxCount ?? 0) : count;

/** Nodes of the whole cluster at most. */
const mostNodesOfCluster = ({ pool, ctx }: PoolModel): number =>
  ctx.siblings.reduce((sum, { properties }) => sum + mostNodes(properties), mostNodes(pool));

/** Whether the request makes the pool bigger: one that was let in before may stay as it is or shrink. */
const grows = ({ pool, current }: PoolModel): boolean => !current || mostNodes(pool) > mostNodes(current);

const overLimit = (total: number, subcode: string, limit: string): AzureError =>
  refusal(
    'ValidationError',
    `Cluster's upper limit node count is ${total} which exceeds the limit ${limit}. If Autoscaler is enabled, the ` +
      `max-count from each nodepool is counted towards this total.`,
    poolTarget('count'),
    subcode,
  );

/** Node counts, autoscaler bounds and the service limits of pools and nodes. */
export const countRules = [
  always('node count', (model) => {
    const least = minimumOf(model);
    const { count } = model.pool;
    return count < least || count > maxNodesPerPool
      ? countOutOfRange(count, least, maxNodesPerPool)
      : undefined;
  }),
  always('autoscaler bounds', bounds),
  onCreate('count within the autoscaler bounds', ({ pool, sent }) => {
    if (!pool.enableAutoScaling || sent.count === undefined) return undefined;
    const { minCount = 0, maxCount = maxNodesPerPool } = pool;
    const inside = pool.count >= minCount && pool.count <= maxCount;
    return inside ? undefined : countOutOfRange(pool.count, minCount, maxCount);
  }),
  always('no manual scaling under the autoscaler', (model) => {
    const { pool, current, sent } = model;
    if (!current?.enableAutoScaling || !pool.enableAutoScaling) return undefined;
    if (sent.count === undefined || sent.count === current.count) return undefined;
    return refusal(
      'InvalidParameter',
      `Cannot manually scale AgentPool '${model.ctx.name}' of an AKS cluster with cluster autoscaler enabled. Please disable ` +
        'cluster autoscaler in the cluster to manually scale.',
      poolTarget('count'),
    );
  }),
  onCreate('pools per cluster', ({ ctx }) =>
    ctx.siblings.length < maxPoolsPerCluster
      ? undefined
      : refusal(
          'MaxAgentPoolCountReached',
          `The cluster has ${ctx.siblings.length} agent pools: at most ${maxPoolsPerCluster} are allowed (agentPoolProfiles).`,
          'agentPoolProfiles',
        ),
  ),
  onCreate('several pools need the Standard load balancer', ({ ctx }) =>
    ctx.siblings.length === 0 || ctx.cluster.loadBalancerSku === 'standard'
      ? undefined
      : refusal(
          'SLBRequiredForMultipleAgentPools',
          'Multiple agent pools need the Standard load balancer: networkProfile.loadBalancerSku of the cluster is Basic.',
          'networkProfile.loadBalancerSku',
        ),
  ),
  always('nodes per cluster', (model) => {
    if (!grows(model)) return undefined;
    const total = mostNodesOfCluster(model);
    if (model.ctx.cluster.networkPlugin === 'kubenet' && total > maxNodesWithKubenet) {
      return overLimit(total, 'KubenetNodeCountTotalExceedsLimit', `for Kubenet ${maxNodesWithKubenet}`);
    }
    if (total > maxNodesPerCluster) {
      return overLimit(total, 'NodeCountTotalExceedsLimit', `of ${maxNodesPerCluster} nodes per cluster`);
    }
    return undefined;
  }),
];
