import { plain } from '../kind-parts.js';
import { dynamicResources } from './group.js';

export const resourceClaimTemplates = plain({
  ...dynamicResources,
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  namespaced: true,
  schema: 'V1ResourceClaimTemplate',
});
