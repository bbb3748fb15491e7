/** DefaultPreemption: which pods have to go for a pod that matters more. */
import type { Pod, PodDisruptionBudget } from '../objects.js';
import { keyOf, priorityOf, withoutPods, withPods } from './cluster.js';
import type { NodeView } from './cluster.js';
import type { NodeFilter } from './filtering.js';
import { histogram, noNodeAvailable } from './message.js';
import type { Attempt, Refusal } from './plugin.js';
import { selects } from './selectors.js';

/** A node that pods would have to leave. */
export interface Candidate {
  readonly node: string;
  /** `namespace/name`, sorted. */
  readonly victims: readonly string[];
}

export type Preemption =
  | { readonly kind: 'nominate'; readonly acceptable: readonly Candidate[] }
  | { readonly kind: 'fail'; readonly message: string };

interface Plan {
  readonly view: NodeView;
  /** Most important first. */
  readonly victims: readonly Pod[];
  readonly violations: number;
}

/** `refusals` says for each node why the pod can't go there; nodes that are not in it are out of the question. */
export function preempt(
  attempt: Attempt,
  refusals: ReadonlyMap<NodeView, Refusal>,
  filter: NodeFilter,
): Preemption {
  const { pod, cluster } = attempt;
  const obstacle = ineligible(attempt, refusals);
  if (obstacle !== undefined) return { kind: 'fail', message: obstacle };

  const potential = cluster.nodes.filter((view) => refusals.get(view)?.code === 'U');
  const outcomes = new Map(potential.map((view) => [view, planFor(attempt, view, filter)]));
  const plans = [...outcomes.values()].filter((outcome): outcome is Plan => typeof outcome === 'object');
  if (plans.length === 0) {
    const reasons = cluster.nodes.flatMap((view) => {
      const outcome = outcomes.get(view);
      if (outcome === undefined) return ['Preemption is not helpful for scheduling'];
      if (outcome === 'no victims') return ['No preemption victims found for incoming pod'];
      const refusal = filter(withoutPods(view, lowerPods(pod, view)));
      return refusal?.reasons ?? [];
    });
    return { kind: 'fail', message: noNodeAvailable(cluster.nodes.length, histogram(reasons), '') };
  }
  return {
    kind: 'nominate',
    acceptable: plans
      .filter((plan) => canWin(plan, plans, wantedPlans(attempt, potential.length)))
      .map(({ view, victims }) => ({ node: view.name, victims: victims.map(keyOf).toSorted() })),
  };
}

function ineligible({ pod, cluster }: Attempt, refusals: ReadonlyMap<NodeView, Refusal>): string | undefined {
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = cluster.nodes.find(({ name }) => name === pod.status?.nominatedNodeName);
  if (nominated === undefined || refusals.get(nominated)?.code !== 'U') return undefined;
  return lowerPods(pod, nominated).some(isMakingRoom)
    ? 'not eligible due to a terminating pod on the nominated node.'
    : undefined;
}

const lowerPods = (pod: Pod, { pods }: NodeView): readonly Pod[] =>
  pods.filter((other) => priorityOf(other) < priorityOf(pod));

/** Terminating because of a preemption. */
function isMakingRoom({ metadata, status }: Pod): boolean {
  const target = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return (
    metadata.deletionTimestamp !== undefined &&
    target?.status === 'True' &&
    target.reason === 'PreemptionByScheduler'
  );
}

/** With all less important pods gone, as many as possible come back, the most important first. */
function planFor(
  attempt: Attempt,
  view: NodeView,
  filter: NodeFilter,
): Plan | 'no victims' | 'does not help' {
  const lower = lowerPods(attempt.pod, view).toSorted(byImportance);
  if (lower.length === 0) return 'no victims';
  let current = withoutPods(view, lower);
  if (filter(current) !== undefined) return 'does not help';
  const violating = violatingPods(attempt.input.podDisruptionBudgets ?? [], lower);
  const inOrder = [
    ...lower.filter((each) => violating.has(each)),
    ...lower.filter((each) => !violating.has(each)),
  ];
  const victims: Pod[] = [];
  for (const each of inOrder) {
    const reprieved = withPods(current, [each]);
    if (filter(reprieved) === undefined) current = reprieved;
    else victims.push(each);
  }
  if (victims.length === 0) throw new Error(`nothing to preempt on ${view.name}, yet the pod did not fit`);
  return {
    view,
    victims: victims.toSorted(byImportance),
    violations: victims.filter((each) => violating.has(each)).length,
  };
}

/** Higher priority first, then earlier start. */
const byImportance = (left: Pod, right: Pod): number =>
  priorityOf(right) - priorityOf(left) || startOf(left) - startOf(right);

/** A pod that has not started is as if it started now. */
const startOf = ({ status }: Pod): number =>
  status?.startTime === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(status.startTime);

/** Pods whose eviction would be one too many for a budget, when they are evicted in this order. */
function violatingPods(budgets: readonly PodDisruptionBudget[], pods: readonly Pod[]): ReadonlySet<Pod> {
  const left = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const violating = new Set<Pod>();
  for (const pod of pods)
    for (const budget of budgets) {
      if (!covers(budget, pod)) continue;
      const remaining = (left.get(budget) ?? 0) - 1;
      left.set(budget, remaining);
      if (remaining < 0) violating.add(pod);
    }
  return violating;
}

/** A budget without requirements, or a pod without labels, or one that is evicted already, does not count. */
function covers({ metadata, spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec?.selector ?? {};
  return (
    metadata.namespace === pod.metadata.namespace &&
    Object.keys(pod.metadata.labels ?? {}).length > 0 &&
    Object.keys(matchLabels).length + matchExpressions.length > 0 &&
    selects(spec?.selector, pod.metadata.labels) &&
    !Object.hasOwn(status?.disruptedPods ?? {}, pod.metadata.name)
  );
}

/** Nodes are looked at until there are so many plans, one of which violates no budget. */
function wantedPlans({ args }: Attempt, nodes: number): number {
  const { minCandidateNodesPercentage = 10, minCandidateNodesAbsolute = 100 } = args.DefaultPreemption ?? {};
  return Math.min(
    nodes,
    Math.max(Math.trunc((nodes * minCandidateNodesPercentage) / 100), minCandidateNodesAbsolute),
  );
}

/**
 * Whether there is an order of the nodes, which is by chance, in which the plan is among those made and none of them is better.
 * One that violates a budget can't win while there is one that doesn't: that one is waited for.
 */
function canWin(plan: Plan, plans: readonly Plan[], wanted: number): boolean {
  if (plan.violations > 0 && plans.some(({ violations }) => violations === 0)) return false;
  const notBetter = plans.filter((other) => other !== plan && !isBetter(other, plan));
  return notBetter.length >= Math.min(wanted, plans.length) - 1;
}

/** Less is better, the first difference decides. */
const costs: readonly ((plan: Plan) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => Math.max(...victims.map(priorityOf)),
  ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
  ({ victims }) => victims.length,
  ({ victims }) => {
    const highest = Math.max(...victims.map(priorityOf));
    return -Math.min(...victims.filter((victim) => priorityOf(victim) === highest).map(startOf));
  },
];

function isBetter(one: Plan, other: Plan): boolean {
  for (const cost of costs) if (cost(one) !== cost(other)) return cost(one) < cost(other);
  return false;
}
