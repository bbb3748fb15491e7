import type { FastifyInstance } from 'fastify';
import {
  AzureError,
  existingResourceGroup,
  providerNamespaces,
  providerRegistration,
  renderLocations,
  resourceGroups,
  setProviderRegistration,
  virtualNetworks,
} from '../../../azure/index.js';
import type { ProviderNamespace, ProviderRegistration, Region, ResourceGroup } from '../../../azure/index.js';
import { managedClusters, parseTagsBody } from '../../../nodepools/index.js';
import type { ArmParts } from '../access.js';
import { invalidResourceNamespace } from '../errors.js';
import { retryAfterSeconds } from '../operation-links.js';

const subscriptionUrl = '/subscriptions/:subscription';
const groupUrl = `${subscriptionUrl}/resourceGroups/:resourceGroup`;

/** The resource types that are answered for, by provider. */
const resourceTypes: Readonly<Record<ProviderNamespace, readonly string[]>> = {
  'Microsoft.Authorization': ['roleAssignments', 'roleDefinitions'],
  'Microsoft.Compute': ['locations/usages', 'locations/vmSizes', 'skus', 'virtualMachineScaleSets'],
  'Microsoft.ContainerService': [
    'managedClusters',
    'managedClusters/agentPools',
    'locations/kubernetesVersions',
  ],
  'Microsoft.Network': ['virtualNetworks', 'virtualNetworks/subnets'],
  'Microsoft.Resources': ['resourceGroups', 'subscriptions', 'tenants'],
};

/** Microsoft.Resources: tenants, subscriptions, providers, resource groups and what is in them. */
export function registerResources(app: FastifyInstance, parts: ArmParts): void {
  const { world } = parts;
  const { subscription, catalog, store, aks } = world;
  const id = `/subscriptions/${subscription.id}`;
  const parameter = (params: unknown, name: string): string => (params as Record<string, string>)[name] ?? '';

  app.get('/tenants', () => ({
    value: [
      { id: `/tenants/${subscription.tenantId}`, tenantId: subscription.tenantId, tenantCategory: 'Home' },
    ],
  }));
  const renderSubscription = () => ({
    id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.id,
    tenantId: subscription.tenantId,
    displayName: subscription.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Internal_2014-09-01',
      quotaId: 'Internal_2014-09-01',
      spendingLimit: 'Off',
    },
  });
  app.get('/subscriptions', () => ({ value: [renderSubscription()], count: { type: 'Total', value: 1 } }));
  app.get(subscriptionUrl, renderSubscription);
  app.get(`${subscriptionUrl}/locations`, () => renderLocations(subscription, catalog));

  const renderProvider = (registration: ProviderRegistration) => ({
    id: `${id}/providers/${registration.namespace}`,
    namespace: registration.namespace,
    registrationState: registration.state,
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: resourceTypes[registration.namespace].map((resourceType) => ({
      resourceType,
      locations: catalog.regions().map(({ displayName }) => displayName),
      apiVersions: ['2026-06-01'],
    })),
  });
  const knownProvider = (name: string): ProviderRegistration => {
    const registration = providerRegistration(store, name);
    if (!registration) throw invalidResourceNamespace(name);
    return registration;
  };
  app.get(`${subscriptionUrl}/providers`, () => ({
    value: providerNamespaces.map((namespace) => renderProvider(knownProvider(namespace))),
  }));
  app.get(`${subscriptionUrl}/providers/:namespace`, (r) =>
    renderProvider(knownProvider(parameter(r.params, 'namespace'))),
  );
  for (const [action, state] of [
    ['register', 'Registered'],
    ['unregister', 'NotRegistered'],
  ] as const) {
    app.post(`${subscriptionUrl}/providers/:namespace/${action}`, (r) => {
      const registration = { ...knownProvider(parameter(r.params, 'namespace')), state };
      store.transact((tx) => setProviderRegistration(tx, registration));
      return renderProvider(registration);
    });
  }
  for (const type of ['roleAssignments', 'roleDefinitions']) {
    app.get(`${subscriptionUrl}/providers/Microsoft.Authorization/${type}`, () => ({ value: [] }));
  }

  const renderGroup = (group: ResourceGroup) => ({
    id: `${id}/resourceGroups/${group.name}`,
    name: group.name,
    type: 'Microsoft.Resources/resourceGroups',
    location: group.location,
    ...(group.managedBy !== undefined && { managedBy: group.managedBy }),
    ...(group.tags && { tags: group.tags }),
    properties: { provisioningState: group.provisioningState },
  });
  app.get(`${subscriptionUrl}/resourceGroups`, () => ({
    value: store.list(resourceGroups).map(renderGroup),
  }));
  app.get(groupUrl, (r) => renderGroup(existingResourceGroup(store, parameter(r.params, 'resourceGroup'))));
  app.head(groupUrl, (r, reply) => {
    const exists = store.get(resourceGroups, parameter(r.params, 'resourceGroup').toLowerCase());
    return reply.status(exists ? 204 : 404).send();
  });
  app.put(groupUrl, (r, reply) => {
    const name = parameter(r.params, 'resourceGroup');
    const { location, tags } = parseGroupBody(name, r.body);
    const region = catalog.region(location);
    if (!region) throw locationNotAvailable(location, catalog.regions());
    return store.transact((tx) => {
      const current = tx.get(resourceGroups, name.toLowerCase());
      if (current && current.location !== region.name) throw groupLocationFixed(current, region.name);
      const group: ResourceGroup = {
        name: current?.name ?? name,
        location: region.name,
        provisioningState: 'Succeeded',
        ...(current?.managedBy !== undefined && { managedBy: current.managedBy }),
        ...(tags && { tags }),
      };
      tx.put(resourceGroups, name.toLowerCase(), group);
      return reply.status(current ? 200 : 201).send(renderGroup(group));
    });
  });
  app.patch(groupUrl, (r) => {
    const tags = parseTagsBody(r.body);
    return store.transact((tx) => {
      const group = { ...existingResourceGroup(tx, parameter(r.params, 'resourceGroup')), tags };
      tx.put(resourceGroups, group.name.toLowerCase(), group);
      return renderGroup(group);
    });
  });
  app.delete(groupUrl, (r, reply) => {
    const { operationId = '' } = aks.deleteResourceGroup(parameter(r.params, 'resourceGroup'));
    const location = `${parts.endpoint()}${id}/operationresults/${operationId}?api-version=2021-04-01`;
    return reply.status(202).header('location', location).header('retry-after', retryAfterSeconds).send();
  });
  app.get(`${subscriptionUrl}/operationresults/:operation`, (r, reply) => {
    const result = aks.operationResult(parameter(r.params, 'operation'));
    if (result?.done !== false) return reply.status(200).send();
    const location = `${parts.endpoint()}${r.url}`;
    return reply.status(202).header('location', location).header('retry-after', retryAfterSeconds).send();
  });

  const resources = (group?: string) =>
    [
      ...store.list(managedClusters).map((cluster) => ({
        id: cluster.id.replace('/resourcegroups/', '/resourceGroups/'),
        name: cluster.name,
        type: 'Microsoft.ContainerService/managedClusters',
        location: cluster.location,
        resourceGroup: cluster.resourceGroup,
        ...(cluster.tags && { tags: cluster.tags }),
      })),
      ...store.list(virtualNetworks).map(({ id: networkId, name, location, resourceGroup }) => ({
        id: networkId,
        name,
        type: 'Microsoft.Network/virtualNetworks',
        location,
        resourceGroup,
      })),
    ]
      .filter(
        ({ resourceGroup }) => group === undefined || resourceGroup.toLowerCase() === group.toLowerCase(),
      )
      .map(({ resourceGroup: _group, ...resource }) => resource);
  app.get(`${subscriptionUrl}/resources`, () => ({ value: resources() }));
  app.get(`${groupUrl}/resources`, (r) => {
    const { name } = existingResourceGroup(store, parameter(r.params, 'resourceGroup'));
    return { value: resources(name) };
  });
}

const refusal = (status: number, code: string, message: string): AzureError =>
  new AzureError({ status, code, message, envelope: 'arm' });

const groupName = /^[-\w._()]{1,90}$/;

function parseGroupBody(
  name: string,
  body: unknown,
): { readonly location: string; readonly tags?: Readonly<Record<string, string>> } {
  if (!groupName.test(name) || name.endsWith('.')) {
    throw refusal(
      400,
      'InvalidResourceGroup',
      `The provided resource group name '${name}' has these invalid characters or is too long: use up to 90 letters, digits, '-', '_', '.', '(' and ')', not ending in '.'.`,
    );
  }
  const { location, tags } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  if (typeof location !== 'string' || location === '') {
    throw refusal(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  return { location, ...(tags !== undefined && tags !== null && { tags: parseTagsBody({ tags }) }) };
}

const locationNotAvailable = (location: string, regions: readonly Region[]): AzureError =>
  refusal(
    400,
    'LocationNotAvailableForResourceGroup',
    `The provided location '${location}' is not available for resource group. List of available regions is '${regions.map(({ name }) => name).join(',')}'.`,
  );

const groupLocationFixed = (group: ResourceGroup, location: string): AzureError =>
  refusal(
    409,
    'InvalidResourceGroupLocation',
    `Invalid resource group location '${location}'. The Resource group already exists in location '${group.location}'.`,
  );
