import type { Pod, PodAffinityTerm, WeightedPodAffinityTerm } from '../../objects.js';
import type { NodeView } from '../cluster.js';
import { refused } from '../plugin.js';
import type { Attempt, Plugin } from '../plugin.js';
import { selects } from '../selectors.js';
import { triesExpandedNamespaceSelector } from '../version.js';

/** Pods that want to be near, or not near, to others; and others that want so of them. */
export const interPodAffinity: Plugin = {
  name: 'InterPodAffinity',
  hasPreFilter: true,
  prepare: (attempt) => {
    const { pod, cluster } = attempt;
    const affinity = required(pod, 'podAffinity').map((term) => ownTerm(attempt, term));
    const antiAffinity = required(pod, 'podAntiAffinity').map((term) => ownTerm(attempt, term));
    const isWanted = (other: Pod): boolean =>
      affinity.length > 0 && affinity.every((term) => term.matches(other));

    // By domain: how often terms of pods there are about a pod that matters.
    const attraction = new Domains();
    const repulsion = new Domains();
    const objections = new Domains();
    const count = (view: NodeView, pods: readonly Pod[], into: Counts, times: 1 | -1): void => {
      for (const other of pods) {
        if (isWanted(other)) for (const { key } of affinity) into.attraction.add(view, key, times);
        for (const term of antiAffinity) if (term.matches(other)) into.repulsion.add(view, term.key, times);
        for (const term of required(other, 'podAntiAffinity'))
          if (othersTerm(attempt, other, term)) into.objections.add(view, term.topologyKey, times);
      }
    };
    const real: Counts = { attraction, repulsion, objections };
    for (const view of cluster.nodes) count(view, view.pods, real, 1);
    // Decided once: objections of pods that are only imagined do not matter where there are no real ones.
    if (affinity.length === 0 && antiAffinity.length === 0 && objections.isEmpty()) return { kind: 'skip' };

    return {
      kind: 'filter',
      filter: (view) => {
        const counts: Counts =
          view.added.length + view.removed.length === 0
            ? real
            : { attraction: attraction.copy(), repulsion: repulsion.copy(), objections: objections.copy() };
        count(view, view.added, counts, 1);
        count(view, view.removed, counts, -1);

        const hasKeys = affinity.every(({ key }) => view.labels[key] !== undefined);
        const isNear = affinity.every(({ key }) => counts.attraction.at(view, key) > 0);
        const isFirst = counts.attraction.isEmpty() && isWanted(pod);
        if (!hasKeys || !(isNear || isFirst)) return refused('UU', "node(s) didn't match pod affinity rules");
        if (antiAffinity.some(({ key }) => counts.repulsion.at(view, key) > 0))
          return refused('U', "node(s) didn't match pod anti-affinity rules");
        if (Object.keys(view.labels).some((key) => counts.objections.at(view, key) > 0))
          return refused('U', "node(s) didn't satisfy existing pods anti-affinity rules");
        return undefined;
      },
    };
  },
  score: (attempt, feasible) => {
    const { pod, cluster, args } = attempt;
    const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } =
      args.InterPodAffinity ?? {};
    const near = preferred(pod, 'podAffinity').map((term) => ownWeighted(attempt, term));
    const apart = preferred(pod, 'podAntiAffinity').map((term) => ownWeighted(attempt, term));
    const hasPreferences = near.length + apart.length > 0;
    if (ignorePreferredTermsOfExistingPods && !hasPreferences) return undefined;
    const scores = new Domains();
    for (const view of cluster.nodes)
      for (const other of view.pods) {
        for (const { weight, term } of near) if (term.matches(other)) scores.add(view, term.key, weight);
        for (const { weight, term } of apart) if (term.matches(other)) scores.add(view, term.key, -weight);
        if (!hasPreferences && !hasAffinity(other)) continue;
        if (hardPodAffinityWeight > 0)
          for (const term of required(other, 'podAffinity'))
            if (othersTerm(attempt, other, term)) scores.add(view, term.topologyKey, hardPodAffinityWeight);
        for (const { weight, podAffinityTerm: term } of preferred(other, 'podAffinity'))
          if (othersTerm(attempt, other, term)) scores.add(view, term.topologyKey, weight);
        for (const { weight, podAffinityTerm: term } of preferred(other, 'podAntiAffinity'))
          if (othersTerm(attempt, other, term)) scores.add(view, term.topologyKey, -weight);
      }
    if (!scores.wereTouched()) return undefined;
    const sums = feasible.map((view) =>
      Object.keys(view.labels).reduce((sum, key) => sum + scores.at(view, key), 0),
    );
    const [least, most] = [Math.min(...sums), Math.max(...sums)];
    return sums.map((sum) => (most === least ? 0 : Math.trunc(100 * ((sum - least) / (most - least)))));
  },
};

type Kind = 'podAffinity' | 'podAntiAffinity';

const required = ({ spec }: Pod, kind: Kind): readonly PodAffinityTerm[] =>
  spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const preferred = ({ spec }: Pod, kind: Kind): readonly WeightedPodAffinityTerm[] =>
  spec.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];

const hasAffinity = (pod: Pod): boolean =>
  (['podAffinity', 'podAntiAffinity'] as const).some(
    (kind) => required(pod, kind).length + preferred(pod, kind).length > 0,
  );

interface Term {
  readonly key: string;
  readonly matches: (pod: Pod) => boolean;
}

/** A term of the pending pod; its namespaces are the listed ones and the selected ones, else the pod's own. */
function ownTerm({ input, pod, version }: Attempt, term: PodAffinityTerm): Term {
  const { namespaceSelector } = term;
  const listed = listedNamespaces(term, pod);
  const isEverywhere = namespaceSelector !== undefined && isEmptySelector(namespaceSelector);
  const selected = isEverywhere
    ? []
    : (input.namespaces ?? []).filter(({ metadata }) => selects(namespaceSelector, metadata.labels));
  const names = new Set([...listed, ...selected.map(({ metadata }) => metadata.name)]);
  // The selector is tried on top of that, on no labels.
  const matchesNoLabels =
    (isEverywhere || triesExpandedNamespaceSelector(version)) && selects(namespaceSelector, {});
  return {
    key: term.topologyKey,
    matches: ({ metadata: { namespace = '', labels } }) =>
      (names.has(namespace) || matchesNoLabels) && selects(term.labelSelector, labels),
  };
}

const isEmptySelector = ({
  matchLabels = {},
  matchExpressions = [],
}: NonNullable<PodAffinityTerm['labelSelector']>): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;

function ownWeighted(
  attempt: Attempt,
  { weight, podAffinityTerm }: WeightedPodAffinityTerm,
): { readonly weight: number; readonly term: Term } {
  return { weight, term: ownTerm(attempt, podAffinityTerm) };
}

const listedNamespaces = (
  { namespaces = [], namespaceSelector }: PodAffinityTerm,
  { metadata }: Pod,
): readonly string[] =>
  namespaces.length === 0 && namespaceSelector === undefined ? [metadata.namespace ?? ''] : namespaces;

/** Whether a term of another pod is about the pending one. */
function othersTerm({ input, pod }: Attempt, other: Pod, term: PodAffinityTerm): boolean {
  const { namespace = '', labels } = pod.metadata;
  const own = input.namespaces?.find(({ metadata }) => metadata.name === namespace)?.metadata.labels;
  return (
    (listedNamespaces(term, other).includes(namespace) || selects(term.namespaceSelector, own)) &&
    selects(term.labelSelector, labels)
  );
}

interface Counts {
  readonly attraction: Domains;
  readonly repulsion: Domains;
  readonly objections: Domains;
}

/** Sums by key and value of a label of nodes. */
class Domains {
  readonly #sums = new Map<string, number>();

  add({ labels }: NodeView, key: string, amount: number): void {
    const value = labels[key];
    if (value === undefined) return;
    this.#sums.set(`${key}=${value}`, this.at({ labels }, key) + amount);
  }

  at({ labels }: Pick<NodeView, 'labels'>, key: string): number {
    const value = labels[key];
    return value === undefined ? 0 : (this.#sums.get(`${key}=${value}`) ?? 0);
  }

  /** Sums of 0 are none. */
  isEmpty(): boolean {
    return [...this.#sums.values()].every((sum) => sum === 0);
  }

  /** Whether anything was ever added, even when it cancelled out. */
  wereTouched(): boolean {
    return this.#sums.size > 0;
  }

  copy(): Domains {
    const copy = new Domains();
    for (const [domain, sum] of this.#sums) copy.#sums.set(domain, sum);
    return copy;
  }
}
