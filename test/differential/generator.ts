/** Cases by chance: the same seed makes the same case. */
import type { Case } from './case.js';
import { Chance } from './generation/chance.js';
import { makeConfiguration } from './generation/configuration.js';
import { addDevices } from './generation/devices.js';
import { makeNodes, nodeCount } from './generation/nodes.js';
import { makeNominated, makePending, makePods } from './generation/pods.js';
import { labelSelector, namespaces, podLabels, themes, versions } from './generation/vocabulary.js';
import type { Theme } from './generation/vocabulary.js';
import { addClaims, addDisks } from './generation/volumes.js';
import type { Namespace, Pod, PodDisruptionBudget } from './objects.js';

/** Biased to what is interesting: few feasible nodes, ties, nodes nearly full, and every rule as the one that decides. */
export function generate(seed: number): Case {
  const chance = new Chance(seed);
  const theme = chance.pick(themes);
  const nodes = makeNodes(chance, theme, nodeCount(chance));
  const names = nodes.map(({ metadata }) => metadata.name);
  const waiting = chance.hits(theme === 'nominated' ? 0.95 : 0.05) ? makeNominated(chance, theme, names) : [];
  const plain: Case = {
    formatVersion: 1,
    kubernetesVersion: chance.pick(versions),
    ...chance.maybe(theme === 'configuration' ? 1 : 0.04, () => ({
      configuration: makeConfiguration(chance, names),
    })),
    ...chance.maybe(nodes.length > 0 ? 0.5 : 0, () => ({
      startNodeIndex: chance.between(0, nodes.length - 1),
    })),
    nodes,
    pods: [...makePods(chance, theme, names), ...waiting],
    pod: makePending(chance, theme, names),
    namespaces: chance.some(namespaces, 0.9).map((name) => namespace(chance, name)),
    ...chance.maybe(theme === 'preemption' ? 0.7 : 0.1, () => ({
      podDisruptionBudgets: chance.make(chance.between(1, 3), (index) => budget(chance, index)),
    })),
  };
  return [
    ...(chance.hits(theme === 'defaultSpread' || theme === 'configuration' ? 0.9 : 0.08) ? [addOwners] : []),
    ...(chance.hits(theme === 'volumes' ? 0.97 : 0.03) ? [addClaims] : []),
    ...(chance.hits(theme === 'disks' ? 0.95 : 0.01) ? [addDisks] : []),
    ...(chance.hits(theme === 'devices' ? 0.97 : 0.02) ? [addDevices] : []),
    ...(chance.hits(theme === 'images' ? 0.3 : 0.02) ? [addImageVolume] : []),
    ...(chance.hits(theme === 'preemption' ? 0.5 : 0.1) ? [addLeaving] : []),
    ...(theme === 'nodeAffinity' && chance.hits(0.15) ? [pinTwice] : []),
  ].reduce((input, add) => add(chance, input), plain);
}

/** What the case was mostly about: for the summary of a run. */
export const themeOf = (seed: number): Theme => new Chance(seed).pick(themes);

const namespace = (chance: Chance, name: string): Namespace => ({
  metadata: {
    name,
    labels: {
      'kubernetes.io/metadata.name': name,
      ...chance.maybe(0.7, () => ({ team: chance.pick(['red', 'blue']) })),
    },
  },
});

const budget = (chance: Chance, index: number): PodDisruptionBudget => ({
  metadata: { name: `budget-${String(index)}`, namespace: chance.pick(['default', ...namespaces]) },
  spec: { selector: chance.hits(0.15) ? {} : labelSelector(chance) },
  status: {
    disruptionsAllowed: chance.between(0, 2),
    ...chance.maybe(0.3, () => ({
      disruptedPods: {
        [`p${String(chance.between(0, 3))}-${String(chance.between(0, 4))}`]: '2026-03-01T10:00:00Z',
      },
    })),
  },
});

/** What default spreading goes by. */
function addOwners(chance: Chance, input: Case): Case {
  const { labels = {}, namespace: own = '' } = input.pod.metadata;
  const selector = chance.hits(0.8) ? { app: labels['app'] ?? 'web' } : podLabels(chance);
  const services = chance.hits(0.7)
    ? chance.make(chance.between(1, 2), (index) => ({
        metadata: { name: `service-${String(index)}`, namespace: chance.hits(0.9) ? own : 'lab' },
        spec: chance.hits(0.9)
          ? { selector: index === 0 ? selector : { tier: labels['tier'] ?? 'front' } }
          : {},
      }))
    : [];
  const kind = chance.pick(['ReplicationController', 'ReplicaSet', 'StatefulSet', undefined] as const);
  if (kind === undefined) return { ...input, services };
  const metadata = { name: 'owner', namespace: own };
  const apiVersion = kind === 'ReplicationController' ? 'v1' : 'apps/v1';
  const byExpression = { matchExpressions: [{ key: 'app', operator: 'Exists' as const }] };
  const controller = {
    metadata,
    spec: { selector: chance.hits(0.8) ? { matchLabels: selector } : byExpression },
  };
  return {
    ...input,
    services,
    pod: {
      ...input.pod,
      metadata: {
        ...input.pod.metadata,
        ownerReferences: [{ apiVersion, kind, name: 'owner', uid: 'uid-owner', controller: true }],
      },
    },
    ...(kind === 'ReplicationController'
      ? { replicationControllers: [{ metadata, spec: { selector } }] }
      : {}),
    ...(kind === 'ReplicaSet' ? { replicaSets: [controller] } : {}),
    ...(kind === 'StatefulSet' ? { statefulSets: [controller] } : {}),
  };
}

const addImageVolume = (chance: Chance, input: Case): Case => ({
  ...input,
  pod: withSpec(input.pod, {
    volumes: [
      ...(input.pod.spec.volumes ?? []),
      {
        name: 'model',
        image: { reference: chance.pick(['registry.example/web:1', 'registry.example:5000/huge:3']) },
      },
    ],
  }),
});

/** A pod that leaves its node because of an earlier preemption for the pending one. */
function addLeaving(chance: Chance, input: Case): Case {
  const node = input.pod.status?.nominatedNodeName;
  const leaving = input.pods.find(({ spec }) => node !== undefined && spec.nodeName === node);
  if (leaving === undefined) return input;
  const conditions = [
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: chance.pick(['PreemptionByScheduler', 'PreemptionByScheduler', 'EvictionByEvictionAPI']),
    },
  ];
  const changed: Pod = {
    ...leaving,
    metadata: { ...leaving.metadata, deletionTimestamp: '2026-03-01T10:00:00Z' },
    spec: { ...leaving.spec, priority: chance.pick([0, 0, 5000]) },
    status: { ...leaving.status, conditions },
  };
  return { ...input, pods: input.pods.map((pod) => (pod === leaving ? changed : pod)) };
}

/** As daemon pods are pinned, or with two names that no node has at once. */
function pinTwice(chance: Chance, input: Case): Case {
  const named = (name: string) => ({ key: 'metadata.name', operator: 'In' as const, values: [name] });
  const first = chance.pick(['n0', 'n1', 'gone']);
  const matchFields = [named(first), ...(chance.hits(0.3) ? [named('n1')] : [])];
  return {
    ...input,
    pod: withSpec(input.pod, {
      affinity: {
        ...input.pod.spec.affinity,
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
        },
      },
    }),
  };
}

const withSpec = (pod: Pod, members: Partial<Pod['spec']>): Pod => ({
  ...pod,
  spec: { ...pod.spec, ...members },
});
