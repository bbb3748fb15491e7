import type { Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { GivenBack, Program } from '../framework/plugin.js';
import type { Refusal } from '../framework/refusal.js';
import { DomainGate } from './domain-gate.js';
import type { NodeProgram, Part, WeightedScorer } from './node-program.js';
import { nominatedAhead, refused, scorersOf } from './node-program.js';

type Filter = (node: NodeInfo) => Refusal | undefined;

const noGates: readonly DomainGate[] = [];

/** All that plugins make of a pod for one attempt. */
export class PodProgram {
  readonly nodeProgram: NodeProgram;
  readonly #cache: ClusterCache;
  readonly #parts: readonly Part[];
  readonly #priority: number;
  #filters: readonly Filter[] = [];
  /** The programs that the filters are of. */
  #filtering: readonly Program[] = [];
  #scorers: readonly WeightedScorer[] | undefined;

  /** `parts` are those that hang on more than one node, in the order of their plugins. */
  constructor(cache: ClusterCache, nodeProgram: NodeProgram, parts: readonly Part[], priority: number) {
    this.nodeProgram = nodeProgram;
    this.#cache = cache;
    this.#parts = parts;
    this.#priority = priority;
  }

  /** Makes ready for an attempt. */
  begin(): void {
    const filters: Filter[] = [];
    const filtering: Program[] = [];
    for (const { program } of this.#parts) {
      const { filter, prepare } = program;
      if (!filter || (prepare?.() ?? 'filter') === 'skip') continue;
      filters.push(filter);
      filtering.push(program);
    }
    this.#filters = filters;
    this.#filtering = filtering;
  }

  /** True when nodes are told apart by themselves alone. */
  get hangsOnNodesAlone(): boolean {
    return this.#filters.length === 0;
  }

  /** Why a node won't do; undefined when it will. */
  refusalOf(node: NodeInfo): Refusal | undefined {
    return this.nodeProgram.refusalOf(node) ?? this.#refusalByOthers(node);
  }

  /** Why a node that will do by itself won't. */
  #refusalByOthers(node: NodeInfo): Refusal | undefined {
    if (this.#filters.length === 0) return undefined;
    if (node.nominated.length > 0) {
      const ahead = nominatedAhead(node, this.#priority);
      const crowded =
        ahead.length > 0 &&
        this.#cache.try(node, ({ add }) => {
          for (const info of ahead) add(info);
          return this.#filter(node);
        });
      if (crowded) return crowded;
    }
    return this.#filter(node);
  }

  /** As `NodeProgram.search`, with all that the pod asks of nodes. */
  search(
    slots: Int32Array,
    start: number,
    enough: number,
    found: Int32Array,
  ): { readonly count: number; readonly examined: number } {
    const { nodeProgram } = this;
    const gates = this.#gates();
    if (gates) return nodeProgram.search(slots, start, enough, found, gates);
    const total = slots.length;
    let count = 0;
    let examined = 0;
    for (; examined < total && count < enough; examined += 1) {
      const slot = slots[(start + examined) % total] as number;
      if (nodeProgram.sumAt(slot) === refused || this.#refusalByOthers(this.#cache.at(slot))) continue;
      found[count] = slot;
      count += 1;
    }
    return { count, examined };
  }

  /** The filters by domain, for one search; undefined when nodes of one domain may be taken and refused. */
  #gates(): readonly DomainGate[] | undefined {
    if (this.#filtering.length === 0) return noGates;
    // Pods that wait for a node count on it for those that do not come before them, and not for its domain.
    if (this.#cache.hasNominated) return undefined;
    const gates: DomainGate[] = [];
    for (const { byDomain } of this.#filtering) {
      const filters = byDomain?.();
      if (!filters) return undefined;
      for (const filter of filters) gates.push(new DomainGate(filter));
    }
    return gates;
  }

  /** The answer for a node as it is during a trial. */
  tryOn(node: NodeInfo): Refusal | undefined {
    return this.nodeProgram.tryOn(node) ?? this.#filter(node);
  }

  /** Scorers that hang on more than one node. */
  get scorers(): readonly WeightedScorer[] {
    this.#scorers ??= scorersOf(this.#parts);
    return this.#scorers;
  }

  /** What can be given back so that a node may do; undefined when no plugin has a say in it. */
  giveBack(): GivenBack | undefined {
    for (const { program } of this.#parts) if (program.giveBack) return program.giveBack();
    return undefined;
  }

  /** Takes what the pod needs on the node that was chosen for it. */
  reserve(node: NodeInfo, tx: Transaction, now: Instant): void {
    for (const { program } of this.#parts) program.reserve?.(node, tx, now);
  }

  /** This program with parts that hold for one attempt alone. */
  with(parts: readonly Part[], order: (parts: readonly Part[]) => readonly Part[]): PodProgram {
    return new PodProgram(this.#cache, this.nodeProgram, order([...this.#parts, ...parts]), this.#priority);
  }

  dispose(): void {
    for (const { program } of this.#parts) program.dispose?.();
  }

  #filter(node: NodeInfo): Refusal | undefined {
    for (const filter of this.#filters) {
      const refusal = filter(node);
      if (refusal) return refusal;
    }
    return undefined;
  }
}
