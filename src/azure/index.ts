export { AzureError } from './error.js';
export type { AzureErrorInit, ErrorDetail, ErrorEnvelope } from './error.js';
