import { plain } from '../kind-parts.js';
import { storage } from './group.js';

export const csiStorageCapacities = plain({
  ...storage,
  namespaced: true,
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  schema: 'V1CSIStorageCapacity',
});
