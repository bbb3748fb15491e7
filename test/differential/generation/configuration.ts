import type { Configuration, PluginConfiguration, ProfileConfiguration } from '../case.js';
import type { Chance } from './chance.js';
import { gpu, hostname, nodeSelectorTerm, zone } from './vocabulary.js';

/** A configuration of the scheduler that is not the default one. */
export function makeConfiguration(chance: Chance, nodeNames: readonly string[]): Configuration {
  return {
    ...chance.maybe(0.3, () => ({ percentageOfNodesToScore: chance.pick([0, 1, 30, 70, 100]) })),
    profiles: [
      {
        schedulerName: 'default-scheduler',
        ...chance.maybe(0.2, () => ({ percentageOfNodesToScore: chance.pick([50, 80]) })),
        ...chance.maybe(0.4, () => ({ plugins: plugins(chance) })),
        pluginConfig: [
          ...chance.some([fit, balance, spread, affinity, preemption], 0.5).map((one) => one(chance)),
          ...(chance.hits(0.4) ? [added(chance, nodeNames)] : []),
        ],
      },
    ],
  };
}

function plugins(chance: Chance): NonNullable<ProfileConfiguration['plugins']> {
  return chance.pick<() => NonNullable<ProfileConfiguration['plugins']>>([
    () => ({
      multiPoint: {
        disabled: [
          { name: chance.pick(['NodeResourcesFit', 'TaintToleration', 'VolumeZone', 'InterPodAffinity']) },
        ],
      },
    }),
    () => ({ postFilter: { disabled: [{ name: chance.pick(['*', 'DefaultPreemption']) }] } }),
    () => ({
      score: {
        enabled: [
          { name: 'NodeResourcesFit', weight: chance.between(1, 20) },
          { name: 'ImageLocality', weight: 5 },
        ],
        disabled: [{ name: 'PodTopologySpread' }],
      },
    }),
    () => ({
      score: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeResourcesBalancedAllocation', weight: 2 }] },
    }),
    () => ({ multiPoint: { enabled: [{ name: 'TaintToleration', weight: 7 }, { name: 'NodeAffinity' }] } }),
    () => ({ filter: { disabled: [{ name: 'NodeUnschedulable' }] } }),
  ])();
}

const resources = (chance: Chance) => [
  { name: 'cpu', weight: chance.between(1, 5) },
  ...chance.some(
    [
      { name: 'memory', weight: 1 },
      { name: 'ephemeral-storage', weight: 2 },
      { name: gpu, weight: 3 },
    ],
    0.6,
  ),
];

const shapes = [
  [
    { utilization: 0, score: 0 },
    { utilization: 100, score: 10 },
  ],
  [
    { utilization: 0, score: 10 },
    { utilization: 100, score: 0 },
  ],
  [
    { utilization: 20, score: 1 },
    { utilization: 50, score: 8 },
    { utilization: 70, score: 3 },
  ],
] as const;

const fit = (chance: Chance): PluginConfiguration => {
  const type = chance.pick(['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'] as const);
  return {
    name: 'NodeResourcesFit',
    args: {
      ...chance.maybe(0.2, () => ({ ignoredResources: [gpu] })),
      ...chance.maybe(0.1, () => ({ ignoredResourceGroups: ['example.com'] })),
      scoringStrategy: {
        type,
        resources: resources(chance),
        ...(type === 'RequestedToCapacityRatio'
          ? { requestedToCapacityRatio: { shape: chance.pick(shapes) } }
          : {}),
      },
    },
  };
};

const balance = (chance: Chance): PluginConfiguration => ({
  name: 'NodeResourcesBalancedAllocation',
  args: { resources: resources(chance).map(({ name }) => ({ name, weight: 1 })) },
});

const spread = (chance: Chance): PluginConfiguration => ({
  name: 'PodTopologySpread',
  args: {
    defaultingType: 'List',
    defaultConstraints: chance.some(
      [
        { topologyKey: zone, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' as const },
        { topologyKey: hostname, maxSkew: 2, whenUnsatisfiable: 'ScheduleAnyway' as const },
        { topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' as const },
      ],
      0.6,
    ),
  },
});

const affinity = (chance: Chance): PluginConfiguration => ({
  name: 'InterPodAffinity',
  args: {
    hardPodAffinityWeight: chance.pick([0, 1, 50, 100]),
    ...chance.maybe(0.3, () => ({ ignorePreferredTermsOfExistingPods: true })),
  },
});

const preemption = (chance: Chance): PluginConfiguration => ({
  name: 'DefaultPreemption',
  args: {
    minCandidateNodesPercentage: chance.pick([0, 10, 50]),
    minCandidateNodesAbsolute: chance.pick([1, 2, 100]),
  },
});

const added = (chance: Chance, nodeNames: readonly string[]): PluginConfiguration => ({
  name: 'NodeAffinity',
  args: {
    addedAffinity: {
      ...chance.maybe(0.7, () => ({
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [nodeSelectorTerm(chance, nodeNames)],
        },
      })),
      ...chance.maybe(0.5, () => ({
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: chance.between(1, 100), preference: nodeSelectorTerm(chance, nodeNames) },
        ],
      })),
    },
  },
});
