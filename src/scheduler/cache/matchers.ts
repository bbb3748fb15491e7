import { canonicalJson, compileLabelSelector } from '../../kube/index.js';
import type { LabelSelector, Labels } from '../../kube/index.js';
import type { LabelSet, LabelSets } from './label-sets.js';
import { Buckets, bucketsOfPods } from './buckets.js';
import { Shared } from './shared.js';
import { Tally } from './tally.js';

/** The labels of a namespace; undefined for one that is not there. */
export type NamespaceLabels = (namespace: string) => Labels | undefined;

/** Which pods an affinity term or a spread constraint is about. */
export interface PodQuery {
  readonly selector: LabelSelector | undefined;
  readonly namespaces: readonly string[];
  readonly namespaceSelector?: LabelSelector;
}

/** Says whether pods with these labels in this namespace are meant. */
export type PodMatcher = (namespace: string, labels: Labels) => boolean;

/** Compiles a query. A namespace selector is asked for the namespace's labels; one without labels has none. */
export function compileQuery(query: PodQuery, labelsOf: NamespaceLabels): PodMatcher {
  const { namespaces, namespaceSelector } = query;
  const matches = compileLabelSelector(query.selector);
  const matchesNamespace = namespaceSelector && compileLabelSelector(namespaceSelector);
  return (namespace, labels) => {
    const isMeant =
      namespaces.includes(namespace) || (matchesNamespace?.(labelsOf(namespace) ?? {}) ?? false);
    return isMeant && matches(labels);
  };
}

/** Which pods a tally counts. */
export interface Counting {
  /** Where the pods are that it may count. */
  readonly buckets: readonly string[];
  readonly counts: (set: LabelSet) => boolean;
  /** Which pods it counts when they are put on a node or taken off it for a trial, where these are others. */
  readonly countsInTrials?: (set: LabelSet) => boolean;
}

interface Counted extends Counting {
  readonly tally: Tally;
}

/** Tallies of the pods that match, shared by all that ask for the same. */
export class Matchers {
  readonly #counted = new Shared<Counted>();
  readonly #byBucket = new Buckets<Counted>();
  /** How many count others in trials. */
  #differingInTrials = 0;

  /** The tallies that count a set's pods. */
  talliesOf(set: LabelSet): readonly Tally[] {
    const found: Tally[] = [];
    for (const { counts, tally } of this.#byBucket.in(bucketsOfPods(set.namespace, set.labels)))
      if (counts(set)) found.push(tally);
    return found;
  }

  /** The tallies that count a set's pods in trials alone. */
  inTrialsAlone(set: LabelSet): readonly Tally[] {
    if (this.#differingInTrials === 0) return [];
    const found: Tally[] = [];
    for (const { counts, countsInTrials, tally } of this.#byBucket.in(
      bucketsOfPods(set.namespace, set.labels),
    ))
      if (countsInTrials?.(set) === true && !counts(set)) found.push(tally);
    return found;
  }

  /** A tally of the pods that `counting` says, under a key that says the same. To be given back by `release`. */
  acquire(key: string, counting: Counting, sets: LabelSets): Tally {
    return this.#counted.acquire(key, () => this.#count(counting, sets)).tally;
  }

  release(key: string, sets: LabelSets): void {
    const left = this.#counted.release(key);
    if (!left) return;
    if (left.countsInTrials) this.#differingInTrials -= 1;
    this.#byBucket.remove(left.buckets, left);
    for (const { tallies } of sets.in(left.buckets)) {
      const at = tallies.indexOf(left.tally);
      if (at >= 0) tallies.splice(at, 1);
    }
  }

  #count(counting: Counting, sets: LabelSets): Counted {
    const tally = new Tally();
    for (const set of sets.in(counting.buckets)) {
      if (!counting.counts(set)) continue;
      set.tallies.push(tally);
      for (const [slot, count] of set.perNode) tally.change(slot, count);
    }
    const counted = { ...counting, tally };
    if (counting.countsInTrials) this.#differingInTrials += 1;
    this.#byBucket.add(counting.buckets, counted);
    return counted;
  }
}

/** A query as text: equal texts ask for the same pods. */
export const queryKey = (query: PodQuery): string => canonicalJson(query);
