export { onDefinitionChange } from './definition-change.js';
export { ClusterKinds, Kinds } from './kinds.js';
export { compareVersions } from './version-order.js';
