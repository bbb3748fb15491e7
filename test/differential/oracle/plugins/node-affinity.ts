import type { NodeSelectorTerm, PreferredSchedulingTerm } from '../../objects.js';
import { normalized, refused } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { podSelectsNode, selectsNode, termSelectsNode } from '../selectors.js';

/** nodeSelector and node affinity of the pod, and the affinity that the configuration adds to every pod. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  hasPreFilter: true,
  prepare: ({ pod, args }) => {
    const added = args.NodeAffinity?.addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (added === undefined && required === undefined && pod.spec.nodeSelector === undefined)
      return { kind: 'skip' };
    const only = namedNodes(required?.nodeSelectorTerms ?? []);
    if (only?.size === 0) return { kind: 'reject', message: 'pod affinity terms conflict' };
    return {
      kind: 'filter',
      ...(only === undefined ? {} : { only }),
      filter: ({ node }) => {
        if (added !== undefined && !selectsNode(added, node))
          return refused('UU', "node(s) didn't match scheduler-enforced node affinity");
        if (!podSelectsNode(pod, node))
          return refused('UU', "node(s) didn't match Pod's node affinity/selector");
        return undefined;
      },
    };
  },
  score: ({ pod, args }, feasible) => {
    const own = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    const added = args.NodeAffinity?.addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (own === undefined && added.length === 0) return undefined;
    const preferences: readonly PreferredSchedulingTerm[] = [...(own ?? []), ...added];
    const sums = feasible.map(({ node }) =>
      preferences
        .filter(({ preference }) => termSelectsNode(preference, node))
        .reduce((total, { weight }) => total + weight, 0),
    );
    return normalized(sums, 'straight');
  },
};

/** The nodes that the terms name, when each of them names some; as daemon pods do. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      .map(({ values = [] }) => values);
    const [first, ...rest] = lists;
    if (first === undefined) return undefined;
    for (const name of first) if (rest.every((list) => list.includes(name))) names.add(name);
  }
  return names;
}
