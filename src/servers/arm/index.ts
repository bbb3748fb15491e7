export type { ArmParts } from './access.js';
export { createArmApp } from './app.js';
export { kubeconfig } from './kubeconfig.js';
