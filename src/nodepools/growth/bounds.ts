import {
  findSubnet,
  freeAddresses,
  instancesOf,
  isRestricted,
  liveInstances,
  quotaOf,
  quotaScopes,
  remainingCapacity,
} from '../../azure/index.js';
import type { Priority, ScaleSet, VmSize } from '../../azure/index.js';
import { nodes } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import { resourceKey, scaleSetOf } from '../lifecycle/index.js';
import { clusterFacts } from '../managed-cluster/index.js';
import type { AgentPool, ManagedCluster } from '../model.js';
import { podCidrBlocks } from '../needs/index.js';

/** What keeps a pool from growing, and by how many nodes it still may. */
export type GrowthBound = { readonly room: number } & (
  | { readonly kind: 'stopped'; readonly what: 'cluster' | 'pool' }
  | { readonly kind: 'being deleted' }
  /** Nobody but its owner makes it grow: no autoscaler is on. */
  | { readonly kind: 'fixed size'; readonly nodes: number }
  | { readonly kind: 'autoscaler maximum'; readonly nodes: number; readonly maximum: number }
  | { readonly kind: 'pool maximum'; readonly nodes: number; readonly maximum: number }
  | {
      readonly kind: 'quota';
      readonly scope: 'family' | 'regional' | 'spot';
      /** As Azure calls it, e.g. `standardDSv5Family`. */
      readonly name: string;
      readonly location: string;
      /** vCPUs. */
      readonly limit: number;
      readonly used: number;
      readonly perNode: number;
    }
  | {
      readonly kind: 'subnet';
      readonly name: string;
      readonly prefix: string;
      /** Addresses. */
      readonly free: number;
      readonly perNode: number;
    }
  | { readonly kind: 'pod CIDR'; readonly prefix: string; readonly nodes: number; readonly blocks: number }
  | {
      readonly kind: 'capacity';
      readonly size: string;
      readonly location: string;
      /** None: the region as a whole. */
      readonly zones: readonly string[];
      /** The size is not offered to the subscription there. */
      readonly isRestricted: boolean;
    }
);

/** AKS: nodes of a pool. */
const mostNodesOfPool = 1000;

/** Bounds that the pool's owner sets by a change of the pool; all others are the subscription's. */
export const isOwnBound = ({ kind }: GrowthBound): boolean =>
  kind === 'stopped' ||
  kind === 'being deleted' ||
  kind === 'fixed size' ||
  kind === 'autoscaler maximum' ||
  kind === 'pool maximum';

/** Everything that bounds how a pool may grow. */
export function growthBounds(
  reader: Reader,
  {
    pool,
    cluster,
    size,
  }: { readonly pool: AgentPool; readonly cluster: ManagedCluster; readonly size: VmSize },
): readonly GrowthBound[] {
  const { properties } = pool;
  const scaleSet = scaleSetOf(reader, resourceKey(pool.id));
  const priority = properties.scaleSetPriority ?? 'Regular';
  const zones = properties.availabilityZones ?? [];
  return [
    ...states(pool, cluster),
    ...counts(pool, scaleSet ? liveInstances(reader, scaleSet.key).length : properties.count),
    ...vmBounds(reader, { location: cluster.location, size, priority, zones }),
    ...addresses(reader, scaleSet),
    ...podRanges(reader, cluster),
  ];
}

/** What bounds how many VMs can be had, whatever pool they are for. */
export function vmBounds(
  reader: Reader,
  {
    location,
    size,
    priority,
    zones,
  }: {
    readonly location: string;
    readonly size: VmSize;
    readonly priority: Priority;
    readonly zones: readonly string[];
  },
): readonly GrowthBound[] {
  const quotas = quotaScopes(size, priority).map(([scope, name]): GrowthBound => {
    const { limit, used } = quotaOf(reader, location, name);
    const room = Math.floor(Math.max(0, limit - used) / size.vCPUs);
    return { kind: 'quota', scope, name, location, limit, used, perNode: size.vCPUs, room };
  });
  const region = { location, size: size.name };
  const places = zones.length > 0 ? zones.map((zone) => ({ ...region, zone })) : [region];
  const room = Math.min(
    remainingCapacity(reader, region, priority),
    places.reduce((sum, place) => sum + remainingCapacity(reader, place, priority), 0),
  );
  const restricted = places.every((place) => isRestricted(reader, place));
  return Number.isFinite(room)
    ? [...quotas, { kind: 'capacity', ...region, zones, isRestricted: restricted, room }]
    : quotas;
}

function states({ properties }: AgentPool, cluster: ManagedCluster): readonly GrowthBound[] {
  if (cluster.properties.powerState.code === 'Stopped')
    return [{ kind: 'stopped', what: 'cluster', room: 0 }];
  if (properties.powerState.code === 'Stopped') return [{ kind: 'stopped', what: 'pool', room: 0 }];
  return properties.provisioningState === 'Deleting' ? [{ kind: 'being deleted', room: 0 }] : [];
}

function counts({ properties }: AgentPool, present: number): readonly GrowthBound[] {
  const nodes = Math.max(present, properties.count);
  const most: GrowthBound = {
    kind: 'pool maximum',
    nodes,
    maximum: mostNodesOfPool,
    room: Math.max(0, mostNodesOfPool - nodes),
  };
  if (!properties.enableAutoScaling) return [{ kind: 'fixed size', nodes, room: 0 }, most];
  const maximum = properties.maxCount ?? nodes;
  return [{ kind: 'autoscaler maximum', nodes, maximum, room: Math.max(0, maximum - nodes) }, most];
}

const addresses = (reader: Reader, scaleSet: ScaleSet | undefined): readonly GrowthBound[] =>
  (scaleSet?.addresses ?? []).flatMap(({ subnetId, count: perNode }): readonly GrowthBound[] => {
    const found = findSubnet(reader, subnetId);
    if (!found || perNode === 0) return [];
    const free = freeAddresses(reader, found.range);
    const { name, prefix } = found.range;
    return [{ kind: 'subnet', name, prefix, free, perNode, room: Math.floor(free / perNode) }];
  });

function podRanges(reader: Reader, cluster: ManagedCluster): readonly GrowthBound[] {
  const range = podCidrBlocks(clusterFacts(cluster));
  if (!range) return [];
  const present = reader.count(nodes, 'byCluster', resourceKey(cluster.id));
  const room = Math.max(0, range.blocks - present);
  return [{ kind: 'pod CIDR', prefix: range.text, nodes: present, blocks: range.blocks, room }];
}

/**
 * The zones in which a pool's next VMs come to be: the one with the fewest VMs first, in zone order among equals, where there is
 * capacity (Azure: best-effort zone balance). One that is undefined is in no zone.
 */
export function nextZones(
  reader: Reader,
  { pool, cluster }: { readonly pool: AgentPool; readonly cluster: ManagedCluster },
  count: number,
): readonly (string | undefined)[] {
  const { availabilityZones: zones = [], vmSize, scaleSetPriority = 'Regular' } = pool.properties;
  if (zones.length === 0) return Array.from({ length: count }, () => undefined);
  const scaleSet = scaleSetOf(reader, resourceKey(pool.id));
  const present = scaleSet ? instancesOf(reader, scaleSet.key) : [];
  const places = zones.map((zone) => ({
    zone,
    vms: present.filter((vm) => vm.zone === zone).length,
    left: remainingCapacity(reader, { location: cluster.location, size: vmSize, zone }, scaleSetPriority),
  }));
  // Where no zone has capacity, what the pool would look like if one had is still worth knowing.
  const usable = places.some(({ left }) => left > 0) ? places.filter(({ left }) => left > 0) : places;
  return Array.from({ length: count }, () => {
    const [best] = [...usable].sort((a, b) => a.vms - b.vms);
    if (best) best.vms += 1;
    return best?.zone;
  });
}
