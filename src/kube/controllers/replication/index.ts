export { ReplicaSetController, ReplicationControllerController } from './controller.js';
export type { ReplicaSet } from './replica-set.js';
export { inDeletionOrder } from './scale-down.js';
