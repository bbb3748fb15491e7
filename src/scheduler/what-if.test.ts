import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kubernetesCollections, nodeKey, nodes, objectKey, pods } from '../kube/index.js';
import type { KubeNode, Pod } from '../kube/index.js';
import { Store } from '../store/index.js';
import { instant } from '../units/index.js';
import { WhatIf } from './what-if.js';

const cluster = 'shop';

const node = (name: string, zone: string, cpu = '4', labels: object = {}): KubeNode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    uid: name,
    creationTimestamp: '2026-08-21T00:00:00Z',
    labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone, ...labels },
  },
  spec: {},
  status: { allocatable: { cpu, memory: '8Gi', pods: '10' } } as unknown as KubeNode['status'],
});

const pod = (name: string, cpu: string, spec: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    creationTimestamp: '2026-08-21T00:00:00Z',
    labels: { app: 'web' },
  },
  spec: { containers: [{ name: 'c', image: 'i:1', resources: { requests: { cpu } } }], ...spec },
});

const spread = (maxSkew: number) => ({
  topologySpreadConstraints: [
    {
      maxSkew,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    },
  ],
});

function storeWith(all: readonly KubeNode[], present: readonly Pod[]): Store {
  const store = Store.open({ now: () => instant(0), collections: kubernetesCollections });
  store.transact((tx) => {
    for (const object of all) tx.put(nodes, nodeKey(cluster, object.metadata.name), { cluster, object });
    for (const object of present)
      tx.put(pods.collection, objectKey(cluster, 'default', object.metadata.name), { cluster, object });
  });
  return store;
}

const of = (all: readonly KubeNode[], present: readonly Pod[] = []): WhatIf =>
  WhatIf.of(storeWith(all, present), cluster);

describe('what if', () => {
  test('tells every node that would do, and why the others would not', () => {
    const whatIf = of([node('a', '1'), node('b', '2', '1'), node('c', '3', '8')]);
    const { feasible, refusals } = whatIf.fits(pod('p', '3'));
    expect(feasible).toEqual(['a', 'c']);
    expect([...refusals].map(([name, { reasons }]) => [name, ...reasons])).toEqual([
      ['b', 'Insufficient cpu'],
    ]);
    expect(whatIf.needs(pod('p', '3'), 'b')).toEqual([
      { resource: 'cpu', asked: 3000, free: 1000, allocatable: 1000 },
      { resource: 'pods', asked: 1, free: 10, allocatable: 10 },
    ]);
  });

  test('a node is supposed, or taken away, for the length of the question alone', () => {
    const whatIf = of([node('a', '1')]);
    const big = pod('p', '6');
    expect(whatIf.fits(big).feasible).toEqual([]);
    const supposed = whatIf.suppose((what) => {
      what.putNode(node('new', '2', '8'));
      const withNew = what.fits(big).feasible;
      what.removeNode('new');
      what.removeNode('a');
      return [withNew, what.fits(pod('q', '1')).feasible];
    });
    expect(supposed).toEqual([['new'], []]);
    expect(whatIf.fits(big).feasible).toEqual([]);
    expect(whatIf.fits(pod('q', '1')).feasible).toEqual(['a']);
  });

  test('a node may be supposed otherwise than it is', () => {
    const whatIf = of([node('a', '1')]);
    const picky = pod('p', '1', { nodeSelector: { team: 'vision' } });
    const labelled = whatIf.suppose((what) => {
      what.putNode(node('a', '1', '4', { team: 'vision' }));
      return what.fits(picky).feasible;
    });
    expect([labelled, whatIf.fits(picky).feasible]).toEqual([['a'], []]);
  });

  test('pods are placed one after the other, each counted for the next', () => {
    const whatIf = of([node('a', '1'), node('b', '2')]);
    const batch = ['p1', 'p2', 'p3', 'p4', 'p5'].map((name) => pod(name, '2'));
    expect(whatIf.place(batch).map(({ node: at }) => at)).toEqual(['a', 'b', 'a', 'b', undefined]);
    expect(whatIf.place(batch).map(({ node: at }) => at)).toEqual(['a', 'b', 'a', 'b', undefined]);
    expect(whatIf.fits(pod('q', '4')).feasible).toEqual(['a', 'b']);
  });

  test('a pod that is taken away leaves its room, its ports and its place in the spread', () => {
    const present = { ...pod('old', '3'), spec: { ...pod('old', '3').spec, nodeName: 'a' } };
    const whatIf = of([node('a', '1'), node('b', '2', '1')], [present]);
    const wanted = pod('p', '2', spread(1));
    expect(whatIf.fits(wanted).feasible).toEqual([]);
    expect(
      whatIf.suppose((what) => {
        what.removePod(present);
        return what.fits(wanted).feasible;
      }),
    ).toEqual(['a']);
    expect(whatIf.fits(wanted).feasible).toEqual([]);
  });

  test('the node that is kept for a pod is not kept from it', () => {
    const kept: Pod = { ...pod('p', '3'), status: { nominatedNodeName: 'a' } };
    const whatIf = of([node('a', '1')], [kept]);
    expect(whatIf.fits(kept).feasible).toEqual(['a']);
    expect(whatIf.fits(pod('q', '3')).feasible).toEqual([]);
  });

  test('tells whom a pod would drive out', () => {
    const low = (name: string, at: string): Pod => {
      const one = pod(name, '3');
      return { ...one, spec: { ...one.spec, nodeName: at, priority: 1 } };
    };
    const whatIf = of([node('a', '1'), node('b', '2')], [low('l1', 'a'), low('l2', 'b')]);
    const attempt = whatIf.attempt(pod('p', '2', { priority: 10 }));
    expect(attempt).toMatchObject({
      kind: 'refused',
      preemption: { node: 'a', victims: [{ metadata: { name: 'l1' } }], violations: 0 },
    });
    expect(whatIf.attempt(pod('p', '1'))).toEqual({ kind: 'placed', node: 'a' });
  });

  test('no supposition leaves a trace', () => {
    const zones = fc.constantFrom('1', '2', '3');
    const step = fc.oneof(
      fc.record({ do: fc.constant('put' as const), name: fc.constantFrom('a', 'b', 'c', 'x'), zone: zones }),
      fc.record({ do: fc.constant('remove' as const), name: fc.constantFrom('a', 'b', 'c', 'x') }),
      fc.record({ do: fc.constant('place' as const), cpu: fc.constantFrom('1', '2') }),
      fc.record({ do: fc.constant('take' as const), name: fc.constantFrom('r0', 'r1', 'r2') }),
    );
    const running = ['a', 'a', 'b'].map((at, index) => {
      const one = pod(`r${String(index)}`, '1', spread(2));
      return { ...one, spec: { ...one.spec, nodeName: at } };
    });
    const batch = Array.from({ length: 9 }, (_, index) => pod(`n${String(index)}`, '1', spread(1)));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const whatIf = of([node('a', '1'), node('b', '2'), node('c', '2')], running);
        const look = () => [
          whatIf.place(batch).map(({ node: at }) => at),
          [...whatIf.fits(pod('p', '3', spread(1))).refusals],
          whatIf.attempt(pod('p', '4', { priority: 5 })),
        ];
        const before = look();
        whatIf.suppose((what) => {
          for (const [index, one] of steps.entries()) {
            if (one.do === 'put') what.putNode(node(one.name, one.zone));
            else if (one.do === 'remove') what.removeNode(one.name);
            else if (one.do === 'place') what.place([pod(`s${String(index)}`, one.cpu, spread(1))]);
            else what.removePod(pod(one.name, '1'));
          }
        });
        expect(look()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a supposed cluster', () => {
  test('puts pods on the next node that takes them, round and round, unless one is hinted at', () => {
    const whatIf = of([node('a', '1'), node('b', '2', '1'), node('c', '3')]);
    whatIf.suppose((what) => {
      expect(what.nodes()).toEqual(['a', 'b', 'c']);
      const next = (name: string, among?: Parameters<typeof what.placeNext>[1]) =>
        what.placeNext(pod(name, '2'), among);
      expect(next('p1')).toBe('a');
      expect(next('p2')).toBe('c');
      expect(next('p3', { allows: (name) => name !== 'a' })).toBe('c');
      expect(next('p4', { hint: 'c' })).toBe('a');
      expect(next('p5')).toBeUndefined();
      expect(what.podsOn('a').map(({ metadata }) => metadata.name)).toEqual(['p1', 'p4']);
      expect(what.amounts('a', 'cpu')).toEqual({ allocatable: 4000, requested: 4000 });
    });
  });

  test('begins where it did when no node takes a pod', () => {
    const whatIf = of([node('a', '1', '1'), node('b', '2'), node('c', '3')]);
    whatIf.suppose((what) => {
      expect(what.placeNext(pod('p1', '1'))).toBe('a');
      expect(what.placeNext(pod('p2', '1'), { allows: () => false })).toBeUndefined();
      expect(what.placeNext(pod('p3', '1'))).toBe('b');
    });
  });

  test('puts pods on the next of some nodes, from one of them on and round', () => {
    const whatIf = of([node('a', '1'), node('b', '2', '1'), node('c', '3')]);
    whatIf.suppose((what) => {
      const pinned = {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] }],
            },
          },
        },
      };
      const among = (name: string, nodes: readonly string[], start: number, spec: object = {}) =>
        what.placeAmong(pod(name, '2', spec), nodes, start);
      expect(among('p1', ['c', 'b', 'a'], 1)).toBe(2);
      expect(among('p2', ['c', 'b', 'a'], 3)).toBe(0);
      expect(among('p3', ['c', 'b'], 0, pinned)).toBeUndefined();
      expect(among('p4', ['c', 'b', 'gone', 'a'], 0, pinned)).toBe(3);
      expect(among('p5', ['a', 'b'], 0)).toBeUndefined();
      expect(among('p6', [], 0)).toBeUndefined();
      expect(what.placeAmong(pod('p7', '1'), ['c', 'b'], 0, (place) => place > 0)).toBe(1);
      expect(what.podsOn('a').map(({ metadata }) => metadata.name)).toEqual(['p1', 'p4']);
    });
  });

  test('tells why one node would not take a pod', () => {
    const whatIf = of([node('a', '1'), node('b', '2', '1')]);
    const refusals = whatIf.suppose((what) =>
      ['a', 'b'].map((name) => what.refusalOn(pod('p', '2'), name)?.reasons),
    );
    expect(refusals).toEqual([undefined, ['Insufficient cpu']]);
  });

  test('takes back what was tentative, and keeps what is to be kept', () => {
    const whatIf = of([node('a', '1')], [pod('there', '1', { nodeName: 'a' })]);
    whatIf.suppose((what) => {
      const requested = () => what.amounts('a', 'cpu').requested;
      what.tentatively(() => {
        what.putPod(pod('p1', '1'), 'a');
        what.removePod(pod('there', '1'));
        what.putNode(node('b', '1'));
        expect([requested(), what.nodes()]).toEqual([1000, ['a', 'b']]);
        return 'take back';
      });
      expect([requested(), what.nodes()]).toEqual([1000, ['a']]);
      expect(what.podsOn('a').map(({ metadata }) => metadata.name)).toEqual(['there']);
      what.tentatively(() => {
        what.putPod(pod('p1', '1'), 'a');
        return 'keep';
      });
      expect(requested()).toBe(2000);
    });
    whatIf.suppose((what) => expect(what.amounts('a', 'cpu').requested).toBe(1000));
  });
});
