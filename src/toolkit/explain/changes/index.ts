import type { Change } from '../explanation.js';
import type { Question } from '../question.js';
import { droppedLabels, smallerRequest, tolerations } from './pod-changes.js';
import { labelledPools, largerSizes, moreNodes, otherZones, uncordoned } from './pool-changes.js';
import { higherPriority } from './priority.js';

/** Single changes, the smallest first: what is there is opened before anything is added, and the pod is made less last. */
const attempts: readonly ((question: Question) => readonly Change[])[] = [
  uncordoned,
  moreNodes,
  tolerations,
  droppedLabels,
  labelledPools,
  otherZones,
  largerSizes,
  higherPriority,
  smallerRequest,
];

/** Every single change that lets the pods run; each has been tried. */
export const changesFor = (question: Question): readonly Change[] =>
  attempts.flatMap((attempt) => attempt(question));

export { ownScheduler, withoutGates } from './pod-changes.js';
export { budgetsText, podsText } from './priority.js';
export { poolCommand } from './commands.js';
