import { fieldAt } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import { ageColumn, column, nameColumn, textAt, wide } from '../../table/index.js';
import { fill, member } from '../defaulting.js';
import { accessModes, asText } from './group.js';

export const persistentVolumes = defineKind({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  schema: 'V1PersistentVolume',
  hasStatus: true,
  columns: [
    nameColumn,
    column('Capacity', textAt('spec.capacity.storage', '')),
    column('Access Modes', accessModes('spec.accessModes')),
    column('Reclaim Policy', textAt('spec.persistentVolumeReclaimPolicy', '')),
    column('Status', textAt('status.phase', '')),
    column('Claim', (object) => {
      const name = fieldAt(object, 'spec.claimRef.name');
      return name === undefined
        ? ''
        : `${asText(fieldAt(object, 'spec.claimRef.namespace'), '')}/${asText(name, '')}`;
    }),
    column('StorageClass', textAt('spec.storageClassName', '')),
    column('VolumeAttributesClass', textAt('spec.volumeAttributesClassName', '<unset>')),
    column('Reason', textAt('status.reason', '')),
    ageColumn,
    wide('VolumeMode', textAt('spec.volumeMode', '<unset>')),
  ],
  applyDefaults: (draft) => {
    const spec = member(draft, 'spec');
    fill(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    fill(spec, 'volumeMode', 'Filesystem');
  },
  prepareCreate: (draft) => {
    draft['status'] = { phase: 'Pending' };
  },
});
