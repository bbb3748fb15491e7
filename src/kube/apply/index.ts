export { afterUpdate, applyConfiguration } from './managed-fields.js';
export type { Applied, VersionView, Versions, Writer } from './managed-fields.js';
export { typedErrors } from './typed-errors.js';
