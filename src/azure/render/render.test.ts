import { describe, expect, test } from 'vitest';
import { Seed, SimClock } from '../../sim/index.js';
import { Store } from '../../store/index.js';
import { instant } from '../../units/index.js';
import * as azure from '../index.js';

const catalog = new azure.Catalog();
const networkId = '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v1';
const place = { id: networkId, name: 'v1', resourceGroup: 'net', location: 'westeurope' };
const sent = {
  tags: { team: 'shop' },
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    dhcpOptions: { dnsServers: ['10.0.0.10'] },
    provisioningState: 'Updating',
    subnets: [
      {
        name: 'nodes',
        properties: { addressPrefix: '10.0.1.0/28', serviceEndpoints: [{ service: 'Microsoft.Storage' }] },
      },
      {
        name: 'web',
        properties: {
          addressPrefixes: ['10.0.2.0/24'],
          delegations: [{ name: 'd', properties: { serviceName: 'Microsoft.Web/serverFarms' } }],
        },
      },
    ],
  },
};

function world() {
  const clock = new SimClock({ start: instant(0), mode: { kind: 'virtual' } });
  const store = Store.open({
    now: () => clock.now(),
    collections: [
      azure.virtualNetworks,
      azure.subnetUses,
      azure.addressLeases,
      azure.quotas,
      azure.shortages,
      azure.scaleSets,
      azure.virtualMachines,
    ],
  });
  const parts = { catalog, latency: azure.fastLatency, seed: new Seed(1) };
  const network = azure.parseVirtualNetworkBody(sent, place);
  const scaleSet = store.transact((tx) => {
    azure.putVirtualNetwork(tx, network);
    return azure.createScaleSet(tx, {
      id: azure.armId('s', 'mc', azure.scaleSetType, 'aks-np-1-vmss'),
      name: 'aks-np-1-vmss',
      resourceGroup: 'mc',
      location: 'westeurope',
      vmSize: 'Standard_D4s_v5',
      zones: ['1', '2', '3'],
      priority: 'Regular',
      tags: { team: 'shop' },
      agentPool: '/pool',
      addresses: [{ subnetId: `${networkId}/subnets/nodes`, count: 2 }],
    });
  });
  new azure.ComputeController({ store, clock, catalog }).start();
  store.transact((tx) => azure.createInstances(tx, parts, scaleSet.key, 3, clock.now()));
  const vm = () => {
    const [first] = azure.instancesOf(store, scaleSet.key);
    if (!first) throw new Error('there is no VM');
    return first;
  };
  const remove = () => store.transact((tx) => azure.beginDeleteInstances(tx, parts, [vm().key], clock.now()));
  return { clock, store, network, scaleSet, vm, remove };
}

describe('a virtual network', () => {
  const { store, network } = world();

  test('comes back as it was sent, with what the service adds', () => {
    const rendered = azure.renderVirtualNetwork(network);
    expect(rendered).toMatchObject({
      id: networkId,
      type: 'Microsoft.Network/virtualNetworks',
      location: 'westeurope',
      tags: { team: 'shop' },
      properties: {
        provisioningState: 'Succeeded',
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        dhcpOptions: { dnsServers: ['10.0.0.10'] },
      },
    });
    expect(rendered.properties.subnets[0]).toMatchObject({
      id: `${networkId}/subnets/nodes`,
      properties: { addressPrefix: '10.0.1.0/28', serviceEndpoints: [{ service: 'Microsoft.Storage' }] },
    });
    expect(rendered.properties.subnets[1]?.properties).toMatchObject({
      addressPrefix: '10.0.2.0/24',
      delegations: [{ properties: { serviceName: 'Microsoft.Web/serverFarms' } }],
    });
  });

  test('is read again from its own answer', () => {
    const rendered = azure.renderVirtualNetwork(network);
    const again = azure.renderVirtualNetwork(azure.parseVirtualNetworkBody(rendered, place));
    expect(again).toEqual(rendered);
  });

  test('tells the addresses in use of each subnet, without the five that Azure keeps', () => {
    expect(
      azure.renderNetworkUsages(store, network).value.map(({ currentValue, limit }) => [currentValue, limit]),
    ).toEqual([
      [6, 11],
      [0, 251],
    ]);
  });

  test.each([
    ['a body that is no object', 'x', /body must be an object/],
    ['no properties', {}, /properties must be an object/],
    ['no address space', { properties: {} }, /properties\.addressSpace must be an object/],
    [
      'a prefix that is no text',
      { properties: { addressSpace: { addressPrefixes: [1] } } },
      /addressSpace\.addressPrefixes must be a non-empty string/,
    ],
    [
      'a subnet without a name',
      { properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets: [{}] } },
      /subnets\.name must be/,
    ],
    ['tags that are no text', { ...sent, tags: { a: 1 } }, /tags\.a must be a string/],
  ])('%s is refused', (_, body, message) => {
    expect(() => azure.parseVirtualNetworkBody(body, place)).toThrow(message);
  });

  test.each([
    ['no prefix', { properties: {} }, /subnets\.n\.properties\.addressPrefix must be/],
    [
      'two prefixes',
      { properties: { addressPrefixes: ['10.0.0.0/24', '10.0.1.0/24'] } },
      /more are not modelled/,
    ],
    [
      'a delegation to nobody',
      { properties: { addressPrefix: '10.0.0.0/24', delegations: [{ properties: {} }] } },
      /delegations\.properties\.serviceName must be/,
    ],
  ])('a subnet with %s is refused', (_, body, message) => {
    expect(() => azure.parseSubnetBody(body, 'n')).toThrow(message);
  });
});

describe('a subnet in use', () => {
  const { store, network } = world();
  const put = (subnets: readonly azure.Subnet[]) =>
    store.transact((tx) => azure.putVirtualNetwork(tx, { ...network, subnets }));

  test.each([
    ['can not be deleted', [], 'InUseSubnetCannotBeDeleted'],
    [
      'can not change its prefix',
      [{ name: 'nodes', addressPrefix: '10.0.1.0/27' }],
      'InUsePrefixCannotBeDeleted',
    ],
  ])('%s', (_, subnets, code) => {
    expect(() => put(subnets)).toThrow(expect.objectContaining({ code }));
  });

  test('stays while others come and go', () => {
    put([{ name: 'nodes', addressPrefix: '10.0.1.0/28' }]);
    expect(azure.findSubnet(store, `${networkId}/subnets/web`)).toBeUndefined();
  });
});

describe('compute', () => {
  test('usages tell total, families and spot with what VMs take', () => {
    const { store } = world();
    const { value } = azure.renderUsages(store, catalog, 'westeurope');
    const named = (name: string) => value.find((usage) => usage.name.value === name);
    expect(value[0]?.name).toEqual({ value: 'cores', localizedValue: 'Total Regional vCPUs' });
    expect(named('standardDSv5Family')).toEqual({
      unit: 'Count',
      currentValue: 12,
      limit: azure.defaultQuotaLimit,
      name: { value: 'standardDSv5Family', localizedValue: 'Standard DSv5 Family vCPUs' },
    });
    expect(named('Standard NCASv3_T4 Family')?.name.localizedValue).toBe('Standard NCASv3_T4 Family vCPUs');
    expect(value.at(-1)).toMatchObject({ currentValue: 0, name: { value: 'lowPriorityCores' } });
    expect(azure.renderUsages(store, catalog, 'eastus').value[0]?.currentValue).toBe(0);
  });

  test('VM sizes are those the region sells', () => {
    const { value } = azure.renderVmSizes(catalog, 'eastus');
    expect(value.find(({ name }) => name === 'Standard_D4s_v5')).toMatchObject({
      numberOfCores: 4,
      memoryInMB: 16_384,
      maxDataDiskCount: 8,
    });
    expect(value.some(({ name }) => name === 'Standard_ND96isr_H200_v5')).toBe(false);
  });

  test('SKUs tell capabilities and zones, and what the subscription is not offered', () => {
    const { store } = world();
    const skus = () => azure.renderSkus(store, catalog, 'West Europe').value;
    const named = (size: string) => skus().find(({ name }) => name === size);
    expect(named('Standard_D4s_v5')).toMatchObject({
      resourceType: 'virtualMachines',
      size: 'D4s_v5',
      family: 'standardDSv5Family',
      locations: ['westeurope'],
      locationInfo: [{ location: 'westeurope', zones: ['1', '2', '3'] }],
      restrictions: [],
    });
    expect(named('Standard_D4s_v5')?.capabilities).toEqual(
      expect.arrayContaining([
        { name: 'vCPUs', value: '4' },
        { name: 'PremiumIO', value: 'True' },
        { name: 'EphemeralOSDiskSupported', value: 'False' },
        { name: 'HyperVGenerations', value: 'V1,V2' },
      ]),
    );
    store.transact((tx) => {
      azure.setRestriction(tx, { location: 'westeurope', size: 'Standard_D4s_v5', zone: '2' });
      azure.setRestriction(tx, { location: 'westeurope', size: 'Standard_D8s_v5' });
    });
    expect(named('Standard_D4s_v5')?.restrictions).toEqual([
      {
        type: 'Zone',
        values: ['westeurope'],
        restrictionInfo: { locations: ['westeurope'], zones: ['2'] },
        reasonCode: 'NotAvailableForSubscription',
      },
    ]);
    expect(named('Standard_D8s_v5')?.restrictions).toMatchObject([{ type: 'Location' }]);
    expect(azure.renderSkus(store, catalog, 'nowhere').value).toEqual([]);
  });

  test('a scale set tells its live capacity and its subnet', () => {
    const { store, scaleSet, remove } = world();
    remove();
    const rendered = azure.renderScaleSet(store, scaleSet);
    expect(rendered).toMatchObject({
      sku: { name: 'Standard_D4s_v5', tier: 'Standard', capacity: 2 },
      zones: ['1', '2', '3'],
      tags: { team: 'shop' },
    });
    const [nic] = rendered.properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations;
    expect(nic?.properties.ipConfigurations).toMatchObject([
      { name: 'ipconfig1', properties: { primary: true, subnet: { id: `${networkId}/subnets/nodes` } } },
      { name: 'ipconfig2' },
    ]);
  });

  test('an instance tells where it is in its life', () => {
    const { clock, scaleSet, vm, remove } = world();
    const now = () => [
      azure.renderInstance(scaleSet, vm()).properties.provisioningState,
      azure.renderInstanceView(vm()).statuses.map(({ code }) => code),
    ];
    expect(azure.renderInstance(scaleSet, vm())).toMatchObject({
      id: `${scaleSet.id}/virtualMachines/0`,
      name: 'aks-np-1-vmss_0',
      instanceId: '0',
      zones: ['1'],
      properties: { osProfile: { computerName: 'aks-np-1-vmss000000' } },
    });
    expect(now()).toEqual(['Creating', ['ProvisioningState/creating', 'PowerState/starting']]);
    clock.runUntilIdle();
    expect(now()).toEqual(['Succeeded', ['ProvisioningState/succeeded', 'PowerState/running']]);
    remove();
    expect(now()).toEqual(['Deleting', ['ProvisioningState/deleting', 'PowerState/stopping']]);
  });
});

test('an instance that never came up tells why', () => {
  const { store, clock, scaleSet, vm } = world();
  const error = { code: 'AllocationFailed', message: 'no room' };
  store.transact((tx) =>
    tx.put(azure.virtualMachines, vm().key, {
      ...vm(),
      state: { kind: 'failed', since: clock.now(), error },
    }),
  );
  expect(azure.renderInstance(scaleSet, vm()).properties.provisioningState).toBe('Failed');
  expect(azure.renderInstanceView(vm()).statuses).toEqual([
    {
      code: 'ProvisioningState/failed/AllocationFailed',
      level: 'Error',
      displayStatus: 'Provisioning failed',
      message: 'no room',
      time: '1970-01-01T00:00:00.000Z',
    },
  ]);
});

describe('locations', () => {
  test('tell every region with its zones', () => {
    const subscription = { id: 's', tenantId: 't', displayName: 'Poolkeeper' };
    const { value } = azure.renderLocations(subscription, catalog);
    expect(value).toHaveLength(catalog.regions().length);
    expect(value.find(({ name }) => name === 'westeurope')).toMatchObject({
      id: '/subscriptions/s/locations/westeurope',
      displayName: 'West Europe',
      regionalDisplayName: '(Europe) West Europe',
      metadata: { regionType: 'Physical', pairedRegion: [{ name: 'northeurope' }] },
      availabilityZoneMappings: [{ logicalZone: '1' }, { logicalZone: '2' }, { logicalZone: '3' }],
    });
    expect(value.find(({ name }) => name === 'westus')).not.toHaveProperty('availabilityZoneMappings');
  });
});
