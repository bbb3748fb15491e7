import { expect, test } from 'vitest';
import type { KubeNode } from '../../kube/index.js';
import { instant } from '../../units/index.js';
import { node } from '../fixtures.js';
import { defaultOptions } from '../options.js';
import { isReadyAndSchedulable, readinessOf } from './readiness.js';
import type { Readiness } from './readiness.js';

const created = Date.parse('2026-08-21T00:00:00Z');
const minute = 60_000;

const withStatus = (
  status: 'True' | 'False',
  more: object = {},
  draft: Parameters<typeof node>[1] = {},
): KubeNode => {
  const made = node('a', draft);
  const conditions = [{ type: 'Ready', status, lastTransitionTime: '2026-08-21T00:00:00Z' }];
  return { ...made, ...more, status: { ...made.status, conditions } } as unknown as KubeNode;
};
const accelerated = { labels: { 'kubernetes.azure.com/accelerator': 'nvidia' } };
const startup = [{ key: 'startup-taint.cluster-autoscaler.kubernetes.io/x', effect: 'NoSchedule' }] as const;
const status = [{ key: 'status-taint.cluster-autoscaler.kubernetes.io/x', effect: 'NoSchedule' }] as const;
const preempted = [{ key: 'remediator.kubernetes.azure.com/unschedulable', effect: 'NoSchedule' }] as const;

test.each<[string, KubeNode, number, boolean, Readiness]>([
  ['one that is ready', withStatus('True'), 1, true, 'ready'],
  ['one whose VM has gone', withStatus('True'), 1, false, 'deleted'],
  ['a new one that is not ready', withStatus('False'), 14, true, 'not started'],
  ['one that has not been ready for a quarter of an hour', withStatus('False'), 15, true, 'unready'],
  ['a new one whose GPUs are not offered yet', withStatus('True', {}, accelerated), 5, true, 'not started'],
  ['one whose GPUs never were offered', withStatus('True', {}, accelerated), 20, true, 'resource unready'],
  ['one that still starts', withStatus('True', {}, { taints: startup }), 1, true, 'not started'],
  ['one that starts for ever', withStatus('True', {}, { taints: startup }), 20, true, 'unready'],
  [
    'one with a taint that says something of it',
    withStatus('True', {}, { taints: status }),
    1,
    true,
    'ready',
  ],
  ['a spot node that is about to go', withStatus('True', {}, { taints: preempted }), 20, true, 'unready'],
])('%s counts so', (_name, object, minutes, hasInstance, expected) => {
  const now = instant(created + minutes * minute);
  expect(readinessOf(object, { hasInstance, now, options: defaultOptions(34) })).toBe(expected);
});

test.each([
  ['ready', withStatus('True'), true],
  ['not ready', withStatus('False'), false],
  ['cordoned', withStatus('True', { spec: { unschedulable: true } }), false],
])('a node that is %s is open to pods or not', (_name, object, expected) => {
  expect(isReadyAndSchedulable(object)).toBe(expected);
});
