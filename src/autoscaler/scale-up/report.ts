import type { AskingPods, ConsideredGroup } from '../decisions/decision.js';
import type { PodGroup } from '../estimator/index.js';
import { podName } from '../pod-name.js';
import type { ClusterState } from '../state/cluster-state.js';
import type { ScaleUp } from './scale-up.js';
import type { Survey } from './survey.js';

/** Pods that asked, as a decision is written down with them. */
export const askingPods = ({ refusals }: Survey, pods: readonly PodGroup[]): readonly AskingPods[] =>
  pods.map((group) => {
    const [first] = group.pods;
    return {
      example: first ? podName(first) : '',
      ...(group.controller !== undefined && { controller: group.controller }),
      count: group.pods.length,
      refusedBy: Object.fromEntries(refusals.get(group) ?? []),
    };
  });

/** What was made of every group, in the order of their ids. */
export const consideredGroups = (
  { groups }: ClusterState,
  { survey: { skipped, candidates }, choice }: Pick<ScaleUp, 'survey' | 'choice'>,
): readonly ConsideredGroup[] => {
  const judgements = new Map([...choice.scores].map((one) => [one[0].group.id, one]));
  return [...groups.values()].map(({ group: { id, pool, targetSize, maxSize } }): ConsideredGroup => {
    const common = { group: id, pool, targetSize, maxSize };
    const skip = skipped.get(id);
    if (skip) return { ...common, kind: 'skipped', ...skip };
    const judged = judgements.get(id);
    if (!judged || !candidates.has(id)) return { ...common, kind: 'no help' };
    const [option, scores] = judged;
    const chosen = choice.best?.group.id === id;
    return { ...common, kind: 'option', nodes: option.nodes, pods: option.pods.length, scores, chosen };
  });
};

/** Why no group would take pods: one reason a group, the scheduler's or why it was not asked. */
export const reasonsFor = ({ skipped, refusals }: Survey, group: PodGroup): readonly string[] => [
  ...[...(refusals.get(group)?.values() ?? [])].flatMap((reasons) => reasons),
  ...[...skipped.values()].map(({ reason }) => reason),
];
