import { renderAgentPoolProfile } from '../agent-pool/render.js';
import type { AgentPool, ManagedCluster, UnknownMembers } from '../model.js';
import { effectiveAutoScalerProfile } from './autoscaler-profile.js';

/** The order in which the provider writes a cluster's properties, as recorded; others follow. */
const memberOrder: readonly string[] = [
  'provisioningState',
  'powerState',
  'kubernetesVersion',
  'currentKubernetesVersion',
  'dnsPrefix',
  'fqdnSubdomain',
  'fqdn',
  'azurePortalFQDN',
  'agentPoolProfiles',
  'linuxProfile',
  'windowsProfile',
  'servicePrincipalProfile',
  'addonProfiles',
  'nodeResourceGroup',
  'enableRBAC',
  'supportPlan',
  'networkProfile',
  'aadProfile',
  'maxAgentPools',
  'apiServerAccessProfile',
  'identityProfile',
  'autoScalerProfile',
  'autoUpgradeProfile',
  'disableLocalAccounts',
  'securityProfile',
  'storageProfile',
  'oidcIssuerProfile',
  'workloadAutoScalerProfile',
  'resourceUID',
  'metricsProfile',
  'nodeProvisioningProfile',
  'bootstrapProfile',
];

/** What exists only once a cluster has come up: the outbound address, and the load balancer's SKU in its own spelling. */
function readyNetworkProfile(cluster: ManagedCluster): UnknownMembers {
  const { networkProfile, resourceUID = '', nodeResourceGroup } = cluster.properties;
  if (networkProfile.loadBalancerSku !== 'standard') return { ...networkProfile };
  const uid = resourceUID.padEnd(32, '0');
  const guid = [
    uid.slice(0, 8),
    uid.slice(8, 12),
    uid.slice(12, 16),
    uid.slice(16, 20),
    uid.slice(20, 32),
  ].join('-');
  const id =
    `/subscriptions/${cluster.subscriptionId}/resourceGroups/${nodeResourceGroup}` +
    `/providers/Microsoft.Network/publicIPAddresses/${guid}`;
  return {
    ...networkProfile,
    loadBalancerSku: 'Standard',
    ...(networkProfile.loadBalancerProfile && {
      loadBalancerProfile: { ...networkProfile.loadBalancerProfile, effectiveOutboundIPs: [{ id }] },
    }),
  };
}

/** The cluster as a resource, with its pools among its properties. */
export function renderManagedCluster(cluster: ManagedCluster, pools: readonly AgentPool[]): UnknownMembers {
  const { identityProfile, autoScalerProfile, ...stored } = cluster.properties;
  const ready = stored.provisioningState !== 'Creating';
  const autoscaled =
    autoScalerProfile !== undefined || pools.some(({ properties }) => properties.enableAutoScaling);
  const all: Record<string, unknown> = {
    ...stored,
    agentPoolProfiles: pools.map(renderAgentPoolProfile),
    ...(ready && { networkProfile: readyNetworkProfile(cluster) }),
    ...(ready && identityProfile && { identityProfile }),
    ...(autoscaled && { autoScalerProfile: effectiveAutoScalerProfile(autoScalerProfile) }),
  };
  const ordered = [...memberOrder, ...Object.keys(all).filter((member) => !memberOrder.includes(member))];
  return {
    id: cluster.id,
    location: cluster.location,
    name: cluster.name,
    type: 'Microsoft.ContainerService/ManagedClusters',
    ...(cluster.tags && { tags: cluster.tags }),
    properties: Object.fromEntries(
      ordered
        .filter((member) => all[member] !== undefined && !isEmptyAddons(member, all[member]))
        .map((member) => [member, all[member]]),
    ),
    ...(cluster.identity && { identity: cluster.identity }),
    sku: cluster.sku,
    eTag: cluster.etag,
    ...cluster.extra,
  };
}

/** `addonProfiles` sent empty does not come back (recorded). */
const isEmptyAddons = (member: string, value: unknown): boolean =>
  member === 'addonProfiles' && typeof value === 'object' && Object.keys(value ?? {}).length === 0;
