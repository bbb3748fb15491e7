import type { Diagnosis } from '../engine/diagnosis.js';
import { diagnosisText } from '../engine/diagnosis.js';
import type { SchedulerFeatures } from './features.js';

/** The whole text of a refusal: why no node will do, and what preemption says (FailedScheduling). */
export function refusalText(
  diagnosis: Diagnosis,
  nodes: number,
  preemption: string | undefined,
  { dynamicResources }: SchedulerFeatures,
): string {
  const text = diagnosisText(diagnosis, nodes);
  if (nodes === 0 || preemption === undefined) return text;
  // Before preemption, dynamic resource allocation is asked for claims that could be given back.
  if (!dynamicResources) return `${text} ${preemption}`;
  // It has not been asked of a pod that was refused before: then preemption isn't either (upstream quirk).
  if (diagnosis.kind === 'rejected') return `${text} not found`;
  return `${text} no new claims to deallocate, ${preemption}`;
}

const longestNote = 1024;
const ending = ' ...';

/** A text as an event's note may carry it. */
export const noteOf = (text: string): string =>
  text.length <= longestNote ? text : text.slice(0, longestNote - ending.length) + ending;
