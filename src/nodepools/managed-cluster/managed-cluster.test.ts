import { describe, expect, test } from 'vitest';
import { AzureError } from '../../azure/index.js';
import { testClusterContext } from '../fixtures.js';
import type { AgentPool, ManagedCluster, SiblingPool } from '../model.js';
import {
  checkSubnetAgainstRanges,
  parseManagedClusterBody,
  parseTagsBody,
  renderManagedCluster,
  resolveManagedClusterUpdate,
  resolveNewManagedCluster,
} from './index.js';

const systemProfile = { name: 'nodepool1', mode: 'System', count: 3, vmSize: 'Standard_D4ds_v5' };
const base = { dnsPrefix: 'shop', agentPoolProfiles: [systemProfile] };

const create = (properties: object = {}, top: object = {}) =>
  resolveNewManagedCluster(
    parseManagedClusterBody({ location: 'westeurope', ...top, properties: { ...base, ...properties } }),
    testClusterContext,
  );

const stored = (
  properties: object = {},
  top: object = {},
): { cluster: ManagedCluster; pools: readonly SiblingPool[] } => {
  const { cluster, pools } = create(properties, top);
  return { cluster: { ...cluster, etag: 'tag' }, pools };
};

const asPools = (pools: readonly SiblingPool[]): AgentPool[] =>
  pools.map(({ name, properties }) => ({ id: `/${name}`, cluster: '/c', name, etag: 'tag', properties }));

const update = (body: object, { cluster, pools } = stored()) =>
  resolveManagedClusterUpdate(cluster, pools, parseManagedClusterBody(body), testClusterContext);

function refusalOf(act: () => unknown): AzureError {
  try {
    act();
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const network = (networkProfile: object) => ({ networkProfile });
const azureSubnet =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/n';
const identityId =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u';

describe('a new cluster', () => {
  const { cluster, pools } = create();

  test.each([
    // member, default
    ['provisioningState', 'Creating'],
    ['powerState', { code: 'Running' }],
    ['kubernetesVersion', '1.35'],
    ['currentKubernetesVersion', '1.35.6'],
    ['fqdn', 'shop-a1b2c3d4.hcp.westeurope.azmk8s.io'],
    ['azurePortalFQDN', 'shop-a1b2c3d4.portal.hcp.westeurope.azmk8s.io'],
    ['nodeResourceGroup', 'MC_rg1_shop_westeurope'],
    ['maxAgentPools', 100],
    ['enableRBAC', true],
    ['supportPlan', 'KubernetesOfficial'],
    ['disableLocalAccounts', false],
    ['servicePrincipalProfile', { clientId: 'msi' }],
    ['autoUpgradeProfile', { nodeOSUpgradeChannel: 'NodeImage' }],
    ['resourceUID', '66ec4dda0123456789abcdef'],
  ])('has %s %j', (member, expected) => expect(cluster.properties[member]).toEqual(expected));

  test('is on Azure CNI overlay', () => {
    expect(cluster.properties.networkProfile).toEqual({
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      networkPolicy: 'none',
      networkDataplane: 'azure',
      loadBalancerSku: 'standard',
      loadBalancerProfile: { managedOutboundIPs: { count: 1 }, backendPoolType: 'nodeIPConfiguration' },
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.0.0.0/16',
      dnsServiceIP: '10.0.0.10',
      outboundType: 'loadBalancer',
      podCidrs: ['10.244.0.0/16'],
      serviceCidrs: ['10.0.0.0/16'],
      ipFamilies: ['IPv4'],
    });
  });

  test.each([
    // asked, plugin, mode, podCidr
    [{ networkPlugin: 'azure' }, 'azure', undefined, undefined],
    [{ networkPlugin: 'azure', networkPluginMode: 'overlay' }, 'azure', 'overlay', '10.244.0.0/16'],
    [{ networkPlugin: 'kubenet' }, 'kubenet', undefined, '10.244.0.0/16'],
    [{ networkPlugin: 'none' }, 'none', undefined, undefined],
  ])('with network %j', (asked, networkPlugin, networkPluginMode, podCidr) => {
    const profile = create(network(asked)).cluster.properties.networkProfile;
    expect([profile.networkPlugin, profile.networkPluginMode, profile.podCidr]).toEqual([
      networkPlugin,
      networkPluginMode,
      podCidr,
    ]);
  });

  test('with a service range of its own takes its tenth address for DNS', () => {
    expect(
      create(network({ serviceCidr: '10.9.0.0/24' })).cluster.properties.networkProfile.dnsServiceIP,
    ).toBe('10.9.0.10');
  });

  test('accepts a region by its display name', () => {
    expect(create({}, { location: 'West Europe' }).cluster.location).toBe('westeurope');
  });

  test('has its pools with the defaults of pools', () => {
    expect(pools).toHaveLength(1);
    expect(pools[0]?.properties).toMatchObject({
      mode: 'System',
      maxPods: 250,
      orchestratorVersion: '1.35',
      provisioningState: 'Creating',
    });
  });

  test.each([
    // sku sent, sku kept
    [undefined, { name: 'Base', tier: 'Free' }],
    [
      { name: 'Basic', tier: 'Paid' },
      { name: 'Base', tier: 'Standard' },
    ],
    [
      { name: 'Base', tier: 'Premium' },
      { name: 'Base', tier: 'Premium' },
    ],
  ])('with sku %j', (sku, kept) => expect(create({}, sku ? { sku } : {}).cluster.sku).toEqual(kept));

  test.each([
    [
      undefined,
      {
        type: 'SystemAssigned',
        principalId: testClusterContext.generated.principalId,
        tenantId: testClusterContext.tenantId,
      },
    ],
    [{ type: 'UserAssigned', userAssignedIdentities: { [identityId]: {} } }, { type: 'UserAssigned' }],
  ])('with identity %j', (identity, kept) => {
    expect(create({}, identity ? { identity } : {}).cluster.identity).toMatchObject(kept);
  });

  test('never keeps a password or secret', () => {
    const made = create({
      windowsProfile: { adminUsername: 'azure', adminPassword: 'S3cret-S3cret!' },
      servicePrincipalProfile: { clientId: 'app', secret: 'hush' },
    });
    expect(JSON.stringify(made)).not.toMatch(/S3cret|hush|adminPassword/);
    expect(made.cluster.properties.windowsProfile).toEqual({ adminUsername: 'azure', enableCSIProxy: true });
  });

  test('keeps unknown members at both levels', () => {
    const made = create({ newThing: { a: 1 } }, { kind: 'Base', novelty: true }).cluster;
    expect(made.properties['newThing']).toEqual({ a: 1 });
    expect(made.extra).toEqual({ kind: 'Base', novelty: true });
  });

  test('cuts a node resource group name that would be too long', () => {
    const long = { ...testClusterContext, resourceGroup: 'g'.repeat(80) };
    const body = parseManagedClusterBody({ location: 'westeurope', properties: base });
    expect(resolveNewManagedCluster(body, long).cluster.properties.nodeResourceGroup).toHaveLength(80);
  });
});

describe('refusals of a new cluster', () => {
  const user = { ...systemProfile, mode: 'User' };
  // prettier-ignore
  test.each([
    // properties, top level, code, target, text
    [{}, { location: null }, 'LocationRequired', 'location', 'location property is required'],
    [{}, { location: 'atlantis' }, 'LocationNotAvailableForResourceType', 'location', "'atlantis' is not available"],
    [{}, { location: 7 }, 'UnmarshalError', 'location', 'cannot unmarshal number into field location of type string'],
    [{}, { tags: { a: 'x'.repeat(257) } }, 'InvalidParameter', 'tags', 'longer than 256'],
    [{}, { sku: { name: 'Automatic' } }, 'OperationNotAllowed', 'sku.name', 'Poolkeeper does not model AKS Automatic'],
    [{}, { sku: { name: 'Base', tier: 'Gold' } }, 'InvalidParameter', 'sku.tier', 'Free, Standard'],
    [{}, { identity: { type: 'UserAssigned' } }, 'InvalidParameter', 'identity.userAssignedIdentities', 'missing (null)'],
    [{ dnsPrefix: null }, {}, 'InvalidParameter', 'dnsPrefix', 'Required parameter dnsPrefix is missing (null).'],
    [{ dnsPrefix: 'no_good' }, {}, 'InvalidParameter', 'dnsPrefix', '1 to 54 letters'],
    [{ agentPoolProfiles: null }, {}, 'InvalidParameter', 'agentPoolProfiles', 'Required parameter agentPoolProfiles is missing (null).'],
    [{ agentPoolProfiles: [] }, {}, 'BadRequest', 'agentPoolProfiles', 'Must define at least one system pool.'],
    [{ agentPoolProfiles: [user] }, {}, 'BadRequest', 'agentPoolProfiles', 'Must define at least one system pool.'],
    [{ agentPoolProfiles: [systemProfile, systemProfile] }, {}, 'InvalidParameter', 'agentPoolProfile.name', "names 'nodepool1' twice"],
    [{ agentPoolProfiles: {} }, {}, 'UnmarshalError', 'properties.agentPoolProfiles', 'of type array'],
    [{ agentPoolProfiles: [{ ...systemProfile, count: 'x' }] }, {}, 'UnmarshalError', 'properties.count', 'of type int32'],
    [{ agentPoolProfiles: [{ ...systemProfile, orchestratorVersion: '1.34.9' }] }, {}, 'NodePoolMcVersionIncompatible', 'agentPoolProfile.orchestratorVersion', 'version of the control plane'],
    [{ kubernetesVersion: '1.20.1' }, {}, 'K8sVersionNotSupported', 'properties.kubernetesVersion', 'Version 1.20.1 is not supported in this region'],
    [{ kubernetesVersion: '1.32' }, {}, 'K8sVersionNotSupported', 'properties.kubernetesVersion', 'Version 1.32'],
    [{ supportPlan: 'AKSLongTermSupport' }, {}, 'InvalidParameter', 'supportPlan', 'sku.tier Premium'],
    [{ nodeResourceGroup: 'RG1' }, {}, 'InvalidParameter', 'nodeResourceGroup', 'own resource group'],
    [{ nodeResourceGroup: 'x'.repeat(81) }, {}, 'InvalidParameter', 'nodeResourceGroup', '80 characters'],
    [{ linuxProfile: { adminUsername: '1azure', ssh: { publicKeys: [{ keyData: 'k' }] } } }, {}, 'InvalidParameter', 'linuxProfile.adminUsername', 'letter'],
    [{ linuxProfile: { adminUsername: 'azure' } }, {}, 'InvalidParameter', 'linuxProfile.ssh.publicKeys.keyData', 'missing'],
    [{ windowsProfile: { adminPassword: 'x' } }, {}, 'InvalidParameter', 'windowsProfile.adminUsername', 'missing'],
    [{ apiServerAccessProfile: { enablePrivateCluster: true } }, {}, 'OperationNotAllowed', 'apiServerAccessProfile.enablePrivateCluster', 'private clusters'],
    [{ nodeProvisioningProfile: { mode: 'Auto' } }, {}, 'OperationNotAllowed', 'nodeProvisioningProfile.mode', 'node auto-provisioning'],
    [{ autoScalerProfile: { expander: 'cheapest' } }, {}, 'InvalidParameter', 'autoScalerProfile.expander', 'least-waste'],
    [{ autoScalerProfile: { 'scale-down-unneeded-time': '10' } }, {}, 'InvalidParameter', 'autoScalerProfile.scale-down-unneeded-time', 'whole minutes'],
    [{ autoScalerProfile: { 'scale-down-utilization-threshold': '1.5' } }, {}, 'InvalidParameter', 'autoScalerProfile.scale-down-utilization-threshold', 'ratio'],
    [{ autoScalerProfile: { 'max-empty-bulk-delete': '0' } }, {}, 'InvalidParameter', 'autoScalerProfile.max-empty-bulk-delete', 'greater than 0'],
    [network({ networkPlugin: 'weave' }), {}, 'InvalidParameter', 'networkProfile.networkPlugin', 'azure, kubenet, none'],
    [network({ networkPlugin: 'kubenet', networkPluginMode: 'overlay' }), {}, 'InvalidParameter', 'networkProfile.networkPluginMode', 'needs networkPlugin azure'],
    [network({ networkPlugin: 'azure', podCidr: '10.1.0.0/16' }), {}, 'InvalidParameter', 'networkProfile.podCidr', 'only be set with'],
    [network({ networkPlugin: 'kubenet', networkPolicy: 'azure' }), {}, 'InvalidParameter', 'networkProfile.networkPolicy', 'networkPlugin azure'],
    [network({ podCidr: '10.244.0.0' }), {}, 'InvalidParameter', 'networkProfile.podCidr', 'not an IPv4 range'],
    [network({ podCidr: '10.244.0.1/16' }), {}, 'InvalidParameter', 'networkProfile.podCidr', 'not an IPv4 range'],
    [network({ podCidr: '172.30.0.0/16' }), {}, 'InvalidParameter', 'networkProfile.podCidr', 'overlaps 172.30.0.0/16'],
    [network({ serviceCidr: '169.254.10.0/24' }), {}, 'InvalidParameter', 'networkProfile.serviceCidr', 'overlaps 169.254.0.0/16'],
    [network({ serviceCidr: '10.0.0.0/12' }), {}, 'InvalidParameter', 'networkProfile.serviceCidr', 'smaller than /12'],
    [network({ serviceCidr: '10.244.1.0/24' }), {}, 'InvalidParameter', 'networkProfile.podCidr', 'overlaps serviceCidr'],
    [network({ dnsServiceIP: '10.1.0.10' }), {}, 'InvalidParameter', 'networkProfile.dnsServiceIP', 'not inside serviceCidr'],
    [network({ dnsServiceIP: '10.0.0.1' }), {}, 'InvalidParameter', 'networkProfile.dnsServiceIP', 'first address'],
    [network({ dnsServiceIP: 'ten' }), {}, 'InvalidParameter', 'networkProfile.dnsServiceIP', 'not an IPv4 address'],
    [network({ ipFamilies: ['IPv4', 'IPv6'] }), {}, 'OperationNotAllowed', 'networkProfile.ipFamilies', 'dual-stack'],
  ])('%j %j: %s', (properties, top, code, target, text) => {
    const error = refusalOf(() => create(properties, top));
    expect({ status: error.status, code: error.code, target: error.target }).toEqual({ status: 400, code, target });
    expect(error.message).toContain(text);
  });

  test.each(['', '-shop', 'shop-', 'a b', 'x'.repeat(64)])("the name '%s'", (name) => {
    const body = parseManagedClusterBody({ location: 'westeurope', properties: base });
    expect(refusalOf(() => resolveNewManagedCluster(body, { ...testClusterContext, name })).code).toBe(
      'InvalidParameter',
    );
  });

  test('a subnet whose range is the services’', () => {
    const { networkProfile } = create().cluster.properties;
    expect(refusalOf(() => checkSubnetAgainstRanges(networkProfile, '10.0.4.0/24')).code).toBe(
      'ServiceCidrOverlapExistingSubnetsCidr',
    );
    expect(() => checkSubnetAgainstRanges(networkProfile, '10.224.0.0/16')).not.toThrow();
  });
});

describe('a PUT of an existing cluster', () => {
  test('of what was read changes nothing, whatever its state', () => {
    const { cluster, pools } = stored({
      agentPoolProfiles: [
        systemProfile,
        { name: 'auto', mode: 'User', enableAutoScaling: true, minCount: 1, maxCount: 5 },
      ],
    });
    for (const provisioningState of ['Creating', 'Succeeded', 'Failed']) {
      const current = { ...cluster, properties: { ...cluster.properties, provisioningState } };
      const body = JSON.parse(JSON.stringify(renderManagedCluster(current, asPools(pools)))) as object;
      const result = resolveManagedClusterUpdate(
        current,
        pools,
        parseManagedClusterBody(body),
        testClusterContext,
      );
      expect(result.pools.map(({ change }) => change.kind)).toEqual(['reconcile', 'reconcile']);
      expect(result.changed.filter((member) => member !== 'autoScalerProfile')).toEqual([]);
    }
  });

  test('scales the pool it names', () => {
    const result = update({ properties: { agentPoolProfiles: [{ name: 'nodepool1', count: 5 }] } });
    expect(result.pools).toMatchObject([{ name: 'nodepool1', change: { kind: 'scale', from: 3, to: 5 } }]);
  });

  test('changes tags, tier and the autoscaler profile', () => {
    const result = update({
      tags: { a: 'b' },
      sku: { name: 'Base', tier: 'Standard' },
      properties: { autoScalerProfile: { expander: 'priority' } },
    });
    expect(result.changed).toEqual(['tags', 'sku', 'autoScalerProfile']);
    expect(result.cluster.sku.tier).toBe('Standard');
  });

  // prettier-ignore
  test.each([
    // body, status, code, target, text
    [{ properties: { agentPoolProfiles: [systemProfile, { name: 'new', mode: 'User' }] } }, 400, 'BadRequest', 'agentPoolProfiles', 'A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed'],
    [{ properties: { agentPoolProfiles: [] } }, 400, 'BadRequest', 'agentPoolProfiles', "'nodepool1' is missing"],
    [{ properties: { agentPoolProfiles: [{ name: 'nodepool1', vmSize: 'Standard_D8s_v5' }] } }, 400, 'PropertyChangeNotAllowed', 'properties.vmSize', 'properties.vmSize'],
    [{ properties: { agentPoolProfiles: [{ name: 'nodepool1', mode: 'User' }] } }, 400, 'OperationNotAllowed', 'agentPoolProfile.mode', 'There has to be at least one system agent pool.'],
    [{ location: 'eastus' }, 409, 'InvalidResourceLocation', undefined, "already exists in location 'westeurope'"],
    [{ properties: { dnsPrefix: 'other' } }, 400, 'PropertyChangeNotAllowed', 'properties.dnsPrefix', 'properties.dnsPrefix'],
    [{ properties: { nodeResourceGroup: 'other' } }, 400, 'PropertyChangeNotAllowed', 'properties.nodeResourceGroup', 'nodeResourceGroup'],
    [{ properties: { enableRBAC: false } }, 400, 'PropertyChangeNotAllowed', 'properties.enableRBAC', 'enableRBAC'],
    [{ properties: network({ networkPlugin: 'kubenet' }) }, 400, 'PropertyChangeNotAllowed', 'networkProfile.networkPlugin', 'networkPlugin'],
    [{ properties: network({ podCidr: '10.200.0.0/16' }) }, 400, 'PropertyChangeNotAllowed', 'networkProfile.podCidr', 'podCidr'],
    [{ properties: { kubernetesVersion: '1.36.2' } }, 400, 'OperationNotAllowed', 'properties.kubernetesVersion', 'Poolkeeper does not model upgrading a cluster'],
    [{ properties: { kubernetesVersion: '1.36' } }, 400, 'OperationNotAllowed', 'properties.kubernetesVersion', 'Poolkeeper does not model upgrading a cluster'],
    [{ properties: { kubernetesVersion: '1.34.9' } }, 400, 'OperationNotAllowed', 'properties.kubernetesVersion', 'Upgrading Kubernetes version 1.35.6 to 1.34.9 is not allowed. Available upgrades: [1.36.2]'],
    [{ properties: { kubernetesVersion: '1.99.0' } }, 400, 'K8sVersionNotSupported', 'properties.kubernetesVersion', '1.99.0'],
    [{ identity: { type: 'UserAssigned', userAssignedIdentities: { [identityId]: {} } } }, 400, 'OperationNotAllowed', 'identity.type', "changing a cluster's identity"],
    [{ properties: { supportPlan: 'AKSLongTermSupport' } }, 400, 'InvalidParameter', 'supportPlan', 'Premium'],
  ])('%j is refused', (body, status, code, target, text) => {
    const error = refusalOf(() => update(body));
    expect({ status: error.status, code: error.code, target: error.target }).toEqual({ status, code, target });
    expect(error.message).toContain(text);
  });

  test('must give the versions of all pools or of none', () => {
    const two = stored({ agentPoolProfiles: [systemProfile, { name: 'np2', mode: 'User', count: 1 }] });
    const pools = [{ name: 'nodepool1', orchestratorVersion: '1.35' }, { name: 'np2' }];
    expect(refusalOf(() => update({ properties: { agentPoolProfiles: pools } }, two)).code).toBe(
      'NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged',
    );
  });
});

describe('a rendered cluster', () => {
  const { cluster, pools } = stored({ agentPoolProfiles: [{ ...systemProfile, vnetSubnetID: azureSubnet }] });
  const ready = { ...cluster, properties: { ...cluster.properties, provisioningState: 'Succeeded' } };
  const propertiesOf = (rendered: object): Record<string, unknown> =>
    (rendered as { properties: Record<string, unknown> }).properties;

  test('is a resource whose type has a capital M and whose id a small g', () => {
    expect(renderManagedCluster(ready, asPools(pools))).toMatchObject({
      id: `/subscriptions/${testClusterContext.subscriptionId}/resourcegroups/rg1/providers/Microsoft.ContainerService/managedClusters/shop`,
      type: 'Microsoft.ContainerService/ManagedClusters',
      location: 'westeurope',
      eTag: 'tag',
      sku: { name: 'Base', tier: 'Free' },
    });
  });

  test('shows its pools by name, without ids', () => {
    const [pool] = propertiesOf(renderManagedCluster(ready, asPools(pools)))[
      'agentPoolProfiles'
    ] as readonly object[];
    expect(pool).toMatchObject({ name: 'nodepool1', vnetSubnetID: azureSubnet });
    expect(pool).not.toHaveProperty('id');
  });

  test.each([
    // state, kubelet identity shown, load balancer SKU
    ['Creating', false, 'standard'],
    ['Succeeded', true, 'Standard'],
  ])('in state %s', (provisioningState, hasIdentity, sku) => {
    const current = { ...cluster, properties: { ...cluster.properties, provisioningState } };
    const properties = propertiesOf(renderManagedCluster(current, asPools(pools)));
    expect('identityProfile' in properties).toBe(hasIdentity);
    expect(properties['networkProfile']).toMatchObject({ loadBalancerSku: sku });
  });

  test('shows the autoscaler profile with its defaults once a pool is autoscaled', () => {
    expect(propertiesOf(renderManagedCluster(ready, asPools(pools)))).not.toHaveProperty('autoScalerProfile');
    const auto = stored({
      agentPoolProfiles: [{ ...systemProfile, enableAutoScaling: true, minCount: 1, maxCount: 5 }],
    });
    expect(
      propertiesOf(renderManagedCluster(auto.cluster, asPools(auto.pools)))['autoScalerProfile'],
    ).toMatchObject({
      expander: 'random',
      'scan-interval': '10s',
      'skip-nodes-with-local-storage': 'false',
      'daemonset-eviction-for-occupied-nodes': true,
    });
  });

  test('writes state, power and version first', () => {
    expect(Object.keys(propertiesOf(renderManagedCluster(ready, []))).slice(0, 4)).toEqual([
      'provisioningState',
      'powerState',
      'kubernetesVersion',
      'currentKubernetesVersion',
    ]);
  });
});

describe('the body of a PATCH', () => {
  test.each([
    [{ tags: { a: 'b' } }, { a: 'b' }],
    [{ tags: null }, {}],
    [{}, {}],
  ])('%j', (body, tags) => expect(parseTagsBody(body)).toEqual(tags));

  test.each([[{ tags: { a: 1 } }], [{ tags: [] }], [7], [null]])('%j is refused', (body) => {
    expect(refusalOf(() => parseTagsBody(body)).code).toBe('UnmarshalError');
  });
});
