export { afterUpdate, applyConfiguration } from './managed-fields.js';
export type { Applied, Writer } from './managed-fields.js';
