export { authenticateToken } from './authenticate.js';
export type { TokenContext, TokenOutcome } from './authenticate.js';
export type { TokenClaims } from './claims.js';
export { accountNameAnnotation, accountUidAnnotation, legacyClaims, tokenSecretType } from './legacy.js';
export { tokenRequest } from './token-request.js';
export type { Issuance, RequestedToken } from './token-request.js';
