import type { KubeNode } from '../../kube/index.js';
import type { Refusal } from '../../scheduler/index.js';
import { boundsAgainst } from './bounds.js';
import type { Growth, PoolFinding } from './explanation.js';
import type { NewNodes, PoolState, Question } from './question.js';
import { countReasons, reasonOf } from './reasons.js';
import type { RefusedNode } from './reasons.js';

/** What a pool has for the pods that wait, and what it would have with more nodes. */
export interface JudgedPool {
  readonly state: PoolState;
  readonly newNodes: NewNodes;
  readonly finding: PoolFinding;
}

/** Holds the first pod that waits against every node, pool by pool. */
export function judgePools(question: Question): {
  readonly judged: readonly JudgedPool[];
  readonly strays: PoolFinding | undefined;
} {
  const { pod, whatIf, strays } = question;
  const { refusals } = whatIf.fits(pod);
  const look = (nodes: readonly KubeNode[]) => lookAt(question, refusals, nodes);
  const judged = question.pools.map((state): JudgedPool => {
    const newNodes = question.newNodes(state, question.waiting);
    const { pool } = state;
    const { mode, vmSize, availabilityZones = [] } = pool.properties;
    const finding: PoolFinding = {
      name: pool.name,
      mode,
      vmSize,
      zones: availabilityZones,
      ...look(state.nodes),
      ...(newNodes.kind === 'refuse' &&
        newNodes.refused && { newNode: reasonOf(pod, newNodes.refused, question) }),
      growth: growthOf(state, newNodes),
    };
    return { state, newNodes, finding };
  });
  return { judged, strays: strays.length > 0 ? { zones: [], ...look(strays) } : undefined };
}

function lookAt(
  question: Question,
  refusals: ReadonlyMap<string, Refusal>,
  nodes: readonly KubeNode[],
): Pick<PoolFinding, 'nodes' | 'fits' | 'reasons'> {
  const { pod, whatIf } = question;
  const refused = nodes.flatMap((node): readonly RefusedNode[] => {
    const { name } = node.metadata;
    const refusal = refusals.get(name);
    return refusal ? [{ node, refusal, needs: whatIf.needs(pod, name) }] : [];
  });
  return {
    nodes: nodes.length,
    fits: nodes.length - refused.length,
    reasons: countReasons(pod, refused, question),
  };
}

function growthOf({ pool, nodes, coming, bounds }: PoolState, found: NewNodes): Growth {
  const { enableAutoScaling, maxCount, count } = pool.properties;
  const present = Math.max(nodes.length, count);
  return {
    autoscaled: enableAutoScaling,
    maximum: enableAutoScaling ? (maxCount ?? present) : present,
    coming,
    ...(found.kind === 'take' && { needed: found.needed }),
    bounds: found.kind === 'take' ? boundsAgainst(bounds, found.needed) : [],
  };
}
