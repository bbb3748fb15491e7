import type { FastifyInstance } from 'fastify';
import {
  armId,
  armKey,
  deleteVirtualNetwork,
  existingResourceGroup,
  liveInstances,
  putVirtualNetwork,
  quotaOf,
  quotas,
  scaleSets,
  subnetId,
  virtualNetworks,
} from '../../../azure/index.js';
import type { ScaleSet, ScaleSetKey, Subnet, VirtualMachine, VirtualNetwork } from '../../../azure/index.js';
import type { ArmParts } from '../access.js';
import { resourceNotFound } from '../errors.js';
import { networkFromBody, subnetFromBody } from '../network-bodies.js';

const subscriptionUrl = '/subscriptions/:subscription';
const groupUrl = `${subscriptionUrl}/resourceGroups/:resourceGroup`;
const networkUrl = `${groupUrl}/providers/Microsoft.Network/virtualNetworks/:network`;
const scaleSetUrl = `${groupUrl}/providers/Microsoft.Compute/virtualMachineScaleSets/:scaleSet`;
const networkType = 'Microsoft.Network/virtualNetworks';
const scaleSetType = 'Microsoft.Compute/virtualMachineScaleSets';

type Params = Readonly<Record<string, string>>;
const params = (request: { readonly params: unknown }): Params => request.params as Params;

/** Microsoft.Compute (read-only: AKS owns the scale sets of its pools) and Microsoft.Network. */
export function registerComputeAndNetwork(app: FastifyInstance, { world }: ArmParts): void {
  const { store, catalog, subscription } = world;

  const networkId = ({ resourceGroup = '', network = '' }: Params) =>
    armId(subscription.id, existingResourceGroup(store, resourceGroup).name, networkType, network);
  const existingNetwork = (p: Params): VirtualNetwork => {
    const found = store.get(virtualNetworks, armKey(networkId(p)));
    if (!found) throw resourceNotFound(networkType, p['network'] ?? '', p['resourceGroup'] ?? '');
    return found;
  };
  const sameName = (name: string | undefined) => (subnet: Subnet) =>
    subnet.name.toLowerCase() === name?.toLowerCase();

  app.get(`${subscriptionUrl}/providers/${networkType}`, () => ({
    value: store.list(virtualNetworks).map(renderNetwork),
  }));
  app.get(`${groupUrl}/providers/${networkType}`, (r) => {
    const group = existingResourceGroup(store, params(r)['resourceGroup'] ?? '');
    return {
      value: store.find(virtualNetworks, 'byResourceGroup', group.name.toLowerCase()).map(renderNetwork),
    };
  });
  app.get(networkUrl, (r) => renderNetwork(existingNetwork(params(r))));
  app.put(networkUrl, (r, reply) => {
    const { network: name = '', resourceGroup = '' } = params(r);
    const id = networkId(params(r));
    const group = existingResourceGroup(store, resourceGroup);
    const network = networkFromBody(r.body, {
      id,
      name,
      resourceGroup: group.name,
      location: group.location,
    });
    const exists = store.get(virtualNetworks, armKey(id));
    store.transact((tx) => putVirtualNetwork(tx, network));
    return reply.status(exists ? 200 : 201).send(renderNetwork(network));
  });
  app.delete(networkUrl, (r, reply) => {
    const deleted = store.transact((tx) => deleteVirtualNetwork(tx, networkId(params(r))));
    return reply.status(deleted ? 200 : 204).send();
  });
  app.get(`${networkUrl}/subnets`, (r) => {
    const network = existingNetwork(params(r));
    return { value: network.subnets.map((subnet) => renderSubnet(network, subnet)) };
  });
  app.get(`${networkUrl}/subnets/:subnet`, (r) => {
    const network = existingNetwork(params(r));
    const { subnet: name = '', resourceGroup = '' } = params(r);
    const subnet = network.subnets.find(sameName(name));
    if (!subnet) throw resourceNotFound(`${networkType}/subnets`, `${network.name}/${name}`, resourceGroup);
    return renderSubnet(network, subnet);
  });
  app.put(`${networkUrl}/subnets/:subnet`, (r, reply) => {
    const network = existingNetwork(params(r));
    const subnet = subnetFromBody(r.body, params(r)['subnet'] ?? '');
    const others = network.subnets.filter((other) => !sameName(subnet.name)(other));
    store.transact((tx) => putVirtualNetwork(tx, { ...network, subnets: [...others, subnet] }));
    return reply
      .status(others.length === network.subnets.length ? 201 : 200)
      .send(renderSubnet(network, subnet));
  });
  app.delete(`${networkUrl}/subnets/:subnet`, (r, reply) => {
    const network = existingNetwork(params(r));
    const subnets = network.subnets.filter((other) => !sameName(params(r)['subnet'])(other));
    if (subnets.length === network.subnets.length) return reply.status(204).send();
    store.transact((tx) => putVirtualNetwork(tx, { ...network, subnets }));
    return reply.status(200).send();
  });

  app.get(`${subscriptionUrl}/providers/Microsoft.Compute/locations/:location/usages`, (r) => {
    const location = catalog.region(params(r)['location'] ?? '')?.name ?? '';
    const families = [...new Set(catalog.vmSizes().map(({ family }) => family))].sort();
    const named = store.find(quotas, 'byLocation', location).map(({ name }) => name);
    const names = [...new Set(['cores', 'lowPriorityCores', ...families, ...named])];
    return { value: names.map((name) => renderUsage(quotaOf(store, location, name))) };
  });
  app.get(`${subscriptionUrl}/providers/Microsoft.Compute/locations/:location/vmSizes`, (r) => {
    const location = params(r)['location'] ?? '';
    const offered = catalog.vmSizes().filter(({ name }) => catalog.offers(location, name));
    return {
      value: offered.map((size) => ({
        name: size.name,
        numberOfCores: size.vCPUs,
        osDiskSizeInMB: 1_047_552,
        resourceDiskSizeInMB: (size.tempDiskGiB ?? 0) * 1024,
        memoryInMB: size.memoryGiB * 1024,
        maxDataDiskCount: size.maxDataDisks ?? 0,
      })),
    };
  });

  const scaleSet = (p: Params): ScaleSet => {
    const { resourceGroup = '', scaleSet: name = '' } = p;
    const { name: group } = existingResourceGroup(store, resourceGroup);
    const found = store.get(
      scaleSets,
      armKey(armId(subscription.id, group, scaleSetType, name)) as ScaleSetKey,
    );
    if (!found) throw resourceNotFound(scaleSetType, name, resourceGroup);
    return found;
  };
  const render = (found: ScaleSet) => renderScaleSet(found, liveInstances(store, found.key).length);
  app.get(`${subscriptionUrl}/providers/${scaleSetType}`, () => ({
    value: store.list(scaleSets).map(render),
  }));
  app.get(`${groupUrl}/providers/${scaleSetType}`, (r) => {
    const group = existingResourceGroup(store, params(r)['resourceGroup'] ?? '');
    return { value: store.find(scaleSets, 'byResourceGroup', group.name.toLowerCase()).map(render) };
  });
  app.get(scaleSetUrl, (r) => render(scaleSet(params(r))));
  app.get(`${scaleSetUrl}/virtualMachines`, (r) => {
    const found = scaleSet(params(r));
    return { value: liveInstances(store, found.key).map((vm) => renderInstance(found, vm)) };
  });
  app.get(`${scaleSetUrl}/virtualMachines/:instance`, (r) => {
    const found = scaleSet(params(r));
    const { instance = '', resourceGroup = '' } = params(r);
    const vm = liveInstances(store, found.key).find(({ instanceId }) => String(instanceId) === instance);
    if (!vm)
      throw resourceNotFound(`${scaleSetType}/virtualMachines`, `${found.name}/${instance}`, resourceGroup);
    return renderInstance(found, vm);
  });
}

const renderNetwork = (network: VirtualNetwork) => ({
  id: network.id,
  name: network.name,
  type: networkType,
  location: network.location,
  ...(network.tags && { tags: network.tags }),
  properties: {
    provisioningState: 'Succeeded',
    addressSpace: { addressPrefixes: network.addressPrefixes },
    subnets: network.subnets.map((subnet) => renderSubnet(network, subnet)),
    enableDdosProtection: false,
  },
});

const renderSubnet = (network: VirtualNetwork, subnet: Subnet) => ({
  id: subnetId(network, subnet),
  name: subnet.name,
  type: `${networkType}/subnets`,
  properties: {
    provisioningState: 'Succeeded',
    addressPrefix: subnet.addressPrefix,
    delegations: (subnet.delegations ?? []).map((serviceName) => ({
      name: serviceName,
      properties: { serviceName },
    })),
    privateEndpointNetworkPolicies: 'Disabled',
    privateLinkServiceNetworkPolicies: 'Enabled',
  },
});

const titles: Readonly<Record<string, string>> = {
  cores: 'Total Regional vCPUs',
  lowPriorityCores: 'Total Regional Spot vCPUs',
};

const renderUsage = ({ name, used, limit }: { name: string; used: number; limit: number }) => ({
  unit: 'Count',
  currentValue: used,
  limit,
  name: { value: name, localizedValue: titles[name] ?? name },
});

const renderScaleSet = (scaleSet: ScaleSet, capacity: number) => ({
  id: scaleSet.id,
  name: scaleSet.name,
  type: scaleSetType,
  location: scaleSet.location,
  tags: scaleSet.tags,
  sku: { name: scaleSet.vmSize, tier: 'Standard', capacity },
  ...(scaleSet.zones.length > 0 && { zones: scaleSet.zones }),
  properties: { provisioningState: 'Succeeded', singlePlacementGroup: false, overprovision: false },
});

const renderInstance = (scaleSet: ScaleSet, vm: VirtualMachine) => ({
  id: `${scaleSet.id}/virtualMachines/${String(vm.instanceId)}`,
  name: `${scaleSet.name}_${String(vm.instanceId)}`,
  instanceId: String(vm.instanceId),
  type: `${scaleSetType}/virtualMachines`,
  location: vm.location,
  tags: scaleSet.tags,
  sku: { name: vm.vmSize, tier: 'Standard' },
  ...(vm.zone !== undefined && { zones: [vm.zone] }),
  properties: {
    provisioningState: vm.state.kind === 'running' ? 'Succeeded' : 'Creating',
    osProfile: { computerName: vm.name },
  },
});
