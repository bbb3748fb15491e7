import { describe, expect, test } from 'vitest';
import type { Toleration } from '../../kube/index.js';
import { node, pod, verdictOn, wakes } from '../fixtures.js';
import { nodeUnschedulable } from './node-unschedulable.js';

const cordoned = node('n', { unschedulable: true });
const open = node('n');
const key = 'node.kubernetes.io/unschedulable';
const refused = 'UU node(s) were unschedulable';

const tolerating = (...tolerations: readonly Toleration[]) => pod('p', { spec: { tolerations } });

describe('NodeUnschedulable', () => {
  test.each<[tolerations: readonly Toleration[], verdict: string]>([
    [[], refused],
    [[{ key, operator: 'Exists' }], 'fits'],
    [[{ key, operator: 'Exists', effect: 'NoSchedule' }], 'fits'],
    // The cordon's taint has no value, and so no value equals it but none.
    [[{ key }], 'fits'],
    [[{ key, operator: 'Equal', value: '' }], 'fits'],
    [[{ key, operator: 'Equal', value: 'true' }], refused],
    [[{ operator: 'Exists' }], 'fits'],
    [[{ operator: 'Exists', effect: 'NoExecute' }], refused],
    [[{ key, operator: 'Exists', effect: 'NoExecute' }], refused],
    [[{ key: 'another', operator: 'Exists' }], refused],
    [[{ key: 'another', operator: 'Exists' }, { operator: 'Exists' }], 'fits'],
  ])('a cordoned node and a pod that tolerates %j: %s', (tolerations, verdict) => {
    expect(verdictOn(cordoned, { pod: tolerating(...tolerations) })).toBe(verdict);
  });

  test.each([
    [undefined, 'fits'],
    [false, 'fits'],
    [true, refused],
  ])('spec.unschedulable %s: %s', (unschedulable, verdict) => {
    const one = node('n', unschedulable === undefined ? {} : { unschedulable });
    expect(verdictOn(one, { pod: pod('p') })).toBe(verdict);
  });

  test.each([
    ['a node that is added', { added: open }, 'wakes'],
    ['a cordoned node that is added', { added: cordoned }, 'sleeps'],
    ['a node that is uncordoned', { updated: [cordoned, open] }, 'wakes'],
    ['a node that is cordoned', { updated: [open, cordoned] }, 'sleeps'],
    ['an open node that changes', { updated: [open, node('n', { labels: { a: 'b' } })] }, 'sleeps'],
    ['a node that goes', { removed: open }, 'sleeps'],
    ['a pod that goes', { removed: pod('other', { on: 'n' }) }, 'sleeps'],
  ] as const)('%s', (_what, happening, expected) => {
    expect(wakes(nodeUnschedulable, pod('p'), happening)).toBe(expected);
  });
});
