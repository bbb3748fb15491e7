import { plain } from '../kind-parts.js';
import { dynamicResources } from './group.js';

export const resourceClaims = plain({
  ...dynamicResources,
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  namespaced: true,
  hasStatus: true,
  schema: 'ResourceV1ResourceClaim',
});
