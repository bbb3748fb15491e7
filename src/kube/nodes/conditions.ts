import type { Instant } from '../../units/index.js';
import { toKubeTime } from '../kube-time.js';
import type { KubeNode, NodeCondition } from './node.js';

/** What is said about a node: a condition without its times. */
export type NodeReport = Pick<NodeCondition, 'type' | 'status' | 'reason' | 'message'>;

/** What a kubelet says of a node that is well, but for `Ready` (kubelet: node status). */
export const wellBeing: readonly NodeReport[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
];

export const ready: NodeReport = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
};

/** What a kubelet says until the network plugin has started. */
export const awaitingNetwork: NodeReport = {
  type: 'Ready',
  status: 'False',
  reason: 'KubeletNotReady',
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
};

/** A node with reports put in: the time of transition of each stays while its status does. */
export function withReports(node: KubeNode, reports: readonly NodeReport[], now: Instant): KubeNode {
  const at = toKubeTime(now);
  const present = node.status.conditions ?? [];
  const fresh = new Map(reports.map((report) => [report.type, report]));
  const updated = present.map((before): NodeCondition => {
    const report = fresh.get(before.type);
    if (!report) return before;
    fresh.delete(before.type);
    const lastTransitionTime = before.status === report.status ? before.lastTransitionTime : at;
    return { ...report, lastHeartbeatTime: at, lastTransitionTime };
  });
  const added = [...fresh.values()].map((report) => ({
    ...report,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  }));
  return { ...node, status: { ...node.status, conditions: [...added, ...updated] } };
}
