export { nodeResources } from './capacity.js';
export type { NodeResources } from './capacity.js';
export { nodeLabelsOf, nodeTaintsOf } from './labels.js';
export type { NodeMachine } from './labels.js';
export { renderMachine } from './machine.js';
export { nodeFor } from './node.js';
export type { NodeRequest } from './node.js';
