import type { NodeInfo } from '../cache/node-info.js';
import { podCount } from '../cache/resources.js';
import { maxNodeScore } from '../framework/normalize.js';
import type { Plugin } from '../framework/plugin.js';

const name = 'NodeResourcesBalancedAllocation';

/** Prefers nodes whose resources are used evenly with the pod, or (1.36) where the pod makes them more even. */
export const balancedAllocation: Plugin = {
  name,
  dependsOn: 'node',
  weight: 1,
  compile: ({ info: { shape } }, { args, cache, features }) => {
    const { requests } = shape.resources;
    const resources = (
      args.NodeResourcesBalancedAllocation?.resources ?? [{ name: 'cpu' }, { name: 'memory' }]
    ).map((resource) => {
      const index = cache.resources.indexOf(resource.name);
      return { index, add: requests.find((request) => request.resource === index)?.amount ?? 0 };
    });
    // A pod that asks for nothing changes no balance (PreScore: Skip).
    if (resources.every(({ add }) => add === 0)) return undefined;
    // A resource that only few nodes have counts when the pod asks for it.
    const counted = resources.filter(({ index, add }) => index < podCount || add > 0);
    const balance = (node: NodeInfo, share: 0 | 1): number => balanceOf(node, counted, share);
    return {
      scorer: () => ({
        score:
          features.balancedAllocation === 'with-pod'
            ? (node) => balance(node, 1)
            : (node) => 50 + Math.floor((50 + balance(node, 1) - balance(node, 0)) / 2),
      }),
    };
  },
};

/** 100 for a node whose resources are used to the same share; `share` is 1 with the pod there and 0 without. */
function balanceOf(
  node: NodeInfo,
  resources: readonly { readonly index: number; readonly add: number }[],
  share: 0 | 1,
): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  const fractions: number[] = [];
  for (const { index, add } of resources) {
    const all = node.allocatableOf(index);
    if (all === 0) continue;
    const fraction = Math.min(1, (node.requestedOf(index) + share * add) / all);
    fractions.push(fraction);
    count += 1;
    sum += fraction;
  }
  if (count === 2) return spreadScore(Math.abs((fractions[0] ?? 0) - (fractions[1] ?? 0)) / 2);
  if (count < 2) return spreadScore(0);
  const mean = sum / count;
  for (const fraction of fractions) squares += (fraction - mean) * (fraction - mean);
  return spreadScore(Math.sqrt(squares / count));
}

const spreadScore = (deviation: number): number => Math.floor((1 - deviation) * maxNodeScore);
