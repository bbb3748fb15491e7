export { ReplicaSetController, ReplicationControllerController } from './controller.js';
export type { ReplicaSet } from './replica-set.js';
export { compareForDeletion } from './scale-down.js';
