import type { KubeNode } from '../../kube/index.js';
import { gpuResource, isGpuNode } from '../gpu.js';
import { containerRequests, cpuAndMemory } from '../estimator/index.js';
import type { CpuAndMemory } from '../estimator/index.js';
import { keepLeast } from './expander.js';
import type { Expander, ExpansionOption } from './expander.js';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/**
 * What a pod is worth an hour by what it asks for. Azure has no prices of parts of a VM: these are those that upstream's only
 * model for pods has (cluster autoscaler: GCE's pricing), which tell how much a core weighs against memory.
 */
const corePrice = 0.033174;
const gibibytePrice = 0.004446;

const worth = ({ cpu, memory }: CpuAndMemory): number =>
  (cpu / 1000) * corePrice + (memory / gibibyte) * gibibytePrice;

/** Counts on either side, so that few small pods do not decide alone. */
const steadying = worth({ cpu: 500, memory: 500 * mebibyte });

/** What keeps nodes with GPUs from pods that do not need them. */
const gpuUnfitness = 1000;

/**
 * Keeps those that cost least for what the pods are worth, and whose nodes have the size that suits the cluster's; the score is
 * the cost for a unit of worth (expander `price`). An option without a price is left out.
 */
export const price: Expander = {
  name: 'price',
  filter: (options, { nodes }) => keepLeast(options, (option) => scoreOf(option, nodes)),
};

function scoreOf(option: ExpansionOption, clusterNodes: number): number | undefined {
  if (option.price === undefined) return undefined;
  const paid = option.price * option.nodes;
  const gained = option.pods.reduce((sum, pod) => sum + worth(containerRequests(pod)), 0);
  return (unfitness(option, clusterNodes) * (paid + steadying)) / (gained + steadying);
}

/** How far a node is from the preferred size, from 1 on; of less weight the more nodes there are to be. */
function unfitness({ nodes, template: { node } }: ExpansionOption, clusterNodes: number): number {
  if (hasGpu(node)) return gpuUnfitness;
  const cores = cpuAndMemory(node.status.capacity).cpu / 1000;
  const preferred = preferredCores(clusterNodes);
  const unfit = Math.max(preferred / cores, cores / preferred);
  return (unfit - 1) * (1 - Math.tanh((nodes - 1) / 15)) + 1;
}

/** Cores of the node that suits a cluster: twice as many for each threefold size. */
function preferredCores(nodes: number): number {
  if (nodes <= 2) return 1;
  if (nodes <= 6) return 2;
  if (nodes <= 20) return 4;
  if (nodes <= 60) return 8;
  return nodes <= 200 ? 16 : 32;
}

/** True for a node that has GPUs, or will have. */
const hasGpu = (node: KubeNode): boolean =>
  isGpuNode(node) || (node.status.allocatable?.[gpuResource] ?? '0') !== '0';
