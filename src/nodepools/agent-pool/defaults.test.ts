import { describe, expect, test } from 'vitest';
import { createPool, systemPool, testCluster } from '../fixtures.js';

const subnet =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes';
const pods = subnet.replace('nodes', 'pods');
const flat = { networkPluginMode: undefined } as unknown as Partial<typeof testCluster>;

describe('defaults of a new pool', () => {
  test.each([
    // member, expected
    ['count', 3],
    ['vmSize', 'Standard_D4ds_v5'],
    ['osDiskType', 'Ephemeral'],
    ['osDiskSizeGB', 150],
    ['kubeletDiskType', 'OS'],
    ['maxPods', 250],
    ['type', 'VirtualMachineScaleSets'],
    ['enableAutoScaling', false],
    ['scaleDownMode', 'Delete'],
    ['provisioningState', 'Creating'],
    ['powerState', { code: 'Running' }],
    ['orchestratorVersion', '1.35'],
    ['currentOrchestratorVersion', '1.35.6'],
    ['enableNodePublicIP', false],
    ['enableEncryptionAtHost', false],
    ['enableUltraSSD', false],
    ['enableFIPS', false],
    ['osType', 'Linux'],
    ['osSKU', 'Ubuntu'],
    ['nodeImageVersion', 'AKSUbuntu-2404gen2containerd-202607.09.0'],
    ['upgradeSettings', { maxSurge: '10%', maxUnavailable: '0' }],
    ['securityProfile', { sshAccess: 'LocalUser', enableVTPM: false, enableSecureBoot: false }],
    ['scaleSetPriority', undefined],
    ['scaleSetEvictionPolicy', undefined],
    ['spotMaxPrice', undefined],
    ['nodeTaints', undefined],
    ['nodeLabels', undefined],
  ])('%s is %j', (member, expected) => {
    const pool = createPool({
      scaleSetPriority: 'Regular',
      scaleSetEvictionPolicy: 'Delete',
      spotMaxPrice: -1,
      nodeTaints: [],
    });
    expect(pool[member]).toEqual(expected);
  });

  const withSubnets = { vnetSubnetID: subnet, podSubnetID: pods };
  const besidePodSubnet = [{ name: 'system', properties: { ...systemPool.properties, ...withSubnets } }];

  test.each([
    // case, members, setting, maxPods
    ['overlay', {}, {}, 250],
    ['flat Azure CNI', {}, { cluster: flat }, 30],
    ['pod subnet', withSubnets, { cluster: flat, siblings: besidePodSubnet }, 110],
    ['kubenet', {}, { cluster: { ...flat, networkPlugin: 'kubenet' as const } }, 110],
    ['bring-your-own CNI', {}, { cluster: { ...flat, networkPlugin: 'none' as const } }, 110],
  ])('maxPods on %s', (_case, members, setting, expected) => {
    expect(createPool(members, setting).maxPods).toBe(expected);
  });

  test.each([
    // size, asked type, asked size, type, GB
    ['Standard_DS2_v2', undefined, 0, 'Managed', 128],
    ['Standard_DS2_v2', undefined, 60, 'Ephemeral', 60],
    ['Standard_D4s_v5', undefined, undefined, 'Managed', 128],
    ['Standard_D8s_v5', undefined, undefined, 'Managed', 256],
    ['Standard_D16s_v5', undefined, undefined, 'Managed', 512],
    ['Standard_D64s_v5', undefined, undefined, 'Managed', 1024],
    ['Standard_D4ds_v5', undefined, undefined, 'Ephemeral', 150],
    ['Standard_D4ds_v5', 'Managed', 0, 'Managed', 128],
    ['Standard_D4ds_v5', 'Ephemeral', 64, 'Ephemeral', 64],
  ])('OS disk of %s asked %s %s is %s %i GB', (vmSize, osDiskType, osDiskSizeGB, type, size) => {
    const asked = {
      vmSize,
      ...(osDiskType && { osDiskType }),
      ...(osDiskSizeGB !== undefined && { osDiskSizeGB }),
    };
    expect(createPool(asked)).toMatchObject({ osDiskType: type, osDiskSizeGB: size });
  });

  test('a pool that deallocates gets a managed disk', () => {
    expect(createPool({ vmSize: 'Standard_D4ds_v5', scaleDownMode: 'Deallocate' }).osDiskType).toBe(
      'Managed',
    );
  });

  test('a Spot pool is marked, priced and never surged', () => {
    const pool = createPool({
      scaleSetPriority: 'Spot',
      nodeLabels: { team: 'a' },
      nodeTaints: ['x=y:NoExecute'],
    });
    expect(pool).toMatchObject({
      scaleSetPriority: 'Spot',
      scaleSetEvictionPolicy: 'Delete',
      spotMaxPrice: -1,
      upgradeSettings: {},
      nodeLabels: { team: 'a', 'kubernetes.azure.com/scalesetpriority': 'spot' },
      nodeTaints: ['x=y:NoExecute', 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule'],
    });
  });

  test('Windows pools get Windows Server 2022 below 1.37', () => {
    const pool = createPool({ osType: 'Windows', vmSize: 'Standard_D4s_v5' }, { name: 'win1' });
    expect(pool).toMatchObject({
      osSKU: 'Windows2022',
      nodeImageVersion: 'AKSWindows-2022-containerd-20348.5386.260715',
    });
  });

  test.each([
    // members, image
    [{ vmSize: 'Standard_D4ps_v5' }, 'AKSUbuntu-2404gen2arm64containerd-202607.09.0'],
    [{ enableFIPS: true }, 'AKSUbuntu-2204gen2fipscontainerd-202607.09.0'],
    [{ securityProfile: { enableVTPM: true } }, 'AKSUbuntu-2404gen2TLcontainerd-202607.09.0'],
    [{ osSKU: 'AzureLinux' }, 'AKSAzureLinux-V3gen2-202607.09.0'],
    [{ osSKU: 'AzureLinux', workloadRuntime: 'KataVmIsolation' }, 'AKSAzureLinux-V3katagen2-202607.09.0'],
    [{ osSKU: 'Ubuntu2204' }, 'AKSUbuntu-2204gen2containerd-202607.09.0'],
  ])('the image of %j', (members, image) => expect(createPool(members).nodeImageVersion).toBe(image));

  test('of tags that differ in case only the first stays', () => {
    expect(createPool({ tags: { owner: 'b', Owner: 'a', cost: '1' } }).tags).toEqual({
      Owner: 'a',
      cost: '1',
    });
  });

  test('unknown members are kept', () => {
    expect(createPool({ brandNew: { deep: [1] } })['brandNew']).toEqual({ deep: [1] });
  });

  test('the alias of a minor runs the newest patch, never past the control plane', () => {
    expect(createPool({ orchestratorVersion: '1.34' })).toMatchObject({
      orchestratorVersion: '1.34',
      currentOrchestratorVersion: '1.34.9',
    });
    const older = { cluster: { kubernetesVersion: '1.35.4', requestedVersion: '1.35.4' } };
    expect(createPool({ orchestratorVersion: '1.35' }, older).currentOrchestratorVersion).toBe('1.35.4');
  });
});
