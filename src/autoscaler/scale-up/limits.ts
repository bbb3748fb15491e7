import type { KubeNode } from '../../kube/index.js';
import { milliValue, quantityValue } from '../../units/index.js';
import type { AutoscalerFeatures } from '../features.js';
import type { AutoscalerOptions } from '../options.js';
import type { ClusterState } from '../state/cluster-state.js';

/** What a cluster is held within besides its nodes' number. */
export interface Amount {
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/** A resource whose limit for the cluster is reached. */
export type BoundResource = 'cpu' | 'memory';

/** How such a limit is counted (cluster autoscaler: metrics). */
export const limitNames = { cpu: 'CpuResourceLimit', memory: 'MemoryResourceLimit' } as const;

/** What a node has in all. */
export const capacityOf = ({ status: { capacity = {} } }: KubeNode): Amount => ({
  cpu: milliValue(capacity['cpu'] ?? '0') / 1000,
  memory: quantityValue(capacity['memory'] ?? '0'),
});

const isVirtual = ({ metadata: { labels = {} } }: KubeNode): boolean => labels['type'] === 'virtual-kubelet';

/**
 * What a cluster's nodes have together: those of groups as many as they are to have, those of nobody as they are; virtual nodes
 * do not count (cluster autoscaler: resource limits).
 */
export function totalOf(
  { groups, groupOf, nodes }: ClusterState,
  templateOf: (group: string) => KubeNode | undefined,
): Amount {
  let cpu = 0;
  let memory = 0;
  const add = (of: Amount, count: number): void => {
    cpu += of.cpu * count;
    memory += of.memory * count;
  };
  for (const [id, { group }] of groups) {
    const template = templateOf(id);
    if (template) add(capacityOf(template), group.targetSize);
  }
  for (const node of nodes)
    if (!groupOf.has(node.metadata.name) && !isVirtual(node)) add(capacityOf(node), 1);
  return { cpu, memory };
}

/** How many more nodes of a capacity a cluster's limits let in, and which of them bind. */
export function roomWithinLimits(
  total: Amount,
  perNode: Amount,
  { coresTotal, memoryTotal }: AutoscalerOptions,
): { readonly nodes: number; readonly bound: readonly BoundResource[] } {
  const fits = (left: number, each: number): number =>
    each > 0 ? Math.floor(Math.max(0, left) / each) : Infinity;
  const cores = fits(coresTotal.max - total.cpu, perNode.cpu);
  const memory = fits(memoryTotal.max - total.memory, perNode.memory);
  const nodes = Math.min(cores, memory);
  const bound = [...(cores < 1 ? (['cpu'] as const) : []), ...(memory < 1 ? (['memory'] as const) : [])];
  return { nodes, bound };
}

/** How many nodes the cluster may lose before it falls below its least cores or memory. */
export function spareAbove(
  total: Amount,
  perNode: Amount,
  { coresTotal, memoryTotal }: AutoscalerOptions,
): number {
  const spare = (left: number, each: number): number =>
    each > 0 ? Math.floor(Math.max(0, left) / each) : Infinity;
  return Math.min(
    spare(total.cpu - coresTotal.min, perNode.cpu),
    spare(total.memory - memoryTotal.min, perNode.memory),
  );
}

/** How a group is refused that would exceed the limits on these resources. */
export const limitReason = (bound: readonly string[], { limitReason: form }: AutoscalerFeatures): string =>
  form === 'exceeded quota'
    ? `exceeded quota: "cluster-wide", resources: ${bound.join(', ')}`
    : `max cluster ${bound.join(', ')} limit reached`;
