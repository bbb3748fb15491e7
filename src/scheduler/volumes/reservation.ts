import {
  annotated,
  bindVolume,
  isReachable,
  nodeKind,
  objectKey,
  putClaim,
  volumeAnnotations,
  volumeEntry,
} from '../../kube/index.js';
import type { KubeNode } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { PluginContext, Readiness } from '../framework/plugin.js';
import { isFullyBound } from './pod-claims.js';
import type { PodClaims } from './pod-claims.js';
import type { Fit } from './volume-fit.js';

/** Binds what there is for a pod's claims, and asks for the rest to be made where its node is. */
export function reserveVolumes(
  tx: Transaction,
  cluster: string,
  { bindings, provisions }: Fit,
  node: string,
  now: Instant,
): void {
  for (const { claim, volume } of bindings) {
    const entry = volumeEntry(tx, cluster, volume.metadata.name);
    if (entry) bindVolume(tx, entry, claim, now);
  }
  for (const claim of provisions)
    putClaim(tx, claim, annotated(claim.value.object, { [volumeAnnotations.selectedNode]: node }));
}

/** Whether the claims of a pod that has its node are bound, and to volumes that the node can reach (VolumeBinding: PreBind). */
export function volumesReady(
  { objects, uses }: PodClaims,
  { reader, cluster }: Pick<PluginContext, 'reader' | 'cluster'>,
  nodeName: string,
): Readiness {
  const node = reader.get(nodeKind.collection, objectKey(cluster, undefined, nodeName))?.object;
  if (!node) return { failure: `failed to get node "${nodeName}": node "${nodeName}" not found` };
  let readiness: Readiness = 'ready';
  for (const { name, entry } of uses) {
    const claim = entry?.value.object;
    if (!claim)
      return { failure: `failed to check provisioning pvc: persistentvolumeclaim "${name}" not found` };
    if (isFullyBound(claim)) {
      const volume = objects.volume(claim.spec.volumeName);
      if (volume && !isReachable(volume, node as KubeNode))
        return {
          failure: `pv "${volume.metadata.name}" node affinity doesn't match node "${nodeName}": no matching NodeSelectorTerms`,
        };
      continue;
    }
    // Who can't make the volume there takes the node off the claim, so that another one is looked for.
    if (claim.metadata.annotations?.[volumeAnnotations.selectedNode] !== nodeName)
      return { failure: `provisioning failed for PVC "${name}"` };
    readiness = 'waiting';
  }
  return readiness;
}
