import type { KubeNode, KubeObject } from '../../kube/index.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';

/** Kinds beside nodes and pods whose objects' changes may let a pod go on, by their plurals. */
export const objectKinds = [
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses',
  'csinodes',
  'csidrivers',
  'csistoragecapacities',
  'volumeattachments',
  'resourceclaims',
  'resourceslices',
  'deviceclasses',
] as const;

export type ObjectKind = (typeof objectKinds)[number];

/** An object of another kind that has come, changed or gone. */
export interface ObjectChange {
  readonly of: ObjectKind;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** Something that has happened in a cluster and may let pods that wait go on (kube-scheduler: cluster events). */
export type ClusterEvent =
  | { readonly kind: 'node added'; readonly node: NodeInfo; readonly after: KubeNode }
  | {
      readonly kind: 'node updated';
      readonly node: NodeInfo;
      readonly before: KubeNode;
      readonly after: KubeNode;
    }
  | { readonly kind: 'node removed'; readonly before: KubeNode }
  /** A pod counts on a node from now on. */
  | { readonly kind: 'pod assigned'; readonly info: PodInfo }
  /** A pod on a node has other labels, or asks for something else. */
  | { readonly kind: 'pod updated'; readonly before: PodInfo; readonly info: PodInfo }
  /** A pod counts on no node any more, or none is kept for it. */
  | { readonly kind: 'pod removed'; readonly info: PodInfo }
  | ({ readonly kind: 'object changed' } & ObjectChange);
