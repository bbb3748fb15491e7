import { describe, expect, test } from 'vitest';
import { agentPoolMembers } from './agent-pool.js';
import { parseAgentPoolBody } from './parse-agent-pool.js';
import { parseManagedClusterBody } from './parse-managed-cluster.js';
import { listOf, mapOf, object, oneOf, range, readValue, text } from './shape.js';

const at = { path: 'properties.x', parameter: 'agentPoolProfile.x' };

describe('a value', () => {
  test.each([
    // shape, value, message
    [text, 1, 'cannot unmarshal number into field properties.x of type string'],
    [text, true, 'cannot unmarshal bool into field'],
    [range(1, 3), 4, 'The value of parameter agentPoolProfile.x is invalid: 4 is not between 1 and 3.'],
    [range(1, 3), 2.5, 'of type int32'],
    [oneOf('A', 'B'), 'a', "'a' is not one of A, B (case-sensitive)."],
    [listOf(text), ['a', 2], 'field properties.x[1] of type string'],
    [listOf(text), {}, 'cannot unmarshal object into field properties.x of type array'],
    [mapOf(text), { k: 2 }, 'field properties.x.k of type string'],
    [object({ y: text }), { y: [] }, 'field properties.x.y of type string'],
    [object({ y: text }), [], 'of type object'],
  ])('of shape %j refuses %j', (shape, value, message) => {
    expect(() => readValue(value, shape, at)).toThrow(message);
  });

  test('of an object keeps unknown members and drops null ones', () => {
    expect(readValue({ y: 'a', z: 1, n: null, deep: { n: null } }, object({ y: text }), at)).toEqual({
      y: 'a',
      z: 1,
      deep: { n: null },
    });
  });

  test('of an object may have any name', () => {
    const value = JSON.parse('{"__proto__": "x", "constructor": "y"}') as unknown;
    expect(Object.entries(readValue(value, mapOf(text), at) as object)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});

describe('a body', () => {
  test.each([[undefined], [null], ['text'], [[]], [{ properties: 3 }]])(
    '%j is refused as no pool',
    (body) => {
      expect(() => parseAgentPoolBody(body)).toThrow(
        expect.objectContaining({ code: 'UnmarshalError', status: 400 }) as Error,
      );
    },
  );

  test('nested without end is refused', () => {
    const deep = JSON.parse(`{"properties":{"x":${'['.repeat(5000)}${']'.repeat(5000)}}}`) as unknown;
    expect(() => parseAgentPoolBody(deep)).toThrow('max depth');
    expect(() => parseManagedClusterBody(deep)).toThrow('max depth');
  });

  test('tells nulls from what was not sent', () => {
    const input = parseAgentPoolBody({ properties: { nodeTaints: null, count: 1 } });
    expect([...input.cleared]).toEqual(['nodeTaints']);
    expect(input.properties).toEqual({ count: 1 });
  });
});

test('every member of API version 2026-06-01 is known', () => {
  expect([...agentPoolMembers].sort()).toEqual(
    [
      'artifactStreamingProfile',
      'availabilityZones',
      'capacityReservationGroupID',
      'count',
      'creationData',
      'currentOrchestratorVersion',
      'eTag',
      'enableAutoScaling',
      'enableEncryptionAtHost',
      'enableFIPS',
      'enableNodePublicIP',
      'enableUltraSSD',
      'gatewayProfile',
      'gpuInstanceProfile',
      'gpuProfile',
      'hostGroupID',
      'kubeletConfig',
      'kubeletDiskType',
      'linuxOSConfig',
      'localDNSProfile',
      'maxCount',
      'maxPods',
      'messageOfTheDay',
      'minCount',
      'mode',
      'networkProfile',
      'nodeImageVersion',
      'nodeLabels',
      'nodePublicIPPrefixID',
      'nodeTaints',
      'orchestratorVersion',
      'osDiskSizeGB',
      'osDiskType',
      'osSKU',
      'osType',
      'podIPAllocationMode',
      'podSubnetID',
      'powerState',
      'provisioningState',
      'proximityPlacementGroupID',
      'scaleDownMode',
      'scaleSetEvictionPolicy',
      'scaleSetPriority',
      'securityProfile',
      'spotMaxPrice',
      'status',
      'tags',
      'type',
      'upgradeSettings',
      'virtualMachineNodesStatus',
      'virtualMachinesProfile',
      'vmSize',
      'vnetSubnetID',
      'windowsProfile',
      'workloadRuntime',
    ].sort(),
  );
});
