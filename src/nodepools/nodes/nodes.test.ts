import { describe, expect, test } from 'vitest';
import { readCatalogueFile } from '../catalogue-file.js';
import { createPool, testCatalog, testClusterContext, testDay } from '../fixtures.js';
import { parseManagedClusterBody, resolveNewManagedCluster } from '../managed-cluster/index.js';
import type { OsType } from '../model.js';
import { knownVersion } from '../versions/index.js';
import { nodeFor, nodeResources, providerIdOf, renderMachine } from './index.js';
import { reservedCpuMillicores, reservedMemoryMi } from './reserved.js';

interface ObservedNode {
  readonly model: 'from-1.29' | 'before-1.29' | 'windows-2020';
  readonly os: OsType;
  readonly skuMemoryGiB: number;
  readonly vCPUs: number | null;
  readonly maxPods: number | null;
  readonly allocatableCpu: string | null;
  readonly capacityMemoryKi: number;
  readonly allocatableMemoryKi: number;
  readonly source: string;
}

const { observedNodes } = readCatalogueFile<{ observedNodes: readonly ObservedNode[] }>(
  'reserved-resources.json',
);
const linuxNodes = observedNodes.filter(({ model }) => model !== 'windows-2020');
const versionOf = { 'from-1.29': '1.30.7', 'before-1.29': '1.28.5', 'windows-2020': '1.28.5' } as const;

describe('reservations', () => {
  test.each([
    // cores, millicores
    [1, 60],
    [2, 100],
    [4, 140],
    [8, 180],
    [16, 260],
    [32, 420],
    [64, 740],
    [96, 1060],
  ])('%i cores reserve %im', (cores, millicores) => expect(reservedCpuMillicores(cores)).toBe(millicores));

  test.each(linuxNodes.map((node) => [node.source, node] as const))(
    'memory of the real node %s, to the Mi',
    (_source, node) => {
      const reserved = reservedMemoryMi({
        version: knownVersion(versionOf[node.model]),
        memoryGiB: node.skuMemoryGiB,
        maxPods: node.maxPods ?? 110,
        osType: node.os,
      });
      expect(node.capacityMemoryKi - reserved * 1024).toBe(node.allocatableMemoryKi);
    },
  );

  test.each([
    // GiB, maxPods, version, Mi with the eviction threshold
    [16, 30, '1.35.6', 750],
    [16, 110, '1.35.6', 2350],
    [16, 250, '1.35.6', 4196],
    [8, 30, '1.35.6', 750],
    [4, 70, '1.35.6', 1124],
    [16, 30, '1.28.5', 3412],
  ])('%i GiB with %i pods on %s reserve %i Mi', (memoryGiB, maxPods, version, expected) => {
    expect(reservedMemoryMi({ version: knownVersion(version), memoryGiB, maxPods, osType: 'Linux' })).toBe(
      expected,
    );
  });

  test('Windows keeps 2 GiB more', () => {
    const basis = { version: knownVersion('1.35.6'), memoryGiB: 16, maxPods: 30 };
    expect(
      reservedMemoryMi({ ...basis, osType: 'Windows' }) - reservedMemoryMi({ ...basis, osType: 'Linux' }),
    ).toBe(2048);
  });
});

const pool = (members: object, name = 'np1') => ({
  id: `/subscriptions/s/resourcegroups/rg1/providers/Microsoft.ContainerService/managedClusters/shop/agentPools/${name}`,
  cluster: '/c',
  name,
  etag: 't',
  properties: createPool(members, { name }),
});

const cluster = {
  etag: 't',
  ...resolveNewManagedCluster(
    parseManagedClusterBody({
      location: 'westeurope',
      properties: {
        dnsPrefix: 'shop',
        agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3, vmSize: 'Standard_D4s_v5' }],
      },
    }),
    testClusterContext,
  ).cluster,
};

const scaleSet =
  '/subscriptions/s/resourcegroups/mc_rg1_shop_westeurope/providers/microsoft.compute/virtualmachinescalesets/aks-np1-12345678-vmss';
const vm = {
  name: 'aks-np1-12345678-vmss00000a',
  scaleSet,
  instanceId: 10,
  zone: '2',
  location: 'westeurope',
  ip: '10.224.0.14',
};
const nodeOf = (members: object, machine: Parameters<typeof nodeFor>[0]['vm'] = vm) =>
  nodeFor({
    pool: pool(members),
    cluster,
    vm: machine,
    catalog: testCatalog,
    now: testDay,
    uid: 'd0d0d0d0-0000-4000-8000-000000000001',
    bootId: 'b0b0b0b0-0000-4000-8000-000000000001',
  });

describe('a node', () => {
  const node = nodeOf({
    vmSize: 'Standard_D4s_v5',
    nodeLabels: { team: 'shop' },
    nodeTaints: ['batch=true:NoSchedule'],
  });

  test.each([
    ['agentpool', 'np1'],
    ['kubernetes.azure.com/agentpool', 'np1'],
    ['kubernetes.azure.com/cluster', 'MC_rg1_shop_westeurope'],
    ['kubernetes.azure.com/mode', 'user'],
    ['kubernetes.azure.com/role', 'agent'],
    ['kubernetes.azure.com/managedby', 'aks'],
    ['kubernetes.azure.com/node-image-version', 'AKSUbuntu-2404gen2containerd-202607.09.0'],
    ['kubernetes.azure.com/nodepool-type', 'VirtualMachineScaleSets'],
    ['kubernetes.azure.com/os-sku', 'Ubuntu'],
    ['kubernetes.azure.com/os-sku-effective', 'Ubuntu2404'],
    ['kubernetes.azure.com/priority', 'regular'],
    ['kubernetes.azure.com/scalesetpriority', undefined],
    ['kubernetes.azure.com/sku-cpu', '4'],
    ['kubernetes.azure.com/sku-memory', '16'],
    ['kubernetes.azure.com/storageprofile', 'managed'],
    ['kubernetes.azure.com/azure-cni-overlay', 'true'],
    ['kubernetes.io/arch', 'amd64'],
    ['kubernetes.io/os', 'linux'],
    ['kubernetes.io/hostname', 'aks-np1-12345678-vmss00000a'],
    ['node.kubernetes.io/instance-type', 'Standard_D4s_v5'],
    ['topology.kubernetes.io/region', 'westeurope'],
    ['topology.kubernetes.io/zone', 'westeurope-2'],
    ['team', 'shop'],
  ])('has the label %s: %s', (label, value) => expect(node.metadata.labels?.[label]).toBe(value));

  test.each([
    // members, label, value
    [{ scaleSetPriority: 'Spot' }, 'kubernetes.azure.com/scalesetpriority', 'spot'],
    [{ scaleSetPriority: 'Spot' }, 'kubernetes.azure.com/priority', 'spot'],
    [{ vmSize: 'Standard_NC4as_T4_v3' }, 'kubernetes.azure.com/accelerator', 'nvidia'],
    [{ enableFIPS: true }, 'kubernetes.azure.com/fips_enabled', 'true'],
    [{ enableFIPS: true }, 'kubernetes.azure.com/os-sku-effective', 'Ubuntu2204'],
    [{ vmSize: 'Standard_D4ps_v5' }, 'kubernetes.io/arch', 'arm64'],
    [{ vmSize: 'Standard_D4ds_v5' }, 'kubernetes.azure.com/storageprofile', 'ephemeral'],
    [{ osSKU: 'AzureLinux' }, 'kubernetes.azure.com/os-sku-effective', 'AzureLinux3'],
  ])('of %j has the label %s: %s', (members, label, value) =>
    expect(nodeOf(members).metadata.labels?.[label]).toBe(value),
  );

  test('outside zones has the zone 0', () => {
    const { zone: _none, ...regional } = vm;
    expect(nodeOf({}, regional).metadata.labels?.['topology.kubernetes.io/zone']).toBe('0');
  });

  test('has the taints of its pool', () => {
    expect(node.spec.taints).toEqual([{ key: 'batch', value: 'true', effect: 'NoSchedule' }]);
  });

  test('is found by the cloud provider', () => {
    expect(providerIdOf(cluster, vm)).toBe(
      `azure:///subscriptions/${testClusterContext.subscriptionId}/resourceGroups/mc_rg1_shop_westeurope` +
        `/providers/Microsoft.Compute/virtualMachineScaleSets/aks-np1-12345678-vmss/virtualMachines/10`,
    );
  });

  test('has its address and versions', () => {
    expect(node.status.addresses).toContainEqual({ type: 'InternalIP', address: '10.224.0.14' });
    expect(node.status.nodeInfo).toMatchObject({
      kubeletVersion: 'v1.35.6',
      operatingSystem: 'linux',
      architecture: 'amd64',
    });
  });

  test('has the cores, memory, disk and pods of its size and pool', () => {
    expect(node.status.capacity).toMatchObject({ cpu: '4', 'ephemeral-storage': '129886128Ki', pods: '250' });
    expect(node.status.allocatable).toMatchObject({
      cpu: '3860m',
      'ephemeral-storage': '119703055367',
      pods: '250',
    });
  });
});

describe('usable disk', () => {
  test.each([
    // OS disk in GB, bytes that real nodes report
    [128, '119703055367'],
    [256, '239585490957'],
  ])('of %i GB is %s bytes', (osDiskSizeGB, bytes) => {
    const node = nodeOf({ vmSize: 'Standard_D4s_v5', osDiskSizeGB });
    expect(node.status.allocatable?.['ephemeral-storage']).toBe(bytes);
  });
});

describe('capacity of memory', () => {
  const size = testCatalog.vmSize('Standard_D8s_v5');
  if (!size) throw new Error('the catalogue lost Standard_D8s_v5');

  test('is within 2 percent of the 32 GiB that real nodes report', () => {
    const memory = Number.parseInt(
      nodeResources(createPool({ vmSize: size.name }), size).capacity['memory'] ?? '',
    );
    expect(Math.abs(memory - 32_865_016) / 32_865_016).toBeLessThan(0.02);
  });

  test('is never less than what is allocatable', () => {
    const { capacity, allocatable } = nodeResources(createPool({ vmSize: size.name }), size);
    expect(Number.parseInt(allocatable['memory'] ?? '')).toBeLessThan(
      Number.parseInt(capacity['memory'] ?? ''),
    );
  });
});

test('a machine names its VM, address and zone', () => {
  expect(renderMachine(pool({}), cluster, vm)).toMatchObject({
    name: vm.name,
    type: 'Microsoft.ContainerService/managedClusters/agentPools/machines',
    zones: ['2'],
    properties: {
      network: { ipAddresses: [{ family: 'IPv4', ip: '10.224.0.14' }] },
      resourceId: expect.stringMatching(
        /MC_rg1_shop_westeurope.*aks-np1-12345678-vmss\/virtualMachines\/10$/,
      ) as unknown,
      zones: ['2'],
    },
  });
});
