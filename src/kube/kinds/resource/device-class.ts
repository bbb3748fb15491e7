import { plain } from '../kind-parts.js';
import { dynamicResources } from './group.js';

export const deviceClasses = plain({
  ...dynamicResources,
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  namespaced: false,
  schema: 'V1DeviceClass',
  tracksGeneration: true,
});
