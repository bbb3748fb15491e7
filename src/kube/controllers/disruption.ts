import type { Transaction, Versioned } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import {
  deployments,
  isFinished,
  isReady,
  isTerminating,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { controllerOf } from '../object.js';
import type { KubeObject, Stored } from '../object.js';
import type { DisruptionBudget } from '../pods/index.js';
import type { ResourceType } from '../resource-type.js';
import { namespaceTerm, objectKey } from '../resource-type.js';
import { compileLabelSelector } from '../selectors/index.js';
import { toKubeTime } from '../kube-time.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';
import { recordEvent } from './events.js';
import { resolveCount } from './int-or-percent.js';
import { putStatus } from './owned.js';

/** An eviction counts against the budget until its pod is seen to go, but no longer than this. */
const disruptionMemory = 120_000;

const scalable: readonly ResourceType[] = [replicaSets, statefulSets, replicationControllers];

/** Keeps count of how many pods a budget may lose (Kubernetes: PodDisruptionBudget). */
export class DisruptionController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: pods,
      keys: ({ cluster, before, after }, store) => {
        const { namespace = '' } = (after ?? before)?.metadata ?? {};
        const budgets = store.findEntries(
          podDisruptionBudgets.collection,
          'byNamespace',
          namespaceTerm(cluster, namespace),
        );
        return budgets
          .filter(({ value }) => {
            const matches = compileLabelSelector((value.object as DisruptionBudget).spec.selector);
            return [before, after].some((pod) => pod && matches(pod.metadata.labels ?? {}));
          })
          .map(({ key }) => key);
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, podDisruptionBudgets);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Instant | undefined {
    const budget = entry.value.object as DisruptionBudget;
    const { cluster } = entry.value;
    const { namespace = '' } = budget.metadata;
    const now = this.parts.clock.now();
    const matches = compileLabelSelector(budget.spec.selector);
    const matching = (
      tx.find(pods.collection, 'byNamespace', namespaceTerm(cluster, namespace)) as readonly Stored<Pod>[]
    )
      .map(({ object }) => object)
      .filter((pod) => matches(pod.metadata.labels ?? {}) && !isFinished(pod));
    if (matching.length === 0) this.#note(tx, cluster, budget, 'Normal', 'NoPods', 'No matching pods found');

    const counted = this.#expected(tx, cluster, budget, matching);
    if ('fault' in counted) {
      this.#note(tx, cluster, budget, 'Warning', 'CalculateExpectedPodCountFailed', counted.fault);
      putStatus(tx, podDisruptionBudgets, entry, {
        ...budget.status,
        disruptionsAllowed: 0,
        observedGeneration: budget.metadata.generation ?? 1,
        conditions: [this.#condition(budget, 'False', 'SyncFailed', counted.fault)],
      });
      return undefined;
    }
    const disrupted = Object.entries(budget.status.disruptedPods ?? {}).filter(([name, when]) => {
      const pod = matching.find(({ metadata }) => metadata.name === name);
      return pod && !isTerminating(pod) && Date.parse(when) + disruptionMemory > now;
    });
    const excluded = new Set(disrupted.map(([name]) => name));
    const healthy = matching.filter(
      (pod) => isReady(pod) && !isTerminating(pod) && !excluded.has(pod.metadata.name),
    ).length;
    const { expected, desired } = counted;
    const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
    putStatus(tx, podDisruptionBudgets, entry, {
      observedGeneration: budget.metadata.generation ?? 1,
      ...(disrupted.length > 0 && { disruptedPods: Object.fromEntries(disrupted) }),
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions: [
        allowed > 0
          ? this.#condition(budget, 'True', 'SufficientPods', '')
          : this.#condition(budget, 'False', 'InsufficientPods', ''),
      ],
    });
    const ends = disrupted.map(([, when]) => Date.parse(when) + disruptionMemory);
    return ends.length === 0 ? undefined : instant(Math.min(...ends));
  }

  /** Pods that there should be, and how many of them have to stay healthy. */
  #expected(
    tx: Transaction,
    cluster: string,
    { spec }: DisruptionBudget,
    matching: readonly Pod[],
  ): { readonly expected: number; readonly desired: number } | { readonly fault: string } {
    const { minAvailable, maxUnavailable } = spec;
    if (typeof minAvailable === 'number') return { expected: matching.length, desired: minAvailable };
    const scales = new Map<string, number>();
    for (const pod of matching) {
      const scale = scaleOfController(tx, cluster, pod);
      if (!scale) {
        return {
          fault: `Failed to calculate the number of expected pods: found no controllers for pod "${pod.metadata.name}"`,
        };
      }
      scales.set(scale.uid, scale.replicas);
    }
    const expected = [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
    if (maxUnavailable !== undefined) {
      return { expected, desired: Math.max(0, expected - resolveCount(maxUnavailable, expected, 'up')) };
    }
    return { expected, desired: resolveCount(minAvailable ?? 1, expected, 'up') };
  }

  #condition(budget: DisruptionBudget, status: string, reason: string, message: string): object {
    const previous = (
      budget.status as { conditions?: readonly { status: string; lastTransitionTime: string }[] }
    ).conditions?.[0];
    return {
      type: 'DisruptionAllowed',
      status,
      reason,
      message,
      observedGeneration: budget.metadata.generation ?? 1,
      lastTransitionTime:
        previous?.status === status ? previous.lastTransitionTime : toKubeTime(this.parts.clock.now()),
    };
  }

  #note(
    tx: Transaction,
    cluster: string,
    budget: DisruptionBudget,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    if (budget.status.observedGeneration === budget.metadata.generation) return;
    recordEvent(tx, this.parts.context, cluster, budget, {
      type,
      reason,
      message,
      component: 'controllermanager',
    });
  }
}

/** The scale that a pod is a part of: its Deployment's, or its other controller's. */
function scaleOfController(
  tx: Transaction,
  cluster: string,
  pod: Pod,
): { readonly uid: string; readonly replicas: number } | undefined {
  const owner = controllerOf(pod);
  const type = scalable.find(({ kind }) => kind === owner?.kind);
  const found =
    owner && type && tx.get(type.collection, objectKey(cluster, pod.metadata.namespace, owner.name));
  if (!found || found.object.metadata.uid !== owner.uid) return undefined;
  const above = controllerOf(found.object);
  const deployment =
    above?.kind === 'Deployment'
      ? tx.get(deployments.collection, objectKey(cluster, pod.metadata.namespace, above.name))
      : undefined;
  const scaled: KubeObject = deployment?.object ?? found.object;
  return {
    uid: scaled.metadata.uid,
    replicas: (deployment ? deployments : type).scale?.replicas(scaled) ?? 0,
  };
}
