import { claimsOf, controllerOf, isBindingComplete } from '../../kube/index.js';
import type { ClaimEntry, PersistentVolumeClaim, PodClaim, StorageClass } from '../../kube/index.js';
import type { PluginContext, Subject } from '../framework/plugin.js';
import { VolumeObjects } from './objects.js';

/** A claim that a pod uses, as the store has it. */
export interface ClaimUse extends PodClaim {
  readonly entry: ClaimEntry | undefined;
}

/** What a pod's claims are at. */
export interface PodClaims {
  readonly objects: VolumeObjects;
  readonly uses: readonly ClaimUse[];
}

/** What is known of a subject's claims: several plugins ask in one attempt. */
const known = new WeakMap<Subject, PodClaims>();

/** The claims of a pod; undefined for a pod without any. */
export function podClaims(subject: Subject, context: PluginContext): PodClaims | undefined {
  const claims = claimsOf(subject.pod);
  if (claims.length === 0) return undefined;
  const before = known.get(subject);
  if (before) return before;
  const objects = new VolumeObjects(context);
  const { namespace } = subject.pod.metadata;
  const uses = claims.map((claim) => ({ ...claim, entry: objects.claim(namespace, claim.name) }));
  const found = { objects, uses };
  known.set(subject, found);
  return found;
}

/** What keeps a pod from all nodes, in kube-scheduler's words (VolumeBinding: PreFilter). */
export function claimFault({ pod }: Subject, { uses, objects }: PodClaims): string | undefined {
  const { namespace = '', name: podName, uid } = pod.metadata;
  for (const { name, entry, volume } of uses) {
    const isEphemeral = volume.ephemeral !== undefined;
    if (!entry) return isEphemeral ? notMadeText(name) : notFoundText(name);
    const { metadata, spec, status } = entry.value.object;
    if (status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${spec.volumeName ?? ''}"`;
    if (metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
    if (isEphemeral && controllerOf(entry.value.object)?.uid !== uid)
      return `PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`;
  }
  const isStuck = uses.some(({ entry }) => {
    const claim = entry?.value.object;
    return claim && !isFullyBound(claim) && !isDelayed(claim, objects.classOf(claim));
  });
  return isStuck ? 'pod has unbound immediate PersistentVolumeClaims' : undefined;
}

export const notFoundText = (claim: string): string => `persistentvolumeclaim "${claim}" not found`;

const notMadeText = (claim: string): string =>
  `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claim}"`;

/** True once a claim has its volume for good. */
export const isFullyBound = (claim: PersistentVolumeClaim): boolean =>
  (claim.spec.volumeName ?? '') !== '' && isBindingComplete(claim);

/** True for a claim that is bound where its first pod is put; one that names its volume is not. */
const isDelayed = ({ spec }: PersistentVolumeClaim, storageClass: StorageClass | undefined): boolean =>
  (spec.volumeName ?? '') === '' && storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
