import type { AgentPoolMember } from '../model.js';
import { anything, decimal, flag, int32, listOf, mapOf, object, oneOf, range, text } from './shape.js';
import type { Shape } from './shape.js';

/**
 * What a PUT of an existing pool may do to a member (AKS: create-only and updatable agent pool properties).
 * - `update`: stored at once, nodes untouched
 * - `reimage`: stored; reaches the nodes by reimaging them
 * - `create-only`: another value is refused with `PropertyChangeNotAllowed`
 * - `read-only`: whatever is sent is ignored
 * - `special`: a rule of its own decides (version, image, power state, snapshot)
 */
export type Mutability = 'update' | 'reimage' | 'create-only' | 'read-only' | 'special';

export interface PoolField {
  readonly shape: Shape;
  readonly change: Mutability;
  /** Sent values that mean "not given": clients that know no null send them. */
  readonly unset?: readonly unknown[];
}

const field = (shape: Shape, change: Mutability, unset?: readonly unknown[]): PoolField => ({
  shape,
  change,
  ...(unset && { unset }),
});

const osSkus: Shape = {
  kind: 'enum',
  code: 'InvalidOSSKU',
  values: [
    'Ubuntu',
    'Ubuntu2204',
    'Ubuntu2404',
    'AzureLinux',
    'AzureLinux3',
    'CBLMariner',
    'AzureContainerLinux',
    'Windows2019',
    'Windows2022',
    'Windows2025',
  ],
};

const migProfiles: Shape = {
  kind: 'enum',
  code: 'UnsupportedGPUInstanceProfile',
  values: ['MIG1g', 'MIG2g', 'MIG3g', 'MIG4g', 'MIG7g'],
};

const dnsOverride = object({
  queryLogging: oneOf('Error', 'Log'),
  protocol: oneOf('PreferUDP', 'ForceTCP'),
  forwardDestination: oneOf('ClusterCoreDNS', 'VnetDNS'),
  forwardPolicy: oneOf('Sequential', 'RoundRobin', 'Random'),
  maxConcurrent: int32,
  cacheDurationInSeconds: int32,
  serveStaleDurationInSeconds: int32,
  serveStale: oneOf('Verify', 'Immediate', 'Disable'),
});

/**
 * Every member of an agent pool's `properties` in API version 2026-06-01. Its order is the order in which the provider
 * writes them, as far as recorded; what no recording shows stands beside its like.
 */
export const agentPoolFields: Readonly<Record<AgentPoolMember, PoolField>> = {
  eTag: field(text, 'read-only'),
  count: field(int32, 'update'),
  vmSize: field(text, 'create-only', ['']),
  osDiskSizeGB: field(range(0, 2048), 'create-only', [0]),
  osDiskType: field(oneOf('Ephemeral', 'Managed'), 'create-only', ['']),
  kubeletDiskType: field(oneOf('OS', 'Temporary'), 'create-only', ['']),
  workloadRuntime: field(oneOf('OCIContainer', 'KataVmIsolation', 'WasmWasi'), 'create-only', ['']),
  messageOfTheDay: field(text, 'create-only', ['']),
  vnetSubnetID: field(text, 'create-only', ['']),
  podSubnetID: field(text, 'create-only', ['']),
  podIPAllocationMode: field(oneOf('DynamicIndividual', 'StaticBlock'), 'create-only', ['']),
  maxPods: field(int32, 'create-only', [0]),
  type: field(oneOf('VirtualMachineScaleSets', 'VirtualMachines', 'AvailabilitySet'), 'create-only', ['']),
  availabilityZones: field(listOf(text), 'create-only', [[]]),
  maxCount: field(int32, 'update'),
  minCount: field(int32, 'update'),
  enableAutoScaling: field(flag, 'update'),
  scaleDownMode: field(oneOf('Delete', 'Deallocate'), 'update', ['']),
  provisioningState: field(anything, 'read-only'),
  powerState: field(object({ code: oneOf('Running', 'Stopped') }), 'special'),
  orchestratorVersion: field(text, 'special', ['']),
  currentOrchestratorVersion: field(anything, 'read-only'),
  enableNodePublicIP: field(flag, 'create-only'),
  nodePublicIPPrefixID: field(text, 'create-only', ['']),
  scaleSetPriority: field(oneOf('Regular', 'Spot'), 'create-only', ['']),
  scaleSetEvictionPolicy: field(oneOf('Delete', 'Deallocate'), 'create-only', ['']),
  spotMaxPrice: field(decimal, 'create-only'),
  tags: field(mapOf(text), 'update'),
  nodeLabels: field(mapOf(text), 'update'),
  nodeTaints: field(listOf(text), 'update'),
  mode: field(oneOf('System', 'User', 'Gateway'), 'update', ['']),
  enableEncryptionAtHost: field(flag, 'create-only'),
  enableUltraSSD: field(flag, 'create-only'),
  osType: field(oneOf('Linux', 'Windows'), 'create-only', ['']),
  osSKU: field(osSkus, 'reimage', ['']),
  nodeImageVersion: field(text, 'special', ['']),
  kubeletConfig: field(
    object({
      cpuManagerPolicy: text,
      cpuCfsQuota: flag,
      cpuCfsQuotaPeriod: text,
      imageGcHighThreshold: int32,
      imageGcLowThreshold: int32,
      topologyManagerPolicy: text,
      allowedUnsafeSysctls: listOf(text),
      failSwapOn: flag,
      containerLogMaxSizeMB: int32,
      containerLogMaxFiles: int32,
      podMaxPids: int32,
    }),
    'create-only',
  ),
  linuxOSConfig: field(
    object({
      sysctls: object({}),
      transparentHugePageEnabled: text,
      transparentHugePageDefrag: text,
      swapFileSizeMB: int32,
    }),
    'create-only',
  ),
  upgradeSettings: field(
    object({
      maxSurge: text,
      maxUnavailable: text,
      drainTimeoutInMinutes: int32,
      nodeSoakDurationInMinutes: int32,
      undrainableNodeBehavior: oneOf('Schedule', 'Cordon'),
    }),
    'update',
  ),
  enableFIPS: field(flag, 'reimage'),
  gpuInstanceProfile: field(migProfiles, 'create-only', ['']),
  creationData: field(object({ sourceResourceId: text }), 'special'),
  proximityPlacementGroupID: field(text, 'create-only', ['']),
  capacityReservationGroupID: field(text, 'create-only', ['']),
  hostGroupID: field(text, 'create-only', ['']),
  networkProfile: field(
    object({
      allowedHostPorts: listOf(
        object({ portStart: range(1, 65535), portEnd: range(1, 65535), protocol: oneOf('TCP', 'UDP') }),
      ),
      applicationSecurityGroups: listOf(text),
      nodePublicIPTags: listOf(object({ ipTagType: text, tag: text })),
      dranet: object({ mode: oneOf('Managed', 'Unmanaged') }),
    }),
    'update',
  ),
  windowsProfile: field(object({ disableOutboundNat: flag }), 'create-only'),
  securityProfile: field(
    object({
      sshAccess: oneOf('LocalUser', 'Disabled', 'EntraId'),
      enableVTPM: flag,
      enableSecureBoot: flag,
    }),
    'reimage',
  ),
  gpuProfile: field(object({ driver: oneOf('Install', 'None') }), 'update'),
  gatewayProfile: field(object({ publicIPPrefixSize: range(28, 31) }), 'create-only'),
  artifactStreamingProfile: field(object({ enabled: flag }), 'update'),
  virtualMachinesProfile: field(
    object({
      scale: object({
        manual: listOf(object({ size: text, count: int32 })),
        autoscale: listOf(object({ size: text, minCount: int32, maxCount: int32 })),
      }),
    }),
    'update',
  ),
  virtualMachineNodesStatus: field(anything, 'read-only'),
  localDNSProfile: field(
    object({
      mode: oneOf('Preferred', 'Required', 'Disabled'),
      vnetDNSOverrides: mapOf(dnsOverride),
      kubeDNSOverrides: mapOf(dnsOverride),
    }),
    'reimage',
  ),
  status: field(anything, 'read-only'),
};

/** The known members in wire order. */
export const agentPoolMembers: readonly AgentPoolMember[] = Object.keys(agentPoolFields) as AgentPoolMember[];
