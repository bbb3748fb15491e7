import { matchesAffinity, matchesTerms } from '../../kube/index.js';
import type { KubeNode, NodeAffinity, NodeSelectorTerm, Pod } from '../../kube/index.js';
import { pinOf } from '../cache/pins.js';
import { normalizeByLargest } from '../framework/normalize.js';
import type { Plugin, Program } from '../framework/plugin.js';
import { unresolvable } from '../framework/refusal.js';

const name = 'NodeAffinity';
const conflict = unresolvable(name, 'pod affinity terms conflict');
/** The pod's selector and required terms leave the node out. */
export const noMatch = unresolvable(name, "node(s) didn't match Pod's node affinity/selector");
const noAddedMatch = unresolvable(name, "node(s) didn't match scheduler-enforced node affinity");

type NodeTest = (node: KubeNode) => boolean;

/** Puts pods where their selector and required terms allow, and prefers nodes that their preferred terms match. */
export const nodeAffinity: Plugin = {
  name,
  dependsOn: 'node',
  weight: 2,
  pin: (pod) => {
    const names = pinnedNames(pod);
    return names?.size === 0 ? conflict : names;
  },
  wakesOn: (event, { pod }) => {
    if (event.kind !== 'node added' && event.kind !== 'node updated') return false;
    const isWanted = (node: KubeNode): boolean => matchesAffinity(node, pod.spec);
    return (event.kind === 'node added' || !isWanted(event.before)) && isWanted(event.after);
  },
  compile: ({ pod }, { args }): Program | undefined => {
    const added = args.NodeAffinity?.addedAffinity;
    const { affinity, nodeSelector } = pod.spec;
    const own = affinity?.nodeAffinity;
    const required = requiredTest(own, pinOf(pod) === undefined ? 'by name' : 'pinned');
    const addedRequired = requiredTest(added, 'by name');
    const selector = Object.entries(nodeSelector ?? {});
    const preferred = [...preferredOf(added), ...preferredOf(own)];
    if (!required && !addedRequired && selector.length === 0 && preferred.length === 0) return undefined;
    return {
      filter: ({ node }) => {
        if (!node || (addedRequired && !addedRequired(node))) return noAddedMatch;
        const { labels = {} } = node.metadata;
        if (!selector.every(([key, value]) => labels[key] === value)) return noMatch;
        return required && !required(node) ? noMatch : undefined;
      },
      scorer: () =>
        preferred.length === 0
          ? undefined
          : {
              score: ({ node }) =>
                preferred.reduce(
                  (sum, { weight, preference }) => sum + (node && isMatch([preference], node) ? weight : 0),
                  0,
                ),
              normalize: normalizeByLargest,
            },
    };
  },
};

const isMatch = (terms: readonly NodeSelectorTerm[], { metadata }: KubeNode): boolean =>
  matchesTerms(terms, metadata.labels ?? {}, metadata.name);

/** `pinned`: the one node that is looked at is the one that the term names, so that pods of a daemon can share the test. */
function requiredTest(affinity: NodeAffinity | undefined, how: 'by name' | 'pinned'): NodeTest | undefined {
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms) return undefined;
  if (how === 'by name') return (node) => isMatch(terms, node);
  const { matchExpressions = [] } = terms[0] ?? {};
  return matchExpressions.length === 0 ? undefined : (node) => isMatch([{ matchExpressions }], node);
}

/** Terms that say nothing or weigh nothing are left out. */
const preferredOf = (affinity: NodeAffinity | undefined) =>
  (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).filter(
    ({ weight, preference: { matchExpressions = [], matchFields = [] } }) =>
      weight !== 0 && matchExpressions.length + matchFields.length > 0,
  );

/** The nodes that required terms name, when each of them names some. */
function pinnedNames({ spec }: Pod): ReadonlySet<string> | undefined {
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms || terms.length === 0) return undefined;
  const union = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (lists.length === 0) return undefined;
    const [first = { values: [] }, ...rest] = lists;
    for (const value of first.values ?? []) {
      if (rest.every(({ values = [] }) => values.includes(value))) union.add(value);
    }
  }
  return union;
}
