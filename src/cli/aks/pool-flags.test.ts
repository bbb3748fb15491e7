import { describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { checkPoolName, poolToAdd, poolToUpdate } from './pool-flags.js';
import type { AddFlags, UpdateFlags } from './pool-flags.js';
import { poolColumns, pythonName, shapePool } from './shape.js';

const add = (flags: Partial<AddFlags>) =>
  poolToAdd({ nodeCount: '3', mode: 'User', priority: 'Regular', scaleDownMode: 'Delete', ...flags });

describe('nodepool add', () => {
  test.each<[Partial<AddFlags>, object]>([
    [{}, { count: 3, vmSize: '', mode: 'User', typePropertiesType: 'VirtualMachineScaleSets' }],
    [{ nodeVmSize: 'Standard_D4s_v5' }, { vmSize: 'Standard_D4s_v5' }],
    [{ labels: ['a=b', 'c='] }, { nodeLabels: { a: 'b', c: '' } }],
    [{ labels: ['a=b c=d'] }, { nodeLabels: { a: 'b', c: 'd' } }],
    [{ tags: ['url=http://x?y=z'] }, { tags: { url: 'http://x?y=z' } }],
    [{ nodeTaints: 'a=b:NoSchedule, c=d:NoExecute' }, { nodeTaints: ['a=b:NoSchedule', 'c=d:NoExecute'] }],
    [{ zones: ['1', '3'] }, { availabilityZones: ['1', '3'] }],
    [{ priority: 'Spot' }, { scaleSetPriority: 'Spot', scaleSetEvictionPolicy: 'Delete', spotMaxPrice: -1 }],
    [{ priority: 'Spot', spotMaxPrice: '0.5' }, { spotMaxPrice: 0.5 }],
    [{ maxSurge: '33%' }, { upgradeSettings: { maxSurge: '33%' } }],
    [
      { ppg: '/p', crgId: '/c' },
      { proximityPlacementGroupID: '/p', capacityReservationGroupID: '/c' },
    ],
    [
      { enableVtpm: true, sshAccess: 'Disabled' },
      { securityProfile: { enableVtpm: true, sshAccess: 'Disabled' } },
    ],
    [{ gpuDriver: 'None' }, { gpuProfile: { driver: 'None' } }],
    [{ disableWindowsOutboundNat: true }, { windowsProfile: { disableOutboundNat: true } }],
    [
      {
        allowedHostPorts: '80/tcp,4000-5000/UDP',
        asgIds: '/a,/b',
        nodePublicIpTags: ['RoutingPreference=Internet'],
      },
      {
        networkProfile: {
          allowedHostPorts: [
            { portStart: 80, portEnd: 80, protocol: 'TCP' },
            { portStart: 4000, portEnd: 5000, protocol: 'UDP' },
          ],
          applicationSecurityGroups: ['/a', '/b'],
          nodePublicIPTags: [{ ipTagType: 'RoutingPreference', tag: 'Internet' }],
        },
      },
    ],
    [
      { enableClusterAutoscaler: true, minCount: '1', maxCount: '5' },
      { enableAutoScaling: true, minCount: 1, maxCount: 5 },
    ],
  ])('%j', (flags, expected) => expect(add(flags)).toMatchObject(expected));

  test.each<[Partial<AddFlags>, RegExp]>([
    [{ enableClusterAutoscaler: true }, /both min-count and max-count/],
    [
      { enableClusterAutoscaler: true, minCount: '3', maxCount: '1' },
      /less than or equal to value of max-count/,
    ],
    [
      { enableClusterAutoscaler: true, minCount: '4', maxCount: '5' },
      /not in the range of min-count and max-count/,
    ],
    [
      { enableClusterAutoscaler: true, minCount: '0', maxCount: '5', mode: 'System' },
      /greater than or equal to 1 for System/,
    ],
    [
      { enableClusterAutoscaler: true, minCount: '0', maxCount: '1001' },
      /--max-count must be in the range \[0,1000\]/,
    ],
    [{ minCount: '1', maxCount: '2' }, /please use the flag/],
    [{ nodeCount: 'three' }, /argument --node-count: invalid int value: 'three'/],
    [{ nodeTaints: 'a=b' }, /Invalid node taint: a=b/],
    [{ maxSurge: 'some' }, /--max-surge should be an int or percentage/],
    [{ spotMaxPrice: '1' }, /can only be set when --priority is Spot/],
    [{ priority: 'Spot', spotMaxPrice: '0' }, /greater than zero/],
    [{ priority: 'Spot', spotMaxPrice: '0.123456' }, /up to 5 decimal places/],
    [{ labels: ['=b'] }, /must be KEY=VALUE/],
    [{ allowedHostPorts: 'web' }, /--allowed-host-ports: 'web'/],
    [{ kubeletConfig: '/no/such/file' }, /--kubelet-config: .* can be read/],
  ])('%j is refused', (flags, message) => {
    expect(() => add(flags)).toThrow(message);
    expect(() => add(flags)).toThrow(UsageError);
  });

  test.each([
    ['thirteenchars', /at most 12/],
    ['np-1', /only alphanumeric/],
    ['', /only alphanumeric/],
  ])('the name %j is refused', (name, message) => expect(() => checkPoolName(name)).toThrow(message));
});

describe('nodepool update', () => {
  const manual = { name: 'np1', count: 3, mode: 'User', enableAutoScaling: false, nodeLabels: { a: 'b' } };
  const auto = { ...manual, enableAutoScaling: true, minCount: 1, maxCount: 5 };

  test.each<[object, UpdateFlags, object]>([
    [manual, { labels: ['c=d'] }, { nodeLabels: { c: 'd' } }],
    [manual, { labels: [''] }, { nodeLabels: {} }],
    [manual, { nodeTaints: '' }, { nodeTaints: [] }],
    [
      manual,
      { enableClusterAutoscaler: true, minCount: '1', maxCount: '3' },
      { enableAutoScaling: true, minCount: 1 },
    ],
    [auto, { updateClusterAutoscaler: true, minCount: '2', maxCount: '9' }, { minCount: 2, maxCount: 9 }],
    [auto, { disableClusterAutoscaler: true }, { enableAutoScaling: false }],
    [
      { ...manual, upgradeSettings: { maxSurge: '1' } },
      { drainTimeout: '10' },
      { upgradeSettings: { maxSurge: '1', drainTimeoutInMinutes: 10 } },
    ],
  ])('%j with %j', (current, flags, expected) => {
    expect(poolToUpdate(current, flags)).toMatchObject({ kind: 'put', pool: expected });
  });

  test('without the autoscaler has no bounds', () => {
    const update = poolToUpdate(auto, { disableClusterAutoscaler: true });
    expect(update).not.toHaveProperty('pool.minCount');
  });

  test.each<[object, UpdateFlags]>([
    [auto, { enableClusterAutoscaler: true, minCount: '1', maxCount: '3' }],
    [manual, { disableClusterAutoscaler: true }],
  ])('%j with %j only warns', (current, flags) => expect(poolToUpdate(current, flags).kind).toBe('nothing'));

  test.each<[object, UpdateFlags, RegExp]>([
    [manual, {}, /one or more of/],
    [manual, { minCount: '1' }, /please use the flag/],
    [
      manual,
      { updateClusterAutoscaler: true, minCount: '1', maxCount: '3' },
      /not enabled for this node pool/,
    ],
    [manual, { enableClusterAutoscaler: true, disableClusterAutoscaler: true }, /only one of/],
  ])('%j with %j is refused', (current, flags, message) => {
    expect(() => poolToUpdate(current, flags)).toThrow(message);
  });
});

describe('the shape that az prints', () => {
  test.each([
    ['osDiskSizeGB', 'osDiskSizeGb'],
    ['osSKU', 'osSku'],
    ['vnetSubnetID', 'vnetSubnetId'],
    ['enableNodePublicIP', 'enableNodePublicIp'],
    ['nodePublicIPPrefixID', 'nodePublicIpPrefixId'],
    ['linuxOSConfig', 'linuxOsConfig'],
    ['enableUltraSSD', 'enableUltraSsd'],
    ['enableVTPM', 'enableVtpm'],
    ['dnsServiceIP', 'dnsServiceIp'],
    ['eTag', 'eTag'],
    ['managedOutboundIPs', 'managedOutboundIPs'],
  ])('spells %s as %s', (name, expected) => expect(pythonName(name)).toBe(expected));

  test('has nulls, the resource group, and labels as they are', () => {
    const id =
      '/subscriptions/s/resourcegroups/rg1/providers/Microsoft.ContainerService/managedClusters/c/agentPools/p';
    const shaped = shapePool({ id, name: 'p', osSKU: 'Ubuntu', nodeLabels: { teamURL: 'x' } });
    expect(shaped).toMatchObject({
      resourceGroup: 'rg1',
      osSku: 'Ubuntu',
      maxCount: null,
      nodeLabels: { teamURL: 'x' },
    });
  });

  test('has the columns of az', () => {
    const shaped = shapePool({ name: 'p', osDiskSizeGB: 128, count: 3 });
    expect(Object.keys(poolColumns(shaped))).toEqual([
      'Name',
      'OsType',
      'KubernetesVersion',
      'VmSize',
      'OsDiskSizeGB',
      'Count',
      'MaxPods',
      'ProvisioningState',
      'Mode',
    ]);
  });
});
