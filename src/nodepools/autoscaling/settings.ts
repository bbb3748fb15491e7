import { defaultOptions } from '../../autoscaler/index.js';
import type { AutoscalerOptions, ExpanderName } from '../../autoscaler/index.js';
import { parseDuration } from '../../kube/index.js';
import type { Duration } from '../../units/index.js';
import { milliseconds, seconds } from '../../units/index.js';
import { effectiveAutoScalerProfile } from '../managed-cluster/index.js';
import type { ManagedCluster } from '../model.js';
import { knownVersion } from '../versions/index.js';

const known = new WeakMap<ManagedCluster, AutoscalerOptions>();

/**
 * What AKS starts a cluster's autoscaler with: its profile, over what AKS sets for all (AKS: cluster autoscaler profile). Read once
 * for each version of the cluster: it is asked for at every change.
 */
export function autoscalerOptions(cluster: ManagedCluster): AutoscalerOptions {
  const options = known.get(cluster) ?? optionsOf(cluster);
  known.set(cluster, options);
  return options;
}

function optionsOf({ properties }: ManagedCluster): AutoscalerOptions {
  const profile = effectiveAutoScalerProfile(properties.autoScalerProfile);
  const text = (setting: string): string => String(profile[setting]);
  const number = (setting: string): number => Number(text(setting));
  const duration = (setting: string): Duration => durationOf(text(setting));
  const isOn = (setting: string): boolean => text(setting).toLowerCase() === 'true';
  return {
    ...defaultOptions(knownVersion(properties.currentKubernetesVersion).minor),
    scanInterval: duration('scan-interval'),
    newPodScaleUpDelay: duration('new-pod-scale-up-delay'),
    maxNodeProvisionTime: duration('max-node-provision-time'),
    scaleDownDelayAfterAdd: duration('scale-down-delay-after-add'),
    scaleDownDelayAfterDelete: duration('scale-down-delay-after-delete'),
    scaleDownDelayAfterFailure: duration('scale-down-delay-after-failure'),
    scaleDownUnneededTime: duration('scale-down-unneeded-time'),
    scaleDownUnreadyTime: duration('scale-down-unready-time'),
    scaleDownUtilizationThreshold: number('scale-down-utilization-threshold'),
    ignoreDaemonSetsUtilization: isOn('ignore-daemonsets-utilization'),
    daemonSetEvictionForEmptyNodes: isOn('daemonset-eviction-for-empty-nodes'),
    daemonSetEvictionForOccupiedNodes: isOn('daemonset-eviction-for-occupied-nodes'),
    maxGracefulTermination: seconds(number('max-graceful-termination-sec')),
    balanceSimilarNodeGroups: isOn('balance-similar-node-groups'),
    // The profile is checked when it is set: it names one of these.
    expander: [text('expander') as ExpanderName],
    skipNodesWithLocalStorage: isOn('skip-nodes-with-local-storage'),
    skipNodesWithSystemPods: isOn('skip-nodes-with-system-pods'),
    maxScaleDownParallelism: number('max-empty-bulk-delete'),
    okTotalUnreadyCount: number('ok-total-unready-count'),
    maxTotalUnreadyPercentage: number('max-total-unready-percentage'),
  };
}

function durationOf(text: string): Duration {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined) throw new RangeError(`'${text}' is no duration`);
  return milliseconds(nanoseconds / 1e6);
}
