import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StatusError } from '../../kube/index.js';
import type { TestCluster } from './fixtures.js';
import { claim, diskClass, inZone, openZonal, pod, volume, zoneOf } from './volume-fixtures.js';

const names = ['a', 'b', 'c'];
const classes = ['disk', 'now', 'everywhere', 'manual'];

/** What somebody does to a cluster, mostly to its pods, and how long it is left alone then. */
const step = fc.record({
  act: fc.oneof(
    { weight: 6, arbitrary: fc.constant('pod' as const) },
    { weight: 4, arbitrary: fc.constant('deletePod' as const) },
    { weight: 2, arbitrary: fc.constant('claim' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('volume', 'deleteClaim', 'deleteVolume', 'deleteNode'),
    },
  ),
  name: fc.constantFrom(...names),
  claimName: fc.constantFrom(...names),
  of: fc.constantFrom(...classes),
  zone: fc.constantFrom('westeurope-1', 'westeurope-2', 'westeurope-3', undefined),
  force: fc.boolean(),
  seconds: fc.constantFrom(0, 0.1, 0.3, 1, 3, 30, 400),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function take(cluster: TestCluster, { act, name, claimName, of, zone, force }: Step): void {
  const grace = force ? 0 : undefined;
  switch (act) {
    case 'claim':
      cluster.create('persistentvolumeclaims', claim(name, { storageClassName: of }));
      return;
    case 'pod':
      cluster.create('pods', pod(name, claimName, zone === undefined ? {} : inZone(zone)));
      return;
    case 'volume':
      cluster.create('persistentvolumes', volume(name));
      return;
    case 'deleteClaim':
      cluster.delete('persistentvolumeclaims', name);
      return;
    case 'deletePod':
      cluster.delete('pods', name, 'Background', grace);
      return;
    case 'deleteVolume':
      cluster.delete('persistentvolumes', cluster.names('persistentvolumes')[0] ?? name);
      return;
    case 'deleteNode':
      cluster.delete('nodes', cluster.names('nodes')[1] ?? name);
  }
}

interface Spec {
  readonly volumeName?: string;
  readonly nodeName?: string;
  readonly claimRef?: { readonly uid?: string };
  readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  readonly nodeAffinity?: {
    readonly required: {
      readonly nodeSelectorTerms: readonly {
        readonly matchExpressions: readonly { readonly values: string[] }[];
      }[];
    };
  };
}
const specOf = (object: { readonly spec: unknown }): Spec => object.spec as Spec;

function check(cluster: TestCluster): void {
  const claims = cluster.list('persistentvolumeclaims');
  const volumes = cluster.list('persistentvolumes');
  const bound = claims.filter(({ status }) => status['phase'] === 'Bound');
  // A claim that is bound has one volume, and the volume has the claim.
  for (const one of bound) {
    const own = volumes.filter((other) => specOf(other).claimRef?.uid === one.metadata.uid);
    expect(own.map(({ metadata }) => metadata.name)).toEqual([specOf(one).volumeName]);
  }
  for (const one of volumes.filter(({ status }) => status['phase'] === 'Bound')) {
    const owners = bound.filter((other) => specOf(other).volumeName === one.metadata.name);
    expect(owners.map(({ metadata }) => metadata.uid)).toEqual([specOf(one).claimRef?.uid]);
  }
  // No pod runs where its volume can't be, and no exclusive volume is in two places.
  for (const one of cluster.list('pods').filter(({ status }) => status['phase'] === 'Running')) {
    const { nodeName = '', volumes: used = [] } = specOf(one);
    if (!cluster.names('nodes').includes(nodeName)) continue;
    const claimName = used[0]?.persistentVolumeClaim?.claimName;
    const volumeName = claims.find(({ metadata }) => metadata.name === claimName);
    const disk = volumes.find(
      ({ metadata }) => metadata.name === (volumeName && specOf(volumeName).volumeName),
    );
    const zones = disk && specOf(disk).nodeAffinity?.required.nodeSelectorTerms;
    if (zones)
      expect(zones.flatMap(({ matchExpressions }) => matchExpressions[0]?.values ?? [])).toContain(
        zoneOf(cluster, nodeName),
      );
  }
  const places = cluster
    .list('volumeattachments')
    .map(({ spec }) => (spec['source'] as { persistentVolumeName: string }).persistentVolumeName);
  expect(new Set(places).size).toBe(places.length);
}

test('whatever happens, claims and volumes have each other, and pods run where their volumes are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...classes), { minLength: 3, maxLength: 3 }),
      fc.array(step, { maxLength: 30 }),
      (made, steps) => {
        const cluster = openZonal();
        cluster.create('storageclasses', diskClass('now', { volumeBindingMode: 'Immediate' }));
        cluster.create('storageclasses', diskClass('everywhere', { parameters: { skuName: 'Premium_ZRS' } }));
        names.forEach((name, at) =>
          cluster.create('persistentvolumeclaims', claim(name, { storageClassName: made[at] })),
        );
        for (const one of steps) {
          try {
            take(cluster, one);
          } catch (error) {
            if (!(error instanceof StatusError)) throw error;
          }
          cluster.pass(one.seconds);
          check(cluster);
        }
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
