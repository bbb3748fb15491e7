import type { KubeNode } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import { minutes } from '../../units/index.js';
import { toBeDeletedAt } from '../actuation/taints.js';
import type { NodeGroup } from '../cloud.js';
import { isGpuNode } from '../gpu.js';
import type { NodeMemory } from '../memory.js';
import type { AutoscalerOptions } from '../options.js';
import type { DevicePools } from './device-pools.js';
import type { UnremovableReason } from './unremovable.js';
import { utilizationOf } from './utilization.js';
import type { Utilization, UtilizationSource } from './utilization.js';

/** How long a node counts as on its way out after it was tainted (cluster autoscaler: MaxCloudProviderNodeDeletionTime). */
const longestDeletion = minutes(5);

/** Whether a node is worth a look at where its pods could go. */
export type Eligibility =
  | { readonly kind: 'eligible'; readonly utilization: Utilization }
  | {
      readonly kind: 'ineligible';
      readonly reason: UnremovableReason;
      /** Where it was looked at. */
      readonly utilization?: Utilization;
    };

/** What nodes are judged with. */
export interface EligibilityContext {
  readonly supposed: UtilizationSource;
  readonly now: Instant;
  readonly options: AutoscalerOptions;
  /** The node's group; undefined for a node that is of none. */
  readonly group: (node: KubeNode) => NodeGroup | undefined;
  /** What is in mind of a node. */
  readonly memory: (node: string) => NodeMemory | undefined;
  readonly devices: DevicePools;
}

const ineligible = (reason: UnremovableReason): Eligibility => ({ kind: 'ineligible', reason });

/**
 * Looks at a node by itself (cluster autoscaler: eligibility). Nodes that are not ready may go as others may: AKS does not
 * let that be switched off.
 */
export function eligibilityOf(node: KubeNode, context: EligibilityContext): Eligibility {
  const { now, supposed, devices } = context;
  const { name } = node.metadata;
  const memory = context.memory(name);
  if (memory?.kind === 'unremovable' && memory.recheckAt !== undefined && memory.recheckAt > now)
    return ineligible('RecentlyUnremovable');
  const taintedAt = toBeDeletedAt(node);
  if (taintedAt !== undefined && now - taintedAt < longestDeletion)
    return ineligible('CurrentlyBeingDeleted');
  if (isScaleDownDisabled(node)) return ineligible('ScaleDownDisabledAnnotation');
  const group = context.group(node);
  if (!group) return ineligible('NotAutoscaled');
  const { options } = context;
  const pools = devices.of(name, () => supposed.podsOn(name));
  const utilization = utilizationOf(supposed, node, { now, options, pools });
  const setting = isGpuNode(node) ? 'scaleDownGpuUtilizationThreshold' : 'scaleDownUtilizationThreshold';
  const threshold = group.options[setting] ?? options[setting];
  return utilization.ratio > threshold
    ? { kind: 'ineligible', reason: 'NotUnderutilized', utilization }
    : { kind: 'eligible', utilization };
}

/** Whether an annotation keeps a node from the autoscaler. */
export const isScaleDownDisabled = ({ metadata }: KubeNode): boolean =>
  metadata.annotations?.['cluster-autoscaler.kubernetes.io/scale-down-disabled'] === 'true';
