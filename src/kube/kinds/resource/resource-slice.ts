import { plain } from '../kind-parts.js';
import { dynamicResources } from './group.js';

export const resourceSlices = plain({
  ...dynamicResources,
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  schema: 'V1ResourceSlice',
  selectable: ['spec.nodeName', 'spec.driver'],
  tracksGeneration: true,
});
