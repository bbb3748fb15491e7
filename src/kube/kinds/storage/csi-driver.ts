import { plain } from '../kind-parts.js';
import { storage } from './group.js';

export const csiDrivers = plain({
  ...storage,
  kind: 'CSIDriver',
  plural: 'csidrivers',
  schema: 'V1CSIDriver',
});
