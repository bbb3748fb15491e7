import type { Reader } from '../../store/index.js';
import { claimsOf, isBindingComplete, isTerminating, nodeKind } from '../kinds/index.js';
import type { PersistentVolume, Pod } from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';
import { objectKey } from '../resource-type.js';
import { attachmentOf, needsAttaching } from './attachments.js';
import { claimEntry, volumeEntry } from './binding.js';
import { isReachable } from './reach.js';

/** The volume that a claim is bound to; undefined while it is not. */
export function boundVolume(
  reader: Reader,
  cluster: string,
  namespace: string | undefined,
  claimName: string,
): PersistentVolume | undefined {
  const claim = claimEntry(reader, cluster, namespace, claimName)?.value.object;
  const { volumeName } = claim?.spec ?? {};
  if (!claim || volumeName === undefined || !isBindingComplete(claim)) return undefined;
  const volume = volumeEntry(reader, cluster, volumeName)?.value.object;
  return volume?.spec.claimRef?.uid === claim.metadata.uid ? volume : undefined;
}

/** The volumes of a pod's claims, of those that are bound. */
export const boundVolumesOf = (reader: Reader, cluster: string, pod: Pod): readonly PersistentVolume[] =>
  claimsOf(pod).flatMap(({ name }) => boundVolume(reader, cluster, pod.metadata.namespace, name) ?? []);

/**
 * True once a pod's containers can have their volumes: every claim is bound, to a volume that the pod's node can reach, and
 * what has to be attached is. The kubelet starts no pod before.
 */
export function volumesReady(reader: Reader, cluster: string, pod: Pod): boolean {
  const claims = claimsOf(pod);
  if (claims.length === 0) return true;
  const { nodeName = '' } = pod.spec;
  const node = reader.get(nodeKind.collection, objectKey(cluster, undefined, nodeName));
  return claims.every(({ name }) => {
    const claim = claimEntry(reader, cluster, pod.metadata.namespace, name)?.value.object;
    if (!claim || isTerminating(claim)) return false;
    const volume = boundVolume(reader, cluster, pod.metadata.namespace, name);
    if (!volume || !node || !isReachable(volume, node.object as KubeNode)) return false;
    if (!needsAttaching(reader, cluster, volume)) return true;
    const attachment = attachmentOf(reader, cluster, volume, nodeName)?.value.object;
    return attachment?.status.attached === true && !isTerminating(attachment);
  });
}
