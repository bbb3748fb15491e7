import { expect, test } from 'vitest';
import type { KubeNode } from '../../kube/index.js';
import { WhatIf } from '../../scheduler/index.js';
import { instant } from '../../units/index.js';
import type { GroupOptions, NodeGroup } from '../cloud.js';
import type { NodeMemory } from '../memory.js';
import { defaultOptions } from '../options.js';
import { DevicePools } from './device-pools.js';
import { eligibilityOf } from './eligibility.js';
import { cluster, node, noon, pod, storeOf } from './fixtures.js';

const group = (options: GroupOptions = {}): NodeGroup => ({
  id: 'g',
  pool: 'p',
  minSize: 0,
  maxSize: 9,
  targetSize: 3,
  instances: [],
  options,
  isHeld: false,
});
const tainted = (secondsAgo: number | string) => ({
  taints: [
    {
      key: 'ToBeDeletedByClusterAutoscaler',
      value: typeof secondsAgo === 'string' ? secondsAgo : String(noon / 1000 - secondsAgo),
      effect: 'NoSchedule' as const,
    },
  ],
});
const kept = (recheckIn: number): NodeMemory => ({
  cluster,
  node: 'n',
  group: 'g',
  since: noon,
  kind: 'unremovable',
  reason: 'BlockedByPod',
  recheckAt: instant(noon + recheckIn),
});
const disabled = { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' };
const gpu = {
  labels: { accelerator: 'nvidia' },
  allocatable: { cpu: '4', memory: '8Gi', pods: '9', 'nvidia.com/gpu': '4' },
};

interface Row {
  readonly of?: KubeNode;
  readonly cpu?: string;
  readonly group?: NodeGroup | 'none';
  readonly memory?: NodeMemory;
}

test.each<[string, Row, string]>([
  ['one that is empty', {}, 'eligible'],
  ['one that is used as much as may be', { cpu: '2' }, 'eligible'],
  ['one that is used more', { cpu: '2001m' }, 'NotUnderutilized'],
  [
    'one that may be used more in its group',
    { cpu: '3', group: group({ scaleDownUtilizationThreshold: 0.8 }) },
    'eligible',
  ],
  [
    'one that may be used less in its group',
    { cpu: '1', group: group({ scaleDownUtilizationThreshold: 0.2 }) },
    'NotUnderutilized',
  ],
  ['one with GPUs that are idle', { of: node('n', gpu), cpu: '4' }, 'eligible'],
  ['one of no group', { group: 'none' }, 'NotAutoscaled'],
  ['one that is not to go', { of: node('n', { annotations: disabled }) }, 'ScaleDownDisabledAnnotation'],
  [
    'one that is on its way out',
    { of: node('n', { ...tainted(299), annotations: disabled }) },
    'CurrentlyBeingDeleted',
  ],
  ['one that has been so for five minutes', { of: node('n', tainted(300)) }, 'eligible'],
  ['one that does not say since when', { of: node('n', tainted('soon')) }, 'eligible'],
  ['one that was looked at', { of: node('n', tainted(1)), memory: kept(1) }, 'RecentlyUnremovable'],
  ['one that was looked at long ago', { memory: kept(0) }, 'eligible'],
])('%s', (_, { of = node('n'), cpu = '0', group: its = group(), memory }, expected) => {
  const store = storeOf(of, pod('web', { on: 'n', requests: { cpu } }));
  const found = WhatIf.of(store, cluster).suppose((supposed) =>
    eligibilityOf(of, {
      supposed,
      now: noon,
      options: defaultOptions(34),
      group: () => (its === 'none' ? undefined : its),
      memory: () => memory,
      devices: new DevicePools(store, cluster),
    }),
  );
  expect(found.kind === 'eligible' ? 'eligible' : found.reason).toBe(expected);
});
