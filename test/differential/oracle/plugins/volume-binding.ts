import type { Case } from '../../case.js';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../objects.js';
import type { Plugin } from '../plugin.js';
import { nanos } from '../quantity.js';
import { selects, selectsNode } from '../selectors.js';
import { hasVolumeAttributesClass } from '../version.js';
import type { Version } from '../version.js';
import {
  claimNameOf,
  claimOf,
  classNamed,
  classNameOf,
  isFullyBound,
  volumeNamed,
  waitsForConsumer,
} from './volumes.js';

/** Bound claims must be usable on the node; those that wait for their first consumer must be bindable or provisionable there. */
export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  hasPreFilter: true,
  prepare: ({ input, pod, version }) => {
    const claims: PersistentVolumeClaim[] = [];
    for (const volume of pod.spec.volumes ?? []) {
      const name = claimNameOf(pod, volume);
      if (name === undefined) continue;
      const claim = claimOf(input, pod, name);
      const isEphemeral = volume.ephemeral !== undefined;
      const problem = claim === undefined ? missing(name, isEphemeral) : problemOf(pod, claim, isEphemeral);
      if (problem !== undefined) return { kind: 'reject', message: problem };
      if (claim !== undefined) claims.push(claim);
    }
    if (claims.length === 0) return { kind: 'skip' };
    const bound = claims.filter(isFullyBound);
    const unbound = claims.filter((claim) => !isFullyBound(claim));
    // A claim that names its volume is for the controller to bind, whatever its class says.
    if (!unbound.every((claim) => waitsForConsumer(input, claim) && (claim.spec.volumeName ?? '') === ''))
      return { kind: 'reject', message: 'pod has unbound immediate PersistentVolumeClaims' };
    return {
      kind: 'filter',
      filter: ({ node }) => {
        const reasons = [
          boundReason(input, bound, node),
          unboundReason(input, version, unbound, node),
        ].flatMap((reason) => reason ?? []);
        return reasons.length === 0 ? undefined : { reasons, code: 'UU' };
      },
    };
  },
};

const missing = (name: string, isEphemeral: boolean): string =>
  isEphemeral
    ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
    : `persistentvolumeclaim "${name}" not found`;

function problemOf(
  pod: Pod,
  { metadata, spec, status }: PersistentVolumeClaim,
  isEphemeral: boolean,
): string | undefined {
  const { name } = metadata;
  if (status?.phase === 'Lost')
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${spec.volumeName ?? ''}"`;
  if (metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (isEphemeral && owner?.uid !== (pod.metadata.uid ?? ''))
    return `PVC ${metadata.namespace ?? ''}/${name} was not created for pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name} (pod is not owner)`;
  return undefined;
}

const wrongNode = "node(s) didn't match PersistentVolume's node affinity";
const noVolume = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
const nothingToBind = "node(s) didn't find available persistent volumes to bind";
const noSpace = 'node(s) did not have enough free storage';

/** Of the first claim that can't be used. */
function boundReason(input: Case, claims: readonly PersistentVolumeClaim[], node: Node): string | undefined {
  for (const { spec } of claims) {
    const volume = volumeNamed(input, spec.volumeName ?? '');
    if (volume === undefined) return noVolume;
    if (!isUsableOn(volume, node)) return wrongNode;
  }
  return undefined;
}

const isUsableOn = ({ spec }: PersistentVolume, node: Node): boolean =>
  spec.nodeAffinity?.required === undefined || selectsNode(spec.nodeAffinity.required, node);

const selectedNode = 'volume.kubernetes.io/selected-node';

function unboundReason(
  input: Case,
  version: Version,
  claims: readonly PersistentVolumeClaim[],
  node: Node,
): string | undefined {
  const chosen = ({ metadata }: PersistentVolumeClaim): string | undefined =>
    metadata.annotations?.[selectedNode];
  if (claims.some((claim) => (chosen(claim) ?? node.metadata.name) !== node.metadata.name))
    return nothingToBind;
  const toProvision = claims.filter((claim) => chosen(claim) !== undefined);
  const toMatch = claims.filter((claim) => chosen(claim) === undefined);
  const taken = new Set<string>();
  for (const claim of bySize(toMatch)) {
    const volume = matchFor(input, version, claim, node, taken);
    if (volume === undefined) toProvision.push(claim);
    else taken.add(volume.metadata.name);
  }
  return toProvision
    .map((claim) => provisionReason(input, claim, node))
    .find((reason) => reason !== undefined);
}

const storage = (list: Readonly<Record<string, string>> = {}): bigint => nanos(list['storage'] ?? '0');
const sizeOf = ({ spec }: PersistentVolumeClaim): bigint => storage(spec.resources?.requests);

const bySize = (claims: readonly PersistentVolumeClaim[]): readonly PersistentVolumeClaim[] =>
  [...claims].sort((left, right) => Number(sizeOf(left) - sizeOf(right)));

/** The volume that was made for the claim, else the smallest that is free and fits. */
function matchFor(
  input: Case,
  version: Version,
  claim: PersistentVolumeClaim,
  node: Node,
  taken: ReadonlySet<string>,
): PersistentVolume | undefined {
  const wantsAttributes = claim.spec.volumeAttributesClassName ?? '';
  const candidates = (input.persistentVolumes ?? [])
    .filter((volume) => classNameOf(volume) === classNameOf(claim))
    .filter(
      ({ metadata, spec }) =>
        !taken.has(metadata.name) &&
        storage(spec.capacity) >= sizeOf(claim) &&
        (spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
        (spec.volumeAttributesClassName ?? '') ===
          (hasVolumeAttributesClass(version) ? wantsAttributes : '') &&
        metadata.deletionTimestamp === undefined,
    );
  const made = candidates.find((volume) => isMadeFor(volume, claim));
  if (made !== undefined) return isUsableOn(made, node) ? made : undefined;
  const fitting = candidates.filter(
    (volume) =>
      volume.spec.claimRef === undefined &&
      volume.status?.phase === 'Available' &&
      (claim.spec.selector === undefined || selects(claim.spec.selector, volume.metadata.labels)) &&
      isUsableOn(volume, node) &&
      claim.spec.accessModes?.every((mode) => volume.spec.accessModes?.includes(mode) === true) !== false,
  );
  return fitting.reduce<PersistentVolume | undefined>(
    (best, volume) =>
      best === undefined || storage(volume.spec.capacity) < storage(best.spec.capacity) ? volume : best,
    undefined,
  );
}

function isMadeFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return (claimRef.uid ?? '') === '' || claimRef.uid === metadata.uid;
}

/** Why a volume can't be made for the claim on the node. */
function provisionReason(input: Case, claim: PersistentVolumeClaim, node: Node): string | undefined {
  const storageClass = classNamed(input, classNameOf(claim));
  if (storageClass === undefined) return nothingToBind;
  const { provisioner } = storageClass;
  if (provisioner === '' || provisioner === 'kubernetes.io/no-provisioner') return nothingToBind;
  if (!isAllowed(storageClass, node)) return nothingToBind;
  return hasSpace(input, claim, storageClass, node) ? undefined : noSpace;
}

const isAllowed = ({ allowedTopologies = [] }: StorageClass, { metadata: { labels = {} } }: Node): boolean =>
  allowedTopologies.length === 0 ||
  allowedTopologies.some(
    ({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.length > 0 &&
      matchLabelExpressions.every(({ key, values }) => values.some((value) => value === labels[key])),
  );

/** Only drivers that publish their capacity are held to it. */
function hasSpace(
  input: Case,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: Node,
): boolean {
  const driver = input.csiDrivers?.find(({ metadata }) => metadata.name === storageClass.provisioner);
  if (claim.spec.resources?.requests?.['storage'] === undefined || driver?.spec?.storageCapacity !== true)
    return true;
  return (input.csiStorageCapacities ?? []).some(
    ({ storageClassName, nodeTopology, capacity, maximumVolumeSize }) => {
      const limit = maximumVolumeSize ?? capacity;
      return (
        storageClassName === storageClass.metadata.name &&
        limit !== undefined &&
        nanos(limit) >= sizeOf(claim) &&
        nodeTopology !== undefined &&
        selects(nodeTopology, node.metadata.labels)
      );
    },
  );
}
