import { controllerOf, objectKey, resourceClaimName, resourceClaims } from '../../kube/index.js';
import type { Pod, ResourceClaim, Stored } from '../../kube/index.js';
import type { Reader, Versioned } from '../../store/index.js';

export type ResourceClaimEntry = Versioned<Stored<ResourceClaim>>;

/** A claim by its place; undefined where there is none. */
export const resourceClaimEntry = (
  reader: Reader,
  cluster: string,
  namespace: string | undefined,
  name: string,
): ResourceClaimEntry | undefined =>
  reader.entry(resourceClaims.collection, objectKey(cluster, namespace, name)) as
    ResourceClaimEntry | undefined;

/** The claims for devices of a pod; a text, in kube-scheduler's words, while one is not there or is not the pod's. */
export function podResourceClaims(
  reader: Reader,
  cluster: string,
  pod: Pod,
): readonly ResourceClaimEntry[] | string {
  const { namespace = '', name: podName, uid } = pod.metadata;
  const found: ResourceClaimEntry[] = [];
  for (const one of pod.spec.resourceClaims ?? []) {
    const claim = resourceClaimName(pod, one);
    if (claim.kind === 'none') continue;
    if (claim.kind === 'not made yet') return `pod "${namespace}/${podName}": ResourceClaim not created yet`;
    const entry = resourceClaimEntry(reader, cluster, namespace, claim.name);
    if (!entry) return `could not find claim "${namespace}/${claim.name}"`;
    const { object } = entry.value;
    if (object.metadata.deletionTimestamp !== undefined)
      return `resourceclaim "${claim.name}" is being deleted`;
    if (claim.isMade && controllerOf(object)?.uid !== uid)
      return `ResourceClaim ${namespace}/${claim.name} was not created for pod ${namespace}/${podName} (pod is not owner)`;
    found.push(entry);
  }
  return found;
}
