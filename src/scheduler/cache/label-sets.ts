import { sameJson } from '../../kube/index.js';
import type { Labels, Pod } from '../../kube/index.js';
import { Buckets, bucketsOfPods } from './buckets.js';
import type { Tally } from './tally.js';

/** Pods of one namespace with the same labels, and all of them being deleted or none: any selector takes all or none. */
export interface LabelSet {
  readonly id: number;
  readonly namespace: string;
  readonly labels: Labels;
  readonly isTerminating: boolean;
  /** How many of its pods are on each node, by slot. */
  readonly perNode: Map<number, number>;
  /** Tallies that its pods count in. */
  readonly tallies: Tally[];
}

const noLabels: Labels = {};
/** Sets that no pod on a node is of are forgotten when there are more than this. */
const idleAllowed = 4096;

/** The label sets of pods. */
export class LabelSets {
  /** Sets that were asked for; a set that was forgotten meanwhile may have a like with another id. */
  readonly #sets = new Map<string, LabelSet>();
  readonly #counted = new Set<LabelSet>();
  readonly #byBucket = new Buckets<LabelSet>();
  #made = 0;
  #sweeps = 0;
  /** The set that was asked for last: pods of one come together. */
  #last: LabelSet | undefined;
  readonly #talliesOf: (set: LabelSet) => readonly Tally[];

  /** `talliesOf` says which of the tallies that there are count a set's pods. */
  constructor(talliesOf: (set: LabelSet) => readonly Tally[]) {
    this.#talliesOf = talliesOf;
  }

  /** How often sets without pods were forgotten: what was kept of a pod may name one of them. */
  get sweeps(): number {
    return this.#sweeps;
  }

  /** The set that a pod is of. */
  of({ metadata }: Pod): LabelSet {
    const { namespace = '', labels = noLabels } = metadata;
    const isTerminating = metadata.deletionTimestamp !== undefined;
    const last = this.#last;
    const isLast = last?.namespace === namespace && last.isTerminating === isTerminating;
    if (isLast && sameJson(last.labels, labels)) return last;
    this.#last = this.#find(namespace, labels, isTerminating);
    return this.#last;
  }

  #find(namespace: string, labels: Labels, isTerminating: boolean): LabelSet {
    const key = `${isTerminating ? '-' : '+'}${namespace}\0${textOf(labels)}`;
    const known = this.#sets.get(key);
    if (known) return known;
    if (this.#sets.size > idleAllowed + 2 * this.#counted.size) this.#sweep();
    this.#made += 1;
    const made = { id: this.#made, namespace, labels, isTerminating, perNode: new Map(), tallies: [] };
    this.#sets.set(key, made);
    return made;
  }

  /** Counts a pod on a node, and in all tallies that count its set. */
  change(set: LabelSet, slot: number, by: 1 | -1): void {
    const { perNode, tallies } = set;
    if (perNode.size === 0 && by === 1) {
      this.#counted.add(set);
      this.#byBucket.add(bucketsOfPods(set.namespace, set.labels), set);
      tallies.splice(0, tallies.length, ...this.#talliesOf(set));
    }
    const count = (perNode.get(slot) ?? 0) + by;
    if (count === 0) perNode.delete(slot);
    else perNode.set(slot, count);
    for (const tally of tallies) tally.change(slot, by);
    if (perNode.size > 0) return;
    this.#counted.delete(set);
    this.#byBucket.remove(bucketsOfPods(set.namespace, set.labels), set);
  }

  /** All sets with pods on nodes. */
  all(): Iterable<LabelSet> {
    return this.#counted;
  }

  /** The sets with pods on nodes that a query with these buckets may be about. */
  in(buckets: readonly string[]): Iterable<LabelSet> {
    return this.#byBucket.in(buckets);
  }

  #sweep(): void {
    this.#sweeps += 1;
    for (const [key, set] of this.#sets) if (set.perNode.size === 0) this.#sets.delete(key);
  }
}

/** Labels in order, as text. */
function textOf(labels: Labels): string {
  let text = '';
  for (const key of Object.keys(labels).sort()) text += `${key}=${labels[key] ?? ''}\0`;
  return text;
}
