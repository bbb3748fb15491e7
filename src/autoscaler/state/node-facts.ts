import { isNodeReady, nodeCondition } from '../../kube/index.js';
import type { KubeNode } from '../../kube/index.js';
import { instant } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { gpuResource, isGpuNode } from '../gpu.js';
import { isStartupTaint } from '../templates/passing-taints.js';

/** What a node says of itself, whatever the time. */
export interface NodeFacts {
  readonly isReady: boolean;
  /** Since when it is ready or is not; the epoch's start for one that does not say. */
  readonly readinessSince: Instant;
  readonly isSuspended: boolean;
  /** It is to have GPUs and does not offer them yet: it is of no use to those who wait for them. */
  readonly awaitsGpus: boolean;
  readonly hasStartupTaint: boolean;
  readonly createdAt: Instant;
}

const known = new WeakMap<KubeNode, NodeFacts>();

/** What a node says of itself; looked up once for each version of it, as most are as they were in the loop before. */
export function factsOf(node: KubeNode): NodeFacts {
  const before = known.get(node);
  if (before) return before;
  const facts: NodeFacts = {
    isReady: isNodeReady(node),
    readinessSince: instant(Date.parse(nodeCondition(node, 'Ready')?.lastTransitionTime ?? '') || 0),
    isSuspended: nodeCondition(node, 'Suspended')?.status === 'True',
    awaitsGpus: isGpuNode(node) && Number(node.status.allocatable?.[gpuResource] ?? 0) === 0,
    hasStartupTaint: node.spec.taints?.some(isStartupTaint) === true,
    createdAt: instant(Date.parse(node.metadata.creationTimestamp)),
  };
  known.set(node, facts);
  return facts;
}
