import type { Deletion } from '../../../autoscaler/index.js';
import type { Instant } from '../../../units/index.js';
import { counted } from '../amounts.js';
import { momentText } from './words.js';

/** How far a node's deletion is; without a record of it the cloud has been told. */
export function leavingText(since: Instant | undefined, deletion: Deletion | undefined): string {
  if (!deletion)
    return since === undefined ? 'is being deleted' : `is on its way out since ${momentText(since)}`;
  return `is on its way out since ${momentText(deletion.startedAt)}: ${phaseText(deletion.phase)}`;
}

function phaseText(phase: Deletion['phase']): string {
  switch (phase.kind) {
    case 'tainted':
      return 'it takes no more pods';
    case 'evicting': {
      const waiting = phase.evictions.filter(
        ({ effort, progress }) => effort === 'needed' && progress.kind === 'trying',
      );
      const [first] = waiting;
      if (!first || first.progress.kind !== 'trying') return 'its pods are asked to go';
      const { pod, progress } = first;
      const { namespace = '', name } = pod.metadata;
      const refusal = progress.refusal === undefined ? '' : `: ${progress.refusal}`;
      const others = waiting.length > 1 ? ` and ${counted(waiting.length - 1, 'other')}` : '';
      return `pod ${namespace}/${name}${others} may not go yet${refusal}`;
    }
    case 'leaving':
      return 'its pods are on their way out';
    case 'delayed':
      return 'an annotation delay-deletion.cluster-autoscaler.kubernetes.io/ holds it up';
  }
}
