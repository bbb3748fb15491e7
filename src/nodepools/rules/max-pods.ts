import { poolTarget, refusal } from '../refusal.js';
import { onCreate } from './rule.js';

const target = poolTarget('maxPods');

/** Pods per node, and the room a new pool must have for AKS's own pods (AKS: maximum pods per node). */
export const maxPodsRules = [
  onCreate('maxPods at least 10', ({ pool }) =>
    pool.maxPods >= 10
      ? undefined
      : refusal('InsufficientMaxPods', `${target} was ${pool.maxPods}. It must be at least 10.`, target),
  ),
  onCreate('maxPods at most 250', ({ pool }) =>
    pool.maxPods <= 250
      ? undefined
      : refusal('MaxPodsLimitExceeded', `${target} was ${pool.maxPods}. It must be at most 250.`, target),
  ),
  onCreate('room for 30 pods', ({ pool }) =>
    pool.count === 0 || pool.count * pool.maxPods >= 30
      ? undefined
      : refusal(
          'InsufficientAgentPoolMaxPodsPerAgentPool',
          `${target} ${pool.maxPods} on ${pool.count} node(s) gives room for ${pool.count * pool.maxPods} pods. ` +
            `An agent pool needs room for at least 30.`,
          target,
        ),
  ),
];
