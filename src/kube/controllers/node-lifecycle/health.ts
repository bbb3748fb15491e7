import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { toKubeTime } from '../../kube-time.js';
import { nodeCondition, taintKeys } from '../../nodes/index.js';
import type { KubeNode, NodeCondition, Taint } from '../../nodes/index.js';

/** How long a node that never said it is ready may take to (node-startup-grace-period). */
const startupGrace = 60_000;

/** How long a node may say nothing (node-monitor-grace-period: 50 s since 1.32). */
export const monitorGrace = (minor: number): number => (minor >= 32 ? 50_000 : 40_000);

/** What a kubelet is to say of its node. */
const reported = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** When a node that says nothing more will be given up; `heardAt` is when it was last heard of. */
export function givenUpAt(node: KubeNode, heardAt: Instant | undefined, grace: number): Instant {
  const hasReported = nodeCondition(node, 'Ready') !== undefined;
  const since = heardAt ?? instant(Date.parse(node.metadata.creationTimestamp));
  return instant(since + (hasReported ? grace : startupGrace));
}

/** A node of which nothing is known any more. */
export function givenUp(node: KubeNode, now: Instant): KubeNode {
  const at = toKubeTime(now);
  const { conditions = [] } = node.status;
  const kept = conditions.map((condition): NodeCondition =>
    !reported.includes(condition.type) || condition.status === 'Unknown'
      ? condition
      : {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: at,
        },
  );
  const never = reported
    .filter((type) => !conditions.some((condition) => condition.type === type))
    .map((type): NodeCondition => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: node.metadata.creationTimestamp,
      lastTransitionTime: at,
    }));
  return { ...node, status: { ...node.status, conditions: [...kept, ...never] } };
}

/** Which condition stands for which taint (Kubernetes: taint nodes by condition). */
const taintedBy: readonly (readonly [type: string, status: NodeCondition['status'], key: string])[] = [
  ['Ready', 'False', taintKeys.notReady],
  ['Ready', 'Unknown', taintKeys.unreachable],
  ['MemoryPressure', 'True', taintKeys.memoryPressure],
  ['DiskPressure', 'True', taintKeys.diskPressure],
  ['NetworkUnavailable', 'True', taintKeys.networkUnavailable],
  ['PIDPressure', 'True', taintKeys.pidPressure],
];
const managedKeys: readonly string[] = [...taintedBy.map(([, , key]) => key), taintKeys.unschedulable];

/** The changes that bring a node's NoSchedule taints in line with its conditions and its cordon. */
export function schedulingTaints(
  node: KubeNode,
  now: Instant,
): { readonly added: readonly Taint[]; readonly removed: readonly Taint[] } {
  const wanted = taintedBy
    .filter(([type, status]) => nodeCondition(node, type)?.status === status)
    .map(([, , key]) => key);
  if (node.spec.unschedulable === true) wanted.push(taintKeys.unschedulable);
  const present = (node.spec.taints ?? []).filter(
    ({ key, effect }) => effect === 'NoSchedule' && managedKeys.includes(key),
  );
  const timeAdded = toKubeTime(now);
  return {
    added: wanted
      .filter((key) => !present.some((taint) => taint.key === key))
      .map((key) => ({ key, effect: 'NoSchedule', timeAdded })),
    removed: present.filter(({ key }) => !wanted.includes(key)),
  };
}

/** The taint that evicts pods from a node as it is; undefined for one that is ready. */
export function evictionTaint(node: KubeNode): Taint | undefined {
  const status = nodeCondition(node, 'Ready')?.status;
  if (status === 'True' || status === undefined) return undefined;
  return { key: status === 'False' ? taintKeys.notReady : taintKeys.unreachable, effect: 'NoExecute' };
}

/** The taints by which a node's pods are evicted. */
export const evictionTaints: readonly Taint[] = [taintKeys.notReady, taintKeys.unreachable].map((key) => ({
  key,
  effect: 'NoExecute',
}));
