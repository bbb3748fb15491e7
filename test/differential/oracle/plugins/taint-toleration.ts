import { normalized, refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { tolerates, untoleratedTaint } from '../tolerations.js';
import { namesTaint } from '../version.js';

/** Refuses nodes with a NoSchedule or NoExecute taint that is not tolerated; scores by the PreferNoSchedule ones. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  prepare: ({ pod, version }) => ({
    kind: 'filter',
    filter: ({ node }) => {
      const taint = untoleratedTaint(pod, node.spec?.taints);
      if (taint === undefined) return undefined;
      return refused(
        'UU',
        namesTaint(version)
          ? `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
          : 'node(s) had untolerated taint(s)',
      );
    },
  }),
  score: ({ pod }, feasible) => {
    const usable = (pod.spec.tolerations ?? []).filter(
      ({ effect = '' }) => effect === '' || effect === 'PreferNoSchedule',
    );
    const counts = feasible.map(
      ({ node }) =>
        (node.spec?.taints ?? []).filter(
          (taint) => taint.effect === 'PreferNoSchedule' && !usable.some((each) => tolerates(each, taint)),
        ).length,
    );
    return normalized(counts, 'reversed');
  },
};
