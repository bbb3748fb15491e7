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
  const why = whyNotBound(pod);
  if (why !== undefined) throw StatusError.conflict({ group: '', plural: 'pods/binding' }, name, why);
  const status = withoutMember(pod.status ?? {}, 'nominatedNodeName');
  const bound: Pod = {
    ...pod,
    spec: { ...pod.spec, nodeName: node },
    status: { ...status, conditions: scheduledConditions(status.conditions, now) },
  };
  tx.put(pods.collection, key, { ...withoutMember(value as StoredPod, 'reservation'), object: bound });
}

/** Why a pod can't be put on a node; undefined when it can. */
function whyNotBound({ metadata: { name, deletionTimestamp }, spec }: Pod): string | undefined {
  if (deletionTimestamp !== undefined) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (spec.nodeName) return `pod ${name} is already assigned to node "${spec.nodeName}"`;
  if ((spec.schedulingGates ?? []).length > 0) return `pod ${name} has non-empty .spec.schedulingGates`;
  return undefined;
}

/** What a pod without conditions has from the moment on that it is on a node: pods that are bound in one turn share it. */
let firstConditions: { readonly now: Instant; readonly conditions: readonly PodCondition[] } | undefined;

function scheduledConditions(
  present: readonly PodCondition[] | undefined,
  now: Instant,
): readonly PodCondition[] {
  if (present !== undefined && present.length > 0) return withCondition(present, scheduled, now);
  if (firstConditions?.now !== now)
    firstConditions = { now, conditions: withCondition(undefined, scheduled, now) };
  return firstConditions.conditions;
}

const scheduled = { type: 'PodScheduled', status: 'True' } as const;

/** An object without a member; the object itself where it has none, as most have not: leaving out costs more than a copy. */
function withoutMember<T extends object, K extends keyof T>(object: T, member: K): Omit<T, K> {
  if (!(member in object)) return object;
  const { [member]: _left, ...rest } = object;
  return rest;
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
