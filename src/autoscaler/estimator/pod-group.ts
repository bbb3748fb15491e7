import type { KubeNode, Pod } from '../../kube/index.js';

/** Pods that need the same of a node: one is asked for all (cluster autoscaler: pod equivalence group). */
export interface PodGroup {
  readonly pods: readonly Pod[];
  /** What controls them, e.g. `ReplicaSet/web-7d4b9`. */
  readonly controller?: string;
}

/** A node as a node group would get it. */
export interface GroupTemplate {
  readonly node: KubeNode;
  /** The pods that it would have from the start: daemons and mirror pods. */
  readonly pods: readonly Pod[];
}

/** How far new nodes of a group would help. */
export interface Estimate {
  /** How many nodes would have pods. */
  readonly nodes: number;
  /** The pods that would have a node. */
  readonly pods: readonly Pod[];
}
