import type { PodAffinityTerm } from '../../kube/index.js';
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
  /** Which terms are about a set's pods; `known` terms have been looked at. */
  readonly #matching = new WeakMap<LabelSet, { known: number; readonly terms: CarriedTerm[] }>();
  readonly #list: CarriedTerm[] = [];
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
    this.#list.push(carried);
    return carried;
  }

  /** The terms that are about pods of a set. */
  matching(set: LabelSet): readonly CarriedTerm[] {
    const found = this.#matching.get(set) ?? { known: 0, terms: [] };
    this.#matching.set(set, found);
    for (; found.known < this.#list.length; found.known += 1) {
      const term = this.#list[found.known];
      if (term?.matches(set.namespace, set.labels)) found.terms.push(term);
    }
    return found.terms;
  }

  /** How many different terms have been met: a program that knew fewer has to look again. */
  get size(): number {
    return this.#list.length;
  }
}
