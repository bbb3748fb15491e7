import { isBackedOff, memoryKey, nodeGroupMemories } from '../../../autoscaler/index.js';
import type { Backoff, NodeGroup, ScaleUpRequest } from '../../../autoscaler/index.js';
import { counted } from '../amounts.js';
import type { AwaitedNodes, BackoffFinding, GrowthState, ScalingPool } from './explanation.js';
import type { Scene } from './scene.js';
import { momentText, spanText } from './words.js';

/** A pool's size, its bounds, and whether it may grow. */
export function poolOf({ reader, cluster, now }: Scene, group: NodeGroup): ScalingPool {
  const { request, backoff } = reader.get(nodeGroupMemories, memoryKey(cluster, group.id)) ?? {};
  const inForce = isBackedOff(backoff, now) ? backoff : undefined;
  const growth = growthOf(group, inForce);
  return {
    name: group.pool,
    group: group.id,
    min: group.minSize,
    target: group.targetSize,
    max: group.maxSize,
    growth,
    ...(request && { awaited: awaitedNodes(request) }),
    ...(inForce && { backoff: backoffFinding(inForce) }),
    texts: [
      growthText(group, growth, inForce),
      ...(request ? [awaitedText(request)] : []),
      ...(group.targetSize < group.minSize ? [`below its minimum of ${String(group.minSize)}`] : []),
    ],
  };
}

/** As the autoscaler asks, in its order. */
function growthOf({ isHeld, targetSize, maxSize }: NodeGroup, backoff: Backoff | undefined): GrowthState {
  if (isHeld) return 'held';
  if (backoff) return 'in backoff';
  return targetSize >= maxSize ? 'at maximum' : 'may grow';
}

function growthText({ targetSize, maxSize }: NodeGroup, growth: GrowthState, backoff?: Backoff): string {
  switch (growth) {
    case 'held':
      return 'let be while an operation changes its nodes';
    case 'in backoff':
      return backoff ? backoffText(backoff) : 'let be for a while';
    case 'at maximum':
      return 'at its maximum';
    case 'may grow':
      return `may grow by ${counted(maxSize - targetSize, 'node')}`;
  }
}

const backoffText = ({ until, duration, lastFailure, cause }: Backoff): string =>
  `in backoff until ${momentText(until)} (${spanText(duration)}), as it failed to grow at ` +
  `${momentText(lastFailure)}: ${cause.code}: ${cause.message}`;

const backoffFinding = ({ until, lastFailure, cause }: Backoff): BackoffFinding => ({
  until: momentText(until),
  since: momentText(lastFailure),
  ...cause,
});

const awaitedNodes = ({ increase, since, expectedBy }: ScaleUpRequest): AwaitedNodes => ({
  nodes: increase,
  since: momentText(since),
  expectedBy: momentText(expectedBy),
});

const awaitedText = ({ increase, since, expectedBy }: ScaleUpRequest): string =>
  `${counted(increase, 'node')} asked for at ${momentText(since)}, expected by ${momentText(expectedBy)}`;
