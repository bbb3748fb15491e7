export { registerKubernetes } from './app.js';
export { certificateSubject, kubernetesToken } from './authentication.js';
export type { CredentialRole } from './authentication.js';
