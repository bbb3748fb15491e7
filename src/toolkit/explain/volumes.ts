import { claimEntry, claimsOf, storageClassOf, volumeAnnotations, volumeEntry } from '../../kube/index.js';
import type { KubeNode, PersistentVolumeClaim, Pod } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import { listed } from './amounts.js';

/** Where a pod's claims are looked up. */
export interface VolumeContext {
  readonly reader: Reader;
  readonly cluster: string;
}

/** What a pod waits for, or lacks for good, before any node is looked at. */
export type VolumeState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waits'; readonly text: string }
  | { readonly kind: 'lacks'; readonly text: string };

/** How the claims of a pod are: which is missing, and which is not ready yet. */
export function volumeState(pod: Pod, context: VolumeContext): VolumeState {
  for (const { name, volume } of claimsOf(pod)) {
    const claim = claimEntry(context.reader, context.cluster, pod.metadata.namespace, name)?.value.object;
    if (!claim) {
      if (volume.ephemeral !== undefined)
        return { kind: 'waits', text: `Claim ${name} is still to be made for it.` };
      const place = pod.metadata.namespace ?? 'default';
      return { kind: 'lacks', text: `Claim ${name} does not exist in namespace ${place}.` };
    }
    const state = claimState(claim, context);
    if (state.kind !== 'ready') return state;
  }
  return { kind: 'ready' };
}

function claimState(claim: PersistentVolumeClaim, { reader, cluster }: VolumeContext): VolumeState {
  const { metadata, spec, status } = claim;
  const { name } = metadata;
  const { volumeName = '', storageClassName = '' } = spec;
  if (status?.phase === 'Lost')
    return { kind: 'lacks', text: `Claim ${name} is bound to volume ${volumeName}, which is gone.` };
  if (metadata.deletionTimestamp !== undefined)
    return { kind: 'lacks', text: `Claim ${name} is being deleted.` };
  if (status?.phase === 'Bound') return { kind: 'ready' };
  const node = metadata.annotations?.[volumeAnnotations.selectedNode];
  if (node !== undefined)
    return { kind: 'waits', text: `The volume of claim ${name} is being made for node ${node}.` };
  const storageClass = storageClassOf(reader, cluster, claim);
  if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer') return { kind: 'ready' };
  if (storageClassName !== '' && !storageClass)
    return {
      kind: 'waits',
      text: `Claim ${name} is not bound: its storage class ${storageClassName} does not exist.`,
    };
  const how =
    storageClass && storageClass.provisioner !== 'kubernetes.io/no-provisioner'
      ? `its volume of class ${storageClassName} is being made`
      : 'no volume that is there matches it';
  return { kind: 'waits', text: `Claim ${name} is not bound: ${how}.` };
}

/** Why a node won't do for the claims of a pod. */
export function volumeReason(
  pod: Pod,
  node: KubeNode,
  reasons: readonly string[],
  context: VolumeContext,
): string {
  const [reason = ''] = reasons;
  const claims = listed(claimsOf(pod).map(({ name }) => name));
  const state = volumeState(pod, context);
  if (state.kind === 'lacks') return lowered(state.text);
  if (reason.includes('ReadWriteOncePod'))
    return `another pod uses claim ${claims}, which one pod alone may use (ReadWriteOncePod)`;
  if (reason.includes('max volume count')) return 'as many disks as its VM size takes are attached';
  if (reason.includes('node affinity') || reason.includes('volume zone')) {
    const zones = volumeZones(pod, context);
    const here = node.metadata.labels?.['topology.kubernetes.io/zone'] ?? 'none';
    if (zones.length > 0)
      return `the volume of claim ${claims} is in zone ${listed(zones, 'or')}, this is ${here}`;
    return `the volume of claim ${claims} can't be reached from here`;
  }
  if (reason.includes('persistent volumes to bind')) return `no volume for claim ${claims} is to be had here`;
  return state.kind === 'waits' ? lowered(state.text) : reasons.join('; ');
}

/** A sentence as a part of another. */
const lowered = (text: string): string =>
  `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, '')}`;

/** The zones that a pod's bound volumes are in. */
export function volumeZones(pod: Pod, { reader, cluster }: VolumeContext): readonly string[] {
  const zones = claimsOf(pod).flatMap(({ name }) => {
    const claim = claimEntry(reader, cluster, pod.metadata.namespace, name)?.value.object;
    const volume = volumeEntry(reader, cluster, claim?.spec.volumeName ?? '')?.value.object;
    return (volume?.spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap(
      ({ matchExpressions = [] }) =>
        matchExpressions.flatMap(({ key, values = [] }) => (key.endsWith('/zone') ? values : [])),
    );
  });
  return [...new Set(zones)].filter((zone) => zone !== '').sort();
}
