import { compileLabelSelector } from '../../kube/index.js';
import type { PodAffinityTerm } from '../../kube/index.js';
import { anywhere, bucketsOfQuery } from '../cache/buckets.js';
import { queryOf } from '../cache/carried-terms.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { DomainCounter } from '../cache/domain-counter.js';
import type { LabelSet } from '../cache/label-sets.js';
import { compileQuery, queryKey } from '../cache/matchers.js';
import type { PodMatcher } from '../cache/matchers.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { NodeInfo } from '../cache/node-info.js';
import { maxNodeScore } from '../framework/normalize.js';
import type { HintContext, Plugin, PluginContext, Program, Scorer, Subject } from '../framework/plugin.js';
import { unresolvable, unschedulable } from '../framework/refusal.js';
import { own } from '../../units/index.js';

const name = 'InterPodAffinity';
const noAffinity = unresolvable(name, "node(s) didn't match pod affinity rules");
const antiAffinity = unschedulable(name, "node(s) didn't match pod anti-affinity rules");
const existingAntiAffinity = unschedulable(name, "node(s) didn't satisfy existing pods anti-affinity rules");

/** Puts pods near to those they want, and away from those they don't want or that don't want them. */
export const interPodAffinity: Plugin = {
  name,
  dependsOn: 'cluster',
  weight: 2,
  wakesOn: (event, subject, context) => {
    const { features } = context;
    const { podAffinity, podAntiAffinity } = subject.pod.spec.affinity ?? {};
    const near = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const away = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const isAbout = (term: PodAffinityTerm, { namespace, labels }: LabelSet): boolean =>
      meantBy(term, subject.labels.namespace, context).matches(namespace, labels);
    const isWanted = ({ labels }: PodInfo): boolean => near.some((term) => isAbout(term, labels));
    const isUnwanted = ({ labels }: PodInfo): boolean => away.some((term) => isAbout(term, labels));
    switch (event.kind) {
      case 'pod assigned':
        return isWanted(event.info);
      case 'pod updated':
        return (
          (isWanted(event.info) && !isWanted(event.before)) ||
          (!isUnwanted(event.info) && isUnwanted(event.before))
        );
      case 'pod removed':
        return (
          isUnwanted(event.info) || (features.wakesOnOthersAntiAffinity && keepsOff(event.info, subject))
        );
      case 'node added':
      case 'node updated': {
        const before = event.kind === 'node added' ? undefined : event.before.metadata.labels;
        const after = event.after.metadata.labels;
        const hasMoved = ({ topologyKey }: PodAffinityTerm): boolean =>
          own(after, topologyKey) !== own(before, topologyKey);
        // In no domain there is nobody to be near to, and nobody to be away from.
        return (
          near.some((term) => hasMoved(term) && own(after, term.topologyKey) !== undefined) ||
          away.some(hasMoved)
        );
      }
      default:
        return false;
    }
  },
  compile: (subject, context): Program => {
    const counting = new Counting(subject, context);
    const { podAffinity, podAntiAffinity } = subject.pod.spec.affinity ?? {};
    const near = counting.together(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []);
    const away = counting.each(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []);
    let excluding: readonly DomainCounter[] = [];
    const isIn = (counters: readonly DomainCounter[], slot: number): boolean => {
      for (const counter of counters) if ((counter.sumAt(slot) ?? 0) > 0) return true;
      return false;
    };
    return {
      prepare: () => {
        const counters = excludingCounters(subject.labels, context.cache);
        // Left out when nobody objects yet, even where a pod that waits for a node would (upstream: PreFilter skips).
        const asks = near || away.length > 0 || counters.some(({ isEmpty }) => !isEmpty);
        excluding = asks ? counters : [];
        return asks ? 'filter' : 'skip';
      },
      filter: (node) => {
        if (near && !near.allows(node)) return noAffinity;
        if (isIn(away, node.slot)) return antiAffinity;
        return isIn(excluding, node.slot) ? existingAntiAffinity : undefined;
      },
      scorer: () => scorerOf(subject, context, counting),
      dispose: () => counting.dispose(),
    };
  },
};

/** Where the anti-affinity of others counts that is about this pod: for most pods there is none. */
function excludingCounters(labels: LabelSet, cache: ClusterCache): readonly DomainCounter[] {
  const terms = cache.terms.matching(labels);
  return terms.length === 0
    ? none
    : terms.filter(({ kind }) => kind === 'required anti-affinity').map((term) => cache.carriedCounter(term));
}

const none: readonly never[] = [];

/** What a pod's required affinity asks of a node. */
interface Near {
  allows(node: NodeInfo): boolean;
}

interface Preference {
  readonly counter: DomainCounter;
  readonly weight: number;
}

/** Sets up the counts of a pod's own terms, and gives them back. */
class Counting {
  readonly #subject: Subject;
  readonly #context: HintContext;
  readonly #release: (() => void)[] = [];

  constructor(subject: Subject, context: HintContext) {
    this.#subject = subject;
    this.#context = context;
  }

  /** Pods count that match all terms at once, in the domains of each. */
  together(terms: readonly PodAffinityTerm[]): Near | undefined {
    const [first] = terms;
    if (!first) return undefined;
    const { labels } = this.#subject;
    const meant = terms.map((term) => this.#meant(term));
    const all: PodMatcher = (namespace, set) => meant.every(({ matches }) => matches(namespace, set));
    const key = `all ${terms.map((term) => this.#keyOf(term)).join(' & ')}`;
    const { buckets } = this.#meant(first);
    const counters = terms.map(({ topologyKey }) =>
      this.#counter(key, { buckets, matches: all }, topologyKey),
    );
    const matchesItself = all(labels.namespace, labels.labels);
    return {
      allows: ({ slot }) => {
        const sums = counters.map((counter) => counter.sumAt(slot));
        if (sums.includes(undefined)) return false;
        if (sums.every((sum) => (sum ?? 0) > 0)) return true;
        // The first of a group that wants to be together may go anywhere.
        return matchesItself && counters.every(({ isEmpty }) => isEmpty);
      },
    };
  }

  /** Each term counts by itself. */
  each(terms: readonly PodAffinityTerm[]): readonly DomainCounter[] {
    return terms.map((term) =>
      this.#counter(`own ${this.#keyOf(term)}`, this.#meant(term), term.topologyKey),
    );
  }

  dispose(): void {
    for (const release of this.#release) release();
  }

  #keyOf(term: PodAffinityTerm): string {
    return queryKey(queryOf(term, this.#subject.labels.namespace));
  }

  #meant(term: PodAffinityTerm): Meant {
    return meantBy(term, this.#subject.labels.namespace, this.#context);
  }

  #counter(key: string, { buckets, matches }: Meant, topologyKey: string): DomainCounter {
    const { matchers, labelSets, counters } = this.#context.cache;
    const counts = ({ namespace, labels }: LabelSet): boolean => matches(namespace, labels);
    const tally = matchers.acquire(key, { buckets, counts }, labelSets);
    const counterKey = `${key} ${topologyKey}`;
    const counter = counters.acquire(counterKey, topologyKey, tally);
    this.#release.push(() => {
      counters.release(counterKey);
      matchers.release(key, labelSets);
    });
    return counter;
  }
}

/** The pods that a term is about. */
interface Meant {
  readonly buckets: readonly string[];
  readonly matches: PodMatcher;
}

/**
 * A pod's own term. Its namespace selector is also held against no labels at all, so that one of exclusions alone takes in every
 * namespace (upstream quirk, seen in 1.34.1 and 1.36.2).
 */
function meantBy(term: PodAffinityTerm, namespace: string, { cache, features }: HintContext): Meant {
  const query = queryOf(term, namespace);
  const { namespaceSelector, selector } = query;
  const isWidened = features.widensNamespaceSelectors && namespaceSelector;
  if (isWidened && compileLabelSelector(isWidened)({})) {
    const matches = compileLabelSelector(selector);
    return { buckets: anywhere, matches: (_namespace, labels) => matches(labels) };
  }
  const matches = compileQuery(query, (name) => cache.namespaces.get(name));
  // Namespaces are picked among those that there are.
  const isThere = (name: string): boolean => query.namespaces.includes(name) || cache.namespaces.has(name);
  return {
    buckets: bucketsOfQuery(query),
    matches: (name, labels) => isThere(name) && matches(name, labels),
  };
}

/** True when a pod's required anti-affinity is about another. */
const keepsOff = ({ shape }: PodInfo, { labels }: Subject): boolean =>
  shape.carried.some(
    ({ term }) => term.kind === 'required anti-affinity' && term.matches(labels.namespace, labels.labels),
  );

/** Scores by own preferences, and by those and the required affinity of pods that are there. */
function scorerOf(subject: Subject, { cache, args }: PluginContext, counting: Counting): Scorer | undefined {
  const { podAffinity, podAntiAffinity } = subject.pod.spec.affinity ?? {};
  const wished = podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const unwished = podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const weights = [...wished.map(({ weight }) => weight), ...unwished.map(({ weight }) => -weight)];
  const own = counting
    .each([...wished, ...unwished].map(({ podAffinityTerm }) => podAffinityTerm))
    .map((counter, at): Preference => ({ counter, weight: weights[at] ?? 0 }));
  const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } =
    args.InterPodAffinity ?? {};
  // Despite its name it spares only pods that prefer nothing themselves, and those all scores (upstream: PreScore).
  if (ignorePreferredTermsOfExistingPods && own.length === 0) return undefined;
  let preferences: readonly Preference[] = own;
  return {
    prepare: () => {
      const others = othersOf(subject.labels);
      const isAsked = own.length + others.length > 0;
      preferences = isAsked ? [...own, ...others].filter(({ counter }) => !counter.isEmpty) : none;
      return preferences.length > 0 ? 'score' : 'skip';
    },
    score: ({ slot }) =>
      preferences.reduce((sum, { counter, weight }) => sum + weight * (counter.sumAt(slot) ?? 0), 0),
    normalize: normalizeRange,
  };

  function othersOf(labels: LabelSet): readonly Preference[] {
    const terms = cache.terms.matching(labels);
    if (terms.length === 0) return none;
    return terms.flatMap((term): readonly Preference[] => {
      const weight = term.kind === 'required affinity' ? hardPodAffinityWeight : 1;
      const isLeftOut = term.kind === 'required anti-affinity' || weight === 0;
      return isLeftOut ? [] : [{ counter: cache.carriedCounter(term), weight }];
    });
  }
}

/** Scales from the least to the most. The share is taken before it is scaled, as kube-scheduler does: its errors count. */
function normalizeRange(scores: Float64Array, count: number): void {
  let most = -Infinity;
  let least = Infinity;
  for (let at = 0; at < count; at += 1) {
    const score = scores[at] ?? 0;
    most = Math.max(most, score);
    least = Math.min(least, score);
  }
  const range = most - least;
  for (let at = 0; at < count; at += 1)
    scores[at] = range > 0 ? Math.trunc(maxNodeScore * (((scores[at] ?? 0) - least) / range)) : 0;
}
