export { DaemonSetController } from './controller.js';
export { daemonsOn } from './new-node.js';
