import { nodeKey, nodes, withTaints } from '../../kube/index.js';
import type { ClusterNode, KubeNode, Taint } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';

/** Keeps pods off a node that is about to go; its value is when it was put there, in Unix seconds. */
export const toBeDeletedKey = 'ToBeDeletedByClusterAutoscaler';
/** Keeps pods off a node that may go before long, where they have another choice. */
export const deletionCandidateKey = 'DeletionCandidateOfClusterAutoscaler';

const toBeDeleted = (value: string): Taint => ({ key: toBeDeletedKey, value, effect: 'NoSchedule' });
const deletionCandidate = (value: string): Taint => ({
  key: deletionCandidateKey,
  value,
  effect: 'PreferNoSchedule',
});

const has = (node: KubeNode, key: string): boolean =>
  node.spec.taints?.some((taint) => taint.key === key) === true;

export const isToBeDeleted = (node: KubeNode): boolean => has(node, toBeDeletedKey);
export const isDeletionCandidate = (node: KubeNode): boolean => has(node, deletionCandidateKey);

/** When a node was tainted to go; undefined for a node without the taint, or with one that does not say. */
export function toBeDeletedAt(node: KubeNode): Instant | undefined {
  const taint = node.spec.taints?.find(({ key }) => key === toBeDeletedKey);
  if (!taint || !/^-?\d+$/.test(taint.value ?? '')) return undefined;
  return instant(Number(taint.value) * 1000);
}

const unixSeconds = (now: Instant): string => String(Math.floor(now / 1000));

/** A node that takes no more pods, as it is to go. */
export function markedToBeDeleted(
  node: KubeNode,
  now: Instant,
  cordoning: 'cordon' | 'taint alone',
): KubeNode {
  const tainted = withTaints(node, { added: [toBeDeleted(unixSeconds(now))] });
  return cordoning === 'cordon' ? { ...tainted, spec: { ...tainted.spec, unschedulable: true } } : tainted;
}

/** A node that was to go, and stays: it takes pods again, even if somebody else had cordoned it meanwhile. */
export function restored(node: KubeNode, cordoning: 'cordon' | 'taint alone'): KubeNode {
  if (!isToBeDeleted(node)) return node;
  const untainted = withTaints(node, { removed: [toBeDeleted('')] });
  if (cordoning === 'taint alone') return untainted;
  const { unschedulable: _cordon, ...spec } = untainted.spec;
  return { ...untainted, spec };
}

export const markedAsCandidate = (node: KubeNode, now: Instant): KubeNode =>
  withTaints(node, { added: [deletionCandidate(unixSeconds(now))] });

export const unmarkedAsCandidate = (node: KubeNode): KubeNode =>
  withTaints(node, { removed: [deletionCandidate('')] });

/** Writes what becomes of a node; false when it is not there, or stays as it is. */
export function changeNode(
  tx: Transaction,
  cluster: string,
  name: string,
  change: (node: KubeNode) => KubeNode,
): boolean {
  const key = nodeKey(cluster, name);
  const stored: ClusterNode | undefined = tx.get(nodes, key);
  if (!stored) return false;
  const object = change(stored.object);
  if (object === stored.object) return false;
  tx.put(nodes, key, { ...stored, object });
  return true;
}
