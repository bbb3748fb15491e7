import { describe, expect, test } from 'vitest';
import type { KubeNode, KubeObject, Pod } from '../../kube/index.js';
import { ask, node, object, pod } from '../fixtures.js';
import { fitErrorText, histogramOf } from './message.js';
import { noteOf } from './refusal-text.js';
import { unresolvable, unschedulable } from './refusal.js';

const tainted = (name: string): KubeNode =>
  node(name, { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] });
const named = (count: number): readonly KubeNode[] =>
  Array.from({ length: count }, (_, at) => node(`n${String(at)}`));
const huge = { requests: { cpu: '5' } };
const pinned = (name: string) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [name] }] },
        ],
      },
    },
  },
});
const claiming = { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] };
const filling = (name: string): Pod => pod(`on-${name}`, { on: name, requests: { cpu: '3' } });
const immediate: readonly KubeObject[] = [
  object('v1', 'PersistentVolumeClaim', 'c', {
    spec: { accessModes: ['ReadWriteOnce'] },
    status: { phase: 'Pending' },
  }),
];

describe('what a pod is told', () => {
  const rows: readonly [what: string, question: Parameters<typeof ask>[0], message: string][] = [
    [
      'a taint, and two full nodes',
      {
        nodes: [tainted('a'), node('b'), node('c')],
        pods: [filling('b'), filling('c')],
        pod: pod('p', { requests: { cpu: '2' } }),
      },
      '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    ],
    [
      'a claim that is not bound at once',
      { nodes: named(3), pod: pod('p', { spec: claiming }), objects: immediate },
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    ],
    [
      'a claim that is not there',
      { nodes: named(2), pod: pod('p', { spec: claiming }) },
      '0/2 nodes are available: persistentvolumeclaim "c" not found. not found',
    ],
    [
      'a pod of a daemon',
      {
        nodes: named(5),
        pods: [filling('n2')],
        pod: pod('p', { requests: { cpu: '2' }, spec: pinned('n2') }),
      },
      "0/5 nodes are available: 1 Insufficient cpu, 4 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.",
    ],
    [
      'a selector that no node has',
      { nodes: named(3), pod: pod('p', { spec: { nodeSelector: { a: 'b' } } }) },
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    ],
    ['no node at all', { nodes: [], pod: pod('p') }, 'no nodes available to schedule pods'],
    [
      'before dynamic resource allocation',
      { version: '1.33.5', nodes: named(3), pod: pod('p', { spec: { nodeSelector: { a: 'b' } } }) },
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    ],
    [
      'before dynamic resource allocation, where no node was looked at',
      { version: '1.33.5', nodes: named(3), pod: pod('p', { spec: claiming }), objects: immediate },
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    ],
    [
      'each taint, before 1.34.2',
      {
        version: '1.34.1',
        nodes: [tainted('a'), tainted('b'), node('c', { taints: [{ key: 'other', effect: 'NoExecute' }] })],
        pod: pod('p'),
      },
      '0/3 nodes are available: 1 node(s) had untolerated taint {other: }, 2 node(s) had untolerated taint {k: v}. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    ],
    [
      'a node that lacks two things is counted twice',
      { nodes: named(2), pod: pod('p', { requests: { cpu: '5', memory: '9Gi' } }) },
      '0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    ],
    // Counts are sorted as texts: 10 comes before 2.
    [
      'many nodes',
      { nodes: [...named(10), tainted('a'), tainted('b')], pod: pod('p', huge) },
      '0/12 nodes are available: 10 Insufficient cpu, 2 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/12 nodes are available: 12 Preemption is not helpful for scheduling.',
    ],
    [
      'a pod that drives nobody out',
      { nodes: named(1), pod: pod('p', { ...huge, spec: { preemptionPolicy: 'Never' } }) },
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
    ],
    [
      'a pod that was refused before, and drives nobody out',
      {
        nodes: named(1),
        pod: pod('p', { spec: { ...claiming, preemptionPolicy: 'Never' } }),
        objects: immediate,
      },
      '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    ],
    // Nothing is added where somebody makes way.
    [
      'a pod for which another makes way',
      { nodes: named(1), pods: [filling('n0')], pod: pod('p', { requests: { cpu: '2' }, priority: 1 }) },
      '0/1 nodes are available: 1 Insufficient cpu.',
    ],
  ];
  test.each(rows)('%s', (_what, question, message) => expect(ask(question).message).toBe(message));

  test('a pod that fits is told nothing', () =>
    expect(ask({ nodes: named(1), pod: pod('p') }).message).toBeUndefined());
});

describe('counting reasons', () => {
  test('equal reasons are one, and a refusal has each of its own', () => {
    const histogram = histogramOf([
      [unschedulable('A', 'x', 'y'), 2],
      [unresolvable('B', 'x'), 3],
    ]);
    expect([...histogram]).toEqual([
      ['x', 5],
      ['y', 2],
    ]);
  });

  test.each([
    [3, {}, '0/3 nodes are available:'],
    [3, { b: 1, a: 1 }, '0/3 nodes are available: 1 a, 1 b.'],
    [30, { a: 9, b: 10, c: 11 }, '0/30 nodes are available: 10 b, 11 c, 9 a.'],
    // By code point: capitals come first.
    [3, { node: 1, Insufficient: 1 }, '0/3 nodes are available: 1 Insufficient, 1 node.'],
  ])('of %i nodes %j: %s', (nodes, reasons, text) => {
    expect(fitErrorText(nodes, new Map(Object.entries(reasons)))).toBe(text);
  });
});

describe("an event's note", () => {
  test.each([
    [0, 0],
    [1023, 1023],
    [1024, 1024],
    [1025, 1024],
    [5000, 1024],
  ])('of %i characters has %i', (length, kept) => {
    const note = noteOf('x'.repeat(length));
    expect(note).toBe(length <= 1024 ? 'x'.repeat(length) : `${'x'.repeat(1020)} ...`);
    expect(note.length).toBe(kept);
  });
});
