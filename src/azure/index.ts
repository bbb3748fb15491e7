export { armId, armKey, parseArmId } from './arm-id.js';
export type { ArmId } from './arm-id.js';
export { Catalog } from './catalog.js';
export type { Region, VmOffer, VmSize } from './catalog.js';
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
export {
  clearShortage,
  isRestricted,
  remainingCapacity,
  setRestriction,
  setShortage,
  shortages,
} from './capacity.js';
export type { Place, Shortage } from './capacity.js';
export { applyLimits, parseLimits } from './limits.js';
export type { Limits } from './limits.js';
export {
  defaultQuotaLimit,
  quotaOf,
  quotaScopes,
  quotaShortfall,
  quotaUsage,
  quotas,
  setQuotaLimit,
} from './quota.js';
export type { Priority, Quota, QuotaShortfall, QuotaUsage } from './quota.js';
export { ComputeController } from './compute-controller.js';
export {
  beginDeleteInstances,
  createInstances,
  createScaleSet,
  deleteScaleSet,
  evictInstances,
  instanceSuffix,
  instancesOf,
  isOff,
  liveInstances,
  raiseCapacity,
  scaleSets,
  startInstances,
  stopInstances,
  virtualMachines,
} from './compute.js';
export type {
  Allocation,
  ComputeParts,
  ScaleSet,
  ScaleSetKey,
  VirtualMachine,
  VirtualMachineState,
  VmFailure,
} from './compute.js';
export {
  deleteVirtualNetwork,
  findSubnet,
  putVirtualNetwork,
  subnetId,
  virtualNetworks,
} from './networks.js';
export type { FoundSubnet, Subnet, VirtualNetwork } from './networks.js';
export { parseSubnetBody, parseVirtualNetworkBody } from './network-bodies.js';
export {
  providerNamespaces,
  providerRegistration,
  providerRegistrations,
  requireRegistered,
  setProviderRegistration,
} from './provider-registrations.js';
export type { ProviderNamespace, ProviderRegistration } from './provider-registrations.js';
export { renderSkus, renderUsages, renderVmSizes } from './render/compute.js';
export { renderLocations } from './render/locations.js';
export {
  renderNetworkUsages,
  renderSubnet,
  renderVirtualNetwork,
  virtualNetworkType,
} from './render/networks.js';
export {
  instanceResourceId,
  renderInstance,
  renderInstanceView,
  renderScaleSet,
  scaleSetType,
} from './render/scale-sets.js';
export { existingResourceGroup, resourceGroups } from './resource-groups.js';
export type { ResourceGroup } from './resource-groups.js';
export type { Subscription } from './subscription.js';
