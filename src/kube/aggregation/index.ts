export { externalGroupVersions } from './external-groups.js';
export {
  groupOf,
  groupPriority,
  groupVersionsOf,
  inOrder,
  isBuiltInGroup,
  reviews,
  versionOf,
} from './groups.js';
export type { ReviewKind } from './groups.js';
