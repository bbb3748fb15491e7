import { expect, test } from 'vitest';
import { node } from '../fixtures.js';
import { cleaned } from './clean.js';

const taint = (key: string, effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule' = 'NoSchedule') => ({
  key,
  effect,
});

test.each([
  ['sku', true],
  ['ToBeDeletedByClusterAutoscaler', false],
  ['DeletionCandidateOfClusterAutoscaler', false],
  ['node.kubernetes.io/not-ready', false],
  ['node.kubernetes.io/unreachable', false],
  ['node.kubernetes.io/unschedulable', false],
  ['node.kubernetes.io/memory-pressure', false],
  ['node.kubernetes.io/disk-pressure', false],
  ['node.kubernetes.io/pid-pressure', false],
  ['node.kubernetes.io/network-unavailable', false],
  ['node.cloudprovider.kubernetes.io/uninitialized', false],
  ['node.cloudprovider.kubernetes.io/shutdown', false],
  ['startup-taint.cluster-autoscaler.kubernetes.io/gpu', false],
  ['ignore-taint.cluster-autoscaler.kubernetes.io/old', false],
  ['status-taint.cluster-autoscaler.kubernetes.io/busy', false],
  ['remediator.kubernetes.azure.com/unschedulable', false],
  ['kubernetes.azure.com/scalesetpriority', true],
])('the taint %s is the next node’s too, or not', (key, expected) => {
  const found = cleaned(node('a', { taints: [taint(key)] }), 'b').spec.taints ?? [];
  expect(found.length === 1).toBe(expected);
});

test('labels stay, but for those that tell the node from others', () => {
  const { metadata, status } = cleaned(node('a', { labels: { team: 'x' } }), 'template-node-for-g-0');
  expect(metadata.name).toBe('template-node-for-g-0');
  expect(metadata.labels).toEqual({
    'kubernetes.io/hostname': 'template-node-for-g-0',
    'topology.kubernetes.io/zone': 'mars',
    team: 'x',
    'cluster-autoscaler.kubernetes.io/template-node': 'true',
  });
  expect(status.allocatable).toEqual({ cpu: '1', memory: '5000Mi', pods: '10' });
});
