export type { ArmParts } from './access.js';
export { createArmApp } from './app.js';
