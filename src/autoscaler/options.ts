import type { Duration } from '../units/index.js';
import { hours, minutes, seconds } from '../units/index.js';
import type { AutoscalerFeatures } from './features.js';
import { autoscalerFeatures } from './features.js';

/** Ways to choose among node groups that could grow (flag `expander`). */
export type ExpanderName = 'random' | 'most-pods' | 'least-waste' | 'least-nodes' | 'price' | 'priority';

/** A total that the cluster is held within, by node resource. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * What a cluster autoscaler is told, by upstream's flags (kubernetes/autoscaler: FAQ, "What are the parameters to CA?"). AKS lets
 * users set some; the others are as AKS runs it.
 */
export interface AutoscalerOptions {
  readonly features: AutoscalerFeatures;
  readonly scanInterval: Duration;
  readonly newPodScaleUpDelay: Duration;
  /** How long an instance may take until it is a node. */
  readonly maxNodeProvisionTime: Duration;
  /** How long a node may take until it is ready, without counting as unready. */
  readonly maxNodeStartupTime: Duration;
  readonly scaleDownDelayAfterAdd: Duration;
  readonly scaleDownDelayAfterDelete: Duration;
  readonly scaleDownDelayAfterFailure: Duration;
  readonly scaleDownUnneededTime: Duration;
  readonly scaleDownUnreadyTime: Duration;
  /** A node that is used more than this is needed, 0 to 1. */
  readonly scaleDownUtilizationThreshold: number;
  readonly scaleDownGpuUtilizationThreshold: number;
  readonly ignoreDaemonSetsUtilization: boolean;
  readonly ignoreMirrorPodsUtilization: boolean;
  readonly daemonSetEvictionForEmptyNodes: boolean;
  readonly daemonSetEvictionForOccupiedNodes: boolean;
  readonly maxGracefulTermination: Duration;
  readonly balanceSimilarNodeGroups: boolean;
  /** Each leaves fewer node groups to the next. */
  readonly expander: readonly ExpanderName[];
  readonly skipNodesWithLocalStorage: boolean;
  readonly skipNodesWithSystemPods: boolean;
  readonly skipNodesWithCustomControllerPods: boolean;
  readonly minReplicaCount: number;
  /** Age from which a pod of kube-system without a budget blocks no more. */
  readonly blockingSystemPodTimeout: Duration;
  readonly maxScaleDownParallelism: number;
  readonly maxDrainParallelism: number;
  readonly unremovableNodeRecheckTimeout: Duration;
  readonly nodeDeleteDelayAfterTaint: Duration;
  /** How long evictions are tried again. */
  readonly maxPodEvictionTime: Duration;
  /** How long annotations `delay-deletion.…` may hold a deletion up. */
  readonly nodeDeletionDelayTimeout: Duration;
  /** Changes of the taint `DeletionCandidateOfClusterAutoscaler` a loop; 0: the taint is not used. */
  readonly maxBulkSoftTaintCount: number;
  readonly okTotalUnreadyCount: number;
  readonly maxTotalUnreadyPercentage: number;
  /** 0: as many as there are. */
  readonly maxNodesTotal: number;
  readonly coresTotal: Bounds;
  /** Bytes. */
  readonly memoryTotal: Bounds;
  readonly maxNodesPerScaleUp: number;
  /** Pods of a priority below it are not helped, and do not count. */
  readonly expendablePodsPriorityCutoff: number;
  readonly initialNodeGroupBackoff: Duration;
  readonly maxNodeGroupBackoff: Duration;
  readonly nodeGroupBackoffReset: Duration;
  readonly enforceNodeGroupMinSize: boolean;
}

const gibibyte = 1024 ** 3;

/** What AKS runs a cluster autoscaler with, for a cluster that sets nothing (AKS: cluster autoscaler profile; upstream's flags). */
export function defaultOptions(minor: number): AutoscalerOptions {
  return {
    features: autoscalerFeatures(minor),
    scanInterval: seconds(10),
    newPodScaleUpDelay: seconds(0),
    maxNodeProvisionTime: minutes(15),
    maxNodeStartupTime: minutes(15),
    scaleDownDelayAfterAdd: minutes(10),
    scaleDownDelayAfterDelete: seconds(10),
    scaleDownDelayAfterFailure: minutes(3),
    scaleDownUnneededTime: minutes(10),
    scaleDownUnreadyTime: minutes(20),
    scaleDownUtilizationThreshold: 0.5,
    scaleDownGpuUtilizationThreshold: 0.5,
    ignoreDaemonSetsUtilization: false,
    ignoreMirrorPodsUtilization: false,
    daemonSetEvictionForEmptyNodes: false,
    daemonSetEvictionForOccupiedNodes: true,
    maxGracefulTermination: seconds(600),
    balanceSimilarNodeGroups: false,
    expander: ['random'],
    skipNodesWithLocalStorage: false,
    skipNodesWithSystemPods: true,
    skipNodesWithCustomControllerPods: true,
    minReplicaCount: 0,
    blockingSystemPodTimeout: hours(1),
    maxScaleDownParallelism: 10,
    maxDrainParallelism: 1,
    unremovableNodeRecheckTimeout: minutes(5),
    nodeDeleteDelayAfterTaint: seconds(5),
    maxPodEvictionTime: minutes(2),
    nodeDeletionDelayTimeout: minutes(2),
    maxBulkSoftTaintCount: 10,
    okTotalUnreadyCount: 3,
    maxTotalUnreadyPercentage: 45,
    maxNodesTotal: 0,
    coresTotal: { min: 0, max: 320_000 },
    memoryTotal: { min: 0, max: 6_400_000 * gibibyte },
    maxNodesPerScaleUp: 1000,
    expendablePodsPriorityCutoff: -10,
    initialNodeGroupBackoff: minutes(5),
    maxNodeGroupBackoff: minutes(30),
    nodeGroupBackoffReset: hours(3),
    enforceNodeGroupMinSize: true,
  };
}
