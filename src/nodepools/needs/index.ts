import type { AzureError } from '../../azure/index.js';
import { parseIpv4Range } from '../../units/index.js';
import type { AgentPoolProperties, ClusterFacts } from '../model.js';
import { refusal } from '../refusal.js';

/** IP addresses that a number of nodes takes, by where they come from (AKS: IP address planning). */
export interface AddressNeeds {
  /** Addresses of the pool's node subnet. */
  readonly nodeSubnet: number;
  /** Addresses of the pool's pod subnet; 0 without one. */
  readonly podSubnet: number;
  /** /24 ranges of the cluster's `podCidr` (overlay and kubenet); else 0. */
  readonly podCidrBlocks: number;
}

/** Pod subnets hand out addresses in batches, and static blocks, of this many. */
const batch = 16;

type Addressed = Pick<AgentPoolProperties, 'maxPods' | 'podSubnetID' | 'podIPAllocationMode'>;

/**
 * What `nodes` nodes of a pool need. Dynamic pod subnets: the first batch of each node, as later ones depend on its pods.
 */
export function nodeAddressNeeds(cluster: ClusterFacts, pool: Addressed, nodes: number): AddressNeeds {
  if (cluster.networkPlugin === 'none') return { nodeSubnet: nodes, podSubnet: 0, podCidrBlocks: 0 };
  if (cluster.networkPlugin === 'kubenet' || cluster.networkPluginMode === 'overlay') {
    return { nodeSubnet: nodes, podSubnet: 0, podCidrBlocks: nodes };
  }
  if (pool.podSubnetID === undefined) {
    return { nodeSubnet: nodes * (1 + pool.maxPods), podSubnet: 0, podCidrBlocks: 0 };
  }
  const batches = pool.podIPAllocationMode === 'StaticBlock' ? Math.ceil((pool.maxPods + 1) / batch) : 1;
  return { nodeSubnet: nodes, podSubnet: nodes * batches * batch, podCidrBlocks: 0 };
}

/** Nodes a subnet must have room for: the autoscaler's bound where there is one. */
export const plannedNodes = ({
  count,
  maxCount,
  enableAutoScaling,
}: Pick<AgentPoolProperties, 'count' | 'maxCount' | 'enableAutoScaling'>): number =>
  enableAutoScaling ? Math.max(count, maxCount ?? 0) : count;

/** AKS's answer before it starts: the subnet has fewer free addresses than the pool needs. */
export const insufficientSubnetSize = (fact: {
  readonly needed: number;
  readonly available: number;
  readonly cidr: string;
  readonly subnetName: string;
}): AzureError =>
  refusal(
    'InsufficientSubnetSize',
    `Pre-allocated IPs ${fact.needed} exceeds IPs available ${fact.available} in Subnet Cidr ${fact.cidr}, Subnet Name ` +
      `${fact.subnetName}. http://aka.ms/aks/insufficientsubnetsize`,
    'agentPoolProfile.vnetSubnetID',
  );

/** The cluster's pod CIDR and the nodes that it has a /24 for; undefined where nodes take none (overlay and kubenet do). */
export function podCidrBlocks(
  cluster: ClusterFacts,
): { readonly text: string; readonly blocks: number } | undefined {
  const usesBlocks = cluster.networkPlugin === 'kubenet' || cluster.networkPluginMode === 'overlay';
  const range = usesBlocks && cluster.podCidr !== undefined ? parseIpv4Range(cluster.podCidr) : undefined;
  return range && { text: range.text, blocks: Math.floor(2 ** (24 - range.prefix)) };
}

/**
 * Refuses more nodes than the cluster's `podCidr` has /24 ranges for.
 *
 * @param nodes nodes of the whole cluster
 * @throws AzureError `InsufficientPodCidr`
 */
export function checkPodCidr(cluster: ClusterFacts, nodes: number): void {
  const range = podCidrBlocks(cluster);
  if (!range || nodes <= range.blocks) return;
  throw refusal(
    'InsufficientPodCidr',
    `The pod CIDR ${range.text} (networkProfile.podCidr) has room for ${range.blocks} nodes, as each takes a /24: the cluster ` +
      `would have ${nodes}.`,
    'networkProfile.podCidr',
  );
}

/** What a number of nodes of a pool takes of the subscription's vCPU quota. */
export const quotaNeed = (
  pool: Pick<AgentPoolProperties, 'vmSize' | 'scaleSetPriority'>,
  nodes: number,
): { readonly vmSize: string; readonly count: number; readonly priority: 'Regular' | 'Spot' } => ({
  vmSize: pool.vmSize,
  count: nodes,
  priority: pool.scaleSetPriority ?? 'Regular',
});

/** AKS's answer before it starts when the vCPU quota is short. */
export function insufficientVcpuQuota(fact: {
  readonly scope: 'family' | 'regional' | 'spot';
  /** Name of the quota, e.g. `standardDSv5Family`. */
  readonly name: string;
  readonly left: number;
  readonly requested: number;
  readonly location: string;
}): AzureError {
  const { scope, name, left, requested, location } = fact;
  const message =
    scope === 'regional'
      ? `Insufficient regional vcpu quota left for location ${location}. left regional vcpu quota ${left}, requested ` +
        `quota ${requested}. If you want to increase the quota, please follow this instruction: ` +
        `https://learn.microsoft.com/en-us/azure/quotas/view-quotas. Surge nodes would also consume vcpu quota, please ` +
        `consider use smaller maxSurge or use maxUnavailable to proceed upgrade without surge nodes, details: ` +
        `aka.ms/aks/maxUnavailable.`
      : `Insufficient vcpu quota requested ${requested}, remaining ${left} for family ${name} for region ${location}. ` +
        `Surge nodes would also consume vcpu quota.`;
  return refusal('ErrCode_InsufficientVCPUQuota', message);
}
