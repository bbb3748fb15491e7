import { describe, expect, test } from 'vitest';
import type { ScalingExplanation, ScalingNode } from '../../../toolkit/index.js';
import { coloured, plain } from '../layout.js';
import { scalingText } from './text.js';

const considered = { group: 'aks-web-1-vmss', pool: 'web', targetSize: 1, maxSize: 3 } as const;
const at = '2026-08-21T12:00:00Z';

const explanation: ScalingExplanation = {
  cluster: { resourceGroup: 'rg', name: 'shop' },
  at,
  verdict: { kind: 'exhausted', text: '2 pods wait for nodes that do not come by themselves.' },
  autoscaler: {
    startedAt: at,
    lastLoop: at,
    scanSeconds: 10,
    coolDown: { until: at, at, cause: 'nodes were added', text: 'No node is taken away before then.' },
  },
  alarms: [
    {
      since: at,
      pods: 2,
      example: 'a/b',
      exhaustion: { kind: 'pool', pools: ['web'] },
      text: 'Pool web would do and is at the maximum: 2 pods wait since 2026-08-21T12:00:00Z',
      remedy: 'Raise the maximum of the pool',
      command: 'az aks nodepool update --name web --update-cluster-autoscaler --min-count 0 --max-count 4',
    },
  ],
  pools: [
    {
      name: 'web',
      group: 'aks-web-1-vmss',
      min: 0,
      target: 3,
      max: 3,
      growth: 'at maximum',
      texts: ['at its maximum', '2 nodes asked for'],
    },
  ],
  nodes: [
    { node: 'n1', pool: 'web', kind: 'kept', text: 'has not been looked at yet' },
    { node: 'n2', pool: 'web', kind: 'unneeded', since: at, notBefore: at, text: `unneeded since ${at}` },
  ],
  decisions: [
    {
      at,
      lastAt: at,
      times: 1,
      text: '2 more nodes of pool web for 5 pods',
      kind: 'scale-up',
      pods: [
        {
          example: 'a/b',
          controller: 'ReplicaSet/b',
          count: 4,
          refusedBy: { gpu: ['node(s) had untolerated taint'] },
        },
        { example: 'a/c', count: 1, refusedBy: {} },
      ],
      considered: [
        {
          ...considered,
          kind: 'option',
          nodes: 2,
          pods: 5,
          chosen: true,
          scores: [{ expander: 'least-waste', score: 0.12345, kept: true }],
        },
        {
          ...considered,
          pool: 'big',
          kind: 'option',
          nodes: 1,
          pods: 5,
          chosen: false,
          scores: [{ expander: 'least-waste', score: 0.5, kept: false }],
        },
        { ...considered, pool: 'gpu', kind: 'no help' },
        {
          ...considered,
          pool: 'full',
          targetSize: 3,
          kind: 'skipped',
          reason: 'max node group size reached',
        },
      ],
      plan: [{ group: 'aks-web-1-vmss', pool: 'web', from: 1, to: 3, max: 3 }],
    },
    {
      at,
      lastAt: '2026-08-21T12:05:00Z',
      times: 31,
      text: 'no pool grows for 2 pods',
      kind: 'no scale-up',
      pods: [],
      considered: [],
      exhaustions: [],
    },
    {
      at,
      lastAt: at,
      times: 1,
      text: 'node n3 of pool web goes (used 25%, 6 pods moved)',
      kind: 'scale-down',
      nodes: [
        {
          node: 'n3',
          pool: 'web',
          group: 'aks-web-1-vmss',
          kind: 'drained',
          utilization: 0.25,
          pods: ['a/1', 'a/2', 'a/3', 'a/4', 'a/5', 'a/6'],
          unneededSince: at,
        },
      ],
    },
  ],
};

describe('an explanation of scaling', () => {
  test('is laid out in tables and a list', () => {
    expect(scalingText(explanation, { width: 90, paint: plain })).toBe(`Cluster rg/shop: exhausted
  2 pods wait for nodes that do not come by themselves.
  Its autoscaler looks every 10 s, and had last anything to decide at
  2026-08-21T12:00:00Z.
  No node is taken away before then.

What is exhausted, and what would help:
  1. Pool web would do and is at the maximum: 2 pods wait since 2026-08-21T12:00:00Z.
     Raise the maximum of the pool.
     az aks nodepool update --name web --update-cluster-autoscaler --min-count 0 --max-count 4

POOL  MIN  NODES  MAX  GROWTH
web   0    3      3    at its maximum
                       2 nodes asked for

POOL  NODE  MAY IT GO
web   n2    unneeded since 2026-08-21T12:00:00Z
web   n1    has not been looked at yet

Decisions, the newest last:
  2026-08-21T12:00:00Z  2 more nodes of pool web for 5 pods
      asked: 4 pods of ReplicaSet/b, e.g. a/b
      asked: pod a/c
      pool web (1 of 3): 2 nodes for 5 pods, chosen (least-waste 0.123)
      pool big (1 of 3): 1 node for 5 pods (least-waste 0.5 left it out)
      pool gpu (1 of 3): no help, node(s) had untolerated taint
      pool full (3 of 3): not asked, max node group size reached
      plan: pool web from 1 to 3 nodes (at most 3)
  2026-08-21T12:00:00Z  no pool grows for 2 pods (31 times, last at 2026-08-21T12:05:00Z)
  2026-08-21T12:00:00Z  node n3 of pool web goes (used 25%, 6 pods moved)
      node n3 of pool web: used 25%, unneeded since 2026-08-21T12:00:00Z; moved: a/1, a/2,
        a/3, a/4, a/5 and 1 more
`);
  });

  test('has colours that change no text', () => {
    const text = scalingText(explanation, { width: 90, paint: coloured });
    // eslint-disable-next-line no-control-regex -- the escape is what is looked for
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(scalingText(explanation, { width: 90, paint: plain }));
    expect(text).toContain('\u001b[31mexhausted\u001b[39m');
  });

  test('says the same of several nodes once, and counts those beyond ten', () => {
    const staying = (n: number): ScalingNode => ({
      pool: 'web',
      node: `n${String(n)}`,
      since: at,
      kind: 'unremovable',
      reason: 'NotUnderutilized',
      text: `stays, ${String(n)}`,
    });
    const leaving = (node: string): ScalingNode => ({ pool: 'web', node, kind: 'leaving', text: 'leaves' });
    const nodes = [...Array.from({ length: 12 }, (_, n) => staying(n)), leaving('l'), leaving('m')];
    const text = scalingText({ ...explanation, nodes }, { width: 90, paint: plain });
    const rows = text.split('\n').filter((line) => line.startsWith('web   '));
    expect(rows.at(1)).toBe('web   l and 1 other  leaves');
    expect(rows.at(-1)).toBe('web   (others)       3 stay: NotUnderutilized');
  });

  test('says so where nothing was decided', () => {
    const text = scalingText({ ...explanation, decisions: [] }, { width: 90, paint: plain });
    expect(text.endsWith('\nNothing was decided.\n')).toBe(true);
  });
});
