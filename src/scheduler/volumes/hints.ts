import { claimsOf } from '../../kube/index.js';
import type { KubeNode, Pod } from '../../kube/index.js';
import type { ClusterEvent, ObjectChange } from '../framework/cluster-event.js';

/** True for a claim that a pod uses. */
export function isOwnClaim(pod: Pod, { of, before, after }: ObjectChange): boolean {
  const metadata = (after ?? before)?.metadata;
  return (
    of === 'persistentvolumeclaims' &&
    after !== undefined &&
    metadata?.namespace === pod.metadata.namespace &&
    claimsOf(pod).some(({ name }) => name === metadata?.name)
  );
}

/** True when two pods use the same claim. */
export function sharesClaim(pod: Pod, other: Pod): boolean {
  if (pod.metadata.namespace !== other.metadata.namespace) return false;
  const names = new Set(claimsOf(other).map(({ name }) => name));
  return names.size > 0 && claimsOf(pod).some(({ name }) => names.has(name));
}

/** True for a node that has come, or whose labels have changed. */
export const isNodePlaced = (event: ClusterEvent): boolean =>
  event.kind === 'node added' || (event.kind === 'node updated' && !sameLabels(event.before, event.after));

const sameLabels = (a: KubeNode, b: KubeNode): boolean =>
  a.metadata.labels === b.metadata.labels ||
  JSON.stringify(a.metadata.labels) === JSON.stringify(b.metadata.labels);
