import { defineKind } from '../../resource-type.js';
import { ageColumn, column, flagAt, nameColumn, textAt } from '../../table/index.js';
import { storage } from './group.js';

export const volumeAttachments = defineKind({
  ...storage,
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  hasStatus: true,
  schema: 'V1VolumeAttachment',
  columns: [
    nameColumn,
    column('Attacher', textAt('spec.attacher')),
    column('PV', textAt('spec.source.persistentVolumeName')),
    column('Node', textAt('spec.nodeName')),
    column('Attached', flagAt('status.attached'), 'boolean'),
    ageColumn,
  ],
});
