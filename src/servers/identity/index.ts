export { loadOrCreatePrincipals } from './principals.js';
export type { Principal, Role } from './principals.js';
export { registerIdentity } from './routes.js';
export type { IdentityParts } from './routes.js';
export { TokenAuthority } from './tokens.js';
export type { TokenProblem } from './tokens.js';
