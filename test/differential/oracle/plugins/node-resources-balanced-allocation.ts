import { requestedOn } from '../cluster.js';
import { quotient } from '../plugin.js';
import type { Plugin } from '../plugin.js';
import { balanceRequests } from '../requests.js';
import { scoresImprovedBalance } from '../version.js';
import { scoredResources, utilizationOf } from './node-resources-fit.js';

/** Prefers nodes whose resources are used to the same degree; from 1.36 on, those where the pod makes it more so. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  score: ({ pod, version, args }, feasible) => {
    const resources = scoredResources(args.NodeResourcesBalancedAllocation?.resources);
    const requests = balanceRequests(pod, version);
    if (resources.every(({ name }) => (requests.get(name) ?? 0) === 0)) return undefined;
    return feasible.map((view) => {
      const taken = requestedOn(view, version);
      const uses = resources.flatMap(({ name }) => utilizationOf(name, view, taken, requests) ?? []);
      const withPod = balance(uses.map((use) => (use.taken + use.asked) / use.allocatable));
      if (!scoresImprovedBalance(version)) return withPod;
      const withoutPod = balance(uses.map((use) => use.taken / use.allocatable));
      return 50 + quotient(50 + withPod - withoutPod, 2);
    });
  },
};

/** 100 less the standard deviation, in percent, of the shares in use. */
function balance(shares: readonly number[]): number {
  const fractions = shares.map((share) => Math.min(1, share));
  return Math.trunc((1 - deviation(fractions)) * 100);
}

function deviation(fractions: readonly number[]): number {
  const [first, second] = fractions;
  if (first === undefined || second === undefined) return 0;
  if (fractions.length === 2) return Math.abs((first - second) / 2);
  const mean = fractions.reduce((total, fraction) => total + fraction, 0) / fractions.length;
  const squares = fractions.reduce((total, fraction) => total + (fraction - mean) * (fraction - mean), 0);
  return Math.sqrt(squares / fractions.length);
}
