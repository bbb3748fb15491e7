import type { ObjectMeta } from '../object.js';

/** A taint of a node (Kubernetes core/v1). */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /** When a controller put it there. */
  readonly timeAdded?: string;
}

/** A condition of a node; `status` of `Ready` tells whether pods may start there. */
export interface NodeCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastHeartbeatTime: string;
  readonly lastTransitionTime: string;
}

/** Resource names to Kubernetes quantities, e.g. `{cpu: '3860m', memory: '12188Mi'}`. */
export type ResourceList = Readonly<Record<string, string>>;

/** A Kubernetes Node (core/v1). One that a client made may lack whatever a kubelet would have told. */
export interface KubeNode {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly providerID?: string;
    readonly podCIDR?: string;
    readonly podCIDRs?: readonly string[];
    readonly taints?: readonly Taint[];
    readonly unschedulable?: boolean;
  };
  readonly status: {
    readonly capacity?: ResourceList;
    readonly allocatable?: ResourceList;
    readonly conditions?: readonly NodeCondition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: Readonly<Record<string, string>>;
    readonly volumesAttached?: readonly { readonly name: string; readonly devicePath: string }[];
    readonly volumesInUse?: readonly string[];
    /** Images that are on the node, by their names. */
    readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[];
  };
}

/** A node's condition of a type, if it has one. */
export const nodeCondition = (node: KubeNode, type: string): NodeCondition | undefined =>
  node.status.conditions?.find((condition) => condition.type === type);

/** True when a node says that pods may start there. */
export const isNodeReady = (node: KubeNode): boolean => nodeCondition(node, 'Ready')?.status === 'True';
