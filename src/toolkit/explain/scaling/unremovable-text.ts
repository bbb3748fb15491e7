import type { AutoscalerOptions, BlockingReason, NodeMemory } from '../../../autoscaler/index.js';
import { shareText } from './words.js';

type Unremovable = Extract<NodeMemory, { kind: 'unremovable' }>;

/** Why a node stays, in plain words. @param threshold up to which share it may be used and go, 0 to 1 */
export function unremovableText(
  { reason, pod, blocking, utilization }: Unremovable,
  { threshold, min }: { readonly threshold: number; readonly min: number },
): string {
  const which = pod === undefined ? 'a pod' : `pod ${pod}`;
  switch (reason) {
    case 'NotUnderutilized': {
      const used = utilization === undefined ? 'too much' : shareText(utilization);
      return `its pods ask for ${used} of it, a node may go up to ${shareText(threshold)}`;
    }
    case 'BlockedByPod':
      return blocking === undefined ? `${which} keeps it` : `${which} keeps it: ${blockingTexts[blocking]}`;
    case 'NoPlaceToMovePods':
      return `${which} would find no other node`;
    case 'BlockedByOnCompletionPod':
      return `${which} is let run to its end`;
    case 'NodeGroupMinSizeReached':
      return `its pool is at its minimum of ${String(min)}`;
    default:
      return reasonTexts[reason];
  }
}

type PlainReason = Exclude<
  Unremovable['reason'],
  | 'NotUnderutilized'
  | 'BlockedByPod'
  | 'NoPlaceToMovePods'
  | 'BlockedByOnCompletionPod'
  | 'NodeGroupMinSizeReached'
>;

const reasonTexts: Readonly<Record<PlainReason, string>> = {
  NotAutoscaled: 'its pool has no autoscaler',
  ScaleDownDisabledAnnotation: 'its annotation cluster-autoscaler.kubernetes.io/scale-down-disabled says so',
  ScaleDownUnreadyDisabled: 'it is not ready, and nodes that are not are kept',
  NotUnneededLongEnough: 'it has not been unneeded for long enough',
  NotUnreadyLongEnough: 'it has not been unready for long enough',
  NodeGroupMaxDeletionCountReached: 'as many nodes of its pool go as may at once',
  AtomicScaleDownFailed: 'its pool goes as a whole or not at all',
  MinimalResourceLimitExceeded: 'the cluster would have less than its minimum of cores or memory',
  CurrentlyBeingDeleted: 'it is being deleted',
  NotUnneededOtherReason: 'it is needed for something else',
  RecentlyUnremovable: 'it could not go a while ago',
  UnexpectedError: 'it could not be judged',
  NoNodeInfo: 'it could not be judged',
};

/** Why a pod keeps its node. */
const blockingTexts: Readonly<Record<BlockingReason, string>> = {
  ControllerNotFound: 'its controller is gone, so nothing would make it again',
  MinReplicasReached: 'its controller has too few replicas',
  NotReplicated: 'no controller would make it again',
  LocalStorageRequested:
    'it keeps data on the node (emptyDir or hostPath), and skip-nodes-with-local-storage is on',
  NotSafeToEvictAnnotation: 'its annotation cluster-autoscaler.kubernetes.io/safe-to-evict is "false"',
  UnmovableKubeSystemPod:
    'it is of kube-system and has no disruption budget, and skip-nodes-with-system-pods is on',
  NotEnoughPdb: 'its disruption budget allows for no disruption now',
  UnexpectedError: 'it could not be judged',
};

/** The share up to which a node of a group may be used and go. */
export const thresholdOf = (
  options: Pick<AutoscalerOptions, 'scaleDownUtilizationThreshold'>,
  own: Partial<Pick<AutoscalerOptions, 'scaleDownUtilizationThreshold'>>,
): number => own.scaleDownUtilizationThreshold ?? options.scaleDownUtilizationThreshold;
