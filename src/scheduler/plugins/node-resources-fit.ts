import type { ResourceList } from '../../kube/index.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { NodeInfo } from '../cache/node-info.js';
import { amountOf, cpu, ephemeralStorage, memory, podCount } from '../cache/resources.js';
import type { PodResources, Request } from '../cache/resources.js';
import type { FitArgs, ResourceWeight } from '../framework/configuration.js';
import type { Plugin } from '../framework/plugin.js';
import { unresolvable, unschedulable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';
import { strategyOf } from './resource-strategies.js';
import type { Demand } from './resource-strategies.js';
import { own } from '../../units/index.js';

const name = 'NodeResourcesFit';
const bothHalves: readonly ResourceWeight[] = [{ name: 'cpu' }, { name: 'memory' }];

/** Puts pods where what they ask for is left, and scores what would be left or used then. */
export const nodeResourcesFit: Plugin = {
  name,
  dependsOn: 'node',
  weight: 1,
  wakesOn: (event, { info }) => {
    const { requests } = info.shape.resources;
    const fitsIn = (list: ResourceList | undefined): boolean =>
      amount(list, 'pods') >= 1 && requests.every((one) => one.amount <= amount(list, one.name));
    switch (event.kind) {
      case 'pod removed':
        return true;
      case 'pod updated':
        return requests.some(({ resource }) => asks(event.info, resource) < asks(event.before, resource));
      case 'node added':
        return fitsIn(event.after.status.allocatable);
      case 'node updated': {
        const [was, is] = [event.before.status.allocatable, event.after.status.allocatable];
        const grew = [{ name: 'pods' }, ...requests].some(
          ({ name: wanted }) => amount(is, wanted) > amount(was, wanted),
        );
        // Held against the empty node: those that are there may have to make way.
        return grew && fitsIn(is);
      }
      default:
        return false;
    }
  },
  compile: ({ info }, { args, cache, features }) => {
    const { resources } = info.shape;
    const wanted = resources.requests.filter((request) => !isIgnored(request, args.NodeResourcesFit));
    const refusals = new Refusals(features.tellsWhatNoNodeHas);
    return {
      filter: (node) => refusals.of(lacking(node, wanted)),
      scorer: () => {
        const strategy = strategyOf(args.NodeResourcesFit?.scoringStrategy);
        const counted = (args.NodeResourcesFit?.scoringStrategy?.resources ?? bothHalves).map(
          ({ name: resource, weight = 1 }) => ({ index: cache.resources.indexOf(resource), weight }),
        );
        const demands = counted.map(({ index, weight }) => demandOf(index, weight, resources));
        return { score: (node) => strategy(node, demands) };
      },
    };
  },
};

const amount = (list: ResourceList | undefined, resource: string): number => {
  const quantity = own(list, resource);
  return quantity === undefined ? 0 : amountOf(resource, quantity);
};

const asks = ({ shape }: PodInfo, resource: number): number =>
  shape.resources.requests.find((request) => request.resource === resource)?.amount ?? 0;

const isScalar = (resource: number): boolean => resource > podCount;

/** How a resource is counted for a score. Resources that only few nodes have count when the pod asks for them. */
function demandOf(index: number, weight: number, { scored }: PodResources): Demand {
  if (index === cpu) return { index, weight, add: scored.nonZero.cpu, used: (node) => node.nonZeroCpu };
  if (index === memory)
    return { index, weight, add: scored.nonZero.memory, used: (node) => node.nonZeroMemory };
  const add = scored.requests.find(({ resource }) => resource === index)?.amount ?? 0;
  return {
    index,
    weight: isScalar(index) && add === 0 ? 0 : weight,
    add,
    used: (node) => node.requestedOf(index),
  };
}

/** What a node has too little of, as a number for each: below zero for what it will never have. */
interface Lack {
  readonly texts: readonly string[];
  readonly isHopeless: boolean;
}

function lacking(node: NodeInfo, wanted: readonly Request[]): Lack | undefined {
  let texts: string[] | undefined;
  let isHopeless = false;
  if (node.requestedOf(podCount) + 1 > node.allocatableOf(podCount)) texts = ['Too many pods'];
  for (const { resource, name: wantedName, amount } of wanted) {
    const allocatable = node.allocatableOf(resource);
    if (amount <= allocatable - node.requestedOf(resource)) continue;
    texts ??= [];
    texts.push(`Insufficient ${wantedName}`);
    if (amount > allocatable) isHopeless = true;
  }
  return texts && { texts, isHopeless };
}

/** Refusals with the same words are the same object, so that counting them costs little. */
class Refusals {
  readonly #made = new Map<string, Refusal>();
  readonly #tellsHopeless: boolean;

  constructor(tellsHopeless: boolean) {
    this.#tellsHopeless = tellsHopeless;
  }

  of(lack: Lack | undefined): Refusal | undefined {
    if (!lack) return undefined;
    const { texts, isHopeless } = lack;
    const key = `${String(isHopeless)}|${texts.join('|')}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made =
      isHopeless && this.#tellsHopeless ? unresolvable(name, ...texts) : unschedulable(name, ...texts);
    this.#made.set(key, made);
    return made;
  }
}

function isIgnored({ resource, name: wanted }: Request, args: FitArgs | undefined): boolean {
  if (!args || resource <= ephemeralStorage || !isExtended(wanted)) return false;
  const { ignoredResources = [], ignoredResourceGroups = [] } = args;
  return ignoredResources.includes(wanted) || ignoredResourceGroups.includes(wanted.split('/')[0] ?? '');
}

/** A resource of somebody else's than Kubernetes, e.g. `nvidia.com/gpu`; any domain that ends in Kubernetes' own is its. */
const isExtended = (resource: string): boolean =>
  resource.includes('/') && !resource.includes('kubernetes.io/') && !resource.startsWith('requests.');
