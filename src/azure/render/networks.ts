import type { Reader } from '../../store/index.js';
import { freeAddresses, reservedAddresses } from '../addresses.js';
import { findSubnet, subnetId } from '../networks.js';
import type { Subnet, VirtualNetwork } from '../networks.js';

export const virtualNetworkType = 'Microsoft.Network/virtualNetworks';

/** A virtual network as Microsoft.Network answers it. */
export const renderVirtualNetwork = (network: VirtualNetwork) => ({
  name: network.name,
  id: network.id,
  type: virtualNetworkType,
  location: network.location,
  ...(network.tags && { tags: network.tags }),
  properties: {
    enableDdosProtection: false,
    ...network.otherProperties,
    provisioningState: 'Succeeded',
    addressSpace: { addressPrefixes: network.addressPrefixes },
    subnets: network.subnets.map((subnet) => renderSubnet(network, subnet)),
  },
});

/** A subnet as Microsoft.Network answers it, alone or within its network. */
export const renderSubnet = (network: VirtualNetwork, subnet: Subnet) => ({
  name: subnet.name,
  id: subnetId(network, subnet),
  type: `${virtualNetworkType}/subnets`,
  properties: {
    privateEndpointNetworkPolicies: 'Disabled',
    privateLinkServiceNetworkPolicies: 'Enabled',
    ...subnet.otherProperties,
    provisioningState: 'Succeeded',
    addressPrefix: subnet.addressPrefix,
    delegations: (subnet.delegations ?? []).map((serviceName) => ({
      name: serviceName,
      id: `${subnetId(network, subnet)}/delegations/${serviceName}`,
      type: `${virtualNetworkType}/subnets/delegations`,
      properties: { provisioningState: 'Succeeded', serviceName },
    })),
  },
});

/** `usages` of a virtual network: addresses in use and to be had at most, by subnet. */
export const renderNetworkUsages = (reader: Reader, network: VirtualNetwork) => ({
  value: network.subnets.flatMap((subnet) => {
    const id = subnetId(network, subnet);
    const range = findSubnet(reader, id)?.range;
    if (!range) return [];
    const limit = range.size - reservedAddresses;
    return {
      currentValue: limit - freeAddresses(reader, range),
      id,
      limit,
      name: { localizedValue: 'Subnet size and usage', value: 'SubnetSpace' },
      unit: 'Count',
    };
  }),
});
