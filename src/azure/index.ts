export { armId, armKey, parseArmId } from './arm-id.js';
export type { ArmId } from './arm-id.js';
export { Catalog } from './catalog.js';
export type { Region, VmSize } from './catalog.js';
export { AzureError } from './error.js';
export type { AzureErrorInit, ErrorDetail, ErrorEnvelope } from './error.js';
export { fastLatency, latencySteps, parseLatencyProfile, realisticLatency, sample } from './latency.js';
export type { Latency, LatencyProfile, LatencyStep } from './latency.js';
export {
  addressLeases,
  freeAddresses,
  leaseAddresses,
  releaseAddresses,
  reservedAddresses,
  subnetUses,
} from './addresses.js';
export type { AddressBlock, AddressLease, SubnetRange } from './addresses.js';
export { allocationFailed, clearShortage, remainingCapacity, setShortage, shortages } from './capacity.js';
export type { Shortage } from './capacity.js';
export { defaultQuotaLimit, quotaExceeded, quotaOf, quotaShortfall, quotas, setQuotaLimit } from './quota.js';
export type { Priority, Quota, QuotaShortfall } from './quota.js';
export { ComputeController } from './compute-controller.js';
export {
  beginDeleteInstances,
  createInstances,
  createScaleSet,
  deleteScaleSet,
  instanceSuffix,
  liveInstances,
  scaleSets,
  virtualMachines,
} from './compute.js';
export type {
  Allocation,
  ComputeParts,
  ScaleSet,
  ScaleSetKey,
  VirtualMachine,
  VirtualMachineState,
} from './compute.js';
export {
  deleteVirtualNetwork,
  findSubnet,
  putVirtualNetwork,
  subnetId,
  virtualNetworks,
} from './networks.js';
export type { FoundSubnet, Subnet, VirtualNetwork } from './networks.js';
export { existingResourceGroup, resourceGroups } from './resource-groups.js';
export type { ResourceGroup } from './resource-groups.js';
export type { Subscription } from './subscription.js';
