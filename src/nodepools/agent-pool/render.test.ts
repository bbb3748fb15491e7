import { describe, expect, test } from 'vitest';
import { createPool } from '../fixtures.js';
import { renderAgentPool, renderAgentPoolProfile } from './render.js';

/** Member order of a recorded reply of 2025, which a plain User pool must follow. */
const recordedOrder = [
  'count',
  'vmSize',
  'osDiskSizeGB',
  'osDiskType',
  'kubeletDiskType',
  'maxPods',
  'type',
  'enableAutoScaling',
  'scaleDownMode',
  'provisioningState',
  'powerState',
  'orchestratorVersion',
  'currentOrchestratorVersion',
  'enableNodePublicIP',
  'mode',
  'enableEncryptionAtHost',
  'enableUltraSSD',
  'osType',
  'osSKU',
  'nodeImageVersion',
  'upgradeSettings',
  'enableFIPS',
  'securityProfile',
];

const pool = {
  id: '/pools/np1',
  cluster: '/c',
  name: 'np1',
  etag: 'tag',
  properties: createPool({ zebra: 1 }),
};

describe('a rendered pool', () => {
  test('has its members in the recorded order, the eTag first and unknown members last', () => {
    expect(Object.keys(renderAgentPool(pool)['properties'] as object)).toEqual([
      'eTag',
      ...recordedOrder,
      'zebra',
    ]);
  });

  test('is a resource with id, name and type', () => {
    expect(renderAgentPool(pool)).toMatchObject({
      id: '/pools/np1',
      name: 'np1',
      type: 'Microsoft.ContainerService/managedClusters/agentPools',
    });
  });

  test('is, within its cluster, its properties with the name and no id', () => {
    const profile = renderAgentPoolProfile(pool);
    expect(profile).toMatchObject({ name: 'np1', count: 3, mode: 'User' });
    expect(profile).not.toHaveProperty('id');
  });

  test('has null nowhere', () => expect(JSON.stringify(renderAgentPool(pool))).not.toContain('null'));
});
