export { isAllowed, rulesOf } from './rbac.js';
export type { Attributes, PolicyRule } from './rbac.js';
