import type { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { FeasibleNodes } from '../framework/plugin.js';
import type { Draw } from './engine.js';
import type { Feasible } from './feasible.js';
import type { NodeProgram, WeightedScorer } from './node-program.js';
import type { PodProgram } from './pod-program.js';

/** Adds up the scores of nodes. Its arrays are used again and again. */
export class Scoring {
  readonly #cache: ClusterCache;
  #totals = new Float64Array(0);
  #scores = new Float64Array(0);

  constructor(cache: ClusterCache) {
    this.#cache = cache;
  }

  /** The slot of the node with the best total; which one of several, `draw` says. */
  best(program: PodProgram, feasible: Feasible, draw: Draw): number {
    const { nodeProgram } = program;
    const { count, slots } = feasible;
    const further = this.#further(program, feasible);
    const { unequal } = nodeProgram;
    // Most pods have nothing to add to what is known of each node already.
    if (further.length === 0 && unequal.length === 0) return bestBy(nodeProgram.sums, slots, count, draw);
    const totals = this.#total(nodeProgram, further, feasible);
    return slots[bestOf(totals, count, draw)] as number;
  }

  /** Weighted scores by node and plugin. */
  byPlugin(program: PodProgram, feasible: FeasibleNodes): ReadonlyMap<NodeInfo, ReadonlyMap<string, number>> {
    const nodes = feasible.nodes();
    const table = new Map(nodes.map((node) => [node, new Map<string, number>()]));
    for (const { name, weight, scorer } of [...program.nodeProgram.scorers, ...program.scorers]) {
      if (scorer.prepare?.(feasible) === 'skip') continue;
      const scores = new Float64Array(nodes.map((node) => scorer.score(node)));
      scorer.normalize?.(scores, nodes.length);
      for (const [at, node] of nodes.entries()) table.get(node)?.set(name, weight * (scores[at] ?? 0));
    }
    return table;
  }

  /** The scorers that hang on more than one node and have something to say now. */
  #further({ scorers }: PodProgram, feasible: Feasible): readonly WeightedScorer[] {
    let asked: WeightedScorer[] | undefined;
    for (const one of scorers) {
      if (one.scorer.prepare?.(feasible) === 'skip') continue;
      asked ??= [];
      asked.push(one);
    }
    return asked ?? none;
  }

  #total(
    nodeProgram: NodeProgram,
    further: readonly WeightedScorer[],
    { count, slots }: Feasible,
  ): Float64Array {
    if (this.#totals.length < count) {
      this.#totals = new Float64Array(2 * count);
      this.#scores = new Float64Array(2 * count);
    }
    const totals = this.#totals;
    const scores = this.#scores;
    const { sums } = nodeProgram;
    for (let at = 0; at < count; at += 1) totals[at] = sums[slots[at] as number] as number;
    for (const one of nodeProgram.unequal) {
      for (let at = 0; at < count; at += 1) scores[at] = one.bySlot[slots[at] as number] as number;
      this.#add(count, one);
    }
    for (const one of further) {
      for (let at = 0; at < count; at += 1)
        scores[at] = one.scorer.score(this.#cache.at(slots[at] as number));
      this.#add(count, one);
    }
    return totals;
  }

  /** Normalises what has been scored and adds it to the totals. */
  #add(count: number, { scorer, weight }: WeightedScorer): void {
    const totals = this.#totals;
    const scores = this.#scores;
    scorer.normalize?.(scores, count);
    for (let at = 0; at < count; at += 1)
      totals[at] = (totals[at] as number) + weight * (scores[at] as number);
  }
}

const none: readonly WeightedScorer[] = [];

/** Where the largest of the first `count` totals is; which one of several, `draw` says. */
function bestOf(totals: Float64Array, count: number, draw: Draw): number {
  let most = -Infinity;
  let ties = 0;
  let first = 0;
  for (let at = 0; at < count; at += 1) {
    const total = totals[at] as number;
    if (total > most) {
      most = total;
      ties = 1;
      first = at;
    } else if (total === most) ties += 1;
  }
  let at = first;
  for (let skip = ties > 1 ? draw(ties) : 0; skip > 0; skip -= 1) at = totals.indexOf(most, at + 1);
  return at;
}

/** The one of the first `count` slots with the largest sum; which one of several, `draw` says. */
function bestBy(sums: Int32Array, slots: Int32Array, count: number, draw: Draw): number {
  let most = -1;
  let ties = 0;
  let first = 0;
  for (let at = 0; at < count; at += 1) {
    const sum = sums[slots[at] as number] as number;
    if (sum > most) {
      most = sum;
      ties = 1;
      first = at;
    } else if (sum === most) ties += 1;
  }
  let at = first;
  for (let skip = ties > 1 ? draw(ties) : 0; skip > 0; skip -= 1) {
    at += 1;
    while (sums[slots[at] as number] !== most) at += 1;
  }
  return slots[at] as number;
}
