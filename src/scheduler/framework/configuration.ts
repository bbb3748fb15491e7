import type { NodeAffinity } from '../../kube/index.js';
import type { TopologySpreadConstraint } from '../../kube/index.js';

/** A resource and how much it counts in a score. */
export interface ResourceWeight {
  readonly name: string;
  readonly weight?: number;
}

/** A point of a function from utilisation (percent) to a score (0 to 10). */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

/** NodeResourcesFitArgs (kubescheduler.config.k8s.io/v1). */
export interface FitArgs {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy?: {
    readonly type: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
    readonly resources?: readonly ResourceWeight[];
    readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] };
  };
}

/** The arguments of plugins, by plugin; what is left out is as kube-scheduler has it. */
export interface PluginArgs {
  readonly NodeResourcesFit?: FitArgs;
  readonly NodeResourcesBalancedAllocation?: { readonly resources?: readonly ResourceWeight[] };
  readonly PodTopologySpread?: {
    readonly defaultingType?: 'System' | 'List';
    readonly defaultConstraints?: readonly TopologySpreadConstraint[];
  };
  readonly InterPodAffinity?: {
    readonly hardPodAffinityWeight?: number;
    readonly ignorePreferredTermsOfExistingPods?: boolean;
  };
  readonly VolumeBinding?: {
    /** How long a pod waits on its node for its volumes. Default: 600. */
    readonly bindTimeoutSeconds?: number;
    /** Scores nodes by how much of the volumes that there are is used; without it they are not scored. */
    readonly shape?: readonly ShapePoint[];
  };
  readonly NodeAffinity?: { readonly addedAffinity?: NodeAffinity };
  readonly DefaultPreemption?: {
    readonly minCandidateNodesPercentage?: number;
    readonly minCandidateNodesAbsolute?: number;
  };
}

/** A profile of KubeSchedulerConfiguration: which pods it is for, and what differs from the defaults. */
export interface SchedulerProfile {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore?: number;
  readonly args?: PluginArgs;
  /** Plugins that are left out. */
  readonly disabled?: readonly string[];
  /** Weights of scores, by plugin, where they are not the default. */
  readonly weights?: Readonly<Record<string, number>>;
}

/** KubeSchedulerConfiguration, with the fields that change decisions. */
export interface SchedulerConfiguration {
  /** How many nodes are looked at for a pod; 0 lets the cluster's size decide. */
  readonly percentageOfNodesToScore?: number;
  readonly profiles?: readonly SchedulerProfile[];
}

/** Among a profile's `disabled`: nothing is tried once no node will do (`postFilter: {disabled: [{name: '*'}]}`). */
export const everyPostFilter = 'PostFilter/*';

export const defaultSchedulerName = 'default-scheduler';

/** The profiles of a configuration: the default one alone where none is given. */
export const profilesOf = ({ profiles }: SchedulerConfiguration): readonly SchedulerProfile[] =>
  profiles && profiles.length > 0 ? profiles : [{ schedulerName: defaultSchedulerName }];
