import type { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { Plugin, Program, Scorer } from '../framework/plugin.js';
import type { Refusal } from '../framework/refusal.js';

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

/**
 * What hangs on a pod's needs and one node alone, for all pods of equal needs: answers are kept until the node changes, so that
 * a pod costs a look at each node and a calculation for those that changed.
 */
export class NodeProgram {
  readonly #cache: ClusterCache;
  readonly #parts: readonly Part[];
  readonly #priority: number;
  /** The generation of the node that each answer is of. */
  readonly #seen: number[] = [];
  readonly #refusals: (Refusal | undefined)[] = [];
  /** The sum of scores that need no normalising, and its own seen generations. */
  readonly #sums: number[] = [];
  readonly #scored: number[] = [];
  /** Raw scores that do, by scorer. */
  readonly #raws: number[][] = [];
  #scorers:
    { readonly plain: readonly WeightedScorer[]; readonly normalized: readonly WeightedScorer[] } | undefined;

  constructor(cache: ClusterCache, parts: readonly Part[], priority: number) {
    this.#cache = cache;
    this.#parts = parts;
    this.#priority = priority;
  }

  /** Why a node won't do; undefined when it will. */
  refusalOf(node: NodeInfo): Refusal | undefined {
    const { slot } = node;
    const generation = this.#cache.generationOf(slot);
    if (this.#seen[slot] !== generation) {
      this.#refusals[slot] = this.#judge(node);
      this.#seen[slot] = generation;
    }
    return this.#refusals[slot];
  }

  /** The answer for a node as it is during a trial: not kept. */
  tryOn(node: NodeInfo): Refusal | undefined {
    for (const { program } of this.#parts) {
      const refusal = program.filter?.(node);
      if (refusal) return refusal;
    }
    return undefined;
  }

  get scorers(): {
    readonly plain: readonly WeightedScorer[];
    readonly normalized: readonly WeightedScorer[];
  } {
    if (!this.#scorers) {
      const all = scorersOf(this.#parts);
      this.#scorers = {
        plain: all.filter(({ scorer }) => !scorer.normalize),
        normalized: all.filter(({ scorer }) => scorer.normalize !== undefined),
      };
    }
    return this.#scorers;
  }

  /** The weighted sum of the scores that need no normalising. */
  sumOf(node: NodeInfo): number {
    this.#score(node);
    return this.#sums[node.slot] ?? 0;
  }

  /** The raw score of the normalised scorer at an index. */
  rawOf(index: number, node: NodeInfo): number {
    this.#score(node);
    return this.#raws[index]?.[node.slot] ?? 0;
  }

  #score(node: NodeInfo): void {
    const { slot } = node;
    const generation = this.#cache.generationOf(slot);
    if (this.#scored[slot] === generation) return;
    this.#scored[slot] = generation;
    const { plain, normalized } = this.scorers;
    let sum = 0;
    for (const { weight, scorer } of plain) sum += weight * scorer.score(node);
    this.#sums[slot] = sum;
    for (const [index, { scorer }] of normalized.entries()) {
      const raws = (this.#raws[index] ??= []);
      raws[slot] = scorer.score(node);
    }
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

/** The pods nominated to a node that count for a pod of a priority (kube-scheduler: addNominatedPods). */
export const nominatedAhead = (
  { nominated }: NodeInfo,
  priority: number,
  except?: string,
): readonly PodInfo[] =>
  nominated.length === 0
    ? nominated
    : nominated.filter(({ shape, uid }) => shape.priority >= priority && uid !== except);
