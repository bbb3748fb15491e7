import {
  compileLabelSelector,
  controllerOf,
  mayBeSelecting,
  podDisruptionBudgets,
} from '../../kube/index.js';
import type { DisruptionBudget, Labels, Pod } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';
import type { BudgetQuestions } from '../drainability/index.js';

/** What a disruption budget has left. */
interface Remaining {
  readonly selects: (labels: Labels) => boolean;
  allowed: number;
}

const noBudget: readonly Remaining[] = [];

/**
 * How many pods the disruption budgets of a cluster let go still, as nodes are given up one after the other (cluster
 * autoscaler: remaining PDB tracker). It is a copy: what really goes, the API decides. All budgets that select a pod count.
 */
export class BudgetTracker implements BudgetQuestions {
  readonly #reader: Reader;
  readonly #cluster: string;
  readonly #budgets = new Map<string, Remaining>();
  /** By the controller's uid, what its pods were last found to have: most have the same labels. */
  readonly #found = new Map<string, { readonly labels: Labels; readonly budgets: readonly Remaining[] }>();

  constructor(reader: Reader, cluster: string) {
    this.#reader = reader;
    this.#cluster = cluster;
  }

  isProtected(pod: Pod): boolean {
    return this.#of(pod).length > 0;
  }

  allows(pod: Pod): boolean {
    return this.#of(pod).every(({ allowed }) => allowed >= 1);
  }

  /** Whether pods could go one after the other, and whether all at once; else a pod that could not. */
  canRemove(
    pods: readonly Pod[],
  ): { readonly kind: 'yes'; readonly atOnce: boolean } | { readonly kind: 'no'; readonly pod: Pod } {
    const counts = new Map<Remaining, number>();
    let atOnce = true;
    for (const pod of pods) {
      for (const budget of this.#of(pod)) {
        if (budget.allowed < 1) return { kind: 'no', pod };
        const count = (counts.get(budget) ?? 0) + 1;
        counts.set(budget, count);
        if (count > budget.allowed) atOnce = false;
      }
    }
    return { kind: 'yes', atOnce };
  }

  /** Counts pods as gone. */
  remove(pods: readonly Pod[]): void {
    for (const pod of pods) for (const budget of this.#of(pod)) budget.allowed -= 1;
  }

  #of(pod: Pod): readonly Remaining[] {
    const { namespace = '', labels = unlabelled } = pod.metadata;
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) return this.#select(namespace, labels);
    const before = this.#found.get(owner);
    if (before && areSame(before.labels, labels)) return before.budgets;
    const budgets = this.#select(namespace, labels);
    this.#found.set(owner, { labels, budgets });
    return budgets;
  }

  #select(namespace: string, labels: Labels): readonly Remaining[] {
    const place = { cluster: this.#cluster, namespace };
    const candidates = mayBeSelecting(this.#reader, podDisruptionBudgets, place, labels);
    if (candidates.length === 0) return noBudget;
    return candidates
      .map(({ key, value }) => this.#remaining(key, value.object as DisruptionBudget))
      .filter(({ selects }) => selects(labels));
  }

  #remaining(key: string, { spec, status }: DisruptionBudget): Remaining {
    const known = this.#budgets.get(key);
    if (known) return known;
    const remaining = {
      selects: compileLabelSelector(spec.selector),
      // A budget that nobody has looked at yet lets nothing go.
      allowed: (status as DisruptionBudget['status'] | undefined)?.disruptionsAllowed ?? 0,
    };
    this.#budgets.set(key, remaining);
    return remaining;
  }
}

const unlabelled: Labels = {};

function areSame(a: Labels, b: Labels): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
