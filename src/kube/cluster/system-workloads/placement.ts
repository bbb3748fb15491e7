import type { Draft } from '../../resource-type.js';

const isCluster = { key: 'kubernetes.azure.com/cluster', operator: 'Exists' };
const isReal = { key: 'type', operator: 'NotIn', values: ['virtual-kubelet'] };
const runs = (os: string) => ({ key: 'kubernetes.io/os', operator: 'In', values: [os] });

const required = (...matchExpressions: readonly object[]): Draft => ({
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: structuredClone(matchExpressions) }],
  },
});

/** Nodes of the cluster's own that run Linux. */
export const linuxNodes = (): Draft => required(isCluster, isReal, runs('linux'));
export const windowsNodes = (): Draft => required(isCluster, isReal, runs('windows'));

const apart = (matchLabels: Readonly<Record<string, string>>): Draft => ({
  preferredDuringSchedulingIgnoredDuringExecution: [
    ['topology.kubernetes.io/zone', 100],
    ['kubernetes.io/hostname', 10],
  ].map(([topologyKey, weight]) => ({
    weight,
    podAffinityTerm: { labelSelector: { matchLabels: { ...matchLabels } }, topologyKey },
  })),
});

/** Rather on nodes of system pools, and rather apart from each other (AKS: system pools are preferred, not required). */
export const onSystemNodes = (labels: Readonly<Record<string, string>>) => (): Draft => ({
  nodeAffinity: {
    ...linuxNodes(),
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        preference: {
          matchExpressions: [{ key: 'kubernetes.azure.com/mode', operator: 'In', values: ['system'] }],
        },
      },
    ],
  },
  podAntiAffinity: apart(labels),
});

/** On any Linux node, rather apart from each other. */
export const onAnyNodes = (labels: Readonly<Record<string, string>>) => (): Draft => ({
  nodeAffinity: linuxNodes(),
  podAntiAffinity: apart(labels),
});

/** What AKS's own pods tolerate: system pools' taint, and half a minute of a node that fails. */
export const systemTolerations = (): readonly Draft[] => [
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { key: 'node-role.kubernetes.io/master', effect: 'NoSchedule', operator: 'Equal', value: 'true' },
  {
    key: 'node.kubernetes.io/unreachable',
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 30,
  },
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 },
];

/** Nothing keeps AKS's daemons off a node. */
export const daemonTolerations = (): readonly Draft[] => [
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { operator: 'Exists', effect: 'NoExecute' },
  { operator: 'Exists', effect: 'NoSchedule' },
];
