import type { Reader, Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { withCondition } from '../../conditions.js';
import type { Condition } from '../../conditions.js';
import { isReady, isTerminating, podDisruptionBudgets, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import type { DisruptionBudget } from '../../pods/index.js';
import {
  compileLabelSelector,
  labelSelectorText,
  mayBeSelecting,
  selectedBy,
} from '../../selectors/index.js';
import { earliest } from '../availability.js';
import type { ControllerParts, Next, Seen, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import { GatheringController } from '../gathering-controller.js';
import { putStatus } from '../owned.js';
import { expectedPods } from './expected-pods.js';

/** An eviction counts against the budget until its pod is seen to go, but no longer than this. */
const disruptionMemory = 120_000;

/** A budget with the conditions of its status. */
interface Budget extends DisruptionBudget {
  readonly status: DisruptionBudget['status'] & { readonly conditions?: readonly Condition[] };
}

/** Keeps count of how many pods a budget may lose (Kubernetes: PodDisruptionBudget). */
export class DisruptionController extends GatheringController {
  protected readonly triggers: readonly Trigger[] = [
    this.forgets,
    { type: pods, keys: (seen, store) => budgetsOf(seen, store) },
  ];

  constructor(parts: ControllerParts) {
    super(parts, podDisruptionBudgets);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): Next {
    const { cluster } = entry.value;
    const budget = entry.value.object as Budget;
    const place = { cluster, namespace: budget.metadata.namespace ?? '' };
    const matching = selectedBy(tx, pods, place, budget.spec.selector).map(
      ({ value }) => value.object as Pod,
    );
    this.noteSize(entry.key, matching.length);
    if (matching.length === 0) this.#tell(tx, cluster, budget, 'Normal', 'NoPods', 'No matching pods found');
    const kinds = this.parts.context.kinds.of(cluster);
    const counted = expectedPods(tx, kinds, cluster, budget, matching);
    if (typeof counted === 'string') {
      const message = `Failed to calculate the number of expected pods: ${counted}`;
      this.#tell(tx, cluster, budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
      const conditions = this.#conditions(budget, 'False', 'SyncFailed', counted);
      putStatus(tx, podDisruptionBudgets, entry, { ...budget.status, disruptionsAllowed: 0, conditions });
      return undefined;
    }
    if (counted.unmanaged.length > 0) this.#warnOfUnmanaged(tx, cluster, budget);
    return this.#putCounts(tx, entry, budget, matching, counted);
  }

  #putCounts(
    tx: Transaction,
    entry: Versioned<Stored>,
    budget: Budget,
    matching: readonly Pod[],
    { expected, desired }: { readonly expected: number; readonly desired: number },
  ): Instant | undefined {
    const disrupted = this.#disrupted(tx, entry.value.cluster, budget, matching);
    const healthy = matching.filter(
      (pod) => isReady(pod) && !isTerminating(pod) && !disrupted.has(pod.metadata.name),
    ).length;
    const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
    putStatus(tx, podDisruptionBudgets, entry, {
      observedGeneration: budget.metadata.generation ?? 1,
      ...(disrupted.size > 0 && { disruptedPods: Object.fromEntries(disrupted) }),
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions:
        allowed > 0
          ? this.#conditions(budget, 'True', 'SufficientPods', '')
          : this.#conditions(budget, 'False', 'InsufficientPods', ''),
    });
    return earliest(...[...disrupted.values()].map((when) => Date.parse(when) + disruptionMemory));
  }

  /** Pods whose eviction was allowed and that are not seen to go yet; one that never goes is forgotten. */
  #disrupted(
    tx: Transaction,
    cluster: string,
    { status, metadata }: Budget,
    matching: readonly Pod[],
  ): ReadonlyMap<string, string> {
    const kept = new Map<string, string>();
    const evicted = Object.entries(status.disruptedPods ?? {});
    if (evicted.length === 0) return kept;
    const byName = new Map(matching.map((pod) => [pod.metadata.name, pod]));
    for (const [name, when] of evicted) {
      const pod = byName.get(name);
      if (!pod || isTerminating(pod)) continue;
      if (Date.parse(when) + disruptionMemory > this.parts.clock.now()) kept.set(name, when);
      else {
        const budget = `${metadata.namespace ?? ''}/${metadata.name}`;
        const message = `Pod was expected by PDB ${budget} to be deleted but it wasn't`;
        this.#tell(tx, cluster, pod, 'Warning', 'NotDeleted', message);
      }
    }
    return kept;
  }

  #warnOfUnmanaged(tx: Transaction, cluster: string, budget: Budget): void {
    const message =
      `Pods selected by this PodDisruptionBudget (selector: ${labelSelectorText(budget.spec.selector)}) were found to be unmanaged. ` +
      'As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
      'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.';
    this.#tell(tx, cluster, budget, 'Warning', 'UnmanagedPods', message);
  }

  #conditions(
    { status, metadata }: Budget,
    is: 'True' | 'False',
    reason: string,
    message: string,
  ): readonly object[] {
    const condition = { type: 'DisruptionAllowed', status: is, reason, message };
    const observedGeneration = metadata.generation ?? 1;
    return withCondition(status.conditions ?? [], condition, this.parts.clock.now()).map((one) => ({
      ...one,
      observedGeneration,
    }));
  }

  #tell(
    tx: Transaction,
    cluster: string,
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    const note = { type, reason, message, component: 'controllermanager' };
    recordEvent(tx, this.parts.context, cluster, object, note);
  }
}

/** The budgets that a changed pod is, or was, a part of. */
function budgetsOf({ cluster, before, after }: Seen, store: Reader): readonly string[] {
  const keys = new Set<string>();
  for (const pod of [before, after]) {
    if (!pod) continue;
    const { namespace = '', labels = {} } = pod.metadata;
    for (const { key, value } of mayBeSelecting(
      store,
      podDisruptionBudgets,
      { cluster, namespace },
      labels,
    )) {
      if (compileLabelSelector((value.object as DisruptionBudget).spec.selector)(labels)) keys.add(key);
    }
  }
  return [...keys];
}
