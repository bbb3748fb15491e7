import type { Instant } from '../../../units/index.js';
import { validation } from '../../api/field-error.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { defineKind, objectCollection } from '../../resource-type.js';
import { ageColumn, column, flagAt, nameColumn, textAt } from '../../table/index.js';
import { storage } from './group.js';

/** A volume on its way to a node, on it, or on its way from it (storage.k8s.io/v1 VolumeAttachment). */
export interface VolumeAttachment extends KubeObject {
  readonly spec: {
    readonly attacher: string;
    readonly nodeName: string;
    readonly source: { readonly persistentVolumeName?: string };
  };
  readonly status: {
    readonly attached: boolean;
    readonly attachmentMetadata?: Readonly<Record<string, string>>;
  };
}

/** An attachment as the store keeps it. */
export interface StoredAttachment extends Stored<VolumeAttachment> {
  /** When the volume will be attached. */
  readonly attachedBy?: Instant;
  /** Since when no pod has needed it on a node that can't say that it has let it go. */
  readonly unneededSince?: Instant;
  /** When the volume will be detached, once that has begun. */
  readonly detachedBy?: Instant;
}

/** Term of the attachments' `byVolume` and `byNode`. */
export const attachmentTerm = (cluster: string, name: string): string => `${cluster}|${name}`;

const collection = objectCollection<StoredAttachment>('volumeattachments.storage.k8s.io', {
  byVolume: ({ cluster, object }) => {
    const { persistentVolumeName } = object.spec.source;
    return persistentVolumeName === undefined ? undefined : attachmentTerm(cluster, persistentVolumeName);
  },
  byNode: ({ cluster, object }) => attachmentTerm(cluster, object.spec.nodeName),
});

/** Everything wrong with an attachment, new or changed (storage validation: ValidateVolumeAttachment). */
const volumeAttachmentErrors = validation<KubeObject & { readonly spec?: Partial<VolumeAttachment['spec']> }>(
  (faults, { spec = {} }, before) => {
    const { attacher = '', nodeName = '', source = {} } = spec;
    if (attacher === '') faults.required('spec.attacher');
    if (nodeName === '') faults.required('spec.nodeName');
    const named = source.persistentVolumeName !== undefined;
    const inline = 'inlineVolumeSpec' in source;
    if (!named && !inline)
      faults.required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
    if (named && inline)
      faults.forbidden(
        'spec.source',
        'must specify exactly one of inlineVolumeSpec and persistentVolumeName',
      );
    faults.immutable('spec', spec, !before || canonicalJson(spec) === canonicalJson(before.spec ?? {}));
  },
);

export const volumeAttachments = defineKind({
  ...storage,
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  hasStatus: true,
  collection,
  tracksGeneration: false,
  schema: 'V1VolumeAttachment',
  columns: [
    nameColumn,
    { ...column('Attacher', textAt('spec.attacher')), format: 'name' },
    column('PV', textAt('spec.source.persistentVolumeName', '')),
    column('Node', textAt('spec.nodeName')),
    column('Attached', flagAt('status.attached'), 'boolean'),
    ageColumn,
  ],
  prepareCreate: (draft) => {
    draft['status'] = { attached: false };
  },
  validate: volumeAttachmentErrors,
});
