export { Actuator } from './actuator.js';
export type { ActuatorInit, NodeToRemove } from './actuator.js';
export { cropToBudgets } from './budgets.js';
export type { NodesToRemove } from './budgets.js';
export { cleanUp } from './clean-up.js';
export { deletionsOf, groupTerm, nodeDeletions } from './deletion.js';
export type { Deletion, DeletionPhase, Eviction } from './deletion.js';
export { drainingPods, recentEvictions, unbound } from './homeless-pods.js';
export { softTaints } from './soft-taints.js';
export {
  deletionCandidateKey,
  isDeletionCandidate,
  isToBeDeleted,
  toBeDeletedAt,
  toBeDeletedKey,
} from './taints.js';
