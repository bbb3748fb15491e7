import { configMaps, objectKey } from '../../kube/index.js';
import type { KubeObject, Pod } from '../../kube/index.js';
import { areSimilar, balance } from '../balancing/index.js';
import type { NodeGroup } from '../cloud.js';
import type { SizeChange } from '../decisions/decision.js';
import { estimate, nodeLimit } from '../estimator/index.js';
import type { PodGroup } from '../estimator/index.js';
import { choose, priorityConfigMap } from '../expanders/index.js';
import type { Choice, ExpansionOption } from '../expanders/index.js';
import type { ClusterState } from '../state/cluster-state.js';
import { isReadyAndSchedulable } from '../state/readiness.js';
import { tell, tellOfStatus } from '../tell.js';
import type { Turn } from '../turn.js';
import { changeOf, execute } from './execute.js';
import type { Execution } from './execute.js';
import { survey } from './survey.js';
import type { Candidate, Survey } from './survey.js';
import type { Templates } from '../templates/templates.js';

/** What came of pods asking for nodes. */
export type ScaleUp = { readonly survey: Survey; readonly choice: Choice } &
  /** `helped` are those that will have room; others wait for the next loop. */
  (
    | { readonly kind: 'scaled up'; readonly helped: readonly Pod[]; readonly plan: readonly SizeChange[] }
    | { readonly kind: 'failed'; readonly plan: readonly SizeChange[]; readonly execution: Execution }
    | { readonly kind: 'no options' }
    | { readonly kind: 'limited'; readonly pods: readonly Pod[] }
  );

/** Lets the best of the groups that could help grow: one decision a loop (cluster autoscaler: orchestrator, ScaleUp). */
export function scaleUp(
  turn: Turn,
  cluster: ClusterState,
  templates: Templates,
  pods: readonly PodGroup[],
): ScaleUp {
  const found = survey(turn, cluster, templates, pods);
  const options = [...found.candidates.values()].flatMap((candidate) => {
    const option = optionOf(turn, cluster, found, candidate);
    return option ? [option] : [];
  });
  const choice = chooseAmong(turn, cluster, options);
  const { best } = choice;
  if (!best) return { kind: 'no options', survey: found, choice };
  const { maxNodesTotal } = turn.options;
  const most = maxNodesTotal === 0 ? Infinity : Math.max(0, maxNodesTotal - presentNodes(turn, cluster));
  if (most < best.nodes) {
    const text = `Max total nodes in cluster reached: ${String(maxNodesTotal)}`;
    tellOfStatus(turn, 'Warning', 'MaxNodesTotalReached', text);
    if (most < 1) return { kind: 'limited', pods: best.pods, survey: found, choice };
  }
  const nodes = Math.min(best.nodes, most, found.room.get(best.group.id) ?? Infinity);
  const plan = balance([best.group, ...best.similar], nodes).map(({ group, newSize }) =>
    changeOf(group, newSize - group.targetSize),
  );
  const execution = execute(turn, plan);
  if (execution.failure) return { kind: 'failed', plan, execution, survey: found, choice };
  return { kind: 'scaled up', helped: best.pods, plan, survey: found, choice };
}

/** The nodes that count against max-nodes-total; not counted where there is no such limit. */
const presentNodes = ({ options, supposed }: Turn, { nodes }: ClusterState): number =>
  options.maxNodesTotal === 0
    ? 0
    : options.features.maxNodesTotalCounts === 'all nodes'
      ? supposed.nodes().length
      : nodes.filter(isReadyAndSchedulable).length;

function optionOf(
  turn: Turn,
  cluster: ClusterState,
  found: Survey,
  candidate: Candidate,
): ExpansionOption | undefined {
  const { state, template, schedulable } = candidate;
  if (schedulable.length === 0) return undefined;
  const { options, supposed, cloud, tx } = turn;
  const { group } = state;
  const similar = options.balanceSimilarNodeGroups ? partnersOf(found, candidate, schedulable) : [];
  const limit = nodeLimit({
    groups: [group, ...similar],
    currentNodes: presentNodes(turn, cluster),
    options,
  });
  const { nodes, pods } = estimate(supposed, template, schedulable, limit);
  if (nodes === 0 || pods.length === 0) return undefined;
  const price = options.expander.includes('price')
    ? cloud.hourlyPrice(tx, turn.cluster, group.id)
    : undefined;
  return { group, nodes, pods, template, similar, ...(price !== undefined && { price }) };
}

/** Groups alike that would take all the pods that the group would, and may grow. */
function partnersOf(
  { candidates }: Survey,
  { state, template }: Candidate,
  schedulable: readonly PodGroup[],
): readonly NodeGroup[] {
  return [...candidates.values()].flatMap((other) => {
    if (other.state === state || !areSimilar(template, other.template)) return [];
    const taken = new Set(other.schedulable);
    return schedulable.every((group) => taken.has(group)) ? [other.state.group] : [];
  });
}

/** Asks the expanders, and tells of what is wrong with the ConfigMap that one of them reads. */
function chooseAmong(turn: Turn, { nodes }: ClusterState, options: readonly ExpansionOption[]): Choice {
  const { tx, cluster, chance } = turn;
  const key = objectKey(cluster, 'kube-system', priorityConfigMap);
  const priorities = tx.get(configMaps.collection, key)?.object;
  const choice = choose(turn.options.expander, options, {
    rng: chance('expander'),
    nodes: nodes.length,
    ...(priorities && { priorities: (priorities as ConfigMap).data ?? {} }),
  });
  if (priorities)
    for (const { reason, message } of choice.warnings) tell(turn, priorities, 'Warning', reason, message);
  return choice;
}

type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };
