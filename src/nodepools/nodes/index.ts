export { nodeResources } from './capacity.js';
export type { NodeResources } from './capacity.js';
export { nodeLabelsOf, nodeTaintsOf } from './labels.js';
export type { NodeMachine } from './labels.js';
export { renderMachine } from './machine.js';
export { nodeFor, providerIdOf } from './node.js';
export { detectedProblems } from './problem-detector.js';
export type { NodeRequest } from './node.js';
