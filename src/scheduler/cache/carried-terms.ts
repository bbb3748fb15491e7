import type { PodAffinityTerm } from '../../kube/index.js';
import { Buckets, bucketsOfPods, bucketsOfQuery } from './buckets.js';
import type { LabelSet } from './label-sets.js';
import { compileQuery, queryKey } from './matchers.js';
import type { NamespaceLabels, PodMatcher, PodQuery } from './matchers.js';
import { Tally } from './tally.js';

/** What a pod on a node goes on to want of pods that come later (InterPodAffinity: symmetry). */
export type TermKind = 'required affinity' | 'required anti-affinity' | 'preferred';

/** A term that pods on nodes carry; its tally sums the weights of those that do, by node. */
export interface CarriedTerm {
  readonly kind: TermKind;
  readonly topologyKey: string;
  readonly tally: Tally;
  readonly matches: PodMatcher;
}

/** Which pods a term is about, seen from a pod of a namespace. */
export function queryOf(term: PodAffinityTerm, namespace: string): PodQuery {
  const { labelSelector: selector, namespaces = [], namespaceSelector } = term;
  const isOwn = namespaces.length === 0 && !namespaceSelector;
  return {
    selector,
    namespaces: isOwn ? [namespace] : [...namespaces].sort(),
    ...(namespaceSelector && { namespaceSelector }),
  };
}

/** The terms that pods on nodes carry, or have carried. */
export class CarriedTerms {
  readonly #terms = new Map<string, CarriedTerm>();
  readonly #byBucket = new Buckets<CarriedTerm>();
  /** Which terms are about a set's pods, of how many that were known then. */
  readonly #matching = new WeakMap<
    LabelSet,
    { readonly known: number; readonly terms: readonly CarriedTerm[] }
  >();
  readonly #labelsOf: NamespaceLabels;

  constructor(labelsOf: NamespaceLabels) {
    this.#labelsOf = labelsOf;
  }

  of(kind: TermKind, term: PodAffinityTerm, namespace: string): CarriedTerm {
    const query = queryOf(term, namespace);
    const { topologyKey } = term;
    const key = `${kind}\0${topologyKey}\0${queryKey(query)}`;
    const known = this.#terms.get(key);
    if (known) return known;
    const matches = compileQuery(query, this.#labelsOf);
    const carried = { kind, topologyKey, tally: new Tally(), matches };
    this.#terms.set(key, carried);
    this.#byBucket.add(bucketsOfQuery(query), carried);
    return carried;
  }

  /** The terms that are about pods of a set. */
  matching(set: LabelSet): readonly CarriedTerm[] {
    const known = this.#terms.size;
    const found = this.#matching.get(set);
    if (found?.known === known) return found.terms;
    const { namespace, labels } = set;
    const candidates = this.#byBucket.in(bucketsOfPods(namespace, labels));
    const terms = [...candidates].filter(({ matches }) => matches(namespace, labels));
    this.#matching.set(set, { known, terms });
    return terms;
  }
}
