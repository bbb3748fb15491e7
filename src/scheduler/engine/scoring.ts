import type { NodeInfo } from '../cache/node-info.js';
import type { Scorer } from '../framework/plugin.js';
import type { Draw } from './engine.js';
import type { WeightedScorer } from './node-program.js';
import type { PodProgram } from './pod-program.js';

/** Adds up the scores of nodes. Its arrays are used again and again. */
export class Scoring {
  #totals = new Float64Array(0);
  #scores = new Float64Array(0);

  /** The node with the best total; which one of several, `draw` says. */
  best(program: PodProgram, feasible: readonly NodeInfo[], draw: Draw): NodeInfo | undefined {
    const count = feasible.length;
    const totals = this.#total(program, feasible);
    let most = -1;
    let ties = 0;
    for (let at = 0; at < count; at += 1) {
      const total = totals[at] ?? 0;
      if (total > most) {
        most = total;
        ties = 1;
      } else if (total === most) ties += 1;
    }
    let skip = ties > 1 ? draw(ties) : 0;
    for (let at = 0; at < count; at += 1) {
      if (totals[at] !== most) continue;
      if (skip === 0) return feasible[at];
      skip -= 1;
    }
    return undefined;
  }

  /** Weighted scores by node and plugin. */
  byPlugin(
    program: PodProgram,
    feasible: readonly NodeInfo[],
  ): ReadonlyMap<NodeInfo, ReadonlyMap<string, number>> {
    const table = new Map(feasible.map((node) => [node, new Map<string, number>()]));
    const { plain, normalized } = program.nodeProgram.scorers;
    for (const { name, weight, scorer } of [...plain, ...normalized, ...program.scorers]) {
      if (scorer.prepare?.(feasible) === 'skip') continue;
      const scores = new Float64Array(feasible.map((node) => scorer.score(node)));
      scorer.normalize?.(scores, feasible.length, feasible);
      for (const [at, node] of feasible.entries()) table.get(node)?.set(name, weight * (scores[at] ?? 0));
    }
    return table;
  }

  #total({ nodeProgram, scorers }: PodProgram, feasible: readonly NodeInfo[]): Float64Array {
    const count = feasible.length;
    if (this.#totals.length < count) {
      this.#totals = new Float64Array(2 * count);
      this.#scores = new Float64Array(2 * count);
    }
    const totals = this.#totals;
    for (let at = 0; at < count; at += 1) totals[at] = nodeProgram.sumOf(feasible[at] as NodeInfo);
    for (const [index, { weight, scorer }] of nodeProgram.scorers.normalized.entries())
      this.#add(feasible, weight, scorer, (node) => nodeProgram.rawOf(index, node));
    for (const { weight, scorer } of scorers) this.#addPrepared(feasible, { weight, scorer });
    return totals;
  }

  #addPrepared(feasible: readonly NodeInfo[], { weight, scorer }: Omit<WeightedScorer, 'name'>): void {
    if (scorer.prepare?.(feasible) === 'skip') return;
    this.#add(feasible, weight, scorer, (node) => scorer.score(node));
  }

  #add(feasible: readonly NodeInfo[], weight: number, scorer: Scorer, raw: (node: NodeInfo) => number): void {
    const count = feasible.length;
    const scores = this.#scores;
    for (let at = 0; at < count; at += 1) scores[at] = raw(feasible[at] as NodeInfo);
    scorer.normalize?.(scores, count, feasible);
    for (let at = 0; at < count; at += 1)
      this.#totals[at] = (this.#totals[at] ?? 0) + weight * (scores[at] ?? 0);
  }
}
