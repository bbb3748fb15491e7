import type { KubeNode, Taint } from './node.js';

const nodeTaint = (name: string): string => `node.kubernetes.io/${name}`;

/** Keys of the taints that say how a node is (Kubernetes: well-known taints). */
export const taintKeys = {
  notReady: nodeTaint('not-ready'),
  unreachable: nodeTaint('unreachable'),
  unschedulable: nodeTaint('unschedulable'),
  memoryPressure: nodeTaint('memory-pressure'),
  diskPressure: nodeTaint('disk-pressure'),
  pidPressure: nodeTaint('pid-pressure'),
  networkUnavailable: nodeTaint('network-unavailable'),
  /** The node will not come back as it was: its pods may be let go of (Kubernetes: non-graceful node shutdown). */
  outOfService: nodeTaint('out-of-service'),
  /** The cloud has not told yet what the node stands on. */
  uninitialized: 'node.cloudprovider.kubernetes.io/uninitialized',
  /** The VM is stopped. */
  shutdown: 'node.cloudprovider.kubernetes.io/shutdown',
} as const;

/** A node has one taint of a key and an effect. */
export const isSameTaint = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

export const hasTaint = (node: KubeNode, taint: Taint): boolean =>
  node.spec.taints?.some((one) => isSameTaint(one, taint)) === true;

/** A node with taints taken off and others put on; those it has already stay as they are. */
export function withTaints(
  node: KubeNode,
  { added = [], removed = [] }: { readonly added?: readonly Taint[]; readonly removed?: readonly Taint[] },
): KubeNode {
  const { taints: present = [], ...spec } = node.spec;
  const kept = present.filter((taint) => !removed.some((one) => isSameTaint(one, taint)));
  const fresh = added.filter((taint) => !kept.some((one) => isSameTaint(one, taint)));
  if (kept.length === present.length && fresh.length === 0) return node;
  const taints = [...kept, ...fresh];
  return { ...node, spec: { ...spec, ...(taints.length > 0 && { taints }) } };
}
