import { describe, expect, test } from 'vitest';
import { instant } from '../../../units/index.js';
import type { KubeNode, NodeCondition } from '../../nodes/index.js';
import { evictionTaint, givenUp, givenUpAt, monitorGrace, schedulingTaints } from './health.js';

const made = instant(Date.UTC(2026, 7, 21));
const condition = (type: string, status: NodeCondition['status']): NodeCondition => ({
  type,
  status,
  reason: 'r',
  message: 'm',
  lastHeartbeatTime: '2026-08-21T00:00:00Z',
  lastTransitionTime: '2026-08-21T00:00:00Z',
});
const node = (conditions: readonly NodeCondition[], spec: KubeNode['spec'] = {}): KubeNode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', uid: 'u', creationTimestamp: '2026-08-21T00:00:00Z' },
  spec,
  status: { conditions },
});

test.each([
  [31, 40_000],
  [32, 50_000],
  [35, 50_000],
])('1.%i waits %i ms for a heartbeat', (minor, grace) => expect(monitorGrace(minor)).toBe(grace));

test.each([
  ['that has reported', [condition('Ready', 'True')], instant(made + 7_000), 57_000],
  ['that has not reported', [], undefined, 60_000],
  ['that only renews its lease', [], instant(made + 7_000), 67_000],
])('a node %s is given up in time', (_, conditions, heardAt, after) =>
  expect(givenUpAt(node(conditions), heardAt, 50_000)).toBe(made + after),
);

test('of a node that is given up nothing is known, but for what others say of it', () => {
  const before = node([
    condition('KubeletProblem', 'False'),
    condition('Ready', 'True'),
    condition('DiskPressure', 'Unknown'),
  ]);
  const found = givenUp(before, instant(made + 60_000)).status.conditions ?? [];
  expect(
    found.map(({ type, status, reason, lastTransitionTime }) => [
      type,
      status,
      reason,
      lastTransitionTime.slice(14, 19),
    ]),
  ).toEqual([
    ['KubeletProblem', 'False', 'r', '00:00'],
    ['Ready', 'Unknown', 'NodeStatusUnknown', '01:00'],
    ['DiskPressure', 'Unknown', 'r', '00:00'],
    ['MemoryPressure', 'Unknown', 'NodeStatusNeverUpdated', '01:00'],
    ['PIDPressure', 'Unknown', 'NodeStatusNeverUpdated', '01:00'],
  ]);
});

describe('taints by condition', () => {
  const key = (name: string) => `node.kubernetes.io/${name}`;
  const noSchedule = (name: string) => ({ key: key(name), effect: 'NoSchedule' as const });
  test.each<[string, KubeNode, string[], string[]]>([
    ['ready', node([condition('Ready', 'True')]), [], []],
    ['not ready', node([condition('Ready', 'False')]), ['not-ready'], []],
    ['unknown', node([condition('Ready', 'Unknown')]), ['unreachable'], []],
    ['short of memory', node([condition('MemoryPressure', 'True')]), ['memory-pressure'], []],
    ['short of disk', node([condition('DiskPressure', 'True')]), ['disk-pressure'], []],
    ['short of processes', node([condition('PIDPressure', 'True')]), ['pid-pressure'], []],
    ['without a network', node([condition('NetworkUnavailable', 'True')]), ['network-unavailable'], []],
    ['cordoned', node([], { unschedulable: true }), ['unschedulable'], []],
    [
      'cordoned and tainted for it',
      node([], { unschedulable: true, taints: [noSchedule('unschedulable')] }),
      [],
      [],
    ],
    [
      'ready again',
      node([condition('Ready', 'True')], { taints: [noSchedule('not-ready')] }),
      [],
      ['not-ready'],
    ],
    [
      'unknown, no longer not ready',
      node([condition('Ready', 'Unknown')], { taints: [noSchedule('not-ready')] }),
      ['unreachable'],
      ['not-ready'],
    ],
    ["tainted by somebody's own", node([], { taints: [{ key: 'mine', effect: 'NoSchedule' }] }), [], []],
    ['tainted for eviction', node([], { taints: [{ key: key('not-ready'), effect: 'NoExecute' }] }), [], []],
  ])('of a node that is %s', (_, given, added, removed) => {
    const change = schedulingTaints(given, made);
    expect(change.added.map((taint) => taint.key)).toEqual(added.map(key));
    expect(change.removed.map((taint) => taint.key)).toEqual(removed.map(key));
    for (const taint of change.added)
      expect(taint).toMatchObject({ effect: 'NoSchedule', timeAdded: '2026-08-21T00:00:00Z' });
  });

  test.each([
    ['True', undefined],
    ['False', key('not-ready')],
    ['Unknown', key('unreachable')],
  ] as const)('a node that is ready: %s evicts by %s', (status, expected) =>
    expect(evictionTaint(node([condition('Ready', status)]))?.key).toBe(expected),
  );
});
