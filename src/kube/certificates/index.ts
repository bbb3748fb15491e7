export { CertificateSigner } from './signer.js';
export { clientSigner, hasCondition, readRequest, requestPem } from './signing-request.js';
export type { SigningCondition, SigningRequest } from './signing-request.js';
