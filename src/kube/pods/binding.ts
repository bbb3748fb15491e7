import type { Transaction } from '../../store/index.js';
import type { Scope } from '../api/index.js';
import { StatusError, entryOf } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import { pods } from '../kinds/index.js';
import type { Pod, PodCondition, PodReservation, StoredPod } from '../kinds/index.js';
import { objectKey } from '../resource-type.js';
import type { Instant } from '../../units/index.js';

/** A pod's conditions with one of them set; its transition time stays while its status does. */
export function withCondition(
  conditions: readonly PodCondition[] | undefined,
  condition: Omit<PodCondition, 'lastTransitionTime' | 'lastProbeTime'>,
  now: Instant,
): readonly PodCondition[] {
  const present = conditions ?? [];
  const before = present.find(({ type }) => type === condition.type);
  const isSame = before?.status === condition.status;
  const set: PodCondition = {
    ...condition,
    lastProbeTime: null,
    lastTransitionTime:
      isSame && before.lastTransitionTime !== undefined ? before.lastTransitionTime : toKubeTime(now),
  };
  return before ? present.map((one) => (one.type === condition.type ? set : one)) : [...present, set];
}

/**
 * Puts a pod on a node (core/v1 Binding).
 *
 * @throws StatusError 404, 409 when it is on a node already or being deleted
 */
export function bindPod(tx: Transaction, scope: Scope, name: string, node: string, now: Instant): void {
  const { key, value } = entryOf(tx, pods, scope, name);
  const pod = value.object as Pod;
  const refuse = (why: string) => StatusError.conflict({ group: '', plural: 'pods/binding' }, name, why);
  if (pod.metadata.deletionTimestamp !== undefined)
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if ((pod.spec.schedulingGates ?? []).length > 0)
    throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  const conditions = withCondition(pod.status?.conditions, { type: 'PodScheduled', status: 'True' }, now);
  const { nominatedNodeName: _nominated, ...status } = pod.status ?? {};
  const bound: Pod = {
    ...pod,
    spec: { ...pod.spec, nodeName: node },
    status: { ...status, conditions },
  };
  const { reservation: _reservation, ...kept } = value as StoredPod;
  tx.put(pods.collection, key, { ...kept, object: bound });
}

/** Notes the node that is kept for a pod, or that none is any more (Pod: status.nominatedNodeName). */
export function nominateNode(
  tx: Transaction,
  cluster: string,
  { metadata }: Pod,
  node: string | undefined,
): void {
  const key = objectKey(cluster, metadata.namespace, metadata.name);
  const stored = tx.get(pods.collection, key);
  const pod = stored?.object as Pod | undefined;
  if (!stored || !pod || pod.status?.nominatedNodeName === node) return;
  const { nominatedNodeName: _before, ...status } = pod.status ?? {};
  const object: Pod = {
    ...pod,
    status: { ...status, ...(node !== undefined && { nominatedNodeName: node }) },
  };
  tx.put(pods.collection, key, { ...stored, object });
}

/** Notes beside a pod that it has a node without being bound to it yet, or that it has it no more. */
export function reserveNode(
  tx: Transaction,
  cluster: string,
  { metadata }: Pod,
  reservation: PodReservation | undefined,
): void {
  const key = objectKey(cluster, metadata.namespace, metadata.name);
  const stored = tx.get(pods.collection, key) as StoredPod | undefined;
  if (!stored || (!stored.reservation && !reservation)) return;
  const { reservation: _before, ...kept } = stored;
  tx.put(pods.collection, key, { ...kept, ...(reservation && { reservation }) });
}

/** Sets a condition of a pod in the store. */
export function putPodCondition(
  tx: Transaction,
  cluster: string,
  { metadata }: Pod,
  condition: Omit<PodCondition, 'lastTransitionTime' | 'lastProbeTime'>,
  now: Instant,
): void {
  const key = objectKey(cluster, metadata.namespace, metadata.name);
  const stored = tx.get(pods.collection, key);
  if (!stored) return;
  const pod = stored.object as Pod;
  const object: Pod = {
    ...pod,
    status: { ...pod.status, conditions: withCondition(pod.status?.conditions, condition, now) },
  };
  tx.put(pods.collection, key, { ...stored, object });
}
