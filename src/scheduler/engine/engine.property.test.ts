import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kubernetesCollections } from '../../kube/index.js';
import type { KubeNode, NodeSelectorRequirement, Pod, PodSpec } from '../../kube/index.js';
import { Store } from '../../store/index.js';
import { instant } from '../../units/index.js';
import { ClusterCache } from '../cache/cluster-cache.js';
import { ask, node, pod, usualVersion } from '../fixtures.js';
import { featuresOf, parseKubernetesVersion } from '../framework/features.js';
import { defaultPlugins } from '../plugins/index.js';
import { Engine } from './engine.js';

const nodeNames = ['a', 'b', 'c', 'd'];
const someNode = fc.constantFrom(...nodeNames);

const selectsX = { matchLabels: { app: 'x' } };
const byZone = { topologyKey: 'zone', labelSelector: selectsX };
/** As pods of a daemon say it. */
function pinnedTo(name: string, matchExpressions: readonly NodeSelectorRequirement[] = []): Partial<PodSpec> {
  const matchFields = [{ key: 'metadata.name', operator: 'In' as const, values: [name] }];
  const nodeSelectorTerms = [{ matchFields, matchExpressions }];
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { affinity: { nodeAffinity: required } };
}

/** What pods ask for beside resources: something of each plugin that keeps counts or answers. */
const wishes: Readonly<Record<string, Partial<PodSpec>>> = {
  nothing: {},
  'a selector': { nodeSelector: { disk: 'ssd' } },
  'a toleration': { tolerations: [{ key: 'k', operator: 'Exists' }] },
  'to be spread': {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selectsX },
    ],
  },
  'to be spread over untainted nodes if possible': {
    topologySpreadConstraints: [
      {
        maxSkew: 2,
        topologyKey: 'zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: selectsX,
        nodeTaintsPolicy: 'Honor',
      },
    ],
  },
  'to be on a': pinnedTo('a'),
  'to be on b, which has a disk': pinnedTo('b', [{ key: 'disk', operator: 'In', values: ['ssd'] }]),
  'a port': {
    containers: [{ name: 'c', image: 'image:1', ports: [{ containerPort: 80, hostPort: 80 }] }],
  },
  'to be near': {
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [byZone] } },
  },
  'to be away': {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [byZone] } },
  },
  'to be near if possible': {
    affinity: {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 7, podAffinityTerm: byZone }],
      },
    },
  },
};

const sometimes = fc.nat(5).map((n) => n === 0);

const nodeDraft = fc.record({
  zone: fc.option(fc.constantFrom('z1', 'z2'), { nil: undefined }),
  isTainted: sometimes,
  isCordoned: sometimes,
  disk: fc.constantFrom('ssd', 'hdd'),
  cpu: fc.constantFrom('2', '4'),
  hasImage: fc.boolean(),
});
const podDraft = fc.record({
  app: fc.constantFrom('x', 'y'),
  wish: fc.constantFrom(...Object.keys(wishes)),
  cpu: fc.constantFrom('0', '500m', '1500m'),
  priority: fc.constantFrom(0, 10),
  isTerminating: sometimes,
});
type NodeDraft = typeof nodeDraft extends fc.Arbitrary<infer T> ? T : never;
type PodDraft = typeof podDraft extends fc.Arbitrary<infer T> ? T : never;

const nodeOf = (name: string, draft: NodeDraft): KubeNode =>
  node(name, {
    labels: { host: name, disk: draft.disk, ...(draft.zone !== undefined && { zone: draft.zone }) },
    unschedulable: draft.isCordoned,
    allocatable: { cpu: draft.cpu },
    ...(draft.isTainted && { taints: [{ key: 'k', effect: 'NoSchedule' }] }),
    ...(draft.hasImage && { images: [{ names: ['image:1'], sizeBytes: 500 * 1024 * 1024 }] }),
  });
const podOf = (name: string, { app, wish, cpu, priority, isTerminating }: PodDraft): Pod =>
  pod(name, { labels: { app }, requests: { cpu }, priority, isTerminating, spec: wishes[wish] ?? {} });

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('put node' as const), name: someNode, node: nodeDraft }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove node' as const), name: someNode }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('assign' as const), name: someNode, pod: podDraft }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('nominate' as const), name: someNode, pod: podDraft }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove pod' as const), at: fc.nat(10) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('ask' as const), about: fc.nat(2) }) },
);
const steps = fc.array(step, { minLength: 20, maxLength: 40, size: 'max' });
/** Only a few different pods are asked about, so that answers are kept and asked for again. */
const asked = fc.tuple(podDraft, podDraft, podDraft);

test('an engine that has seen a cluster change answers as one that sees it for the first time', () => {
  const store = Store.open({ now: () => instant(0), collections: kubernetesCollections });
  fc.assert(
    fc.property(steps, asked, (happenings, drafts) => {
      const cache = new ClusterCache();
      const features = featuresOf(parseKubernetesVersion(usualVersion));
      const engine = new Engine({ cluster: 'cluster', cache, features, plugins: defaultPlugins });
      const nodes = new Map<string, KubeNode>();
      const pods: Pod[] = [];
      happenings.forEach((one, at) => {
        const name = `p${String(at)}`;
        switch (one.do) {
          case 'put node':
            nodes.set(one.name, nodeOf(one.name, one.node));
            cache.putNode(nodeOf(one.name, one.node));
            return;
          case 'remove node':
            nodes.delete(one.name);
            cache.removeNode(one.name);
            return;
          case 'assign': {
            const assigned = podOf(name, one.pod);
            pods.push({ ...assigned, spec: { ...assigned.spec, nodeName: one.name } });
            cache.addPod(cache.describe(assigned), one.name);
            return;
          }
          case 'nominate': {
            const waiting = podOf(name, one.pod);
            pods.push({ ...waiting, status: { nominatedNodeName: one.name } });
            cache.nominate(cache.describe(waiting), one.name);
            return;
          }
          case 'remove pod': {
            const [gone] = pods.splice(one.at, 1);
            if (!gone) return;
            if (gone.spec.nodeName) cache.removePod(gone.metadata.uid);
            else cache.nominate(cache.describe(gone), undefined);
            return;
          }
          case 'ask': {
            const [first] = drafts;
            const waiting = podOf(name, drafts[one.about] ?? first);
            const prepared = engine.prepare(cache.describe(waiting), store);
            const refusals = new Map([...engine.refusals(prepared)].map(([info, why]) => [info.name, why]));
            const fresh = ask({ nodes: [...nodes.values()], pods, pod: waiting });
            expect(Object.fromEntries(refusals)).toEqual(fresh.refusals);
            const feasible = cache.nodes.filter((info) => !refusals.has(info.name));
            const placement = engine.place(prepared, () => 0);
            const found = placement.kind === 'placed' ? placement.feasible.nodes() : [];
            // A search may ask once for many nodes what refusals are asked for each.
            expect(found.map((info) => info.name).sort()).toEqual(feasible.map((info) => info.name).sort());
            if (fresh.feasible.length < 2) return;
            const scores = [...engine.scores(prepared, { nodes: () => feasible })].map(([info, byPlugin]) => [
              info.name,
              Object.fromEntries(byPlugin),
            ]);
            expect(Object.fromEntries(scores)).toEqual(fresh.scores);
            // Totals are summed of answers that were kept.
            const taken = placement.kind === 'placed' ? placement.node.name : '';
            expect(fresh.totals[taken]).toBe(Math.max(...Object.values(fresh.totals)));
          }
        }
      });
    }),
    { numRuns: 60 },
  );
});
