import { podCondition } from '../../kube/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { Diagnosis } from '../engine/diagnosis.js';
import type { Draw, Prepared } from '../engine/engine.js';
import { RecentlyUsed } from '../engine/recently-used.js';
import type { PluginArgs } from '../framework/configuration.js';
import { fitErrorText, histogramOf } from '../framework/message.js';
import { unresolvable } from '../framework/refusal.js';
import type { Refusal } from '../framework/refusal.js';
import type { Budget } from './budgets.js';
import { chooseCandidate } from './choose.js';
import { dryRun } from './dry-run.js';
import type { Candidate } from './dry-run.js';

const notHelpful = unresolvable('DefaultPreemption', 'Preemption is not helpful for scheduling');

/** What preemption comes to: a node to be freed, or why there is none. */
export type PreemptionOutcome =
  | { readonly kind: 'nominated'; readonly candidate: Candidate }
  | { readonly kind: 'none'; readonly message: string; readonly clearsNomination: boolean };

/** What was found for one node, as long as neither it nor the budgets change. */
interface Known {
  readonly generation: number;
  readonly budgets: readonly Budget[];
  readonly found: Candidate | Refusal;
}

/** Finds pods of lower priority that could make way (DefaultPreemption). */
export class Preemption {
  readonly #cache: ClusterCache;
  readonly #known = new RecentlyUsed<Map<number, Known>>(64, () => undefined);

  constructor(cache: ClusterCache) {
    this.#cache = cache;
  }

  /** `budgets` are the same array as long as they have not changed; `nodes` counts all nodes. */
  preempt(
    prepared: Prepared,
    diagnosis: Diagnosis,
    { budgets, nodes }: { readonly budgets: readonly Budget[]; readonly nodes: number },
    args: PluginArgs['DefaultPreemption'],
    draw: Draw,
  ): PreemptionOutcome {
    const { pod } = prepared.subject;
    const refused = this.#ineligible(prepared, diagnosis);
    if (refused !== undefined)
      return { kind: 'none', message: `preemption: ${refused}`, clearsNomination: false };
    const resolvable = diagnosis.kind === 'filtered' ? diagnosis.resolvable : [];
    const refusals = new Map<Refusal, number>();
    const count = (refusal: Refusal, by = 1) => refusals.set(refusal, (refusals.get(refusal) ?? 0) + by);
    if (nodes > resolvable.length) count(notHelpful, nodes - resolvable.length);
    const candidates: Candidate[] = [];
    const wanted = candidatesWanted(resolvable.length, args);
    const offset = resolvable.length > 0 ? draw(resolvable.length) : 0;
    let hasSound = false;
    for (let at = 0; at < resolvable.length; at += 1) {
      if (candidates.length >= wanted && hasSound) break;
      const node = resolvable[(offset + at) % resolvable.length] as NodeInfo;
      const found = this.#dryRun(prepared, node, budgets);
      if ('code' in found) count(found);
      else if (found.victims.length > 0) {
        candidates.push(found);
        hasSound ||= found.violations === 0;
      }
    }
    const chosen = chooseCandidate(candidates);
    if (chosen) return { kind: 'nominated', candidate: chosen };
    const text = fitErrorText(nodes, histogramOf(refusals));
    return {
      kind: 'none',
      message: `preemption: ${text}`,
      clearsNomination: pod.status?.nominatedNodeName !== undefined,
    };
  }

  /** Why the pod may not drive others out now. */
  #ineligible({ subject: { pod, info }, program }: Prepared, diagnosis: Diagnosis): string | undefined {
    if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
    const { nominatedNodeName } = pod.status ?? {};
    // Refused before any node was looked at, the pod has nothing to wait for there.
    if (diagnosis.kind === 'rejected') return undefined;
    const node = nominatedNodeName ? this.#cache.node(nominatedNodeName) : undefined;
    if (!node || program.refusalOf(node)?.code === 'UnschedulableAndUnresolvable') return undefined;
    const waits = [...node.pods.values()].some((one) => isLeavingFor(one, info));
    return waits ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
  }

  #dryRun(
    { program, subject: { info } }: Prepared,
    node: NodeInfo,
    budgets: readonly Budget[],
  ): Candidate | Refusal {
    if (!program.hangsOnNodesAlone) return dryRun(this.#cache, { program, info }, node, budgets);
    const nodes = this.#known.get(info.shape.nodeKey, () => new Map<number, Known>());
    const generation = this.#cache.generations.of(node.slot);
    const known = nodes.get(node.slot);
    if (known?.generation === generation && known.budgets === budgets) return known.found;
    const found = dryRun(this.#cache, { program, info }, node, budgets);
    nodes.set(node.slot, { generation, budgets, found });
    return found;
  }
}

/** A pod of lower priority that is on its way out because a pod was to take its place. */
function isLeavingFor({ pod, shape }: PodInfo, preemptor: PodInfo): boolean {
  if (pod.metadata.deletionTimestamp === undefined || shape.priority >= preemptor.shape.priority)
    return false;
  const condition = podCondition(pod, 'DisruptionTarget');
  return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler';
}

/** How many candidates are enough to choose from. */
function candidatesWanted(
  nodes: number,
  { minCandidateNodesPercentage = 10, minCandidateNodesAbsolute = 100 }: PluginArgs['DefaultPreemption'] = {},
): number {
  const share = Math.floor((nodes * minCandidateNodesPercentage) / 100);
  return Math.min(nodes, Math.max(share, minCandidateNodesAbsolute));
}
