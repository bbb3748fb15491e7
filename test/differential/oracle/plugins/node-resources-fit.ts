import type { PluginArguments, UtilizationShapePoint, WeightedResource } from '../../case.js';
import { presumedOn, requestedOn } from '../cluster.js';
import type { NodeView } from '../cluster.js';
import { quotient } from '../plugin.js';
import type { Attempt, Plugin } from '../plugin.js';
import { isExtended, isScalar, pendingRequests, presumedPendingRequests } from '../requests.js';
import type { Amounts } from '../requests.js';
import { knowsHopelessRequests } from '../version.js';

/** Room for the pod: a place for one more pod, and enough of each resource that it asks for. */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  hasPreFilter: true,
  prepare: (attempt) => {
    const { pod, version, args } = attempt;
    const requests = checkedRequests(pendingRequests(pod, version), args);
    return {
      kind: 'filter',
      filter: (view) => {
        const used = requestedOn(view, version);
        const short = requests.filter(
          ([resource, amount]) => amount > (view.allocatable.get(resource) ?? 0) - (used.get(resource) ?? 0),
        );
        const reasons = [
          ...(view.pods.length + 1 > (view.allocatable.get('pods') ?? 0) ? ['Too many pods'] : []),
          ...short.map(([resource]) => `Insufficient ${resource}`),
        ];
        if (reasons.length === 0) return undefined;
        const hopeless =
          knowsHopelessRequests(version) &&
          short.some(([resource, amount]) => amount > (view.allocatable.get(resource) ?? 0));
        return { reasons, code: hopeless ? 'UU' : 'U' };
      },
    };
  },
  score: (attempt, feasible) => {
    const requests = presumedPendingRequests(attempt.pod);
    return feasible.map((view) => scoreOf(attempt, view, requests));
  },
};

/** Places for pods are counted, but not as a resource. */
const isCounted = (resource: string): boolean =>
  ['cpu', 'memory', 'ephemeral-storage'].includes(resource) || isScalar(resource);

/** Nothing is asked where 0 is, and what the configuration says to ignore is not looked at. */
function checkedRequests(
  requests: Amounts,
  { NodeResourcesFit }: PluginArguments,
): readonly (readonly [string, number])[] {
  const { ignoredResources = [], ignoredResourceGroups = [] } = NodeResourcesFit ?? {};
  return [...requests].filter(([resource, amount]) => {
    const group = resource.split('/')[0] ?? '';
    const isIgnored =
      isExtended(resource) && (ignoredResources.includes(resource) || ignoredResourceGroups.includes(group));
    return isCounted(resource) && amount > 0 && !isIgnored;
  });
}

const cpuAndMemory: readonly WeightedResource[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];

/** The resources that a configuration lists, cpu and memory when it lists none. */
export const scoredResources = (
  listed: readonly WeightedResource[] = [],
): readonly Required<WeightedResource>[] =>
  (listed.length === 0 ? cpuAndMemory : listed).map(({ name, weight = 0 }) => ({
    name,
    weight: weight === 0 ? 1 : weight,
  }));

/** How much of a resource would be taken on a node with the pod. */
export interface Utilization {
  readonly allocatable: number;
  /** Without the pod. */
  readonly taken: number;
  readonly asked: number;
}

/** Undefined for a resource that the node has none of, and for one that is not built in and that the pod doesn't ask for. */
export function utilizationOf(
  resource: string,
  view: NodeView,
  taken: Amounts,
  requests: Amounts,
): Utilization | undefined {
  const allocatable = view.allocatable.get(resource) ?? 0;
  const asked = requests.get(resource) ?? 0;
  if (!isCounted(resource) || allocatable === 0 || (isScalar(resource) && asked === 0)) return undefined;
  return { allocatable, taken: taken.get(resource) ?? 0, asked };
}

function scoreOf({ version, args }: Attempt, view: NodeView, requests: Amounts): number {
  const {
    type = 'LeastAllocated',
    resources,
    requestedToCapacityRatio,
  } = args.NodeResourcesFit?.scoringStrategy ?? {};
  const taken = presumedOn(view, version);
  const scores = scoredResources(resources).flatMap(({ name, weight }) => {
    const utilization = utilizationOf(name, view, taken, requests);
    if (utilization === undefined) return [];
    const { allocatable } = utilization;
    const requested = utilization.taken + utilization.asked;
    switch (type) {
      case 'LeastAllocated':
        return [
          {
            weight,
            score: requested > allocatable ? 0 : quotient((allocatable - requested) * 100, allocatable),
          },
        ];
      case 'MostAllocated':
        return [{ weight, score: quotient(Math.min(requested, allocatable) * 100, allocatable) }];
      case 'RequestedToCapacityRatio': {
        const percent = requested > allocatable ? 100 : quotient(requested * 100, allocatable);
        const score = onShape(percent, requestedToCapacityRatio?.shape ?? []);
        // Here a resource that scores nothing does not count at all.
        return score > 0 ? [{ weight, score }] : [];
      }
    }
  });
  const weights = scores.reduce((total, { weight }) => total + weight, 0);
  if (weights === 0) return 0;
  const sum = scores.reduce((total, { weight, score }) => total + weight * score, 0);
  return type === 'RequestedToCapacityRatio' ? Math.round(sum / weights) : quotient(sum, weights);
}

/** On straight lines between the points, level before the first and after the last; points give 0..10, scores are 0..100. */
function onShape(percent: number, shape: readonly UtilizationShapePoint[]): number {
  const next = shape.findIndex(({ utilization }) => percent <= utilization);
  const right = shape[next] ?? shape.at(-1);
  const left = shape[next - 1];
  if (right === undefined) return 0;
  if (next === -1 || left === undefined) return right.score * 10;
  const rise = (right.score - left.score) * 10;
  return (
    left.score * 10 + quotient(rise * (percent - left.utilization), right.utilization - left.utilization)
  );
}
