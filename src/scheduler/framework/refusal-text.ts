import type { Diagnosis } from '../engine/diagnosis.js';
import { diagnosisText } from '../engine/diagnosis.js';
import type { SchedulerFeatures } from './features.js';

/** What is said once all nodes were refused: what could be given back for the pod, and what preemption found. */
export interface Afterwards {
  /** Absent for a pod without resource claims. */
  readonly givenBack?: string | undefined;
  /** Absent when preemption is off. */
  readonly preemption?: string | undefined;
}

/**
 * The whole text of a refusal for which no node is to be freed: why no node will do, and what preemption says
 * (FailedScheduling).
 */
export function refusalText(
  diagnosis: Diagnosis,
  nodes: number,
  { givenBack, preemption }: Afterwards,
  { dynamicResources }: SchedulerFeatures,
): string {
  const text = diagnosisText(diagnosis, nodes);
  if (nodes === 0) return text;
  // Before preemption, dynamic resource allocation is asked for claims that could be given back. It has not been asked of a
  // pod that was refused before: then preemption isn't either (upstream quirk).
  if (dynamicResources && isRefusedBefore(diagnosis)) return `${text} not found`;
  const claims = dynamicResources ? (givenBack ?? 'no new claims to deallocate') : undefined;
  const after = [claims, preemption].filter((part) => part !== undefined).join(', ');
  return after === '' ? text : `${text} ${after}`;
}

/** True when a plugin that comes before dynamic resource allocation has refused the pod whatever the node. */
const isRefusedBefore = (diagnosis: Diagnosis): boolean =>
  diagnosis.kind === 'rejected' && diagnosis.rejection.plugin !== 'DynamicResources';

const longestNote = 1024;
const ending = ' ...';

/** A text as an event's note may carry it. */
export const noteOf = (text: string): string =>
  text.length <= longestNote ? text : text.slice(0, longestNote - ending.length) + ending;
