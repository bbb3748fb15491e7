/** How releases of the cluster autoscaler differ; each Kubernetes minor version comes with its own (AKS). */
export interface AutoscalerFeatures {
  /** A loop that changed something, or a pod that finds no node, is followed by a loop at once. */
  readonly frequentLoops: boolean;
  /** Nodes are made unschedulable, not only tainted, before they go. */
  readonly cordonsNodes: boolean;
  /** Templates are taken from nodes that are not ready too, when no good one is there. */
  readonly templatesFromAllNodes: boolean;
  /** How a node group is refused that would exceed the cluster's limits. */
  readonly limitReason: 'max cluster limit reached' | 'exceeded quota';
  /** Which nodes count against max-nodes-total. */
  readonly maxNodesTotalCounts: 'ready nodes' | 'all nodes';
  /** A scale-up that times out is taken back, and nodes that nobody waits for any more are not counted on. */
  readonly revertsTimedOutScaleUps: boolean;
  /** The annotation `safe-to-evict: on-completion` is known. */
  readonly waitsForCompletion: boolean;
  /** A node whose instance is being deleted counts as gone. */
  readonly countsDeletingAsGone: boolean;
  /** Nodes with the condition Suspended are told apart. */
  readonly knowsSuspended: boolean;
}

/** @param minor of the cluster's Kubernetes version, e.g. 34 */
export const autoscalerFeatures = (minor: number): AutoscalerFeatures => ({
  frequentLoops: minor >= 35,
  cordonsNodes: minor >= 34,
  templatesFromAllNodes: minor >= 35,
  limitReason: minor >= 35 ? 'exceeded quota' : 'max cluster limit reached',
  maxNodesTotalCounts: minor >= 35 ? 'all nodes' : 'ready nodes',
  revertsTimedOutScaleUps: minor >= 36,
  waitsForCompletion: minor >= 36,
  countsDeletingAsGone: minor >= 36,
  knowsSuspended: minor >= 36,
});
