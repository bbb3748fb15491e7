import { describe, expect, test } from 'vitest';
import type { Taint, Toleration } from '../../kube/index.js';
import { node, pod, scoresOf, verdictOn, wakes } from '../fixtures.js';
import { taintToleration } from './taint-toleration.js';

const refused = 'UU node(s) had untolerated taint(s)';
const tolerating = (tolerations: readonly Toleration[]) => pod('p', { spec: { tolerations } });
const tainted = (name: string, taints: readonly Taint[]) => node(name, { taints });

const gpu: Taint = { key: 'gpu', value: 'a100', effect: 'NoSchedule' };
const spot: Taint = { key: 'spot', effect: 'NoExecute' };
const soft: Taint = { key: 'soft', value: 'v', effect: 'PreferNoSchedule' };

describe('TaintToleration', () => {
  test.each<[Toleration, Taint, string]>([
    // The key.
    [{ key: 'gpu', operator: 'Exists' }, gpu, 'fits'],
    [{ key: 'cpu', operator: 'Exists' }, gpu, refused],
    [{ key: 'gp', operator: 'Exists' }, gpu, refused],
    [{ operator: 'Exists' }, gpu, 'fits'],
    [{ key: '', operator: 'Exists' }, gpu, 'fits'],
    // The operator and the value: none is Equal, and no value is the empty one.
    [{ key: 'gpu', operator: 'Equal', value: 'a100' }, gpu, 'fits'],
    [{ key: 'gpu', value: 'a100' }, gpu, 'fits'],
    [{ key: 'gpu', operator: 'Equal', value: 'h100' }, gpu, refused],
    [{ key: 'gpu', operator: 'Equal', value: '' }, gpu, refused],
    [{ key: 'gpu' }, gpu, refused],
    [{ key: 'gpu', operator: 'Exists', value: 'h100' }, gpu, 'fits'],
    [{ key: 'spot' }, spot, 'fits'],
    [{ key: 'spot', operator: 'Equal', value: '' }, spot, 'fits'],
    [{ key: 'spot', value: 'x' }, spot, refused],
    // The effect: none is any.
    [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }, gpu, 'fits'],
    [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, gpu, refused],
    [{ key: 'gpu', operator: 'Exists', effect: 'PreferNoSchedule' }, gpu, refused],
    [{ key: 'spot', operator: 'Exists', effect: 'NoExecute' }, spot, 'fits'],
    [{ key: 'spot', operator: 'Exists', effect: 'NoSchedule' }, spot, refused],
    [{ key: 'spot', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }, spot, 'fits'],
    [{ operator: 'Exists', effect: 'NoExecute' }, gpu, refused],
  ])('%j against %j: %s', (toleration, taint, verdict) => {
    expect(verdictOn(tainted('n', [taint]), { pod: tolerating([toleration]) })).toBe(verdict);
  });

  test.each<[tolerations: readonly Toleration[], taints: readonly Taint[], verdict: string]>([
    [[], [], 'fits'],
    [[], [gpu], refused],
    [[], [spot], refused],
    [[], [soft], 'fits'],
    [[], [soft, gpu], refused],
    [[{ key: 'gpu', operator: 'Exists' }], [gpu, spot], refused],
    [
      [
        { key: 'gpu', operator: 'Exists' },
        { key: 'spot', operator: 'Exists' },
      ],
      [gpu, spot],
      'fits',
    ],
    [[{ operator: 'Exists' }], [gpu, spot, soft], 'fits'],
  ])('pods that tolerate %j and nodes with %j: %s', (tolerations, taints, verdict) => {
    expect(verdictOn(tainted('n', taints), { pod: tolerating(tolerations) })).toBe(verdict);
  });

  test.each([
    ['1.33.5', [gpu], 'UU node(s) had untolerated taint {gpu: a100}'],
    ['1.34.0', [gpu], 'UU node(s) had untolerated taint {gpu: a100}'],
    ['1.34.1', [gpu], 'UU node(s) had untolerated taint {gpu: a100}'],
    ['1.34.1', [spot], 'UU node(s) had untolerated taint {spot: }'],
    // The first that is not tolerated is named.
    ['1.34.1', [soft, spot, gpu], 'UU node(s) had untolerated taint {spot: }'],
    ['1.34.1', [gpu, spot], 'UU node(s) had untolerated taint {gpu: a100}'],
    ['1.34.2', [gpu], refused],
    ['1.34.2', [gpu, spot], refused],
    ['1.35.0', [gpu], refused],
    ['1.36.2', [gpu], refused],
  ])('in %s a node with %j: %s', (version, taints, verdict) => {
    expect(verdictOn(tainted('n', taints), { version, pod: pod('p') })).toBe(verdict);
  });

  // Raw scores count soft taints; 100 x the share of the most is taken from 100, and it weighs 3.
  test.each<[tolerations: readonly Toleration[], softTaints: readonly number[], scores: readonly number[]]>([
    [[], [0, 0], [300, 300]],
    [[], [0, 1], [300, 0]],
    [[], [1, 1], [0, 0]],
    [[], [0, 1, 2], [300, 150, 0]],
    // 100 - floor(33.3) is 67, 100 - floor(66.6) is 34.
    [[], [0, 1, 2, 3], [300, 201, 102, 0]],
    [[], [3, 7], [3 * (100 - 42), 0]],
    [[{ operator: 'Exists' }], [0, 2], [300, 300]],
    [[{ operator: 'Exists', effect: 'PreferNoSchedule' }], [0, 2], [300, 300]],
    // Tolerations of another effect say nothing here.
    [[{ operator: 'Exists', effect: 'NoSchedule' }], [0, 2], [300, 0]],
    [[{ key: 'soft-0', operator: 'Exists' }], [1, 2], [300, 0]],
    [[{ key: 'soft-0', operator: 'Exists' }], [2, 3], [3 * 50, 0]],
    [[{ key: 'soft-0', value: 'v' }], [1, 2], [300, 0]],
    [[{ key: 'soft-0', value: 'w' }], [1, 2], [3 * 50, 0]],
  ])('pods that tolerate %j and nodes with %j soft taints score %j', (tolerations, softTaints, scores) => {
    const nodes = softTaints.map((count, at) =>
      tainted(
        `n${String(at)}`,
        Array.from({ length: count }, (_, index) => ({ ...soft, key: `soft-${String(index)}` })),
      ),
    );
    const found = scoresOf('TaintToleration', { nodes, pod: tolerating(tolerations) });
    expect(Object.values(found)).toEqual(scores);
  });

  test('hard taints that are tolerated do not count', () => {
    const nodes = [tainted('a', [gpu]), node('b'), tainted('c', [soft])];
    const found = scoresOf('TaintToleration', {
      nodes,
      pod: tolerating([{ key: 'gpu', operator: 'Exists' }]),
    });
    expect(found).toEqual({ a: 300, b: 300, c: 0 });
  });

  test.each([
    ['a node that is added', { added: node('n') }, 'wakes'],
    ['a tainted node that is added', { added: tainted('n', [gpu]) }, 'sleeps'],
    ['a node with a soft taint that is added', { added: tainted('n', [soft]) }, 'wakes'],
    ['a taint that goes', { updated: [tainted('n', [gpu]), node('n')] }, 'wakes'],
    ['one of two taints that goes', { updated: [tainted('n', [gpu, spot]), tainted('n', [gpu])] }, 'sleeps'],
    ['a taint that comes', { updated: [node('n'), tainted('n', [gpu])] }, 'sleeps'],
    ['a hard taint that becomes soft', { updated: [tainted('n', [gpu]), tainted('n', [soft])] }, 'wakes'],
    [
      'a change of a node that was no hindrance',
      { updated: [node('n'), node('n', { labels: { a: 'b' } })] },
      'sleeps',
    ],
    ['a node that goes', { removed: node('n') }, 'sleeps'],
    ['a pod that goes', { removed: pod('other', { on: 'n' }) }, 'sleeps'],
  ] as const)('%s', (_what, happening, expected) => {
    expect(wakes(taintToleration, pod('p'), happening)).toBe(expected);
  });
});
