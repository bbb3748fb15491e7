import { describe, expect, test } from 'vitest';
import { createPool, systemPool, updatePool } from '../fixtures.js';
import type { AgentPool } from '../model.js';
import { renderAgentPool } from './render.js';

const user = createPool({
  vmSize: 'Standard_D4ds_v5',
  nodeLabels: { a: 'b' },
  tags: { x: '1' },
  nodeTaints: ['k=v:NoSchedule'],
});
const autoscaled = createPool({ enableAutoScaling: true, minCount: 1, maxCount: 5 });
const spot = createPool({ scaleSetPriority: 'Spot', spotMaxPrice: 0.25 });
const windows = createPool({ osType: 'Windows', vmSize: 'Standard_D4s_v5' }, { name: 'win1' });
const zonal = createPool({ availabilityZones: ['1', '2', '3'], localDNSProfile: { mode: 'Required' } });
const gateway = createPool({ mode: 'Gateway', count: 2 });

const stored = (properties: typeof user): AgentPool => ({
  id: '/id',
  cluster: '/c',
  name: 'np1',
  etag: 'tag',
  properties,
});

describe('a PUT of an existing pool', () => {
  test.each([
    ['user', user],
    ['system', systemPool.properties],
    ['autoscaled', autoscaled],
    ['spot', spot],
    ['windows', windows],
    ['zonal', zonal],
    ['gateway', gateway],
  ])('of what was read of the %s pool only reconciles it', (_name, pool) => {
    const ready = { ...pool, provisioningState: 'Succeeded' };
    const echo = renderAgentPool(stored(ready))['properties'] as object;
    const { properties, change } = updatePool(ready, echo);
    expect(change).toEqual({ kind: 'reconcile' });
    expect(properties).toEqual(ready);
  });

  test.each([
    // what older clients send for "as it is"
    [{ osDiskSizeGB: 0 }],
    [{ vmSize: '' }],
    [{ vmSize: 'standard_d4DS_V5' }],
    [{ maxPods: 0 }],
    [{ orchestratorVersion: '' }],
    [{ orchestratorVersion: '1.35' }],
    [{ scaleSetPriority: 'Regular', scaleSetEvictionPolicy: 'Delete', spotMaxPrice: -1 }],
    [{ availabilityZones: [] }],
    [{ availabilityZones: null }],
    [{ upgradeSettings: {} }],
    [{ minCount: null, maxCount: null }],
    [
      {
        provisioningState: 'Failed',
        currentOrchestratorVersion: '9',
        eTag: 'x',
        status: {},
        virtualMachineNodesStatus: [],
      },
    ],
    [{ powerState: { code: 'Running' } }],
    [{ nodeImageVersion: 'latest' }],
    [{ workloadRuntime: 'OCIContainer' }],
    [{}],
  ])('%j changes nothing', (members) =>
    expect(updatePool(user, members).change).toEqual({ kind: 'reconcile' }),
  );

  test.each([
    // members, change
    [{ count: 5 }, { kind: 'scale', from: 3, to: 5 }],
    [
      { nodeLabels: { c: 'd' } },
      { kind: 'update', changed: ['nodeLabels'], relabel: true, retag: false, reimage: false },
    ],
    [
      { nodeTaints: [] },
      { kind: 'update', changed: ['nodeTaints'], relabel: true, retag: false, reimage: false },
    ],
    [
      { nodeTaints: null },
      { kind: 'update', changed: ['nodeTaints'], relabel: true, retag: false, reimage: false },
    ],
    [{ tags: {} }, { kind: 'update', changed: ['tags'], relabel: false, retag: true, reimage: false }],
    [
      { mode: 'System', nodeTaints: null },
      { kind: 'update', changed: ['nodeTaints', 'mode'], relabel: true, retag: false, reimage: false },
    ],
    [
      { enableFIPS: true },
      { kind: 'update', changed: ['enableFIPS'], relabel: false, retag: false, reimage: true },
    ],
    [
      { osSKU: 'AzureLinux' },
      { kind: 'update', changed: ['osSKU'], relabel: false, retag: false, reimage: true },
    ],
    [
      { securityProfile: { enableVTPM: true } },
      { kind: 'update', changed: ['securityProfile'], relabel: false, retag: false, reimage: true },
    ],
    [
      { securityProfile: { sshAccess: 'Disabled' } },
      { kind: 'update', changed: ['securityProfile'], relabel: false, retag: false, reimage: false },
    ],
    [
      { upgradeSettings: { maxSurge: '33%' } },
      { kind: 'update', changed: ['upgradeSettings'], relabel: false, retag: false, reimage: false },
    ],
    [
      { count: 4, tags: { y: '2' } },
      {
        kind: 'update',
        changed: ['count', 'tags'],
        relabel: false,
        retag: true,
        reimage: false,
        scale: { from: 3, to: 4 },
      },
    ],
    [
      { futureMember: 1 },
      { kind: 'update', changed: ['futureMember'], relabel: false, retag: false, reimage: false },
    ],
  ])('%j is %j', (members, change) => expect(updatePool(user, members).change).toEqual(change));

  test('labels are replaced as a whole', () => {
    expect(updatePool(user, { nodeLabels: { c: 'd' } }).properties.nodeLabels).toEqual({ c: 'd' });
  });

  test('cleared taints are left out', () => {
    expect(updatePool(user, { nodeTaints: [] }).properties).not.toHaveProperty('nodeTaints');
  });

  test('parts of upgradeSettings and securityProfile that are not sent stay', () => {
    const { properties } = updatePool(user, {
      upgradeSettings: { maxSurge: '2' },
      securityProfile: { sshAccess: 'Disabled' },
    });
    expect(properties.upgradeSettings).toEqual({ maxSurge: '2', maxUnavailable: '0' });
    expect(properties.securityProfile).toEqual({
      sshAccess: 'Disabled',
      enableVTPM: false,
      enableSecureBoot: false,
    });
  });

  test('a change of OS moves the image', () => {
    expect(updatePool(user, { osSKU: 'AzureLinux' }).properties.nodeImageVersion).toBe(
      'AKSAzureLinux-V3gen2-202607.09.0',
    );
  });

  test('a Spot pool keeps its marks whatever labels and taints are sent', () => {
    const { properties } = updatePool(spot, { nodeLabels: {}, nodeTaints: [] });
    expect(properties.nodeLabels).toEqual({ 'kubernetes.azure.com/scalesetpriority': 'spot' });
    expect(properties.nodeTaints).toEqual(['kubernetes.azure.com/scalesetpriority=spot:NoSchedule']);
  });

  test('turning the autoscaler off drops its bounds and frees the count', () => {
    const { properties, change } = updatePool(autoscaled, { enableAutoScaling: false, count: 2 });
    expect(properties).not.toHaveProperty('minCount');
    expect(properties).not.toHaveProperty('maxCount');
    expect(change).toMatchObject({ scale: { from: 3, to: 2 } });
  });

  test.each([
    // bounds, count after: grows to the minimum, never shrinks to the maximum
    [{ minCount: 5, maxCount: 9 }, 5],
    [{ minCount: 1, maxCount: 2 }, 3],
  ])('turning the autoscaler on with %j leaves %i nodes', (bounds, count) => {
    expect(updatePool(user, { enableAutoScaling: true, ...bounds }).properties.count).toBe(count);
  });

  test('a version that moved out of support does not keep a pool from scaling', () => {
    const old = {
      ...user,
      orchestratorVersion: '1.31',
      currentOrchestratorVersion: '1.31.10',
      osSKU: 'AzureLinux',
    };
    const cluster = { kubernetesVersion: '1.33.13', requestedVersion: '1.33' };
    expect(
      updatePool({ ...old, nodeImageVersion: 'AKSAzureLinux-V2gen2-202512.06.0' }, { count: 4 }, { cluster })
        .change,
    ).toMatchObject({ to: 4 });
  });
});
