import type { Instant } from '../units/index.js';

/** A JSON object whose members this version does not know, kept as they came (newer clients send them). */
export interface UnknownMembers {
  readonly [member: string]: unknown;
}

/**
 * The facts of a VM size that the pool rules and the node facts use. `null` means "not known": a rule never refuses on
 * what is not known. The subscription's catalogue answers more than this.
 */
export interface VmSizeFacts {
  readonly name: string;
  /** Quota family, e.g. `standardDSv5Family`. */
  readonly family: string;
  readonly vCPUs: number;
  readonly memoryGiB: number;
  readonly cpuArchitecture: 'x64' | 'arm64';
  readonly gpu: { readonly count: number; readonly model: string; readonly manufacturer: string } | null;
  readonly maxDataDisks: number | null;
  readonly tempDiskGiB: number | null;
  readonly ephemeralOsDisk: {
    readonly supported: boolean | null;
    readonly placements: readonly string[] | null;
    /** The largest place for an ephemeral OS disk. */
    readonly maxGiB: number | null;
  };
  readonly premiumIO: boolean | null;
  readonly encryptionAtHost: boolean | null;
  readonly hyperVGenerations: readonly string[] | null;
  readonly spotCapable: boolean | null;
  readonly burstable: unknown;
  readonly aks: { readonly restricted: boolean };
}

/** What the rules ask of the catalogue of regions and VM sizes. */
export interface PoolCatalog {
  /** Finds a size whatever the letter case of its name. */
  vmSize(name: string): VmSizeFacts | undefined;
  /** Finds a region by `westeurope` or `West Europe`; `name` is the former. */
  region(name: string): { readonly name: string } | undefined;
  /** Whether the region sells the size at all. */
  offers(region: string, size: string): boolean;
  /** Zones of the region in which the size is sold, in order. */
  zonesOf(region: string, size: string): readonly string[];
}

export type StringMap = Readonly<Record<string, string>>;

export type OsType = 'Linux' | 'Windows';
export type AgentPoolMode = 'System' | 'User' | 'Gateway';
export type AgentPoolType = 'VirtualMachineScaleSets' | 'VirtualMachines';
export type OsDiskType = 'Ephemeral' | 'Managed';
export type PowerCode = 'Running' | 'Stopped';

/** `upgradeSettings` of a pool: how an upgrade replaces nodes. Counts are "3" or "33%", times are minutes. */
export interface AgentPoolUpgradeSettings {
  readonly maxSurge?: string;
  readonly maxUnavailable?: string;
  readonly drainTimeoutInMinutes?: number;
  readonly nodeSoakDurationInMinutes?: number;
  readonly undrainableNodeBehavior?: 'Schedule' | 'Cordon';
}

/** `kubeletConfig`: custom kubelet settings, fixed when the pool is created. */
export interface KubeletConfig {
  readonly cpuManagerPolicy?: string;
  readonly cpuCfsQuota?: boolean;
  readonly cpuCfsQuotaPeriod?: string;
  readonly imageGcHighThreshold?: number;
  readonly imageGcLowThreshold?: number;
  readonly topologyManagerPolicy?: string;
  readonly allowedUnsafeSysctls?: readonly string[];
  readonly failSwapOn?: boolean;
  readonly containerLogMaxSizeMB?: number;
  readonly containerLogMaxFiles?: number;
  readonly podMaxPids?: number;
}

/** `linuxOSConfig`: kernel settings, huge pages and swap of Linux nodes, fixed when the pool is created. */
export interface LinuxOsConfig {
  readonly sysctls?: UnknownMembers;
  readonly transparentHugePageEnabled?: string;
  readonly transparentHugePageDefrag?: string;
  readonly swapFileSizeMB?: number;
}

export interface AllowedHostPorts {
  readonly portStart?: number;
  readonly portEnd?: number;
  readonly protocol?: 'TCP' | 'UDP';
}

export interface ManualScaleProfile {
  readonly size?: string;
  readonly count?: number;
}

export interface AutoScaleProfile {
  readonly size?: string;
  readonly minCount?: number;
  readonly maxCount?: number;
}

export interface LocalDnsProfile {
  readonly mode?: string;
  readonly state?: string;
  readonly vnetDNSOverrides?: Readonly<Record<string, UnknownMembers>>;
  readonly kubeDNSOverrides?: Readonly<Record<string, UnknownMembers>>;
}

/** The error a failed operation leaves on its pool or cluster. */
export interface ProvisioningError {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  readonly details?: readonly ProvisioningError[];
}

/** The members of `properties` that the newest stable API defines, spelled and typed as on the wire. */
export interface KnownAgentPoolProperties {
  readonly eTag?: string;
  readonly count?: number;
  readonly vmSize?: string;
  readonly osDiskSizeGB?: number;
  readonly osDiskType?: OsDiskType;
  readonly kubeletDiskType?: 'OS' | 'Temporary';
  readonly workloadRuntime?: string;
  readonly messageOfTheDay?: string;
  readonly vnetSubnetID?: string;
  readonly podSubnetID?: string;
  readonly podIPAllocationMode?: 'DynamicIndividual' | 'StaticBlock';
  readonly maxPods?: number;
  readonly osType?: OsType;
  readonly osSKU?: string;
  readonly maxCount?: number;
  readonly minCount?: number;
  readonly enableAutoScaling?: boolean;
  readonly scaleDownMode?: 'Delete' | 'Deallocate';
  readonly type?: AgentPoolType;
  readonly mode?: AgentPoolMode;
  readonly orchestratorVersion?: string;
  readonly currentOrchestratorVersion?: string;
  readonly nodeImageVersion?: string;
  readonly upgradeSettings?: AgentPoolUpgradeSettings;
  readonly provisioningState?: string;
  readonly powerState?: { readonly code: PowerCode };
  readonly availabilityZones?: readonly string[];
  readonly enableNodePublicIP?: boolean;
  readonly nodePublicIPPrefixID?: string;
  readonly scaleSetPriority?: 'Regular' | 'Spot';
  readonly scaleSetEvictionPolicy?: 'Delete' | 'Deallocate';
  readonly spotMaxPrice?: number;
  readonly tags?: StringMap;
  readonly nodeLabels?: StringMap;
  readonly nodeTaints?: readonly string[];
  readonly proximityPlacementGroupID?: string;
  readonly kubeletConfig?: KubeletConfig;
  readonly linuxOSConfig?: LinuxOsConfig;
  readonly enableEncryptionAtHost?: boolean;
  readonly enableUltraSSD?: boolean;
  readonly enableFIPS?: boolean;
  readonly gpuInstanceProfile?: 'MIG1g' | 'MIG2g' | 'MIG3g' | 'MIG4g' | 'MIG7g';
  readonly creationData?: { readonly sourceResourceId?: string };
  readonly capacityReservationGroupID?: string;
  readonly hostGroupID?: string;
  readonly networkProfile?: {
    readonly allowedHostPorts?: readonly AllowedHostPorts[];
    readonly applicationSecurityGroups?: readonly string[];
    readonly nodePublicIPTags?: readonly { readonly ipTagType?: string; readonly tag?: string }[];
    readonly dranet?: { readonly mode?: 'Managed' | 'Unmanaged' };
  };
  readonly windowsProfile?: { readonly disableOutboundNat?: boolean };
  readonly securityProfile?: {
    readonly sshAccess?: 'LocalUser' | 'Disabled' | 'EntraId';
    readonly enableVTPM?: boolean;
    readonly enableSecureBoot?: boolean;
  };
  readonly gpuProfile?: { readonly driver?: 'Install' | 'None' };
  readonly gatewayProfile?: { readonly publicIPPrefixSize?: number };
  readonly artifactStreamingProfile?: { readonly enabled?: boolean };
  readonly virtualMachinesProfile?: {
    readonly scale?: {
      readonly manual?: readonly ManualScaleProfile[];
      readonly autoscale?: readonly AutoScaleProfile[];
    };
  };
  readonly virtualMachineNodesStatus?: readonly ManualScaleProfile[];
  readonly status?: { readonly provisioningError?: ProvisioningError };
  readonly localDNSProfile?: LocalDnsProfile;
}

export type AgentPoolMember = keyof KnownAgentPoolProperties;

/** What a client sent for a pool, after the types of the known members were checked. */
export type AgentPoolPropertiesInput = KnownAgentPoolProperties & UnknownMembers;

/** The members every stored pool has: filled by the defaults, so that no reader needs to guess. */
export type FilledMember =
  | 'count'
  | 'vmSize'
  | 'osDiskSizeGB'
  | 'osDiskType'
  | 'kubeletDiskType'
  | 'maxPods'
  | 'osType'
  | 'osSKU'
  | 'type'
  | 'mode'
  | 'scaleDownMode'
  | 'enableAutoScaling'
  | 'orchestratorVersion'
  | 'currentOrchestratorVersion'
  | 'nodeImageVersion'
  | 'provisioningState'
  | 'powerState';

/** A pool's stored properties: complete, with wire names and casing, unknown members included. */
export type AgentPoolProperties = KnownAgentPoolProperties &
  Required<Pick<KnownAgentPoolProperties, FilledMember>> &
  UnknownMembers;

/** A parsed PUT body of a pool. */
export interface AgentPoolInput {
  readonly properties: AgentPoolPropertiesInput;
  /** Members sent as `null`: "clear" where the member can be cleared, "not given" elsewhere. */
  readonly cleared: ReadonlySet<string>;
}

/** An agent pool as stored. */
export interface AgentPool {
  /** ARM id as answered: `/subscriptions/…/resourcegroups/…/managedClusters/…/agentPools/…`. */
  readonly id: string;
  /** Lower-case ARM id of the managed cluster. */
  readonly cluster: string;
  readonly name: string;
  readonly etag: string;
  readonly properties: AgentPoolProperties;
}

/** A pool of the same cluster, as the cross-pool rules see it. */
export interface SiblingPool {
  readonly name: string;
  readonly properties: AgentPoolProperties;
}

export type NetworkPlugin = 'azure' | 'kubenet' | 'none';

/** What the pool rules need to know of the cluster; see `clusterFacts`. */
export interface ClusterFacts {
  readonly name: string;
  readonly resourceGroup: string;
  /** Region name in its normal form, e.g. `westeurope`. */
  readonly location: string;
  /** Version as the user typed it: `1.35` or `1.35.6`. */
  readonly requestedVersion: string;
  /** Version the control plane runs: `x.y.z`. */
  readonly kubernetesVersion: string;
  readonly supportPlan: 'KubernetesOfficial' | 'AKSLongTermSupport';
  readonly tier: 'Free' | 'Standard' | 'Premium';
  readonly networkPlugin: NetworkPlugin;
  readonly networkPluginMode?: 'overlay';
  readonly podCidr?: string;
  readonly loadBalancerSku: 'standard' | 'basic';
  readonly outboundType: string;
  readonly hasWindowsProfile: boolean;
  readonly hasUserAssignedIdentity: boolean;
  /** True while the pools are created with the cluster: stricter version and mode rules. */
  readonly beingCreated: boolean;
}

/** Everything a pool rule may look at besides the request. */
export interface PoolContext {
  readonly subscriptionId: string;
  readonly name: string;
  readonly cluster: ClusterFacts;
  /** The other pools of the cluster, without this one. */
  readonly siblings: readonly SiblingPool[];
  readonly catalog: PoolCatalog;
  readonly today: Instant;
}

/** What an accepted PUT of an existing pool asks the controller to do. */
export type AgentPoolChange =
  /** Nothing differs: re-apply the model, which retries what failed before. */
  | { readonly kind: 'reconcile' }
  /** Only `count` (and, with it, nothing else) differs. */
  | { readonly kind: 'scale'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'update';
      /** Top-level members that differ, in wire order. */
      readonly changed: readonly string[];
      /** Labels or taints differ: nodes are relabelled in place. */
      readonly relabel: boolean;
      /** The scale set and its instances take the new tags. */
      readonly retag: boolean;
      /** The nodes must be reimaged for the change to reach them (FIPS, vTPM, secure boot, OS SKU, local DNS). */
      readonly reimage: boolean;
      /** Set when `count` changes too. */
      readonly scale?: { readonly from: number; readonly to: number };
    };

export interface ManagedClusterSku {
  readonly name: 'Base' | 'Automatic';
  readonly tier: 'Free' | 'Standard' | 'Premium';
}

export interface ManagedClusterIdentity {
  readonly type: 'SystemAssigned' | 'UserAssigned' | 'None';
  readonly principalId?: string;
  readonly tenantId?: string;
  readonly userAssignedIdentities?: Readonly<Record<string, UnknownMembers>>;
}

export interface LoadBalancerProfile {
  readonly managedOutboundIPs?: { readonly count?: number; readonly countIPv6?: number };
  readonly effectiveOutboundIPs?: readonly { readonly id: string }[];
  readonly allocatedOutboundPorts?: number;
  readonly idleTimeoutInMinutes?: number;
  readonly backendPoolType?: string;
}

/** The cluster's `networkProfile`, with its defaults filled. */
export interface NetworkProfile {
  readonly networkPlugin?: NetworkPlugin;
  readonly networkPluginMode?: 'overlay';
  readonly networkPolicy?: string;
  readonly networkMode?: string;
  readonly networkDataplane?: string;
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  readonly dnsServiceIP?: string;
  readonly outboundType?: string;
  readonly loadBalancerSku?: 'standard' | 'basic';
  readonly loadBalancerProfile?: LoadBalancerProfile;
  readonly podCidrs?: readonly string[];
  readonly serviceCidrs?: readonly string[];
  readonly ipFamilies?: readonly string[];
}

/** The cluster's `autoScalerProfile`, by wire name: strings, but for three booleans. */
export type AutoScalerProfile = Readonly<Record<string, string | boolean>>;

/** The members of a managed cluster's `properties` that the rules know. Others are kept as they came. */
export interface KnownManagedClusterProperties {
  readonly provisioningState?: string;
  readonly powerState?: { readonly code: PowerCode };
  readonly maxAgentPools?: number;
  readonly kubernetesVersion?: string;
  readonly currentKubernetesVersion?: string;
  readonly dnsPrefix?: string;
  readonly fqdnSubdomain?: string;
  readonly fqdn?: string;
  readonly azurePortalFQDN?: string;
  readonly linuxProfile?: {
    readonly adminUsername: string;
    readonly ssh: { readonly publicKeys: readonly { readonly keyData: string }[] };
  };
  readonly windowsProfile?: {
    readonly adminUsername?: string;
    readonly licenseType?: string;
    readonly enableCSIProxy?: boolean;
  };
  readonly servicePrincipalProfile?: { readonly clientId?: string };
  readonly addonProfiles?: Readonly<Record<string, UnknownMembers>>;
  readonly nodeResourceGroup?: string;
  readonly enableRBAC?: boolean;
  readonly supportPlan?: 'KubernetesOfficial' | 'AKSLongTermSupport';
  readonly networkProfile?: NetworkProfile & UnknownMembers;
  readonly autoScalerProfile?: AutoScalerProfile;
  readonly autoUpgradeProfile?: { readonly upgradeChannel?: string; readonly nodeOSUpgradeChannel?: string };
  readonly disableLocalAccounts?: boolean;
  readonly apiServerAccessProfile?: UnknownMembers;
  readonly identityProfile?: Readonly<Record<string, UnknownMembers>>;
  readonly resourceUID?: string;
  readonly status?: { readonly provisioningError?: ProvisioningError };
}

export type FilledClusterMember =
  | 'provisioningState'
  | 'powerState'
  | 'maxAgentPools'
  | 'kubernetesVersion'
  | 'currentKubernetesVersion'
  | 'nodeResourceGroup'
  | 'networkProfile'
  | 'supportPlan'
  | 'enableRBAC';

/** A cluster's stored properties; its pools are stored as `AgentPool`s, not here. */
export type ManagedClusterProperties = KnownManagedClusterProperties &
  Required<Pick<KnownManagedClusterProperties, FilledClusterMember>> &
  UnknownMembers;

/** A managed cluster as stored. Secrets (`adminPassword`, service principal secret) are never in it. */
export interface ManagedCluster {
  /** ARM id as answered, with lower-case `resourcegroups`. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** Region name in its normal form. */
  readonly location: string;
  readonly etag: string;
  readonly tags?: StringMap;
  readonly sku: ManagedClusterSku;
  readonly identity?: ManagedClusterIdentity;
  /** Further top-level members as they came (`kind`, `extendedLocation`, newer ones). */
  readonly extra: UnknownMembers;
  readonly properties: ManagedClusterProperties;
}

/** A parsed PUT body of a managed cluster. */
export interface ManagedClusterInput {
  /** As sent; absent in a body without one. */
  readonly location?: string;
  readonly tags?: StringMap;
  readonly sku?: { readonly name?: string; readonly tier?: string };
  readonly identity?: { readonly type?: string } & UnknownMembers;
  readonly extra: UnknownMembers;
  readonly properties: KnownManagedClusterProperties & UnknownMembers;
  readonly cleared: ReadonlySet<string>;
  readonly pools: readonly { readonly name: string; readonly input: AgentPoolInput }[] | undefined;
}

/** What creating a cluster needs from outside the request: names, and generated identifiers. */
export interface ClusterContext {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly catalog: PoolCatalog;
  readonly today: Instant;
  readonly generated: {
    /** 8 lower-case letters or digits ending the cluster's host name. */
    readonly fqdnSuffix: string;
    /** 24 hexadecimal digits. */
    readonly resourceUid: string;
    /** Object id of a system-assigned identity. */
    readonly principalId: string;
    readonly kubeletClientId: string;
    readonly kubeletObjectId: string;
  };
}

/** A new cluster, complete but for its etag, and its first pools. */
export interface NewManagedCluster {
  readonly cluster: Omit<ManagedCluster, 'etag'>;
  readonly pools: readonly SiblingPool[];
}

/** What an accepted PUT of an existing cluster changes. */
export interface ManagedClusterUpdate {
  readonly cluster: Omit<ManagedCluster, 'etag'>;
  /** Only the pools named in the request, each with its change. */
  readonly pools: readonly {
    readonly name: string;
    readonly properties: AgentPoolProperties;
    readonly change: AgentPoolChange;
  }[];
  /** Top-level members of the cluster or its properties that differ. */
  readonly changed: readonly string[];
}
