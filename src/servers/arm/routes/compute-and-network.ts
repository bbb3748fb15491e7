import type { FastifyInstance } from 'fastify';
import {
  AzureError,
  armId,
  armKey,
  deleteVirtualNetwork,
  existingResourceGroup,
  instancesOf,
  parseSubnetBody,
  parseVirtualNetworkBody,
  putVirtualNetwork,
  renderInstance,
  renderInstanceView,
  renderNetworkUsages,
  renderScaleSet,
  renderSkus,
  renderSubnet,
  renderUsages,
  renderVirtualNetwork,
  renderVmSizes,
  scaleSetType,
  scaleSets,
  virtualNetworkType as networkType,
  virtualNetworks,
} from '../../../azure/index.js';
import type { ScaleSet, ScaleSetKey, Subnet, VirtualMachine, VirtualNetwork } from '../../../azure/index.js';
import type { ArmParts } from '../access.js';
import { resourceNotFound } from '../errors.js';

const subscriptionUrl = '/subscriptions/:subscription';
const groupUrl = `${subscriptionUrl}/resourceGroups/:resourceGroup`;
const networkUrl = `${groupUrl}/providers/Microsoft.Network/virtualNetworks/:network`;
const scaleSetUrl = `${groupUrl}/providers/Microsoft.Compute/virtualMachineScaleSets/:scaleSet`;

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
    value: store.list(virtualNetworks).map(renderVirtualNetwork),
  }));
  app.get(`${groupUrl}/providers/${networkType}`, (r) => {
    const group = existingResourceGroup(store, params(r)['resourceGroup'] ?? '');
    return {
      value: store
        .find(virtualNetworks, 'byResourceGroup', group.name.toLowerCase())
        .map(renderVirtualNetwork),
    };
  });
  app.get(networkUrl, (r) => renderVirtualNetwork(existingNetwork(params(r))));
  app.put(networkUrl, (r, reply) => {
    const { network: name = '', resourceGroup = '' } = params(r);
    const id = networkId(params(r));
    const group = existingResourceGroup(store, resourceGroup);
    const network = parseVirtualNetworkBody(r.body, {
      id,
      name,
      resourceGroup: group.name,
      location: group.location,
    });
    const exists = store.get(virtualNetworks, armKey(id));
    store.transact((tx) => putVirtualNetwork(tx, network));
    return reply.status(exists ? 200 : 201).send(renderVirtualNetwork(network));
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
    const subnet = parseSubnetBody(r.body, params(r)['subnet'] ?? '');
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

  app.get(`${networkUrl}/usages`, (r) => renderNetworkUsages(store, existingNetwork(params(r))));

  const compute = `${subscriptionUrl}/providers/Microsoft.Compute`;
  app.get(`${compute}/locations/:location/usages`, (r) =>
    renderUsages(store, catalog, params(r)['location'] ?? ''),
  );
  app.get(`${compute}/locations/:location/vmSizes`, (r) =>
    renderVmSizes(catalog, params(r)['location'] ?? ''),
  );
  app.get(`${compute}/skus`, (r) => renderSkus(store, catalog, locationFilter(r.url)));

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
  const render = (found: ScaleSet) => renderScaleSet(store, found);
  app.get(`${subscriptionUrl}/providers/${scaleSetType}`, () => ({
    value: store.list(scaleSets).map(render),
  }));
  app.get(`${groupUrl}/providers/${scaleSetType}`, (r) => {
    const group = existingResourceGroup(store, params(r)['resourceGroup'] ?? '');
    return { value: store.find(scaleSets, 'byResourceGroup', group.name.toLowerCase()).map(render) };
  });
  app.get(scaleSetUrl, (r) => render(scaleSet(params(r))));
  const instance = (found: ScaleSet, p: Params): VirtualMachine => {
    const { instance: id = '', resourceGroup = '' } = p;
    const vm = instancesOf(store, found.key).find(({ instanceId }) => String(instanceId) === id);
    if (!vm) throw resourceNotFound(`${scaleSetType}/virtualMachines`, `${found.name}/${id}`, resourceGroup);
    return vm;
  };
  app.get(`${scaleSetUrl}/virtualMachines`, (r) => {
    const found = scaleSet(params(r));
    return { value: instancesOf(store, found.key).map((vm) => renderInstance(found, vm)) };
  });
  app.get(`${scaleSetUrl}/virtualMachines/:instance`, (r) => {
    const found = scaleSet(params(r));
    return renderInstance(found, instance(found, params(r)));
  });
  app.get(`${scaleSetUrl}/virtualMachines/:instance/instanceView`, (r) =>
    renderInstanceView(instance(scaleSet(params(r)), params(r))),
  );
  for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
    app.route({
      method,
      url: scaleSetUrl,
      handler: (r) => {
        throw ownedByAks(scaleSet(params(r)));
      },
    });
  }
}

/** `$filter=location eq 'westeurope'`, as clients of the SKU list send it. */
function locationFilter(url: string): string | undefined {
  const filter = new URLSearchParams(url.split('?')[1] ?? '').get('$filter') ?? '';
  return /^\s*location\s+eq\s+'([^']+)'\s*$/i.exec(filter)?.[1];
}

/** AKS does not support changes of its pools' scale sets; here they are refused (AKS: support policies). */
const ownedByAks = (scaleSet: ScaleSet): AzureError =>
  new AzureError({
    status: 409,
    code: 'OperationNotAllowed',
    envelope: 'arm',
    message: `The scale set '${scaleSet.name}' belongs to the agent pool '${scaleSet.agentPool}': change the agent pool instead.`,
  });
