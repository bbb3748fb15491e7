import { describe, expect, test } from 'vitest';
import { AzureError } from '../../azure/index.js';
import { createPool, systemPool, updatePool } from '../fixtures.js';
import type { ClusterFacts, SiblingPool } from '../model.js';

const subscription = '/subscriptions/s/resourceGroups/rg/providers';
const subnet = (network: string, name: string): string =>
  `${subscription}/Microsoft.Network/virtualNetworks/${network}/subnets/${name}`;
const nodes = subnet('v1', 'nodes');
const pods = subnet('v1', 'pods');
const ppg = `${subscription}/Microsoft.Compute/proximityPlacementGroups/p1`;
const crg = `${subscription}/Microsoft.Compute/capacityReservationGroups/c1`;
const hosts = `${subscription}/Microsoft.Compute/hostGroups/h1`;
const prefix = `${subscription}/Microsoft.Network/publicIPPrefixes/x`;

const flat: Partial<ClusterFacts> = { networkPluginMode: undefined } as unknown as Partial<ClusterFacts>;
const kubenet: Partial<ClusterFacts> = { ...flat, networkPlugin: 'kubenet' };
const basic: Partial<ClusterFacts> = { loadBalancerSku: 'basic' };
const old = (kubernetesVersion: string): Partial<ClusterFacts> => ({
  kubernetesVersion,
  requestedVersion: kubernetesVersion,
});
const noIdentity: Partial<ClusterFacts> = { hasUserAssignedIdentity: false };
const windows = { osType: 'Windows', vmSize: 'Standard_D4s_v5' };
const win = { name: 'win1' };
const spot = { scaleSetPriority: 'Spot' };
const system = { mode: 'System', vmSize: 'Standard_D4s_v5' };
const auto = (minCount: number, maxCount: number) => ({ enableAutoScaling: true, minCount, maxCount });
const surge = (upgradeSettings: object) => ({ upgradeSettings });
const kubelet = (kubeletConfig: object) => ({ kubeletConfig });
const linux = (linuxOSConfig: object) => ({ linuxOSConfig });
const sysctl = (name: string, value: unknown) => linux({ sysctls: { [name]: value } });
const labels = (key: string, value = 'x') => ({ nodeLabels: { [key]: value } });
const scale = (...sizes: readonly string[]) => ({
  type: 'VirtualMachines',
  virtualMachinesProfile: { scale: { manual: sizes.map((size) => ({ size, count: 1 })) } },
});
const many = (n: number, count = 1): readonly SiblingPool[] =>
  Array.from({ length: n }, (_, i) => ({ name: `p${i}`, properties: { ...systemPool.properties, count } }));
const inNetwork: readonly SiblingPool[] = [
  { name: 'system', properties: { ...systemPool.properties, vnetSubnetID: nodes } },
];
const withPods: readonly SiblingPool[] = [
  {
    name: 'system',
    properties: {
      ...systemPool.properties,
      vnetSubnetID: nodes,
      podSubnetID: pods,
      podIPAllocationMode: 'DynamicIndividual',
    },
  },
];

function refusalOf(act: () => unknown): AzureError {
  try {
    act();
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

type Setting = NonNullable<Parameters<typeof createPool>[1]>;
type Row = readonly [
  members: object,
  setting: Setting,
  code: string,
  target: string | undefined,
  text: string,
];

const profile = (member: string): string => `agentPoolProfile.${member}`;

describe('refusals of a new pool', () => {
  // prettier-ignore
  test.each<Row>([
    // types and enums
    [{ count: '3' }, {}, 'UnmarshalError', 'properties.count', 'cannot unmarshal string into field properties.count of type int32'],
    [{ count: 1.5 }, {}, 'UnmarshalError', 'properties.count', 'properties.count of type int32'],
    [{ vmSize: 4 }, {}, 'UnmarshalError', 'properties.vmSize', 'cannot unmarshal number into field properties.vmSize of type string'],
    [{ enableFIPS: 'yes' }, {}, 'UnmarshalError', 'properties.enableFIPS', 'of type bool'],
    [{ nodeTaints: 'a=b:NoSchedule' }, {}, 'UnmarshalError', 'properties.nodeTaints', 'of type array'],
    [{ nodeTaints: [7] }, {}, 'UnmarshalError', 'properties.nodeTaints[0]', 'of type string'],
    [{ nodeLabels: ['a'] }, {}, 'UnmarshalError', 'properties.nodeLabels', 'cannot unmarshal array'],
    [{ nodeLabels: { a: 1 } }, {}, 'UnmarshalError', 'properties.nodeLabels.a', 'properties.nodeLabels.a of type string'],
    [{ upgradeSettings: 3 }, {}, 'UnmarshalError', 'properties.upgradeSettings', 'of type object'],
    [{ upgradeSettings: { maxSurge: 3 } }, {}, 'UnmarshalError', 'properties.upgradeSettings.maxSurge', 'of type string'],
    [{ mode: 'user' }, {}, 'InvalidParameter', profile('mode'), "'user' is not one of System, User, Gateway"],
    [{ osType: 'linux' }, {}, 'InvalidParameter', profile('osType'), "'linux' is not one of"],
    [{ osSKU: 'Debian' }, {}, 'InvalidOSSKU', profile('osSKU'), "'Debian' is not one of"],
    [{ osDiskType: 'Local' }, {}, 'InvalidParameter', profile('osDiskType'), 'Ephemeral, Managed'],
    [{ scaleSetPriority: 'Low' }, {}, 'InvalidParameter', profile('scaleSetPriority'), 'Regular, Spot'],
    [{ scaleDownMode: 'Stop' }, {}, 'InvalidParameter', profile('scaleDownMode'), 'Delete, Deallocate'],
    [{ osDiskSizeGB: 4000 }, {}, 'InvalidParameter', profile('osDiskSizeGB'), '4000 is not between 0 and 2048'],
    [surge({ undrainableNodeBehavior: 'Skip' }), {}, 'InvalidParameter', profile('upgradeSettings.undrainableNodeBehavior'), 'Schedule, Cordon'],
    [{ gpuInstanceProfile: 'MIG5g' }, {}, 'UnsupportedGPUInstanceProfile', profile('gpuInstanceProfile'), "'MIG5g'"],
    [{ mode: null }, {}, 'InvalidParameter', profile('mode'), 'Required parameter agentPoolProfile.mode is missing (null).'],
    // names
    [{}, { name: 'Upper' }, 'InvalidParameter', profile('name'), 'aka.ms/aks-naming-rules'],
    [{}, { name: '1pool' }, 'InvalidParameter', profile('name'), 'The value of parameter agentPoolProfile.name is invalid'],
    [{}, { name: 'thirteenchars' }, 'InvalidParameter', profile('name'), 'agentPoolProfile.name'],
    [{}, { name: 'with-dash' }, 'InvalidParameter', profile('name'), 'agentPoolProfile.name'],
    [windows, { name: 'windows1' }, 'WindowsAgentPoolNameTooLong', profile('name'), 'at most 6 characters'],
    // counts and autoscaler bounds
    [{ count: -1 }, {}, 'InvalidParameter', profile('count'), 'agentPoolProfile.count was -1. It must be greater or equal to minCount:0'],
    [{ count: 1001 }, {}, 'InvalidParameter', profile('count'), 'less than or equal to maxCount:1000'],
    [{ ...system, count: 0 }, {}, 'InvalidParameter', profile('count'), 'agentPoolProfile.count was 0. It must be greater or equal to minCount:1'],
    [{ enableAutoScaling: true, maxCount: 5 }, {}, 'InvalidParameter', profile('minCount'), 'required when enableAutoScaling is true'],
    [{ enableAutoScaling: true, minCount: 1 }, {}, 'InvalidParameter', profile('maxCount'), 'required when enableAutoScaling is true'],
    [auto(5, 2), {}, 'InvalidParameter', profile('minCount'), 'minCount 5 is greater than maxCount 2'],
    [auto(-1, 5), {}, 'InvalidParameter', profile('minCount'), '-1 is not between 0 and 1000'],
    [auto(1, 1001), {}, 'InvalidParameter', profile('maxCount'), '1001 is not between'],
    [{ ...system, ...auto(0, 5) }, {}, 'InvalidParameter', profile('minCount'), '0 is not between 1 and 1000 for a System pool'],
    [{ minCount: 1 }, {}, 'InvalidParameter', profile('minCount'), 'must be null when enableAutoScaling is false'],
    [{ maxCount: 3 }, {}, 'InvalidParameter', profile('maxCount'), 'must be null when enableAutoScaling is false'],
    [{ count: 9, ...auto(1, 5) }, {}, 'InvalidParameter', profile('count'), 'agentPoolProfile.count was 9'],
    [{}, { siblings: many(100) }, 'MaxAgentPoolCountReached', 'agentPoolProfiles', 'at most 100'],
    [{}, { cluster: basic }, 'SLBRequiredForMultipleAgentPools', 'networkProfile.loadBalancerSku', 'Standard load balancer'],
    [{ count: 10 }, { siblings: many(5, 999) }, 'ValidationError', profile('count'), 'upper limit node count is 5005 which exceeds the limit of 5000'],
    [{ count: 398 }, { cluster: kubenet }, 'ValidationError', profile('count'), "Cluster's upper limit node count is 401 which exceeds the limit for Kubenet 400"],
    [{ ...auto(1, 500) }, { cluster: kubenet }, 'ValidationError', profile('count'), 'max-count from each nodepool is counted'],
    // modes
    [{ ...system, ...windows }, { name: 'win1' }, 'SystemPoolMustBeLinux', profile('osType'), 'System node pool must be linux'],
    [{ ...system, ...spot }, {}, 'SystemPoolMustBeRegular', profile('scaleSetPriority'), 'Regular priority'],
    [{ ...system, vmSize: 'Standard_B2ms' }, {}, 'VMSizeRestrictedByAKS', profile('vmSize'), 'burstable'],
    [{ ...system, vmSize: 'Standard_DS1_v2' }, {}, 'SystemPoolSkuTooLow', profile('vmSize'), 'System node pool must use VM sku with more than 2 cores and 4GB memory. Nodepool name: np1.'],
    [{ ...system, nodeTaints: ['sku=gpu:NoSchedule'] }, {}, 'SystemPoolHasRestrictedTaint', profile('nodeTaints'), 'Placing custom taints on system pool'],
    [{ gatewayProfile: { publicIPPrefixSize: 30 } }, {}, 'InvalidParameter', profile('gatewayProfile'), 'only be set when mode is Gateway'],
    [{ mode: 'Gateway', count: 3 }, {}, 'InvalidParameter', profile('count'), '/31 has addresses for 2 nodes'],
    [{ mode: 'Gateway', ...auto(1, 2), count: 2 }, {}, 'InvalidParameter', profile('enableAutoScaling'), 'Gateway'],
    [{ mode: 'Gateway', gatewayProfile: { publicIPPrefixSize: 27 } }, {}, 'InvalidParameter', profile('gatewayProfile.publicIPPrefixSize'), 'between 28 and 31'],
    // versions
    [{ orchestratorVersion: '1.18.19' }, {}, 'AgentPoolK8sVersionNotSupported', profile('orchestratorVersion'), 'Version 1.18.19 is not supported in this region.'],
    [{ orchestratorVersion: 'latest' }, {}, 'AgentPoolK8sVersionNotSupported', profile('orchestratorVersion'), 'az aks get-versions'],
    [{ orchestratorVersion: '1.34.99' }, {}, 'AgentPoolK8sVersionNotSupported', profile('orchestratorVersion'), '1.34.99'],
    [{ orchestratorVersion: '1.36.2' }, {}, 'NodePoolMcVersionIncompatible', profile('orchestratorVersion'), 'Node pool version 1.36.2 and control plane version 1.35.6 are incompatible'],
    [{ orchestratorVersion: '1.34.9' }, { cluster: { beingCreated: true } }, 'NodePoolMcVersionIncompatible', profile('orchestratorVersion'), 'created with the cluster'],
    [{ orchestratorVersion: '1.32.11' }, { cluster: { ...old('1.36.2'), supportPlan: 'AKSLongTermSupport' } }, 'NodePoolMcVersionIncompatible', profile('orchestratorVersion'), 'Minor version of node pool is 32 and control plane is 36'],
    // sizes
    [{ vmSize: 'Standard_Nope' }, {}, 'VMSizeNotSupported', profile('vmSize'), "Virtual Machine size: 'Standard_Nope' is not supported"],
    [{ vmSize: 'Standard_B1s' }, {}, 'BadRequest', profile('vmSize'), 'The VM size of Standard_B1s is not allowed in your subscription'],
    [{ vmSize: 'Standard_DS1_v2' }, {}, 'VMSizeRestrictedByAKS', profile('vmSize'), 'has 1 vCPU'],
    [{ vmSize: 'Standard_M8ms' }, { cluster: { location: 'polandcentral' } }, 'VMSizeNotSupported', profile('vmSize'), "location 'polandcentral'"],
    // zones
    [{ availabilityZones: ['4'] }, {}, 'InvalidAvailabilityZoneFormat', profile('availabilityZones'), "'4' is not one of"],
    [{ availabilityZones: ['1', '1'] }, {}, 'InvalidAvailabilityZoneFormat', profile('availabilityZones'), 'named twice'],
    [{ availabilityZones: ['1'] }, { cluster: { location: 'westus' } }, 'AvailabilityZoneNotSupported', profile('availabilityZones'), "The zone(s) '1' for resource 'np1' is not supported."],
    [{ availabilityZones: ['1'] }, { cluster: basic, siblings: [] }, 'SLBRequiredForAvailabilityZone', profile('availabilityZones'), 'Standard load balancer'],
    [{ ...scale('Standard_D4s_v5'), availabilityZones: ['1'] }, {}, 'VMSSRequiredForAvailabilityZone', profile('availabilityZones'), 'VirtualMachineScaleSets'],
    // pods per node
    [{ maxPods: 9 }, {}, 'InsufficientMaxPods', profile('maxPods'), 'must be at least 10'],
    [{ maxPods: 251 }, {}, 'MaxPodsLimitExceeded', profile('maxPods'), 'must be at most 250'],
    [{ maxPods: 10, count: 2 }, {}, 'InsufficientAgentPoolMaxPodsPerAgentPool', profile('maxPods'), 'room for 20 pods'],
    // operating system
    [{ osSKU: 'Windows2022' }, {}, 'InvalidOSSKU', profile('osSKU'), "Windows2022 can't be used with osType Linux"],
    [{ ...windows, osSKU: 'Ubuntu' }, win, 'InvalidOSSKU', profile('osSKU'), "Ubuntu can't be used with osType Windows"],
    [{ ...windows, osSKU: 'Windows2019' }, win, 'InvalidOSSKU', profile('osSKU'), 'not available from Kubernetes 1.33 on'],
    [{ ...windows, osSKU: 'Windows2022' }, { ...win, cluster: old('1.37.0') }, 'InvalidOSSKU', profile('osSKU'), 'not available from Kubernetes 1.37 on'],
    [{ ...windows, osSKU: 'Windows2025' }, { ...win, cluster: old('1.31.13') }, 'InvalidOSSKU', profile('osSKU'), 'needs Kubernetes 1.32'],
    [{ osSKU: 'AzureContainerLinux' }, { cluster: old('1.33.13') }, 'InvalidOSSKU', profile('osSKU'), 'needs Kubernetes 1.34'],
    [{ osSKU: 'AzureLinux' }, { cluster: old('1.31.13') }, 'InvalidOSSKU', profile('osSKU'), 'needs Kubernetes 1.32'],
    [windows, { ...win, cluster: kubenet }, 'BadRequest', profile('osType'), 'Windows agent pools can only be added to AKS clusters using Azure-CNI'],
    [windows, { ...win, cluster: { hasWindowsProfile: false } }, 'WindowsProfileMissing', profile('osType'), 'windowsProfile'],
    [windows, { ...win, siblings: [] }, 'InvalidParameter', profile('osType'), 'first agent pool'],
    [{ osType: 'Windows', vmSize: 'Standard_D4ps_v5' }, win, 'VMSizeNotSupportedForWindowsAgentPool', profile('vmSize'), 'Arm64'],
    [{ windowsProfile: { disableOutboundNat: true } }, {}, 'InvalidParameter', profile('windowsProfile'), 'only be set when osType is Windows'],
    [{ ...windows, windowsProfile: { disableOutboundNat: true } }, win, 'InvalidParameter', profile('windowsProfile.disableOutboundNat'), 'managedNATGateway'],
    [{ ...windows, messageOfTheDay: 'aGk=' }, win, 'InvalidParameter', profile('messageOfTheDay'), 'must not be set when osType is Windows'],
    [{ messageOfTheDay: 'not base64!' }, {}, 'InvalidParameter', profile('messageOfTheDay'), 'base64'],
    [{ workloadRuntime: 'WasmWasi' }, {}, 'InvalidParameter', profile('workloadRuntime'), 'retired'],
    [{ workloadRuntime: 'KataVmIsolation' }, {}, 'InvalidParameter', profile('workloadRuntime'), 'needs osSKU AzureLinux'],
    [{ workloadRuntime: 'KataVmIsolation', osSKU: 'AzureLinux', enableFIPS: true }, {}, 'InvalidParameter', profile('workloadRuntime'), 'enableFIPS'],
    [{ enableFIPS: true, vmSize: 'Standard_D4ps_v5' }, {}, 'InvalidParameter', profile('enableFIPS'), 'needs osSKU AzureLinux'],
    [{ enableFIPS: true, osSKU: 'Ubuntu2404' }, {}, 'InvalidParameter', profile('enableFIPS'), 'Ubuntu2204'],
    [{ ...windows, osSKU: 'Windows2025', enableFIPS: false }, win, 'InvalidParameter', profile('enableFIPS'), 'always runs with FIPS'],
    [{ ...windows, securityProfile: { enableVTPM: true } }, win, 'InvalidParameter', profile('securityProfile.enableVTPM'), 'not available on Windows'],
    [{ vmSize: 'Standard_D4ps_v5', securityProfile: { enableSecureBoot: true } }, {}, 'InvalidParameter', profile('securityProfile.enableSecureBoot'), 'Arm64'],
    [{ vmSize: 'Standard_D2_v2', securityProfile: { enableVTPM: true } }, {}, 'InvalidParameter', profile('securityProfile.enableVTPM'), 'generation 2'],
    [{ osSKU: 'AzureLinux', enableFIPS: true, securityProfile: { enableVTPM: true } }, {}, 'InvalidParameter', profile('securityProfile.enableVTPM'), 'Ubuntu 22.04'],
    [{ osSKU: 'AzureContainerLinux', vmSize: 'Standard_D2_v2' }, {}, 'InvalidOSSKU', profile('osSKU'), 'no node image of AzureContainerLinux for VM size Standard_D2_v2'],
    // GPU
    [{ vmSize: 'Standard_NC4as_T4_v3', gpuInstanceProfile: 'MIG1g' }, {}, 'VMSizeDoesNotSupportMIG', profile('gpuInstanceProfile'), 'A100, H100 or H200'],
    [{ gpuInstanceProfile: 'MIG1g' }, {}, 'VMSizeDoesNotSupportMIG', profile('gpuInstanceProfile'), 'does not support'],
    [{ ...windows, vmSize: 'Standard_NC24ads_A100_v4', gpuInstanceProfile: 'MIG1g' }, win, 'InvalidParameter', profile('gpuInstanceProfile'), 'Windows'],
    [{ gpuProfile: { driver: 'None' } }, {}, 'InvalidParameter', profile('gpuProfile.driver'), 'has no GPU'],
    // Spot
    [spot, { siblings: [] }, 'InvalidParameter', profile('scaleSetPriority'), 'first agent pool'],
    [{ spotMaxPrice: 0.5 }, {}, 'InvalidParameter', profile('spotMaxPrice'), 'only be set when scaleSetPriority is Spot'],
    [{ ...spot, spotMaxPrice: 0 }, {}, 'InvalidParameter', profile('spotMaxPrice'), 'neither -1 nor greater than 0'],
    [{ ...spot, spotMaxPrice: -2 }, {}, 'InvalidParameter', profile('spotMaxPrice'), 'neither -1'],
    [{ ...spot, spotMaxPrice: 0.1234567 }, {}, 'InvalidParameter', profile('spotMaxPrice'), 'more than 5 decimal places'],
    [{ scaleSetEvictionPolicy: 'Deallocate' }, {}, 'InvalidParameter', profile('scaleSetEvictionPolicy'), 'Spot'],
    [{ ...spot, upgradeSettings: { maxSurge: '1' } }, {}, 'InvalidParameter', profile('upgradeSettings.maxSurge'), 'Spot pool'],
    [{ ...spot, ...scale('Standard_D4s_v5') }, {}, 'InvalidParameter', profile('scaleSetPriority'), 'needs type VirtualMachineScaleSets'],
    [{ ...spot, vmSize: 'Standard_B2ms' }, {}, 'VMSizeNotSupported', profile('vmSize'), "can't be used with scaleSetPriority Spot"],
    [{ ...spot, vmSize: 'Standard_D4ds_v5', osDiskType: 'Ephemeral', scaleSetEvictionPolicy: 'Deallocate' }, {}, 'InvalidParameter', profile('scaleSetEvictionPolicy'), 'osDiskType Managed'],
    // disks
    [{ osDiskSizeGB: 20, osDiskType: 'Managed' }, {}, 'InvalidParameter', profile('osDiskSizeGB'), 'needs 30 GB'],
    [{ vmSize: 'Standard_D4s_v5', osDiskType: 'Ephemeral' }, {}, 'VMSizeDoesNotSupportEphemeralOS', profile('osDiskType'), 'Standard_D4s_v5'],
    [{ vmSize: 'Standard_DS2_v2', osDiskType: 'Ephemeral', osDiskSizeGB: 128 }, {}, 'VMCacheSizeTooSmall', profile('osDiskSizeGB'), 'room for 86 GB'],
    [{ vmSize: 'Standard_D4ds_v5', osDiskType: 'Ephemeral', osDiskSizeGB: 500 }, {}, 'VMTemporaryDiskTooSmall', profile('osDiskSizeGB'), 'room for 150 GB'],
    [{ vmSize: 'Standard_D4s_v5', kubeletDiskType: 'Temporary' }, {}, 'InvalidParameter', profile('kubeletDiskType'), 'no temporary disk'],
    [{ vmSize: 'Standard_D4ds_v5', osDiskType: 'Ephemeral', scaleDownMode: 'Deallocate' }, {}, 'InvalidParameter', profile('scaleDownMode'), 'osDiskType Managed'],
    [{ vmSize: 'Standard_D2_v2', enableEncryptionAtHost: true }, {}, 'VMSizeDoesNotSupportEncryptionAtHost', profile('enableEncryptionAtHost'), 'Standard_D2_v2'],
    // placement
    [{ proximityPlacementGroupID: 'p1' }, {}, 'InvalidParameter', profile('proximityPlacementGroupID'), 'is not the id of a Microsoft.Compute/proximityPlacementGroups'],
    [{ proximityPlacementGroupID: ppg, availabilityZones: ['1', '2'] }, {}, 'PPGNotSupportMultipleZones', profile('proximityPlacementGroupID'), 'several availabilityZones'],
    [{ capacityReservationGroupID: 'c1' }, {}, 'InvalidParameter', profile('capacityReservationGroupID'), 'capacityReservationGroups'],
    [{ capacityReservationGroupID: crg, ...spot }, {}, 'CRGConflictWithSpotVM', profile('capacityReservationGroupID'), 'scaleSetPriority'],
    [{ capacityReservationGroupID: crg, proximityPlacementGroupID: ppg }, {}, 'CRGConflictWithPPG', profile('capacityReservationGroupID'), 'proximityPlacementGroupID'],
    [{ capacityReservationGroupID: crg, hostGroupID: hosts }, {}, 'CRGConflictWithDedicatedHost', profile('capacityReservationGroupID'), 'hostGroupID'],
    [{ capacityReservationGroupID: crg, enableUltraSSD: true, availabilityZones: ['1'] }, {}, 'CRGConflictWithUltraSSD', profile('capacityReservationGroupID'), 'enableUltraSSD'],
    [{ capacityReservationGroupID: crg }, { cluster: noIdentity }, 'BadRequest', profile('capacityReservationGroupID'), 'user-assigned managed identity'],
    [{ hostGroupID: hosts }, { cluster: noIdentity }, 'BadRequest', profile('hostGroupID'), 'user-assigned managed identity'],
    [{ hostGroupID: 'h1' }, {}, 'InvalidParameter', profile('hostGroupID'), 'hostGroups'],
    [{ enableUltraSSD: true }, {}, 'InvalidParameter', profile('enableUltraSSD'), 'availabilityZones'],
    [{ enableUltraSSD: true, availabilityZones: ['1'], vmSize: 'Standard_D2_v2' }, {}, 'InvalidParameter', profile('enableUltraSSD'), 'does not support ultra disks'],
    // network
    [{ podSubnetID: 'pods' }, { cluster: flat }, 'InvalidParameter', profile('podSubnetID'), 'virtualNetworks/subnets'],
    [{ vnetSubnetID: 'nodes' }, {}, 'InvalidParameter', profile('vnetSubnetID'), 'virtualNetworks/subnets'],
    [{ vnetSubnetID: subnet('v2', 'nodes') }, { siblings: inNetwork }, 'InvalidParameter', profile('vnetSubnetID'), 'same virtual network'],
    [{ vnetSubnetID: nodes }, {}, 'InvalidParameter', profile('vnetSubnetID'), "'system' is in another one"],
    [{ podSubnetID: pods, vnetSubnetID: nodes }, { siblings: inNetwork }, 'InvalidParameter', profile('podSubnetID'), 'without overlay'],
    [{ podSubnetID: pods }, { cluster: flat }, 'InvalidParameter', profile('podSubnetID'), 'needs vnetSubnetID'],
    [{ podSubnetID: subnet('v2', 'pods') }, { cluster: flat, siblings: withPods }, 'InvalidParameter', profile('podSubnetID'), 'same virtual network'],
    [{ podSubnetID: pods, vnetSubnetID: nodes }, { cluster: flat, siblings: inNetwork }, 'InvalidParameter', profile('podSubnetID'), "'system' has none"],
    [{ vnetSubnetID: nodes }, { cluster: flat, siblings: withPods }, 'InvalidParameter', profile('podSubnetID'), "'system' has one"],
    [{ podIPAllocationMode: 'StaticBlock' }, {}, 'InvalidParameter', profile('podIPAllocationMode'), 'needs podSubnetID'],
    [{ podSubnetID: pods, podIPAllocationMode: 'StaticBlock' }, { cluster: flat, siblings: withPods }, 'InvalidParameter', profile('podIPAllocationMode'), 'one mode only'],
    [{ nodePublicIPPrefixID: prefix }, {}, 'NodePublicIPCanNotBeFalseWithIPPrefixSet', profile('enableNodePublicIP'), 'must be true'],
    [{ nodePublicIPPrefixID: 'x', enableNodePublicIP: true }, {}, 'InvalidParameter', profile('nodePublicIPPrefixID'), 'publicIPPrefixes'],
    [{ enableNodePublicIP: true }, { cluster: { outboundType: 'userDefinedRouting' } }, 'UDRWithNodePublicIPNotAllowed', profile('enableNodePublicIP'), 'userDefinedRouting'],
    [{ enableNodePublicIP: true, ...scale('Standard_D4s_v5') }, {}, 'NodePublicIPRequiresVMSS', profile('enableNodePublicIP'), 'VirtualMachineScaleSets'],
    [{ networkProfile: { nodePublicIPTags: [{ ipTagType: 'RoutingPreference', tag: 'Internet' }] } }, {}, 'InvalidParameter', profile('networkProfile.nodePublicIPTags'), 'enableNodePublicIP'],
    [{ networkProfile: { allowedHostPorts: [{ portStart: 90, portEnd: 80, protocol: 'TCP' }] } }, {}, 'InvalidParameter', profile('networkProfile.allowedHostPorts'), 'not a range'],
    [{ networkProfile: { allowedHostPorts: [{ portStart: 0, portEnd: 80 }] } }, {}, 'InvalidParameter', profile('networkProfile.allowedHostPorts.portStart'), 'between 1 and 65535'],
    [{ networkProfile: { applicationSecurityGroups: ['asg1'] } }, {}, 'InvalidParameter', profile('networkProfile.applicationSecurityGroups'), 'applicationSecurityGroups'],
    // labels, taints, tags
    [labels('kubernetes.azure.com/mode'), {}, 'BadRequest', profile('nodeLabels'), "Invalid node label key kubernetes.azure.com/mode. The 'kubernetes.azure.com' prefix is preserved by aks system labels"],
    [labels('kubernetes.azure.com/scalesetpriority', 'spot'), {}, 'BadRequest', profile('nodeLabels'), 'preserved by aks system labels'],
    [labels('topology.kubernetes.io/zone'), {}, 'BadRequest', 'topology.kubernetes.io/zone=x', 'must begin with an allowed prefix'],
    [labels('k8s.io/x'), {}, 'BadRequest', 'k8s.io/x=x', 'must begin with an allowed prefix'],
    [labels('-bad'), {}, 'InvalidParameter', profile('nodeLabels'), "Invalid node label '-bad=x'"],
    [labels('a/b/c'), {}, 'InvalidParameter', profile('nodeLabels'), 'Invalid node label'],
    [labels('Upper.Case/x'), {}, 'InvalidParameter', profile('nodeLabels'), 'DNS name'],
    [labels('a', 'x'.repeat(64)), {}, 'InvalidParameter', profile('nodeLabels'), 'at most 63'],
    [{ nodeTaints: ['novalue'] }, {}, 'InvalidParameter', profile('nodeTaints'), 'Invalid node taint: novalue'],
    [{ nodeTaints: ['a=b:Evict'] }, {}, 'InvalidParameter', profile('nodeTaints'), 'Invalid node taint: a=b:Evict'],
    [{ nodeTaints: ['a=b:NoSchedule', 'a=c:NoSchedule'] }, {}, 'InvalidParameter', profile('nodeTaints'), 'two taints'],
    [{ tags: { 'a<b': 'x' } }, {}, 'InvalidParameter', profile('tags'), 'one of the characters'],
    [{ tags: { a: 'x'.repeat(257) } }, {}, 'InvalidParameter', profile('tags'), 'longer than 256'],
    [{ tags: { ['k'.repeat(513)]: '' } }, {}, 'InvalidParameter', profile('tags'), 'longer than 512'],
    [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ''])) }, {}, 'InvalidParameter', profile('tags'), '51 tags'],
    // upgrade settings
    [surge({ maxSurge: 'half' }), {}, 'InvalidParameter', profile('upgradeSettings.maxSurge'), 'neither a number of nodes'],
    [surge({ maxSurge: '-1' }), {}, 'InvalidParameter', profile('upgradeSettings.maxSurge'), "'-1'"],
    [surge({ maxSurge: '101%' }), {}, 'InvalidParameter', profile('upgradeSettings.maxSurge'), 'more than 100%'],
    [surge({ maxSurge: '0' }), {}, 'InvalidParameter', profile('upgradeSettings.maxSurge'), 'maxUnavailable is greater than 0'],
    [surge({ maxUnavailable: 'x' }), {}, 'InvalidParameter', profile('upgradeSettings.maxUnavailable'), "'x'"],
    [{ ...system, ...surge({ maxUnavailable: '1' }) }, {}, 'InvalidParameter', profile('upgradeSettings.maxUnavailable'), 'System pool'],
    [surge({ drainTimeoutInMinutes: 0 }), {}, 'InvalidParameter', profile('upgradeSettings.drainTimeoutInMinutes'), 'between 1 and 1440'],
    [surge({ drainTimeoutInMinutes: 1441 }), {}, 'InvalidParameter', profile('upgradeSettings.drainTimeoutInMinutes'), '1441'],
    [surge({ nodeSoakDurationInMinutes: 31 }), {}, 'InvalidParameter', profile('upgradeSettings.nodeSoakDurationInMinutes'), 'between 0 and 30'],
    // node configuration
    [kubelet({ cpuManagerPolicy: 'dynamic' }), {}, 'InvalidCustomKubeletConfig', profile('kubeletConfig.cpuManagerPolicy'), 'none, static'],
    [kubelet({ topologyManagerPolicy: 'strict' }), {}, 'InvalidCustomKubeletConfig', profile('kubeletConfig.topologyManagerPolicy'), 'single-numa-node'],
    [kubelet({ imageGcLowThreshold: 90 }), {}, 'InvalidCustomKubeletConfig', profile('kubeletConfig.imageGcLowThreshold'), 'greater than imageGcHighThreshold 85'],
    [kubelet({ imageGcHighThreshold: 101 }), {}, 'InvalidCustomKubeletConfig', profile('kubeletConfig.imageGcHighThreshold'), 'between 0 and 100'],
    [kubelet({ containerLogMaxFiles: 1 }), {}, 'InvalidCustomKubeletConfig', profile('kubeletConfig.containerLogMaxFiles'), 'between 2'],
    [kubelet({ cpuCfsQuotaPeriod: '100' }), {}, 'InvalidCustomKubeletConfig', profile('kubeletConfig.cpuCfsQuotaPeriod'), 'duration'],
    [kubelet({ allowedUnsafeSysctls: ['vm.swappiness'] }), {}, 'InvalidCustomKubeletConfig', profile('kubeletConfig.allowedUnsafeSysctls'), 'vm.swappiness'],
    [{ ...windows, ...kubelet({ cpuManagerPolicy: 'static' }) }, win, 'InvalidCustomKubeletConfig', profile('kubeletConfig.cpuManagerPolicy'), 'Windows'],
    [{ ...windows, ...linux({}) }, win, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig'), 'Windows'],
    [linux({ transparentHugePageEnabled: 'on' }), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.transparentHugePageEnabled'), 'always, madvise, never'],
    [linux({ transparentHugePageDefrag: 'later' }), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.transparentHugePageDefrag'), 'defer+madvise'],
    [sysctl('fsFileMax', 100), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.sysctls.fsFileMax'), '8192'],
    [sysctl('netCoreSomaxconn', 1), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.sysctls.netCoreSomaxconn'), 'between 4096 and 3240000'],
    [sysctl('vmSwappiness', 101), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.sysctls.vmSwappiness'), 'between 0 and 100'],
    [sysctl('netIpv4IpLocalPortRange', '80 90'), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.sysctls.netIpv4IpLocalPortRange'), 'first port 80'],
    [sysctl('netIpv4IpLocalPortRange', 'all'), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.sysctls.netIpv4IpLocalPortRange'), 'two ports'],
    [linux({ swapFileSizeMB: 1500 }), {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.swapFileSizeMB'), 'failSwapOn false'],
    [{ ...linux({ swapFileSizeMB: 900000 }), ...kubelet({ failSwapOn: false }) }, {}, 'InvalidCustomLinuxOSConfig', profile('linuxOSConfig.swapFileSizeMB'), 'temporary disk'],
    // pool types, and what is not modelled
    [{ type: 'AvailabilitySet' }, {}, 'InvalidParameter', profile('type'), 'retired'],
    [{ virtualMachinesProfile: {} }, {}, 'InvalidParameter', profile('virtualMachinesProfile'), 'only be set when type is VirtualMachines'],
    [{ type: 'VirtualMachines' }, {}, 'InvalidParameter', profile('virtualMachinesProfile.scale'), 'at least one scale profile'],
    [scale('Standard_D4s_v5', 'Standard_D8s_v5', 'Standard_D16s_v5', 'Standard_D32s_v5', 'Standard_D48s_v5', 'Standard_D64s_v5'), {}, 'InvalidParameter', profile('virtualMachinesProfile.scale'), 'at most 5'],
    [scale('Standard_D4s_v5', 'Standard_D4ps_v5'), {}, 'InvalidParameter', profile('virtualMachinesProfile.scale'), 'same CPU architecture'],
    [scale('Standard_D4s_v5'), {}, 'OperationNotAllowed', 'properties.type', 'Poolkeeper does not model agent pools of type VirtualMachines'],
    [{ creationData: { sourceResourceId: '/snap' } }, {}, 'OperationNotAllowed', 'properties.creationData', 'Poolkeeper does not model node pool snapshots'],
    [{ nodeInitializationTaints: ['a=b:NoSchedule'] }, {}, 'OperationNotAllowed', 'properties.nodeInitializationTaints', 'Poolkeeper does not model initialization taints'],
    [{ powerState: { code: 'Stopped' } }, {}, 'OperationNotAllowed', 'properties.powerState', 'Poolkeeper does not model'],
  ])('%j %j: %s', (members, setting, code, target, text) => {
    const error = refusalOf(() => createPool(members, setting));
    expect({ status: error.status, code: error.code, target: error.target }).toEqual({
      status: 400,
      code,
      target,
    });
    expect(error.message).toContain(text);
  });
});

describe('refusals of an update', () => {
  const user = createPool({ vmSize: 'Standard_D4ds_v5', nodeLabels: { a: 'b' } });
  const autoscaled = createPool({ ...auto(1, 5) });
  const windowsPool = createPool(windows, win);

  // prettier-ignore
  test.each([
    // create-only members: member, other value
    ['vmSize', 'Standard_D8s_v5'],
    ['osDiskSizeGB', 256],
    ['osDiskType', 'Managed'],
    ['kubeletDiskType', 'Temporary'],
    ['workloadRuntime', 'KataVmIsolation'],
    ['messageOfTheDay', 'aGk='],
    ['vnetSubnetID', nodes],
    ['podSubnetID', pods],
    ['podIPAllocationMode', 'StaticBlock'],
    ['maxPods', 30],
    ['type', 'VirtualMachines'],
    ['availabilityZones', ['1']],
    ['enableNodePublicIP', true],
    ['nodePublicIPPrefixID', prefix],
    ['scaleSetPriority', 'Spot'],
    ['scaleSetEvictionPolicy', 'Deallocate'],
    ['spotMaxPrice', 1],
    ['enableEncryptionAtHost', true],
    ['enableUltraSSD', true],
    ['osType', 'Windows'],
    ['kubeletConfig', { cpuManagerPolicy: 'static' }],
    ['linuxOSConfig', { swapFileSizeMB: 100 }],
    ['gpuInstanceProfile', 'MIG1g'],
    ['proximityPlacementGroupID', ppg],
    ['capacityReservationGroupID', crg],
    ['hostGroupID', hosts],
    ['windowsProfile', { disableOutboundNat: true }],
    ['gatewayProfile', { publicIPPrefixSize: 30 }],
  ])('%s is fixed at creation', (member, value) => {
    const error = refusalOf(() => updatePool(user, { [member]: value }));
    expect(error).toMatchObject({
      status: 400,
      code: 'PropertyChangeNotAllowed',
      target: `properties.${member}`,
      message: `Changing property 'properties.${member}' is not allowed.`,
    });
  });

  // prettier-ignore
  test.each([
    // pool, members, code, target, text
    [systemPool.properties, { mode: 'User' }, 'OperationNotAllowed', profile('mode'), 'There has to be at least one system agent pool.'],
    [systemPool.properties, { count: 0 }, 'InvalidParameter', profile('count'), 'agentPoolProfile.count was 0'],
    [systemPool.properties, { nodeTaints: ['a=b:NoSchedule'] }, 'SystemPoolHasRestrictedTaint', profile('nodeTaints'), 'system pool'],
    [systemPool.properties, { powerState: { code: 'Stopped' } }, 'OperationNotAllowed', 'properties.powerState', "can't be stopped"],
    [user, { powerState: { code: 'Stopped' } }, 'OperationNotAllowed', 'properties.powerState', 'Poolkeeper does not model stopping and starting'],
    [user, { mode: 'Gateway' }, 'InvalidParameter', profile('mode'), 'from User to Gateway'],
    [autoscaled, { count: 4 }, 'InvalidParameter', profile('count'), "Cannot manually scale AgentPool 'np1' of an AKS cluster with cluster autoscaler enabled"],
    [autoscaled, { minCount: 6 }, 'InvalidParameter', profile('minCount'), 'greater than maxCount 5'],
    [user, { minCount: 1 }, 'InvalidParameter', profile('minCount'), 'must be null'],
    [user, { enableAutoScaling: true }, 'InvalidParameter', profile('minCount'), 'required'],
    [user, { orchestratorVersion: '1.34.9' }, 'AgentPoolUpgradeVersionNotAllowed', 'properties.orchestratorVersion', 'Upgrading Kubernetes version 1.35.6 to 1.34.9 is not allowed'],
    [user, { orchestratorVersion: '1.36.2' }, 'NodePoolMcVersionIncompatible', profile('orchestratorVersion'), 'cannot be greater'],
    [user, { orchestratorVersion: '1.35.99' }, 'AgentPoolK8sVersionNotSupported', profile('orchestratorVersion'), '1.35.99'],
    [{ ...user, currentOrchestratorVersion: '1.34.9', orchestratorVersion: '1.34.9' }, { orchestratorVersion: '1.35' }, 'OperationNotAllowed', 'properties.orchestratorVersion', 'Poolkeeper does not model upgrading an agent pool'],
    [user, { nodeImageVersion: 'AKSUbuntu-2404gen2containerd-202605.05.1' }, 'InvalidParameter', 'properties.nodeImageVersion', "can only be current version 'AKSUbuntu-2404gen2containerd-202607.09.0' or 'latest'"],
    [{ ...user, nodeImageVersion: 'AKSUbuntu-2404gen2containerd-202605.05.1' }, { nodeImageVersion: 'latest' }, 'OperationNotAllowed', 'properties.nodeImageVersion', 'node image upgrades'],
    [user, { creationData: { sourceResourceId: '/snap' } }, 'OperationNotAllowed', 'properties.creationData', 'snapshots'],
    [windowsPool, { osSKU: 'Windows2025' }, 'PropertyChangeNotAllowed', 'properties.osSKU', 'needs a new agent pool'],
    [user, { osSKU: 'Windows2022' }, 'InvalidOSSKU', profile('osSKU'), "can't be used with osType Linux"],
    [user, { networkProfile: { nodePublicIPTags: [{ tag: 'x' }] } }, 'PropertyChangeNotAllowed', 'properties.networkProfile.nodePublicIPTags', 'is not allowed'],
    [user, { nodeLabels: { 'kubernetes.azure.com/x': 'y' } }, 'BadRequest', profile('nodeLabels'), 'preserved by aks system labels'],
    [user, { scaleDownMode: 'Deallocate' }, 'InvalidParameter', profile('scaleDownMode'), 'osDiskType Managed'],
    [user, { count: 4990 }, 'InvalidParameter', profile('count'), '1000'],
  ])('%#: %j', (pool, members, code, target, text) => {
    const siblings = pool === systemPool.properties ? [] : [systemPool];
    const error = refusalOf(() => updatePool(pool, members, { siblings }));
    expect({ status: error.status, code: error.code, target: error.target }).toEqual({
      status: 400,
      code,
      target,
    });
    expect(error.message).toContain(text);
  });
});
