import { describe, expect, test } from 'vitest';
import type { KubeNode } from '../../kube/index.js';
import { node } from '../fixtures.js';
import { ClusterCache } from './cluster-cache.js';

const zone = 'topology.kubernetes.io/zone';
const region = 'topology.kubernetes.io/region';
const inZone = (name: string, at?: string, where?: string): KubeNode =>
  node(name, {
    labels: { ...(at !== undefined && { [zone]: at }), ...(where !== undefined && { [region]: where }) },
  });
const order = (cache: ClusterCache): string => cache.nodes.map(({ name }) => name).join(' ');

describe('the order of nodes', () => {
  const rows: readonly [what: string, nodes: readonly KubeNode[], expected: string][] = [
    ['no nodes', [], ''],
    ['as they came', [inZone('c'), inZone('a'), inZone('b')], 'c a b'],
    [
      'round the zones',
      [inZone('a1', 'a'), inZone('a2', 'a'), inZone('b1', 'b'), inZone('b2', 'b')],
      'a1 b1 a2 b2',
    ],
    [
      'zones in the order they came',
      [inZone('b1', 'b'), inZone('a1', 'a'), inZone('b2', 'b'), inZone('a2', 'a')],
      'b1 a1 b2 a2',
    ],
    [
      'a zone that is used up is passed over',
      [
        inZone('a1', 'a'),
        inZone('a2', 'a'),
        inZone('a3', 'a'),
        inZone('b1', 'b'),
        inZone('c1', 'c'),
        inZone('c2', 'c'),
      ],
      'a1 b1 c1 a2 c2 a3',
    ],
    ['without a zone is a zone', [inZone('x1'), inZone('x2'), inZone('a1', 'a')], 'x1 a1 x2'],
    [
      'zones of two regions differ',
      [inZone('a1', '1', 'r'), inZone('a2', '1', 'r'), inZone('b1', '1', 's')],
      'a1 b1 a2',
    ],
    [
      'a region alone is a zone',
      [inZone('r1', undefined, 'r'), inZone('r2', undefined, 'r'), inZone('x1')],
      'r1 x1 r2',
    ],
    [
      'the former labels count',
      [
        node('a1', { labels: { 'failure-domain.beta.kubernetes.io/zone': 'a' } }),
        inZone('a2', 'a'),
        inZone('b1', 'b'),
      ],
      'a1 b1 a2',
    ],
    // The former label goes first where both are there (component-helpers: GetZoneKey).
    [
      'the former labels go first',
      [
        node('a1', { labels: { 'failure-domain.beta.kubernetes.io/zone': 'a', [zone]: 'b' } }),
        inZone('a2', 'a'),
        inZone('b1', 'b'),
      ],
      'a1 b1 a2',
    ],
  ];
  test.each(rows)('%s', (_what, nodes, expected) => {
    const cache = new ClusterCache();
    for (const one of nodes) cache.putNode(one);
    expect(order(cache)).toBe(expected);
  });

  test('changes as nodes move, go and come', () => {
    const cache = new ClusterCache();
    for (const one of [inZone('a1', 'a'), inZone('a2', 'a'), inZone('b1', 'b')]) cache.putNode(one);
    const seen = [order(cache)];
    cache.putNode(inZone('a1', 'b'));
    seen.push(order(cache));
    cache.removeNode('b1');
    seen.push(order(cache));
    cache.putNode(inZone('c1', 'c'));
    cache.putNode(inZone('b1', 'b'));
    seen.push(order(cache));
    cache.removeNode('a2');
    seen.push(order(cache));
    expect(seen).toEqual(['a1 b1 a2', 'a2 b1 a1', 'a2 a1', 'a2 a1 c1 b1', 'a1 c1 b1']);
  });
});
