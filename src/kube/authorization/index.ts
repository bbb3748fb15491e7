export { isAllowed, rulesOf } from './rbac.js';
export type { Attributes, PolicyRule, User } from './rbac.js';
