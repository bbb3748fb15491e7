import { isFinished, podCondition, pods } from '../../kube/index.js';
import type { Pod, Stored } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import type { AutoscalerOptions } from '../options.js';

/** The pods of a cluster that are not on a node, as an autoscaler sorts them. */
export interface WaitingPods {
  /** The scheduler has looked at them and found no node. */
  readonly unschedulable: readonly Pod[];
  /** Others are made to leave a node for them: they count as there already. */
  readonly nominated: readonly Pod[];
}

/** Pods that wait for a node; what no scheduler has looked at yet, or may not yet, is not seen (cluster autoscaler: pod buckets). */
export function waitingPods(reader: Reader, cluster: string, options: AutoscalerOptions): WaitingPods {
  const unschedulable: Pod[] = [];
  const nominated: Pod[] = [];
  for (const { object } of reader.find(pods.collection, 'unscheduled', cluster) as readonly Stored<Pod>[]) {
    if (object.metadata.deletionTimestamp !== undefined || isFinished(object)) continue;
    if (isExpendable(object, options)) continue;
    if (object.status?.nominatedNodeName) nominated.push(object);
    else if (isUnschedulable(object)) unschedulable.push(object);
  }
  return { unschedulable, nominated };
}

/** True for a pod that the scheduler has looked at and found no node for. */
export function isUnschedulable(pod: Pod): boolean {
  const condition = podCondition(pod, 'PodScheduled');
  return condition?.status === 'False' && condition.reason === 'Unschedulable';
}

/** True for a pod that is not worth a node: of a priority below the cut-off; one without a priority is worth it. */
export const isExpendable = (
  { spec }: Pod,
  { expendablePodsPriorityCutoff }: Pick<AutoscalerOptions, 'expendablePodsPriorityCutoff'>,
): boolean => spec.priority !== undefined && spec.priority < expendablePodsPriorityCutoff;
