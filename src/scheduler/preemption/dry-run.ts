import type { ClusterCache, Trial } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';
import { nominatedAhead } from '../engine/node-program.js';
import type { PodProgram } from '../engine/pod-program.js';
import type { Refusal } from '../framework/refusal.js';
import { unresolvable } from '../framework/refusal.js';
import { splitByBudgets } from './budgets.js';
import type { Budget } from './budgets.js';

/** A node on which a pod would fit without some pods of lower priority. */
export interface Candidate {
  readonly node: NodeInfo;
  /** The most important first. */
  readonly victims: readonly PodInfo[];
  /** How many of them would go against their budgets. */
  readonly violations: number;
}

export const noVictims = unresolvable('DefaultPreemption', 'No preemption victims found for incoming pod');

/** Who is spared first: higher priority, then who started earlier (kube-scheduler: MoreImportantPod). */
export function byImportance(a: PodInfo, b: PodInfo): number {
  return b.shape.priority - a.shape.priority || compareTexts(startOf(a), startOf(b));
}

/** When a pod started; one that has not is taken for the latest. */
export const startOf = ({ pod }: PodInfo): string => pod.status?.startTime ?? '9999';

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whom a pod would have to drive out of a node, as few and as unimportant as will do (DefaultPreemption). */
export function dryRun(
  cache: ClusterCache,
  { program, info }: { readonly program: PodProgram; readonly info: PodInfo },
  node: NodeInfo,
  budgets: readonly Budget[],
): Candidate | Refusal {
  const { priority } = info.shape;
  const lower = [...node.pods.values()].filter(({ shape }) => shape.priority < priority);
  if (lower.length === 0) return noVictims;
  return cache.try(node, ({ add, remove }) => {
    for (const pod of lower) remove(pod);
    const refusal = refusalAmongNominated(cache, program, node, info);
    if (refusal) return refusal;
    const { violating, others } = splitByBudgets(lower.sort(byImportance), budgets);
    const isSpared = (pod: PodInfo): boolean =>
      spare({ add, remove }, pod, () => {
        return refusalAmongNominated(cache, program, node, info) === undefined;
      });
    const victimsAgainst = violating.filter((pod) => !isSpared(pod));
    const victims = [...victimsAgainst, ...others.filter((pod) => !isSpared(pod))];
    return { node, victims: victims.sort(byImportance), violations: victimsAgainst.length };
  });
}

/** Puts a pod back if the other one still fits then. */
function spare({ add, remove }: Trial, pod: PodInfo, fits: () => boolean): boolean {
  add(pod);
  if (fits()) return true;
  remove(pod);
  return false;
}

/** A node as it is in the trial, with the pods that wait for it and without. */
function refusalAmongNominated(
  cache: ClusterCache,
  program: PodProgram,
  node: NodeInfo,
  { shape, uid }: PodInfo,
): Refusal | undefined {
  const ahead = nominatedAhead(node, shape.priority, uid);
  const crowded =
    ahead.length > 0 &&
    cache.try(node, ({ add }) => {
      for (const pod of ahead) add(pod);
      return program.tryOn(node);
    });
  return crowded || program.tryOn(node);
}
