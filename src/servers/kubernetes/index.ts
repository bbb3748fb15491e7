export { registerKubernetes, sendStatus } from './app.js';
export { LoopReplies, RequestReplies, settled } from './webhook-client.js';
export { ServiceAccountKeys } from './service-account-keys.js';
export { certificateSubject, hostOf, kubernetesToken } from './authentication.js';
export type { CredentialRole } from './authentication.js';
