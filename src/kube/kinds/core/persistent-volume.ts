import { fieldAt } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import type { ResourceList } from '../../nodes/index.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt, wide } from '../../table/index.js';
import { fill, member, objectOf } from '../defaulting.js';
import type { Instant } from '../../../units/index.js';
import { defaultAzureDisk } from '../pod/defaults.js';
import type { NodeSelectorTerm } from '../pod/affinity.js';
import { accessModes, asText, keepFinalizer, storageClass, volumePhase } from './group.js';
import { volumeErrors } from './persistent-volume-validation.js';

/** Where a volume is bound to, or is kept for (core/v1 ObjectReference). Without `uid` it is kept for whoever has the name. */
export interface ClaimReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export type VolumePhase = 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
export type AccessMode = 'ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod';

/** A piece of storage (core/v1 PersistentVolume), with the fields that the engine reads. */
export interface PersistentVolume extends KubeObject {
  readonly spec: {
    readonly capacity?: ResourceList;
    readonly accessModes?: readonly AccessMode[];
    readonly claimRef?: ClaimReference;
    readonly csi?: {
      readonly driver: string;
      readonly volumeHandle: string;
      readonly volumeAttributes?: Readonly<Record<string, string>>;
    };
    readonly azureDisk?: { readonly diskURI?: string };
    readonly nodeAffinity?: {
      readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
    };
    readonly persistentVolumeReclaimPolicy: 'Retain' | 'Delete' | 'Recycle';
    readonly storageClassName?: string;
    readonly volumeMode: 'Filesystem' | 'Block';
    readonly volumeAttributesClassName?: string;
    readonly mountOptions?: readonly string[];
  };
  readonly status?: {
    readonly phase?: VolumePhase;
    readonly reason?: string;
    readonly message?: string;
    readonly lastPhaseTransitionTime?: string;
  };
}

/** A volume as the store keeps it. */
export interface StoredVolume extends Stored<PersistentVolume> {
  /** When its storage will have been deleted, once that has begun. */
  readonly deletedBy?: Instant;
}

/** Keeps a volume that is bound from going (Kubernetes: storage object in use protection). */
export const volumeProtection = 'kubernetes.io/pv-protection';

/** Term of the volumes' `byClaim`, and of the pods' one. */
export const claimTerm = (cluster: string, namespace: string | undefined, name: string): string =>
  `${cluster}|${namespace ?? ''}/${name}`;

/** Term of the volumes' `unclaimed` and of the claims' `unbound`: no class at all is the empty one. */
export const classTerm = (cluster: string, className: string | undefined): string =>
  `${cluster}|${className ?? ''}`;

const collection = objectCollection<StoredVolume>('persistentvolumes', {
  byClaim: ({ cluster, object }) => {
    const { namespace, name } = object.spec.claimRef ?? {};
    return name === undefined ? undefined : claimTerm(cluster, namespace, name);
  },
  /** Volumes that nobody has claimed, by class. */
  unclaimed: ({ cluster, object }) =>
    object.spec.claimRef ? undefined : classTerm(cluster, object.spec.storageClassName),
});

export const persistentVolumes = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  schema: 'V1PersistentVolume',
  collection,
  hasStatus: true,
  columns: [
    nameColumn,
    column('Capacity', textAt('spec.capacity.storage', '0')),
    column('Access Modes', accessModes('spec.accessModes')),
    column('Reclaim Policy', textAt('spec.persistentVolumeReclaimPolicy', '')),
    column('Status', volumePhase),
    column('Claim', (object) => {
      const name = fieldAt(object, 'spec.claimRef.name');
      return name === undefined
        ? ''
        : `${asText(fieldAt(object, 'spec.claimRef.namespace'), '')}/${asText(name, '')}`;
    }),
    column('StorageClass', storageClass),
    column('VolumeAttributesClass', textAt('spec.volumeAttributesClassName', '<unset>')),
    column('Reason', textAt('status.reason', '')),
    ageColumn,
    wide('VolumeMode', textAt('spec.volumeMode', '<unset>')),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    fill(spec, 'volumeMode', 'Filesystem');
    defaultAzureDisk(objectOf(spec['azureDisk']));
    const hostPath = objectOf(spec['hostPath']);
    if (hostPath) fill(hostPath, 'type', '');
  },
  prepareCreate: (draft) => {
    draft['status'] = {
      phase: 'Pending',
      lastPhaseTransitionTime: member(draft, 'metadata')['creationTimestamp'],
    };
    keepFinalizer(draft, volumeProtection);
  },
  validate: volumeErrors,
});
