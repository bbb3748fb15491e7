import type { Instant } from '../../../units/index.js';
import type { ResourceList } from '../../nodes/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import type { Draft } from '../../resource-type.js';
import type { LabelSelector } from '../../selectors/index.js';
import { ageColumn, column, nameColumn, textAt, wide } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import type { Column } from '../../table/index.js';
import { attachmentTerm } from '../storage/volume-attachment.js';
import { accessModes, keepFinalizer, storageClass, volumePhase } from './group.js';
import { claimErrors } from './persistent-volume-claim-validation.js';
import { classTerm } from './persistent-volume.js';
import type { AccessMode } from './persistent-volume.js';

export type ClaimPhase = 'Pending' | 'Bound' | 'Lost';

export interface ClaimCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly message?: string;
  readonly reason?: string;
  readonly lastProbeTime?: null;
  readonly lastTransitionTime?: string;
}

/** A request for storage (core/v1 PersistentVolumeClaim), with the fields that the engine reads. */
export interface PersistentVolumeClaim extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly AccessMode[];
    readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList };
    readonly selector?: LabelSelector;
    /** Absent: the default class; empty: none. */
    readonly storageClassName?: string;
    readonly volumeMode: 'Filesystem' | 'Block';
    readonly volumeName?: string;
    readonly volumeAttributesClassName?: string;
  };
  readonly status?: {
    readonly phase?: ClaimPhase;
    readonly accessModes?: readonly AccessMode[];
    readonly capacity?: ResourceList;
    readonly allocatedResources?: ResourceList;
    readonly allocatedResourceStatuses?: Readonly<Record<string, string>>;
    readonly conditions?: readonly ClaimCondition[];
    readonly currentVolumeAttributesClassName?: string;
  };
}

/** A claim as the store keeps it. */
export interface StoredClaim extends Stored<PersistentVolumeClaim> {
  /** When the volume that is being made for it will be there. */
  readonly provisionedBy?: Instant;
  /** When its volume will have grown. */
  readonly resizedBy?: Instant;
}

/** Keeps a claim that a pod uses from going (Kubernetes: storage object in use protection). */
export const claimProtection = 'kubernetes.io/pvc-protection';

/** What the volume controllers and the scheduler tell each other on claims and volumes. */
export const volumeAnnotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  /** The node that a pod of the claim waits for. */
  selectedNode: 'volume.kubernetes.io/selected-node',
  storageProvisioner: 'volume.kubernetes.io/storage-provisioner',
  betaStorageProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
} as const;

/** The claim's class: undefined where the default is to be taken, empty where none is wanted. */
export const classNameOf = ({ metadata, spec }: PersistentVolumeClaim): string | undefined =>
  metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName;

/** True once a claim and its volume have been bound for good. */
export const isBindingComplete = ({ metadata }: PersistentVolumeClaim): boolean =>
  metadata.annotations?.[volumeAnnotations.bindCompleted] !== undefined;

const collection = objectCollection<StoredClaim>('persistentvolumeclaims', {
  /** Claims that are still to be bound, by class. */
  unbound: ({ cluster, object }) =>
    isBindingComplete(object) ? undefined : classTerm(cluster, classNameOf(object)),
  /** Claims that wait for a volume to be made. */
  provisioning: ({ cluster, object }) =>
    !isBindingComplete(object) && object.metadata.annotations?.[volumeAnnotations.storageProvisioner]
      ? cluster
      : undefined,
  /** Claims for which a volume is being made where a node is. */
  selected: ({ cluster, object }) => {
    const node = object.metadata.annotations?.[volumeAnnotations.selectedNode];
    return node === undefined || isBindingComplete(object) ? undefined : attachmentTerm(cluster, node);
  },
});

/** Fills what a claim leaves out, also where a stateful set has it as a template. */
export function defaultClaim(draft: Draft): void {
  const spec = member(draft, 'spec');
  fill(spec, 'volumeMode', 'Filesystem');
  member(spec, 'resources');
}

/** What a claim has of its volume: nothing before it has one. */
const ofVolume =
  (cell: Column['cell']): Column['cell'] =>
  (object, now) =>
    (object as PersistentVolumeClaim).spec.volumeName ? cell(object, now) : '';

export const persistentVolumeClaims = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  schema: 'V1PersistentVolumeClaim',
  collection,
  hasStatus: true,
  columns: [
    nameColumn,
    column('Status', volumePhase),
    column('Volume', textAt('spec.volumeName', '')),
    column('Capacity', ofVolume(textAt('status.capacity.storage', '0'))),
    column('Access Modes', ofVolume(accessModes('status.accessModes'))),
    column('StorageClass', storageClass),
    column('VolumeAttributesClass', textAt('spec.volumeAttributesClassName', '<unset>')),
    ageColumn,
    wide('VolumeMode', textAt('spec.volumeMode', '<unset>')),
  ],
  applyDefaults: defaultClaim,
  prepareCreate: (draft) => {
    draft['status'] = { phase: 'Pending' };
    keepFinalizer(draft, claimProtection);
  },
  validate: claimErrors,
});
