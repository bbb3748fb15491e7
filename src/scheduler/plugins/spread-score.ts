import type { NodeInfo } from '../cache/node-info.js';
import { nowhere } from '../cache/topology.js';
import { maxNodeScore } from '../framework/normalize.js';
import type { Scorer } from '../framework/plugin.js';
import type { Keys, Spread } from './pod-topology-spread.js';

const hostname = 'kubernetes.io/hostname';
/** The score of a node that takes no part. */
const ignored = -1;

/**
 * Scores nodes by how few of the pods their domains have: `count x ln(domains + 2) + maxSkew - 1` for each soft constraint, the
 * least scoring most (PodTopologySpread). A host name is a domain of its own node, counted whoever takes part.
 */
export function spreadScorer(spreads: readonly Spread[], keys: Keys): Scorer {
  const weights = spreads.map(() => 0);
  const takesPart = ({ slot }: NodeInfo): boolean =>
    keys === 'any key' || spreads.every(({ counter }) => counter.topology.domainOf(slot) !== nowhere);
  return {
    prepare: (feasible) => {
      const parts = feasible.nodes().filter(takesPart);
      for (const [at, { counter, constraint }] of spreads.entries()) {
        const size =
          constraint.topologyKey === hostname
            ? parts.length
            : domainsOf(parts, counter.topology.domainOf.bind(counter.topology));
        weights[at] = Math.log(size + 2);
      }
      return 'score';
    },
    score: (node) => {
      if (!takesPart(node)) return ignored;
      let score = 0;
      for (const [at, { constraint, counter, tally }] of spreads.entries()) {
        const sum = counter.sumAt(node.slot);
        if (sum === undefined) continue;
        const count = constraint.topologyKey === hostname ? tally.at(node.slot) : sum;
        score += count * (weights[at] ?? 0) + (constraint.maxSkew - 1);
      }
      return Math.round(score);
    },
    normalize,
  };
}

/** Nodes that lack a key, where that is no matter, are a domain of their own (upstream: the empty value). */
function domainsOf(nodes: readonly NodeInfo[], domainOf: (slot: number) => number): number {
  const domains = new Set<number>();
  for (const { slot } of nodes) domains.add(domainOf(slot));
  return domains.size;
}

function normalize(scores: Float64Array, count: number): void {
  let most = 0;
  let least = Infinity;
  for (let at = 0; at < count; at += 1) {
    const score = scores[at] ?? 0;
    if (score === ignored) continue;
    most = Math.max(most, score);
    least = Math.min(least, score);
  }
  for (let at = 0; at < count; at += 1) {
    const score = scores[at] ?? 0;
    if (score === ignored) scores[at] = 0;
    else scores[at] = most === 0 ? maxNodeScore : Math.floor((maxNodeScore * (most + least - score)) / most);
  }
}
