import type { AzureError, VirtualMachine, VmSize } from '../azure/index.js';
import type { KubeNode } from '../kube/index.js';
import type { Instant } from '../units/index.js';
import type * as m from './model.js';

export type * from './model.js';

// --- agent pools -------------------------------------------------------------------------------
export declare function parseAgentPoolBody(body: unknown): m.AgentPoolInput;
export declare function resolveNewAgentPool(
  input: m.AgentPoolInput,
  ctx: m.PoolContext,
): m.AgentPoolProperties;
export declare function resolveAgentPoolUpdate(
  current: m.AgentPoolProperties,
  input: m.AgentPoolInput,
  ctx: m.PoolContext,
): { properties: m.AgentPoolProperties; change: m.AgentPoolChange };
/** Throws when the cluster would be left without a (system) pool. */
export declare function checkAgentPoolDeletion(pool: m.SiblingPool, siblings: readonly m.SiblingPool[]): void;
export declare function renderAgentPool(pool: m.AgentPool): m.UnknownMembers;
/** The entry of `agentPoolProfiles`: the same properties plus `name`. */
export declare function renderAgentPoolProfile(pool: m.AgentPool): m.UnknownMembers;

// --- managed clusters --------------------------------------------------------------------------
export declare function parseManagedClusterBody(body: unknown): m.ManagedClusterInput;
/** Body of PATCH: `{tags}`. */
export declare function parseTagsBody(body: unknown): m.StringMap;
export declare function resolveNewManagedCluster(
  input: m.ManagedClusterInput,
  ctx: m.ClusterContext,
): m.NewManagedCluster;
export declare function resolveManagedClusterUpdate(
  current: m.ManagedCluster,
  pools: readonly m.SiblingPool[],
  input: m.ManagedClusterInput,
  ctx: Omit<m.ClusterContext, 'generated'>,
): m.ManagedClusterUpdate;
export declare function renderManagedCluster(
  cluster: m.ManagedCluster,
  pools: readonly m.AgentPool[],
): m.UnknownMembers;
export declare function clusterFacts(cluster: Omit<m.ManagedCluster, 'etag'>): m.ClusterFacts;

// --- what a pool needs of the subscription -----------------------------------------------------
export interface AddressNeeds {
  /** Addresses of the pool's node subnet. */
  readonly nodeSubnet: number;
  /** Addresses of the pool's pod subnet; 0 without one. */
  readonly podSubnet: number;
  /** /24 ranges of the cluster's `podCidr` (overlay and kubenet); else 0. */
  readonly podCidrBlocks: number;
}
export declare function nodeAddressNeeds(
  cluster: m.ClusterFacts,
  pool: Pick<m.AgentPoolProperties, 'maxPods' | 'podSubnetID' | 'podIPAllocationMode'>,
  nodes: number,
): AddressNeeds;
export declare function insufficientSubnetSize(fact: {
  needed: number;
  available: number;
  cidr: string;
  subnetName: string;
}): AzureError;
/** Throws `InsufficientPodCidr` when all pools together need more /24s than `podCidr` holds. `nodes` counts all nodes of the cluster. */
export declare function checkPodCidr(cluster: m.ClusterFacts, nodes: number): void;
export declare function quotaNeed(
  pool: m.AgentPoolProperties,
  nodes: number,
): { vmSize: string; count: number; priority: 'Regular' | 'Spot' };
export declare function insufficientVcpuQuota(fact: {
  scope: 'family' | 'regional' | 'spot';
  name: string;
  left: number;
  requested: number;
  location: string;
}): AzureError;

// --- nodes -------------------------------------------------------------------------------------
export interface NodeRequest {
  readonly cluster: m.ManagedCluster;
  readonly pool: m.AgentPool;
  readonly vm: VirtualMachine;
  /** ARM id of the scale set. */
  readonly scaleSetId: string;
  readonly size: VmSize;
  readonly now: Instant;
  readonly uid: string;
  /** Name of the network and subnet the node's address is from. */
  readonly subnet?: { readonly network: string; readonly name: string };
}
export declare function nodeFor(request: NodeRequest): KubeNode;
export declare function renderMachine(
  pool: m.AgentPool,
  vm: VirtualMachine,
  scaleSetId: string,
): m.UnknownMembers;

// --- versions and images -----------------------------------------------------------------------
export declare function renderKubernetesVersions(today: Instant): m.UnknownMembers;
export declare function renderOrchestrators(
  subscriptionId: string,
  location: string,
  today: Instant,
): m.UnknownMembers;
export declare function renderClusterUpgradeProfile(
  cluster: m.ManagedCluster,
  pools: readonly m.AgentPool[],
  today: Instant,
): m.UnknownMembers;
export declare function renderAgentPoolUpgradeProfile(
  pool: m.AgentPool,
  cluster: m.ManagedCluster,
  ctx: { catalog: m.PoolContext['catalog']; today: Instant },
): m.UnknownMembers;
export declare function renderAvailableAgentPoolVersions(
  cluster: m.ManagedCluster,
  today: Instant,
): m.UnknownMembers;

// --- refusals ----------------------------------------------------------------------------------
/** 400 `OperationNotAllowed`: "Poolkeeper does not model …". */
export declare function notModelled(what: string, target?: string): AzureError;
