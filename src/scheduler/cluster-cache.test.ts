import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodes, pods } from '../kube/index.js';
import type { ClusterNode, Pod } from '../kube/index.js';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import { ClusterCache } from './cluster-cache.js';
import { nodeNamesOf } from './node-fit.js';

const names = ['n1', 'n2', 'n3'];
const meta = (name: string) => ({ name, uid: name, creationTimestamp: '2026-08-21T00:00:00Z' });
const node = (name: string, cpu: string) =>
  ({
    cluster: 'c',
    object: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: meta(name),
      spec: {},
      status: { allocatable: { cpu } },
    },
  }) as unknown as ClusterNode;
const pod = (name: string, nodeName: string | undefined, cpu: string, phase: 'Running' | 'Succeeded') => ({
  cluster: 'c',
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...meta(name), namespace: 'd' },
    spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], ...(nodeName && { nodeName }) },
    status: { phase },
  } satisfies Pod,
});

const quantity = fc.constantFrom('100m', '1', '2500m');
const step = fc.oneof(
  fc.record({ put: fc.constant('node' as const), name: fc.constantFrom(...names), cpu: quantity }),
  fc.record({ drop: fc.constant('node' as const), name: fc.constantFrom(...names) }),
  fc.record({
    put: fc.constant('pod' as const),
    name: fc.constantFrom('p1', 'p2', 'p3', 'p4'),
    on: fc.option(fc.constantFrom(...names), { nil: undefined }),
    cpu: quantity,
    phase: fc.constantFrom('Running' as const, 'Succeeded' as const),
  }),
  fc.record({ drop: fc.constant('pod' as const), name: fc.constantFrom('p1', 'p2', 'p3', 'p4') }),
);

describe('what the cache knows', () => {
  test('is what a fresh look at the store says, after any changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = Store.open({ now: () => instant(0), collections: [nodes, pods.collection] });
        const cache = new ClusterCache(store);
        store.watch({}, ({ changes }) => changes.forEach((change) => cache.apply(change)));
        for (const one of steps) {
          store.transact((tx) => {
            if ('drop' in one) tx.delete(one.drop === 'node' ? nodes : pods.collection, `c/${one.name}`);
            else if (one.put === 'node') tx.put(nodes, `c/${one.name}`, node(one.name, one.cpu));
            else tx.put(pods.collection, `c/${one.name}`, pod(one.name, one.on, one.cpu, one.phase));
          });
        }
        const seen = (from: ClusterCache) =>
          from.candidates('c').map((one) => [one.node.metadata.name, one.free('cpu'), one.free('pods')]);
        expect(seen(cache)).toEqual(seen(new ClusterCache(store)));
      }),
    );
  });
});

const term = (...values: readonly string[]) => ({
  matchFields: [{ key: 'metadata.name', operator: 'In' as const, values }],
});
const label = { matchExpressions: [{ key: 'a', operator: 'Exists' as const }] };

test.each([
  ['no affinity', undefined, undefined],
  ['one name', [term('n2')], ['n2']],
  ['names of several terms', [term('n2', 'n1'), term('n2')], ['n1', 'n2']],
  ['a term by label alone', [term('n2'), label], undefined],
  ['a term by name and label', [{ ...term('n2'), ...label }], ['n2']],
])('the nodes that a pod with %s names', (_, nodeSelectorTerms, expected) => {
  const affinity = nodeSelectorTerms && {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  };
  expect(nodeNamesOf({ containers: [], ...(affinity && { affinity }) })).toEqual(expected);
});
