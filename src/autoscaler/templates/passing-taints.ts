import type { Taint } from '../../kube/index.js';
import { taintKeys } from '../../kube/index.js';
import { deletionCandidateKey, toBeDeletedKey } from '../actuation/taints.js';

/** The node is not ready to run pods yet: it counts as unready, and new nodes are taken to come without the taint. */
const startupPrefixes = [
  'startup-taint.cluster-autoscaler.kubernetes.io/',
  'ignore-taint.cluster-autoscaler.kubernetes.io/',
];
/** AKS: set while a spot VM is about to be evicted. */
const aksRemediator = 'remediator.kubernetes.azure.com/unschedulable';

/** The taint says something of the node that new nodes do not have. */
const statusPrefix = 'status-taint.cluster-autoscaler.kubernetes.io/';

const conditionKeys: ReadonlySet<string> = new Set([
  taintKeys.notReady,
  taintKeys.unreachable,
  taintKeys.unschedulable,
  taintKeys.memoryPressure,
  taintKeys.diskPressure,
  taintKeys.pidPressure,
  taintKeys.networkUnavailable,
  taintKeys.uninitialized,
  taintKeys.shutdown,
]);

/** True for a taint that keeps a node from counting as ready (flag `startup-taint`). */
export const isStartupTaint = ({ key }: Taint): boolean =>
  key === aksRemediator || startupPrefixes.some((prefix) => key.startsWith(prefix));

/** True for a taint that says something of a node that new ones do not have (prefix of the flag `status-taint`). */
export const isStatusTaint = ({ key }: Taint): boolean => key.startsWith(statusPrefix);

/** True for a taint that Kubernetes puts on a node by its condition. */
export const isConditionTaint = ({ key }: Taint): boolean => conditionKeys.has(key);

/** True for a taint that a new node of the same group would not have. */
export const isOfThisNodeAlone = (taint: Taint): boolean =>
  taint.key === toBeDeletedKey ||
  taint.key === deletionCandidateKey ||
  isConditionTaint(taint) ||
  isStatusTaint(taint) ||
  isStartupTaint(taint);
