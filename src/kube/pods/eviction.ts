import type { Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import type { DeleteOptions, Scope, WriteContext } from '../api/index.js';
import { StatusError, checkPreconditions, deleteObject, entryOf } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import { isFinished, isReady, isTerminating, podDisruptionBudgets, pods } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import type { KubeObject } from '../object.js';
import { compileLabelSelector, mayBeSelecting } from '../selectors/index.js';
import type { LabelSelector } from '../selectors/index.js';
import { withCondition } from './binding.js';

/** A disruption budget, with the fields that eviction reads (policy/v1). */
export interface DisruptionBudget extends KubeObject {
  readonly spec: {
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly selector?: LabelSelector;
    readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly disruptionsAllowed: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly expectedPods: number;
    readonly disruptedPods?: Readonly<Record<string, string>>;
  };
}

/**
 * Evicts a pod within its disruption budget (Kubernetes: API-initiated eviction).
 *
 * @throws StatusError 404, 429 while the budget does not allow it, 500 with more than one budget
 */
export function evictPod(
  context: WriteContext,
  tx: Transaction,
  scope: Scope,
  name: string,
  options: DeleteOptions,
): void {
  const entry = entryOf(tx, pods, scope, name);
  const pod = entry.value.object as Pod;
  checkPreconditions(pods, entry, options.preconditions);
  const now = context.clock.now();
  const isPending = pod.status?.phase === 'Pending' || pod.status?.phase === undefined;
  if (!isPending && !isFinished(pod) && !isTerminating(pod)) takeFromBudget(tx, scope, pod, now);
  if (!isFinished(pod) && !isTerminating(pod)) markDisrupted(tx, entry.key, pod, now);
  const marked = entryOf(tx, pods, scope, name);
  deleteObject(context, tx, pods, marked, {
    propagation: options.propagationPolicy ?? 'Background',
    ...(options.gracePeriodSeconds !== undefined && { gracePeriodSeconds: options.gracePeriodSeconds }),
  });
}

function markDisrupted(tx: Transaction, key: string, pod: Pod, now: Instant): void {
  const stored = tx.get(pods.collection, key);
  if (!stored) return;
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  } as const;
  const conditions = withCondition(pod.status?.conditions, condition, now);
  const marked: Pod = { ...pod, status: { ...pod.status, conditions } };
  tx.put(pods.collection, key, { ...stored, object: marked });
}

/** Counts the eviction against the budget of the pod, if it has one. */
function takeFromBudget(tx: Transaction, scope: Scope, pod: Pod, now: Instant): void {
  const { namespace = '' } = pod.metadata;
  const { labels = {} } = pod.metadata;
  const place = { cluster: scope.cluster, namespace };
  const budgets = mayBeSelecting(tx, podDisruptionBudgets, place, labels).filter(({ value }) => {
    const { selector } = (value.object as DisruptionBudget).spec;
    return compileLabelSelector(selector)(labels);
  });
  if (budgets.length > 1) {
    throw new StatusError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      {},
    );
  }
  const [found] = budgets;
  if (!found) return;
  const budget = found.value.object as DisruptionBudget;
  const { status, spec } = budget;
  if (!isReady(pod)) {
    if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return;
    if (status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0) return;
  }
  const { name } = budget.metadata;
  if ((status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    throw tooManyRequests(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (status.disruptionsAllowed <= 0) {
    throw tooManyRequests(
      `The disruption budget ${name} needs ${String(status.desiredHealthy)} healthy pods and has ${String(status.currentHealthy)} currently`,
      0,
    );
  }
  const taken: DisruptionBudget = {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: status.disruptionsAllowed - 1,
      disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: toKubeTime(instant(now)) },
    },
  };
  tx.put(podDisruptionBudgets.collection, found.key, { ...found.value, object: taken });
}

const tooManyRequests = (why: string, retryAfterSeconds: number): StatusError =>
  new StatusError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [{ reason: 'DisruptionBudget', message: why }], retryAfterSeconds },
  );
