import type { Reader, Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import {
  attachmentTerm,
  claimTerm,
  claimsOf,
  classTerm,
  classNameOf,
  csiNodes,
  isBindingComplete,
  isFinished,
  isTerminating,
  nodeTerm,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  volumeAnnotations,
  volumeAttachments,
} from '../kinds/index.js';
import type {
  CsiNode,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StoredAttachment,
  StoredClaim,
  StoredVolume,
} from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';
import type { Stored } from '../object.js';
import { objectKey } from '../resource-type.js';
import {
  annotated,
  bindVolume,
  claimEntry,
  driverOf,
  putClaim,
  storageClassOf,
  volumeEntry,
} from './binding.js';
import type { ClaimEntry } from './binding.js';
import { bestMatch } from './matching.js';
import { boundVolumesOf } from './pod-volumes.js';
import { isInZone, isReachable, mayBeMadeFor } from './reach.js';

/** What a pod's volumes ask of a node. */
export type VolumeDemand =
  | { readonly kind: 'none' }
  /** No node will do until something else has happened. */
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'demand';
      readonly bound: readonly PersistentVolume[];
      /** Claims that are bound once the pod has a node. */
      readonly waiting: readonly ClaimEntry[];
      /** True when another pod has a claim that one pod alone may use. */
      readonly isTaken: boolean;
    };

const noProvisioner = 'kubernetes.io/no-provisioner';

/** What a pod's claims ask of the node that it is put on (kube-scheduler: VolumeBinding, before any node is looked at). */
export function volumeDemand(reader: Reader, cluster: string, pod: Pod): VolumeDemand {
  const claims = claimsOf(pod);
  if (claims.length === 0) return { kind: 'none' };
  const { namespace } = pod.metadata;
  const bound: PersistentVolume[] = [];
  const waiting: ClaimEntry[] = [];
  let isTaken = false;
  for (const { name, volume } of claims) {
    const entry = claimEntry(reader, cluster, namespace, name);
    if (!entry) return { kind: 'refused', reason: missingText(name, volume.ephemeral !== undefined) };
    const claim = entry.value.object;
    const fault = claimFault(claim);
    if (fault !== undefined) return { kind: 'refused', reason: fault };
    isTaken ||= isTakenByAnother(reader, cluster, claim, pod);
    if (isBindingComplete(claim)) {
      const found = volumeEntry(reader, cluster, claim.spec.volumeName ?? '');
      if (found) bound.push(found.value.object);
    } else if (isDelayed(reader, cluster, claim)) waiting.push(entry);
    else return { kind: 'refused', reason: 'pod has unbound immediate PersistentVolumeClaims' };
  }
  return { kind: 'demand', bound, waiting, isTaken };
}

const isDelayed = (reader: Reader, cluster: string, claim: PersistentVolumeClaim): boolean =>
  (claim.spec.volumeName ?? '') === '' &&
  storageClassOf(reader, cluster, claim)?.volumeBindingMode === 'WaitForFirstConsumer';

const missingText = (name: string, isEphemeral: boolean): string =>
  isEphemeral
    ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
    : `persistentvolumeclaim "${name}" not found`;

function claimFault({ metadata, spec, status }: PersistentVolumeClaim): string | undefined {
  const { name } = metadata;
  if (status?.phase === 'Lost')
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${spec.volumeName ?? ''}"`;
  if (metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
  return undefined;
}

function isTakenByAnother(
  reader: Reader,
  cluster: string,
  { metadata, spec }: PersistentVolumeClaim,
  pod: Pod,
): boolean {
  if (!spec.accessModes?.includes('ReadWriteOncePod')) return false;
  const users = reader.find(
    pods.collection,
    'byClaim',
    claimTerm(cluster, metadata.namespace, metadata.name),
  ) as readonly Stored<Pod>[];
  return users.some(
    ({ object }) =>
      object.metadata.uid !== pod.metadata.uid && object.spec.nodeName !== undefined && !isFinished(object),
  );
}

/** What is asked of a node by a pod whose claims are in order. */
export type SoundVolumeDemand = Extract<VolumeDemand, { kind: 'demand' }>;

/** Why a node won't do for a pod's claims, in kube-scheduler's words; empty when it will (VolumeBinding). */
export function bindingAgainst(
  reader: Reader,
  cluster: string,
  { bound, waiting }: SoundVolumeDemand,
  node: KubeNode,
): readonly string[] {
  const reasons: string[] = [];
  if (bound.some((volume) => !isReachable(volume, node)))
    reasons.push("node(s) didn't match PersistentVolume's node affinity");
  if (waiting.some(({ value }) => !canBeBound(reader, cluster, value.object, node)))
    reasons.push("node(s) didn't find available persistent volumes to bind");
  return reasons;
}

/** True when a volume's zone labels name other zones than the node's (VolumeZone). */
export const isOutsideZones = ({ bound }: SoundVolumeDemand, node: KubeNode): boolean =>
  bound.some((volume) => !isInZone(volume, node));

function canBeBound(reader: Reader, cluster: string, claim: PersistentVolumeClaim, node: KubeNode): boolean {
  const selected = claim.metadata.annotations?.[volumeAnnotations.selectedNode];
  if (selected !== undefined) return selected === node.metadata.name;
  if (staticMatch(reader, cluster, claim, node)) return true;
  const storageClass = storageClassOf(reader, cluster, claim);
  return (
    storageClass !== undefined &&
    storageClass.provisioner !== noProvisioner &&
    claim.spec.selector === undefined &&
    mayBeMadeFor(storageClass, node)
  );
}

/** A volume that there is already and that the node can reach. */
function staticMatch(
  reader: Reader,
  cluster: string,
  claim: PersistentVolumeClaim,
  node: KubeNode,
): PersistentVolume | undefined {
  const free = reader.find(
    persistentVolumes.collection,
    'unclaimed',
    classTerm(cluster, classNameOf(claim)),
  ) as readonly StoredVolume[];
  if (free.length === 0) return undefined;
  return bestMatch(
    claim,
    free.map(({ object }) => object),
    { kind: 'node', node },
  );
}

/** True when a node has no room for the disks that the pod would bring (NodeVolumeLimits). */
export function exceedsVolumeLimits(
  reader: Reader,
  cluster: string,
  { bound, waiting }: SoundVolumeDemand,
  node: KubeNode,
): boolean {
  const { name } = node.metadata;
  const csiNode = reader.get(csiNodes.collection, objectKey(cluster, undefined, name));
  return ((csiNode?.object as CsiNode | undefined)?.spec.drivers ?? []).some((driver) => {
    const limit = driver.allocatable?.count;
    if (limit === undefined) return false;
    const claims = waiting.filter(({ value }) => isOf(reader, cluster, value.object, driver.name));
    const wanted = handlesOf(bound, driver.name);
    if (claims.length + wanted.length === 0) return false;
    const present = volumesOnNode(reader, cluster, name, driver.name);
    for (const handle of wanted) present.add(handle);
    for (const { key } of claims) present.add(key);
    return present.size > limit;
  });
}

/** True when a driver makes volumes of the claim's class. */
function isOf(reader: Reader, cluster: string, claim: PersistentVolumeClaim, driver: string): boolean {
  const storageClass = storageClassOf(reader, cluster, claim);
  return storageClass !== undefined && driverOf(storageClass) === driver;
}

const handlesOf = (volumes: readonly PersistentVolume[], driver: string): readonly string[] =>
  volumes.flatMap(({ spec: { csi } }) => (csi?.driver === driver ? [csi.volumeHandle] : []));

/** The volumes of a driver that are on a node or on their way to it: by handle, or by claim while they are being made. */
function volumesOnNode(reader: Reader, cluster: string, node: string, driver: string): Set<string> {
  const found = new Set<string>();
  const add = (volumes: readonly PersistentVolume[]) => {
    for (const handle of handlesOf(volumes, driver)) found.add(handle);
  };
  for (const { object } of reader.find(
    pods.collection,
    'byNode',
    nodeTerm(cluster, node),
  ) as readonly Stored<Pod>[]) {
    if (!isFinished(object)) add(boundVolumesOf(reader, cluster, object));
  }
  for (const { object } of reader.find(
    volumeAttachments.collection,
    'byNode',
    attachmentTerm(cluster, node),
  ) as readonly StoredAttachment[]) {
    const volume = volumeEntry(reader, cluster, object.spec.source.persistentVolumeName ?? '');
    if (volume) add([volume.value.object]);
  }
  for (const { key, value } of reader.findEntries(
    persistentVolumeClaims.collection,
    'selected',
    attachmentTerm(cluster, node),
  )) {
    const claim = (value as StoredClaim).object;
    if (!isTerminating(claim) && isOf(reader, cluster, claim, driver)) found.add(key);
  }
  return found;
}

/**
 * Binds what waits for the pod's node: to volumes that there are, or by asking for new ones where the node is.
 *
 * @returns whether the pod can go to the node now, or once its volumes have been made.
 */
export function reserveVolumes(
  tx: Transaction,
  cluster: string,
  demand: VolumeDemand,
  node: KubeNode,
  now: Instant,
): 'bound' | 'provisioning' {
  if (demand.kind !== 'demand') return 'bound';
  let outcome: 'bound' | 'provisioning' = 'bound';
  for (const entry of demand.waiting) {
    const claim = entry.value.object;
    const match = staticMatch(tx, cluster, claim, node);
    const volume = match && volumeEntry(tx, cluster, match.metadata.name);
    if (volume) bindVolume(tx, volume, entry, now);
    else {
      outcome = 'provisioning';
      putClaim(tx, entry, annotated(claim, { [volumeAnnotations.selectedNode]: node.metadata.name }));
    }
  }
  return outcome;
}
