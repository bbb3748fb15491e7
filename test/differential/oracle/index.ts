/**
 * What kube-scheduler decides about a pod: slow, one rule after the other, and written from the rules alone. It shares nothing
 * with the scheduler that it judges.
 */
import type { Case } from '../case.js';
import { clusterOf } from './cluster.js';
import type { NodeView } from './cluster.js';
import { enough, prepare, search } from './filtering.js';
import type { Ready } from './filtering.js';
import { histogram, noNodeAvailable } from './message.js';
import type { Attempt, Refusal } from './plugin.js';
import { afterFailure, claimUnavailable, noClaims } from './plugins/dynamic-resources.js';
import { preempt } from './preemption.js';
import type { Candidate } from './preemption.js';
import { profileOf } from './profile.js';
import type { Profile } from './profile.js';
import { parseVersion } from './version.js';

export type { Refusal } from './plugin.js';
export type { Candidate } from './preemption.js';

export interface Verdict {
  /** Of the nodes that were looked at and can't take the pod. */
  readonly refusals: Readonly<Record<string, Refusal>>;
  /** In the order found. */
  readonly feasible: readonly string[];
  /** Weighted, by node and plugin; empty where nothing is scored because there is no choice. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly totals: Readonly<Record<string, number>>;
  /** The pod goes to one of these. */
  readonly best: readonly string[];
  /** Why it goes nowhere, in full. */
  readonly message?: string;
  /** When pods are preempted: one of these nodes is nominated. */
  readonly nominations: readonly Candidate[];
}

const nothing: Verdict = { refusals: {}, feasible: [], scores: {}, totals: {}, best: [], nominations: [] };

/** @throws Error for a case that kube-scheduler would not come to, or that the oracle does not understand */
export function judge(input: Case): Verdict {
  const { pod } = input;
  const { namespace = '', name, deletionTimestamp } = pod.metadata;
  // Set by the API server: the scheduler does not even look at such a pod.
  if ((pod.spec.schedulingGates ?? []).length > 0)
    return { ...nothing, message: 'Scheduling is blocked due to non-empty scheduling gates' };
  if (deletionTimestamp !== undefined)
    return { ...nothing, message: `skip schedule deleting pod: ${namespace}/${name}` };
  const version = parseVersion(input.kubernetesVersion);
  const profile = profileOf(input, pod, version);
  const cluster = clusterOf(input);
  if (cluster.nodes.length === 0) return { ...nothing, message: 'no nodes available to schedule pods' };
  const attempt: Attempt = { input, version, pod, cluster, args: profile.args };
  const prepared = prepare(attempt, profile);
  if (prepared.kind === 'ready') return choose(attempt, profile, prepared);

  const { message, ran } = prepared;
  const isDevicesFirst = profile.postFilters[0] === 'DynamicResources';
  // What DynamicResources would have to know it only knows once its turn came; the error of that ends all there is to do.
  if (isDevicesFirst && !ran.includes('DynamicResources'))
    return { ...nothing, message: noNodeAvailable(cluster.nodes.length, message, 'not found') };
  return failure(attempt, profile, {
    reasons: message,
    refusals: new Map(),
    filter: () => undefined,
    rejectedBy: prepared.plugin,
  });
}

function choose(attempt: Attempt, profile: Profile, { filter, only }: Ready): Verdict {
  const { cluster, pod, input } = attempt;
  const start = input.startNodeIndex ?? 0;
  const nominated = cluster.nodes.filter(({ name: node }) => node === pod.status?.nominatedNodeName);
  const first = search(nominated, start, 1, filter);
  if (first.feasible.length > 0) return chosen(attempt, profile, first.feasible, first.refusals);

  const nodes = only === undefined ? cluster.nodes : cluster.nodes.filter(({ name }) => only.nodes.has(name));
  const { feasible, refusals: found } = search(
    nodes,
    start,
    enough(nodes.length, profile.percentageOfNodesToScore),
    filter,
  );
  const refusals = new Map([...first.refusals, ...found]);
  if (feasible.length > 0) return chosen(attempt, profile, feasible, refusals);

  const others = cluster.nodes.length - refusals.size;
  const reasons = histogram([
    ...[...refusals.values()].flatMap((refusal) => refusal.reasons),
    ...Array<string>(others).fill(`node(s) didn't satisfy plugin(s) [${only?.plugins.join(' ') ?? ''}]`),
  ]);
  return failure(attempt, profile, { reasons, refusals, filter });
}

const byName = <Value>(pairs: Iterable<readonly [NodeView, Value]>): Readonly<Record<string, Value>> =>
  Object.fromEntries([...pairs].map(([{ name }, value]) => [name, value]));

function chosen(
  attempt: Attempt,
  profile: Profile,
  feasible: readonly NodeView[],
  refusals: ReadonlyMap<NodeView, Refusal>,
): Verdict {
  const names = feasible.map(({ name }) => name);
  const found = { ...nothing, refusals: byName(refusals), feasible: names };
  // Without a choice there is nothing to score.
  if (names.length === 1) return { ...found, best: names };
  const scores = new Map(feasible.map((view) => [view, {} as Record<string, number>]));
  for (const [plugin, weight] of profile.scorers)
    for (const [index, score] of (plugin.score?.(attempt, feasible) ?? []).entries()) {
      const view = feasible[index];
      const own = view === undefined ? undefined : scores.get(view);
      if (own !== undefined) own[plugin.name] = score * weight;
    }
  const totals = new Map(
    [...scores].map(([view, own]) => [view, Object.values(own).reduce((sum, score) => sum + score, 0)]),
  );
  const most = Math.max(...totals.values());
  return {
    ...found,
    scores: byName(scores),
    totals: byName(totals),
    best: [...totals].filter(([, total]) => total === most).map(([{ name }]) => name),
  };
}

interface Failure {
  readonly reasons: string;
  readonly refusals: ReadonlyMap<NodeView, Refusal>;
  readonly filter: Ready['filter'];
  /** The plugin that ended the attempt before nodes were looked at. */
  readonly rejectedBy?: string;
}

function failure(
  attempt: Attempt,
  profile: Profile,
  { reasons, refusals, filter, rejectedBy }: Failure,
): Verdict {
  const nodes = attempt.cluster.nodes.length;
  const found = { ...nothing, refusals: byName(refusals) };
  const afterwards: string[] = [];
  for (const plugin of profile.postFilters) {
    if (plugin === 'DynamicResources') {
      const own = [...refusals]
        .filter(([, refusal]) => refusal.reasons.includes(claimUnavailable))
        .map(([view]) => view);
      // It forgets about the claims when it rejects the pod for them.
      afterwards.push(rejectedBy === plugin ? noClaims : afterFailure(attempt, own));
      continue;
    }
    const preemption = preempt(attempt, refusals, filter);
    if (preemption.kind === 'nominate')
      return {
        ...found,
        message: noNodeAvailable(nodes, reasons, ''),
        nominations: preemption.acceptable,
      };
    afterwards.push(`preemption: ${preemption.message}`);
  }
  return { ...found, message: noNodeAvailable(nodes, reasons, afterwards.join(', ')) };
}
