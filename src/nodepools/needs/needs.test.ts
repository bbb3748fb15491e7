import { describe, expect, test } from 'vitest';
import { AzureError } from '../../azure/index.js';
import { testCluster } from '../fixtures.js';
import type { ClusterFacts } from '../model.js';
import {
  checkPodCidr,
  insufficientSubnetSize,
  insufficientVcpuQuota,
  nodeAddressNeeds,
  plannedNodes,
} from './index.js';

const { networkPluginMode: _overlay, ...flat } = testCluster;
const overlay: ClusterFacts = testCluster;
const kubenet: ClusterFacts = { ...flat, networkPlugin: 'kubenet' };
const none: ClusterFacts = { ...flat, networkPlugin: 'none' };
const podSubnet = { podSubnetID: '/pods' };
const blocks = { ...podSubnet, podIPAllocationMode: 'StaticBlock' as const };

describe('addresses of nodes', () => {
  test.each([
    // mode, cluster, pool, nodes, node subnet, pod subnet, /24 ranges
    ['flat', flat, { maxPods: 30 }, 51, 1581, 0, 0],
    ['flat', flat, { maxPods: 30 }, 8, 248, 0, 0],
    ['overlay', overlay, { maxPods: 250 }, 10, 10, 0, 10],
    ['kubenet', kubenet, { maxPods: 110 }, 10, 10, 0, 10],
    ['none', none, { maxPods: 110 }, 10, 10, 0, 0],
    ['dynamic pod subnet', flat, { maxPods: 110, ...podSubnet }, 10, 10, 160, 0],
    ['static blocks', flat, { maxPods: 30, ...blocks }, 10, 10, 320, 0],
    ['static blocks', flat, { maxPods: 31, ...blocks }, 10, 10, 320, 0],
    ['static blocks', flat, { maxPods: 32, ...blocks }, 10, 10, 480, 0],
    ['no nodes', flat, { maxPods: 30 }, 0, 0, 0, 0],
  ])('%s', (_mode, cluster, pool, nodes, nodeSubnet, pods, podCidrBlocks) => {
    expect(nodeAddressNeeds(cluster, pool, nodes)).toEqual({ nodeSubnet, podSubnet: pods, podCidrBlocks });
  });

  test.each([
    [{ count: 3, enableAutoScaling: false }, 3],
    [{ count: 3, enableAutoScaling: true, maxCount: 10 }, 10],
    [{ count: 12, enableAutoScaling: true, maxCount: 10 }, 12],
  ])('a pool of %j is planned with %i nodes', (pool, nodes) => expect(plannedNodes(pool)).toBe(nodes));
});

describe('pod ranges', () => {
  test.each([
    // podCidr, nodes it holds
    ['10.244.0.0/16', 256],
    ['10.244.0.0/14', 1024],
    ['10.244.0.0/24', 1],
  ])('%s holds %i nodes', (podCidr, nodes) => {
    const cluster = { ...overlay, podCidr };
    expect(() => checkPodCidr(cluster, nodes)).not.toThrow();
    expect(() => checkPodCidr(cluster, nodes + 1)).toThrow(
      expect.objectContaining({ code: 'InsufficientPodCidr' }) as AzureError,
    );
  });

  test('do not bound a flat network', () => expect(() => checkPodCidr(flat, 5000)).not.toThrow());
});

describe('refusals before anything is made', () => {
  test('a subnet that is too small', () => {
    const error = insufficientSubnetSize({
      needed: 436,
      available: 251,
      cidr: '192.168.2.0/24',
      subnetName: 's1',
    });
    expect(error).toMatchObject({
      status: 400,
      code: 'InsufficientSubnetSize',
      message:
        'Pre-allocated IPs 436 exceeds IPs available 251 in Subnet Cidr 192.168.2.0/24, Subnet Name s1. ' +
        'http://aka.ms/aks/insufficientsubnetsize',
    });
  });

  test.each([
    [
      'family',
      'Insufficient vcpu quota requested 6, remaining 4 for family standardDCSv2Family for region westeurope.',
    ],
    [
      'regional',
      'Insufficient regional vcpu quota left for location westeurope. left regional vcpu quota 4, requested quota 6.',
    ],
    ['spot', 'Insufficient vcpu quota requested 6, remaining 4 for family standardDCSv2Family'],
  ] as const)('a %s quota that is too small', (scope, text) => {
    const error = insufficientVcpuQuota({
      scope,
      name: 'standardDCSv2Family',
      left: 4,
      requested: 6,
      location: 'westeurope',
    });
    expect(error.code).toBe('ErrCode_InsufficientVCPUQuota');
    expect(error.message).toContain(text);
  });
});
