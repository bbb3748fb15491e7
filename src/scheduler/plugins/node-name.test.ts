import { describe, expect, test } from 'vitest';
import { ask, node, pod, verdictsOf, wakes } from '../fixtures.js';
import { nodeName } from './node-name.js';

const refused = "UU node(s) didn't match the requested node name";
const nodes = [node('a'), node('b')];

describe('NodeName', () => {
  test.each([
    [undefined, { a: 'fits', b: 'fits' }],
    ['', { a: 'fits', b: 'fits' }],
    ['b', { a: refused, b: 'fits' }],
    ['none-such', { a: refused, b: refused }],
  ])('a pod that names %j: %j', (on, verdicts) => {
    expect(verdictsOf({ nodes, pod: pod('p', on === undefined ? {} : { on }) })).toEqual(verdicts);
  });

  test('is asked after the cordon and before taints', () => {
    const cordoned = node('a', { unschedulable: true });
    const tainted = node('b', { taints: [{ key: 'k', effect: 'NoSchedule' }] });
    expect(verdictsOf({ nodes: [cordoned, tainted], pod: pod('p', { on: 'c' }) })).toEqual({
      a: 'UU node(s) were unschedulable',
      b: refused,
    });
  });

  test('no preemption helps', () => {
    const { message } = ask({ nodes, pod: pod('p', { on: 'c' }) });
    expect(message).toBe(
      "0/2 nodes are available: 2 node(s) didn't match the requested node name. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    );
  });

  test.each([
    ['a node that is added', { added: node('c') }, 'wakes'],
    ['a node that changes', { updated: [node('c'), node('c', { labels: { a: 'b' } })] }, 'sleeps'],
    ['a node that goes', { removed: node('c') }, 'sleeps'],
    ['a pod that goes', { removed: pod('other', { on: 'a' }) }, 'sleeps'],
  ] as const)('%s', (_what, happening, expected) => {
    expect(wakes(nodeName, pod('p', { on: 'c' }), happening)).toBe(expected);
  });
});
