import type { KubeObject, Stored } from '../object.js';
import { toKubeTime, toMicroTime } from '../kube-time.js';
import type { View } from '../resource-type.js';
import { kubeletOf, lastRenewal, lastStatus } from './kubelets.js';
import type { KubeNode } from './node.js';

/** Where kubelets keep their leases (Kubernetes: node heartbeats). */
export const leaseNamespace = 'kube-node-lease';

interface Lease extends KubeObject {
  readonly spec?: { readonly renewTime?: string };
}

/** A node with the heartbeats of what runs on it: its conditions have been confirmed since they were written. */
export function withHeartbeats({ cluster, object }: Stored, { reader, now }: View): KubeObject {
  const node = object as KubeNode;
  const kubelet = kubeletOf(reader, cluster, node.metadata.name);
  if (!kubelet || !node.status.conditions) return object;
  const posted = lastStatus(kubelet, now);
  const lastHeartbeatTime = toKubeTime(posted);
  // Whether there is a network is told from outside the node.
  const conditions = node.status.conditions.map((condition) =>
    condition.type === 'NetworkUnavailable' || Date.parse(condition.lastHeartbeatTime) >= posted
      ? condition
      : { ...condition, lastHeartbeatTime },
  );
  return { ...node, status: { ...node.status, conditions } } as KubeObject;
}

/** A kubelet's lease as it was last renewed: by the kubelet, or by whoever wrote it later. */
export function withRenewal({ cluster, object }: Stored, { reader, now }: View): KubeObject {
  if (object.metadata.namespace !== leaseNamespace) return object;
  const kubelet = kubeletOf(reader, cluster, object.metadata.name);
  if (!kubelet) return object;
  const { spec } = object as Lease;
  const renewed = lastRenewal(kubelet, now);
  if (Date.parse(spec?.renewTime ?? '') >= renewed) return object;
  return { ...object, spec: { ...spec, renewTime: toMicroTime(renewed) } } as KubeObject;
}
