import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import type { LabelSelector } from '../../selectors/index.js';
import { column, nameColumn, textAt } from '../../table/index.js';
import { storage } from './group.js';

/** How much storage of a class there is for some nodes (storage.k8s.io/v1 CSIStorageCapacity). */
export interface CsiStorageCapacity extends KubeObject {
  readonly storageClassName: string;
  readonly capacity?: string;
  /** The largest single volume, where that is less. */
  readonly maximumVolumeSize?: string;
  /** The nodes that can reach it; none without it. */
  readonly nodeTopology?: LabelSelector;
}

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
