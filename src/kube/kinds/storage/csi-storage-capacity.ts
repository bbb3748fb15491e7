import { defineKind } from '../../resource-type.js';
import { column, nameColumn, textAt } from '../../table/index.js';
import { storage } from './group.js';

export const csiStorageCapacities = defineKind({
  ...storage,
  namespaced: true,
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  schema: 'V1CSIStorageCapacity',
  columns: [
    nameColumn,
    column('StorageClassName', textAt('storageClassName', '')),
    column('Capacity', textAt('capacity', '<unset>')),
  ],
});
