import {
  AzureError,
  armId,
  createScaleSet,
  findSubnet,
  freeAddresses,
  liveInstances,
  putVirtualNetwork,
  quotaShortfall,
  resourceGroups,
  scaleSets,
} from '../../azure/index.js';
import type { FoundSubnet, ScaleSet, VirtualMachine } from '../../azure/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import { checkSubnetAgainstRanges, clusterFacts } from '../managed-cluster/index.js';
import type { AgentPool, AgentPoolProperties, ManagedCluster } from '../model.js';
import {
  checkPodCidr,
  insufficientSubnetSize,
  insufficientVcpuQuota,
  nodeAddressNeeds,
  plannedNodes,
  quotaNeed,
} from '../needs/index.js';
import { managedClusters, poolsOf, resourceKey } from './collections.js';
import type { LifecycleParts } from './parts.js';

/** The network that AKS makes for a cluster that brings none (recorded: node subnet 10.224.0.0/16). */
const ownNetwork = { addressPrefix: '10.224.0.0/12', subnet: 'aks-subnet', subnetPrefix: '10.224.0.0/16' };

/** Eight digits that end the names of a cluster's scale sets and network; the same for all its pools. */
const hashOf = ({ seed }: LifecycleParts, clusterKey: string): string =>
  String(10_000_000 + seed.stream('scale-set-name', clusterKey).int(90_000_000));

const ownNetworkId = (parts: LifecycleParts, cluster: Omit<ManagedCluster, 'etag'>): string =>
  armId(
    cluster.subscriptionId,
    cluster.properties.nodeResourceGroup,
    'Microsoft.Network/virtualNetworks',
    `aks-vnet-${hashOf(parts, resourceKey(cluster.id))}`,
  );

/** ARM id of the subnet that a pool's nodes are in: its own, or that of the network AKS made. */
const nodeSubnetId = (
  parts: LifecycleParts,
  cluster: Omit<ManagedCluster, 'etag'>,
  properties: AgentPoolProperties,
): string => properties.vnetSubnetID ?? `${ownNetworkId(parts, cluster)}/subnets/${ownNetwork.subnet}`;

/** Makes the node resource group and, where a pool brings no subnet, the cluster's own network. */
export function createNodeResourceGroup(
  tx: Transaction,
  parts: LifecycleParts,
  cluster: ManagedCluster,
  pools: readonly { readonly properties: AgentPoolProperties }[],
): void {
  const name = cluster.properties.nodeResourceGroup;
  const { location } = cluster;
  tx.put(resourceGroups, name.toLowerCase(), {
    name,
    location,
    managedBy: cluster.id,
    provisioningState: 'Succeeded',
    tags: { 'aks-managed-cluster-name': cluster.name, 'aks-managed-cluster-rg': cluster.resourceGroup },
  });
  if (pools.every(({ properties }) => properties.vnetSubnetID !== undefined)) return;
  const id = ownNetworkId(parts, cluster);
  putVirtualNetwork(tx, {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    resourceGroup: name,
    location,
    addressPrefixes: [ownNetwork.addressPrefix],
    subnets: [{ name: ownNetwork.subnet, addressPrefix: ownNetwork.subnetPrefix }],
  });
}

/** The scale set of a pool, once there is one. */
export const scaleSetOf = (reader: Reader, poolKey: string): ScaleSet | undefined =>
  reader.find(scaleSets, 'byAgentPool', poolKey)[0];

/** The scale set of a pool with the pool's present tags; made when it is not there yet. */
export function ensureScaleSet(tx: Transaction, parts: LifecycleParts, pool: AgentPool): ScaleSet {
  const key = resourceKey(pool.id);
  const tags = pool.properties.tags ?? {};
  const existing = scaleSetOf(tx, key);
  if (existing) {
    if (JSON.stringify(existing.tags) === JSON.stringify(tags)) return existing;
    const retagged = { ...existing, tags };
    tx.put(scaleSets, existing.key, retagged);
    return retagged;
  }
  const cluster = tx.get(managedClusters, pool.cluster);
  if (!cluster) throw new Error(`${pool.id} has no cluster`);
  const { properties } = pool;
  // Windows computer names are limited to 15 characters, of which the instance takes 6 (AKS: Windows pool names).
  const name =
    properties.osType === 'Windows'
      ? `aks${pool.name}`
      : `aks-${pool.name}-${hashOf(parts, pool.cluster)}-vmss`;
  const { nodeResourceGroup } = cluster.properties;
  const needs = nodeAddressNeeds(clusterFacts(cluster), properties, 1);
  return createScaleSet(tx, {
    id: armId(cluster.subscriptionId, nodeResourceGroup, 'Microsoft.Compute/virtualMachineScaleSets', name),
    name,
    resourceGroup: nodeResourceGroup,
    location: cluster.location,
    vmSize: properties.vmSize,
    zones: properties.availabilityZones ?? [],
    priority: properties.scaleSetPriority ?? 'Regular',
    tags,
    agentPool: key,
    addresses: [
      { subnetId: nodeSubnetId(parts, cluster, properties), count: needs.nodeSubnet },
      ...(properties.podSubnetID !== undefined
        ? [{ subnetId: properties.podSubnetID, count: needs.podSubnet }]
        : []),
    ],
  });
}

/** The VMs of a pool that are not being deleted. */
export function vmsOf(reader: Reader, poolKey: string): readonly VirtualMachine[] {
  const scaleSet = scaleSetOf(reader, poolKey);
  return scaleSet ? liveInstances(reader, scaleSet.key) : [];
}

interface PoolToCheck {
  readonly name: string;
  readonly properties: AgentPoolProperties;
}

/**
 * What AKS checks before it accepts pools of a cluster: that the nodes they lack fit the vCPU quota together, and the nodes
 * each may come to have fit the pod CIDR and the subnets.
 *
 * @throws AzureError ErrCode_InsufficientVCPUQuota, InsufficientPodCidr, SubnetNotFound, SubnetIsDelegated,
 * InsufficientSubnetSize
 */
export function checkInfrastructure(
  reader: Reader,
  parts: LifecycleParts,
  cluster: Omit<ManagedCluster, 'etag'>,
  pools: readonly PoolToCheck[],
): void {
  checkQuota(reader, parts, cluster, pools);
  for (const pool of pools) checkAddresses(reader, parts, cluster, pool, pools);
}

const agentPoolKey = (clusterKey: string, name: string): string =>
  `${clusterKey}/agentpools/${name.toLowerCase()}`;

function checkQuota(
  reader: Reader,
  { catalog }: LifecycleParts,
  cluster: Omit<ManagedCluster, 'etag'>,
  pools: readonly PoolToCheck[],
): void {
  const clusterKey = resourceKey(cluster.id);
  const requests = pools.flatMap(({ name, properties }) => {
    const missing = properties.count - vmsOf(reader, agentPoolKey(clusterKey, name)).length;
    const size = catalog.vmSize(properties.vmSize);
    return missing > 0 && size ? [{ size, ...quotaNeed(properties, missing) }] : [];
  });
  const { location } = cluster;
  const shortfall = quotaShortfall(reader, location, requests);
  if (shortfall) throw insufficientVcpuQuota({ ...shortfall, location });
}

function checkAddresses(
  reader: Reader,
  parts: LifecycleParts,
  cluster: Omit<ManagedCluster, 'etag'>,
  { name, properties }: PoolToCheck,
  together: readonly PoolToCheck[],
): void {
  const clusterKey = resourceKey(cluster.id);
  const present = vmsOf(reader, agentPoolKey(clusterKey, name)).length;
  const checked = new Set(together.map((pool) => pool.name));
  const others = [
    ...poolsOf(reader, clusterKey).filter((pool) => !checked.has(pool.name)),
    ...together.filter((pool) => pool.name !== name),
  ];
  const elsewhere = others.reduce((nodes, other) => nodes + plannedNodes(other.properties), 0);
  checkPodCidr(clusterFacts(cluster), elsewhere + plannedNodes(properties));

  const missing = Math.max(0, plannedNodes(properties) - present);
  const needs = nodeAddressNeeds(clusterFacts(cluster), properties, missing);
  if (properties.vnetSubnetID !== undefined) {
    const subnet = usableSubnet(reader, properties.vnetSubnetID, 'agentPoolProfile.vnetSubnetID');
    checkSubnetAgainstRanges(cluster.properties.networkProfile, subnet.subnet.addressPrefix);
    checkSubnet(reader, subnet, needs.nodeSubnet);
  } else {
    const subnet = findSubnet(reader, nodeSubnetId(parts, cluster, properties));
    if (subnet) checkSubnet(reader, subnet, needs.nodeSubnet);
  }
  if (properties.podSubnetID !== undefined) {
    checkSubnet(
      reader,
      usableSubnet(reader, properties.podSubnetID, 'agentPoolProfile.podSubnetID'),
      needs.podSubnet,
    );
  }
}

function usableSubnet(reader: Reader, id: string, target: string): FoundSubnet {
  const found = findSubnet(reader, id);
  if (!found) {
    throw new AzureError({
      status: 400,
      code: 'SubnetNotFound',
      target,
      message: `The subnet '${id}' (${target}) was not found. Create it first, or correct its id.`,
    });
  }
  const [delegation] = found.subnet.delegations ?? [];
  if (delegation !== undefined) {
    throw new AzureError({
      status: 400,
      code: 'SubnetIsDelegated',
      target,
      message: `The subnet '${id}' (${target}) is delegated to '${delegation}': nodes can't be placed in it.`,
    });
  }
  return found;
}

function checkSubnet(reader: Reader, { range }: FoundSubnet, needed: number): void {
  const available = freeAddresses(reader, range);
  if (needed <= available) return;
  throw insufficientSubnetSize({ needed, available, cidr: range.prefix, subnetName: range.name });
}
