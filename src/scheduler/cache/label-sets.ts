import type { Labels } from '../../kube/index.js';
import { canonicalJson } from '../../kube/index.js';
import type { Pod } from '../../kube/index.js';
import type { Tally } from './tally.js';

/** Pods of one namespace with the same labels, and all of them being deleted or none: any selector takes all or none. */
export interface LabelSet {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly isTerminating: boolean;
  /** How many of its pods are on each node, by slot. */
  readonly perNode: Map<number, number>;
  /** Tallies that its pods count in. */
  readonly tallies: Tally[];
}

const noLabels: Labels = {};

/** The label sets of the pods on nodes. */
export class LabelSets {
  readonly #sets = new Map<string, LabelSet>();
  /** Pods that were described before any of them was on a node have sets of their own, with the same key. */
  readonly #counted = new Set<LabelSet>();
  readonly #talliesOf: (set: LabelSet) => readonly Tally[];

  /** `talliesOf` says which of the tallies that there are count a set's pods. */
  constructor(talliesOf: (set: LabelSet) => readonly Tally[]) {
    this.#talliesOf = talliesOf;
  }

  /** The set that a pod is of; one that nobody is counted in yet is made. */
  of({ metadata }: Pod): LabelSet {
    const { namespace = '', labels = noLabels } = metadata;
    const isTerminating = metadata.deletionTimestamp !== undefined;
    const key = `${isTerminating ? '-' : '+'}${namespace}\0${canonicalJson(labels)}`;
    return this.#sets.get(key) ?? { key, namespace, labels, isTerminating, perNode: new Map(), tallies: [] };
  }

  /** Counts a pod on a node, and in all tallies that count its set. */
  change(set: LabelSet, slot: number, by: 1 | -1): void {
    const { key, perNode, tallies } = set;
    if (perNode.size === 0 && by === 1) {
      this.#counted.add(set);
      if (!this.#sets.has(key)) this.#sets.set(key, set);
      tallies.splice(0, tallies.length, ...this.#talliesOf(set));
    }
    const count = (perNode.get(slot) ?? 0) + by;
    if (count === 0) perNode.delete(slot);
    else perNode.set(slot, count);
    for (const tally of tallies) tally.change(slot, by);
    if (perNode.size > 0) return;
    this.#counted.delete(set);
    if (this.#sets.get(key) === set) this.#sets.delete(key);
  }

  /** All sets with pods on nodes. */
  all(): Iterable<LabelSet> {
    return this.#counted;
  }
}
