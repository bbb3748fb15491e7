import type { Reader } from '../../../store/index.js';
import { deployments } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { controllerOf } from '../../object.js';
import type { KubeObject, OwnerReference } from '../../object.js';
import type { ClusterKinds } from '../../custom/index.js';
import type { DisruptionBudget } from '../../pods/index.js';
import { objectKey } from '../../resource-type.js';
import type { ResourceType } from '../../resource-type.js';
import { resolveCount } from '../int-or-percent.js';

/** Pods that there should be, and how many of them have to stay healthy. */
export interface Expected {
  readonly expected: number;
  readonly desired: number;
  /** Pods that no controller has, where controllers are counted. */
  readonly unmanaged: readonly string[];
}

/**
 * How many pods a budget expects: those that are there where it names a number, else those that their controllers are to
 * have (Kubernetes: PodDisruptionBudget). A text says why nobody can tell.
 */
export function expectedPods(
  reader: Reader,
  kinds: ClusterKinds,
  cluster: string,
  { spec }: DisruptionBudget,
  matching: readonly Pod[],
): Expected | string {
  const { minAvailable, maxUnavailable } = spec;
  if (typeof minAvailable === 'number' && maxUnavailable === undefined)
    return { expected: matching.length, desired: minAvailable, unmanaged: [] };
  if (minAvailable === undefined && maxUnavailable === undefined)
    return { expected: matching.length, desired: 1, unmanaged: [] };
  const scales = new Map<string, number>();
  const known = new Set<string>();
  const unmanaged: string[] = [];
  for (const pod of matching) {
    const owner = controllerOf(pod);
    if (!owner) {
      unmanaged.push(pod.metadata.name);
      continue;
    }
    if (known.has(owner.uid)) continue;
    known.add(owner.uid);
    const scale = scaleOf(reader, kinds, cluster, pod, owner);
    if (typeof scale === 'string') return scale;
    scales.set(scale.uid, scale.replicas);
  }
  const expected = [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  const desired =
    maxUnavailable === undefined
      ? resolveCount(minAvailable ?? 1, expected, 'up')
      : Math.max(0, expected - resolveCount(maxUnavailable, expected, 'up'));
  return { expected, desired, unmanaged };
}

/** The scale that a pod is a part of: its Deployment's, or its other controller's; else why it has none. */
function scaleOf(
  reader: Reader,
  kinds: ClusterKinds,
  cluster: string,
  pod: Pod,
  owner: OwnerReference,
): { readonly uid: string; readonly replicas: number } | string {
  const type = kinds.ofKind(owner.apiVersion, owner.kind);
  const nobody = `found no controllers for pod "${pod.metadata.name}"`;
  if (!type) return nobody;
  const { namespace } = pod.metadata;
  const found = reader.get(type.collection, objectKey(cluster, namespace, owner.name))?.object;
  if (!found || found.metadata.uid !== owner.uid) return nobody;
  const above = owner.kind === 'ReplicaSet' ? controllerOf(found) : undefined;
  const deployment =
    above?.kind === 'Deployment'
      ? reader.get(deployments.collection, objectKey(cluster, namespace, above.name))?.object
      : undefined;
  return deployment ? replicasOf(deployments, deployment) : replicasOf(type, found);
}

function replicasOf(
  type: ResourceType,
  object: KubeObject,
): { readonly uid: string; readonly replicas: number } | string {
  if (!type.scale) {
    const name = type.group === '' ? type.plural : `${type.plural}.${type.group}`;
    return `${name} does not implement the scale subresource`;
  }
  return { uid: object.metadata.uid, replicas: type.scale.replicas(object) };
}
