export { NodeLifecycleController } from './node-lifecycle-controller.js';
export { nodeHealth, nodeZones } from './records.js';
