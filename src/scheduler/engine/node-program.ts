import type { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { Plugin, Program, Scorer } from '../framework/plugin.js';
import type { Refusal } from '../framework/refusal.js';
import type { DomainGate } from './domain-gate.js';

/** A plugin with what it makes of a pod. */
export interface Part {
  readonly plugin: Plugin;
  readonly weight: number;
  readonly program: Program;
}

/** A plugin's scores, and how much they count. */
export interface WeightedScorer {
  readonly name: string;
  readonly weight: number;
  readonly scorer: Scorer;
}

/** The scorers of parts, made now. */
export const scorersOf = (parts: readonly Part[]): readonly WeightedScorer[] =>
  parts.flatMap(({ plugin, weight, program }) => {
    const scorer = weight > 0 ? program.scorer?.() : undefined;
    return scorer ? [{ name: plugin.name, weight, scorer }] : [];
  });

/** A scorer that needs normalising, with the raw scores it gave. */
interface RawScores extends WeightedScorer {
  readonly bySlot: number[];
  /** How many of them are not 0: while none is, normalising makes all nodes equal. */
  unequal: number;
}

/** The sum of a node that won't do. */
export const refused = -1;
/** Stands for the sum of a node that has changed since it was judged. */
const stale = -2;

/**
 * What hangs on a pod's needs and one node alone, for all pods of equal needs: answers are kept in flat arrays until the node
 * changes, so that a pod costs a glance at each node and a calculation for those that changed.
 */
export class NodeProgram {
  readonly #cache: ClusterCache;
  readonly #parts: readonly Part[];
  readonly #priority: number;
  /** The generation of the node that each answer is of. */
  #seen = new Float64Array(0);
  /** The weighted sum of scores that need no normalising, `refused`, or `stale`. */
  #sums = new Int32Array(0);
  /** Up to which write of a generation nodes that have changed are marked. */
  #marked = 0;
  readonly #refusals: (Refusal | undefined)[] = [];
  #plain: readonly WeightedScorer[] | undefined;
  #normalized: readonly RawScores[] = [];

  constructor(cache: ClusterCache, parts: readonly Part[], priority: number) {
    this.#cache = cache;
    this.#parts = parts;
    this.#priority = priority;
  }

  /** Why a node won't do; undefined when it will. */
  refusalOf({ slot }: NodeInfo): Refusal | undefined {
    return this.sumAt(slot) === refused ? this.#refusals[slot] : undefined;
  }

  /** The weighted sum of the scores of the node at a slot that need no normalising, or `refused`. */
  sumAt(slot: number): number {
    this.#markChanged();
    return this.#sums[slot] === stale ? this.#update(slot) : (this.#sums[slot] as number);
  }

  /**
   * Looks for nodes that will do and that all gates admit, from a place in the order of nodes on, until there are enough; their
   * slots are written to `found`.
   *
   * @returns how many were found, and how many were looked at
   */
  search(
    slots: Int32Array,
    start: number,
    enough: number,
    found: Int32Array,
    gates: readonly DomainGate[],
  ): { readonly count: number; readonly examined: number } {
    this.#markChanged();
    // What is read in the loop is at hand: this is where the time of large clusters goes.
    const sums = this.#sums;
    const total = slots.length;
    let count = 0;
    let examined = 0;
    let at = start;
    for (; examined < total && count < enough; examined += 1) {
      const slot = slots[at] as number;
      at += 1;
      if (at === total) at = 0;
      let sum = sums[slot] as number;
      if (sum === stale) sum = this.#update(slot);
      if (sum === refused) continue;
      if (gates.length > 0 && !admitted(gates, slot)) continue;
      found[count] = slot;
      count += 1;
    }
    return { count, examined };
  }

  /** The sums by slot, as they are for nodes that were just found. */
  get sums(): Int32Array {
    return this.#sums;
  }

  /** The answer for a node as it is during a trial: not kept. */
  tryOn(node: NodeInfo): Refusal | undefined {
    for (const { program } of this.#parts) {
      const refusal = program.filter?.(node);
      if (refusal) return refusal;
    }
    return undefined;
  }

  /** All scorers, by what they say of one node. */
  get scorers(): readonly WeightedScorer[] {
    return [...this.#plainScorers(), ...this.#normalized];
  }

  /** Scorers that need normalising and tell nodes apart. */
  get unequal(): readonly RawScores[] {
    return this.#normalized.filter(({ unequal }) => unequal > 0);
  }

  #plainScorers(): readonly WeightedScorer[] {
    if (!this.#plain) {
      const all = scorersOf(this.#parts);
      this.#plain = all.filter(({ scorer }) => !scorer.normalize);
      this.#normalized = all
        .filter(({ scorer }) => scorer.normalize !== undefined)
        .map((one) => ({ ...one, bySlot: [], unequal: 0 }));
    }
    return this.#plain;
  }

  /** Marks the nodes that have changed. A node that was only tried on is again as it was. */
  #markChanged(): void {
    const { generations } = this.#cache;
    if (this.#marked === generations.written) return;
    const changed = generations.writtenSince(this.#marked);
    this.#marked = generations.written;
    this.#grow();
    const { values } = generations;
    const seen = this.#seen;
    const sums = this.#sums;
    if (changed) {
      for (const slot of changed) if (seen[slot] !== values[slot]) sums[slot] = stale;
      return;
    }
    for (let slot = 0; slot < sums.length; slot += 1) if (seen[slot] !== values[slot]) sums[slot] = stale;
  }

  #update(slot: number): number {
    const node = this.#cache.at(slot);
    const refusal = this.#judge(node);
    const sum = refusal ? refused : this.#score(node);
    this.#seen[slot] = this.#cache.generations.of(slot);
    this.#refusals[slot] = refusal;
    this.#sums[slot] = sum;
    return sum;
  }

  #grow(): void {
    const { length } = this.#cache.generations.values;
    if (this.#seen.length >= length) return;
    const seen = new Float64Array(length);
    const sums = new Int32Array(length).fill(stale);
    seen.set(this.#seen);
    sums.set(this.#sums);
    this.#seen = seen;
    this.#sums = sums;
  }

  #score(node: NodeInfo): number {
    let sum = 0;
    for (const { weight, scorer } of this.#plainScorers()) sum += weight * scorer.score(node);
    for (const raw of this.#normalized) {
      const before = raw.bySlot[node.slot] ?? 0;
      const after = raw.scorer.score(node);
      raw.bySlot[node.slot] = after;
      raw.unequal += Number(after !== 0) - Number(before !== 0);
    }
    return sum;
  }

  /** Pods that wait for the node and do not come after this one count as if they were there; without them it must do too. */
  #judge(node: NodeInfo): Refusal | undefined {
    const ahead = nominatedAhead(node, this.#priority);
    if (ahead.length === 0) return this.tryOn(node);
    const crowded = this.#cache.try(node, ({ add }) => {
      for (const info of ahead) add(info);
      return this.tryOn(node);
    });
    return crowded ?? this.tryOn(node);
  }
}

function admitted(gates: readonly DomainGate[], slot: number): boolean {
  for (const gate of gates) if (!gate.admits(slot)) return false;
  return true;
}

/** The pods nominated to a node that count for a pod of a priority (kube-scheduler: addNominatedPods). */
export const nominatedAhead = (
  { nominated }: NodeInfo,
  priority: number,
  except?: string,
): readonly PodInfo[] =>
  nominated.length === 0
    ? nominated
    : nominated.filter(({ shape, uid }) => shape.priority >= priority && uid !== except);
