import type { KnownManagedClusterProperties } from '../model.js';
import { anything, flag, listOf, mapOf, object, oneOf, range, text } from './shape.js';
import type { Members, Shape } from './shape.js';

const networkProfile: Members = {
  networkPlugin: oneOf('azure', 'kubenet', 'none'),
  networkPluginMode: oneOf('overlay'),
  networkPolicy: oneOf('none', 'calico', 'azure', 'cilium'),
  networkMode: oneOf('transparent', 'bridge'),
  networkDataplane: oneOf('azure', 'cilium'),
  podCidr: text,
  serviceCidr: text,
  dnsServiceIP: text,
  outboundType: oneOf(
    'loadBalancer',
    'userDefinedRouting',
    'managedNATGateway',
    'userAssignedNATGateway',
    'none',
    'block',
  ),
  loadBalancerSku: oneOf('standard', 'basic', 'Standard', 'Basic'),
  loadBalancerProfile: object({
    managedOutboundIPs: object({ count: range(1, 100), countIPv6: range(0, 100) }),
    allocatedOutboundPorts: range(0, 64000),
    idleTimeoutInMinutes: range(4, 120),
    enableMultipleStandardLoadBalancers: flag,
    backendPoolType: oneOf('NodeIPConfiguration', 'nodeIPConfiguration', 'NodeIP', 'nodeIP'),
  }),
  podCidrs: listOf(text),
  serviceCidrs: listOf(text),
  ipFamilies: listOf(oneOf('IPv4', 'IPv6')),
};

/** Shapes of the cluster properties that the rules read; `agentPoolProfiles` is read with the pools' own table. */
export const clusterMembers: Readonly<Record<keyof KnownManagedClusterProperties, Shape>> = {
  provisioningState: anything,
  powerState: anything,
  maxAgentPools: anything,
  kubernetesVersion: text,
  currentKubernetesVersion: anything,
  dnsPrefix: text,
  fqdnSubdomain: text,
  fqdn: anything,
  azurePortalFQDN: anything,
  linuxProfile: object({
    adminUsername: text,
    ssh: object({ publicKeys: listOf(object({ keyData: text })) }),
  }),
  windowsProfile: object({
    adminUsername: text,
    adminPassword: text,
    licenseType: oneOf('None', 'Windows_Server'),
    enableCSIProxy: flag,
  }),
  servicePrincipalProfile: object({ clientId: text, secret: text }),
  addonProfiles: mapOf(object({ enabled: flag, config: mapOf(text) })),
  nodeResourceGroup: text,
  enableRBAC: flag,
  supportPlan: oneOf('KubernetesOfficial', 'AKSLongTermSupport'),
  networkProfile: object(networkProfile),
  autoScalerProfile: mapOf(anything),
  autoUpgradeProfile: object({
    upgradeChannel: oneOf('none', 'patch', 'stable', 'rapid', 'node-image'),
    nodeOSUpgradeChannel: oneOf('None', 'Unmanaged', 'SecurityPatch', 'NodeImage'),
  }),
  disableLocalAccounts: flag,
  apiServerAccessProfile: object({ enablePrivateCluster: flag, authorizedIPRanges: listOf(text) }),
  identityProfile: mapOf(object({})),
  resourceUID: anything,
  status: anything,
};

/** Properties the service alone sets: whatever a request says of them is ignored. */
export const readOnlyClusterMembers: readonly string[] = [
  'provisioningState',
  'powerState',
  'maxAgentPools',
  'currentKubernetesVersion',
  'fqdn',
  'privateFQDN',
  'azurePortalFQDN',
  'resourceUID',
  'identityProfile',
  'status',
];

/** Top-level members of the body. */
export const clusterBody: Members = {
  location: text,
  tags: mapOf(text),
  sku: object({
    name: oneOf('Base', 'Basic', 'Automatic'),
    tier: oneOf('Free', 'Standard', 'Paid', 'Premium'),
  }),
  identity: object({
    type: oneOf('SystemAssigned', 'UserAssigned', 'None'),
    userAssignedIdentities: mapOf(object({})),
  }),
  properties: object({}),
  kind: text,
};
