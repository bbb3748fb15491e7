import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt, wide } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { accessModes } from './group.js';

export const persistentVolumeClaims = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  schema: 'V1PersistentVolumeClaim',
  hasStatus: true,
  columns: [
    nameColumn,
    column('Status', textAt('status.phase', '')),
    column('Volume', textAt('spec.volumeName', '')),
    column('Capacity', textAt('status.capacity.storage', '')),
    column('Access Modes', accessModes('status.accessModes')),
    column('StorageClass', textAt('spec.storageClassName', '')),
    column('VolumeAttributesClass', textAt('spec.volumeAttributesClassName', '<unset>')),
    ageColumn,
    wide('VolumeMode', textAt('spec.volumeMode', '<unset>')),
  ],
  applyDefaults: (draft) => fill(member(draft, 'spec'), 'volumeMode', 'Filesystem'),
  prepareCreate: (draft) => {
    draft['status'] = { phase: 'Pending' };
  },
});
