import { autoscalers, scalingDecisions } from '../../../autoscaler/index.js';
import type { Cloud, NodeGroup } from '../../../autoscaler/index.js';
import { AzureError } from '../../../azure/index.js';
import { existingCluster, poolsOf, resourceKey } from '../../../nodepools/index.js';
import type { ClusterPath, ManagedCluster } from '../../../nodepools/index.js';
import type { Clock } from '../../../sim/index.js';
import type { Reader } from '../../../store/index.js';
import { instant } from '../../../units/index.js';
import type { Duration } from '../../../units/index.js';
import { counted, listed } from '../amounts.js';
import { poolCommand } from '../changes/index.js';
import { alarmsOf } from './alarms.js';
import { coolDownFinding } from './cool-down.js';
import { decisionsOf } from './decisions.js';
import type { AlarmFinding, ScalingExplanation, ScalingNode, ScalingPool } from './explanation.js';
import { nodesOf } from './nodes.js';
import { poolOf } from './pools.js';
import type { Scene } from './scene.js';
import { momentText, spanText } from './words.js';

/** What an explanation of scaling looks at: a world has all of it. */
export interface ScalingWorld {
  readonly store: Reader;
  readonly clock: Clock;
  readonly subscription: { readonly id: string };
  /** The cloud as autoscalers see it. */
  readonly cloud: Cloud;
}

/** Which cluster, and how much of it. */
export type ScalingRequest = ClusterPath & {
  /** One pool alone. */
  readonly pool?: string;
  /** Decisions that were taken no longer ago. */
  readonly within?: Duration;
  /** How many decisions, the newest. */
  readonly limit: number;
};

/**
 * How a cluster's autoscaler sees it now, and what it decided of late and why. Changes nothing.
 *
 * @throws AzureError 404 for a cluster or a pool that is not there, 400 for one that no autoscaler is in charge of
 */
export function explainScaling(world: ScalingWorld, request: ScalingRequest): ScalingExplanation {
  const { store, clock, subscription, cloud } = world;
  const managed = existingCluster(store, subscription.id, request);
  const cluster = resourceKey(managed.id);
  const options = cloud.settings(store, cluster)?.options;
  const all = cloud.groups(store, cluster);
  const groups = askedGroups(store, managed, options ? all : [], request.pool);
  if (!options) throw withoutAutoscaler(managed);
  const now = clock.now();
  const names = poolNames(store, cluster, all);
  const memory = store.get(autoscalers, cluster);
  const scene: Scene = {
    reader: store,
    cloud,
    managed,
    cluster,
    options,
    memory,
    groups,
    poolOf: (group) => names.get(group) ?? group,
    now,
  };
  const coolDown = coolDownFinding(scene);
  const alarms = alarmsOf(scene);
  const pools = groups.map((group) => poolOf(scene, group));
  const nodes = groups.flatMap((group) => nodesOf(scene, group, coolDown?.ends));
  const since = request.within === undefined ? undefined : instant(now - request.within);
  return {
    cluster: { resourceGroup: managed.resourceGroup, name: managed.name },
    at: momentText(now),
    verdict: verdictOf(scene, { alarms, pools, nodes }),
    autoscaler: {
      ...(memory && { startedAt: momentText(memory.startedAt), lastLoop: momentText(memory.lastLoop) }),
      scanSeconds: options.scanInterval / 1000,
      ...(coolDown && { coolDown: coolDown.finding }),
    },
    alarms,
    pools,
    nodes,
    decisions: decisionsOf(scene, {
      limit: request.limit,
      ...(since !== undefined && { since }),
      ...(request.pool !== undefined && { pool: request.pool }),
    }),
  };
}

/** The groups that are asked about. @throws AzureError for a pool that is not there, or that has no autoscaler */
function askedGroups(
  reader: Reader,
  managed: ManagedCluster,
  groups: readonly NodeGroup[],
  pool: string | undefined,
): readonly NodeGroup[] {
  if (pool === undefined) {
    if (groups.length === 0) throw withoutAutoscaler(managed);
    return groups;
  }
  const found = groups.filter((group) => group.pool === pool);
  if (found.length > 0) return found;
  const names = poolsOf(reader, resourceKey(managed.id)).map(({ name }) => name);
  if (names.includes(pool)) throw poolWithoutAutoscaler(managed, pool);
  throw new AzureError({
    status: 404,
    code: 'NotFound',
    message: `There is no pool ${pool} in cluster ${nameOf(managed)}. There are: ${listed(names)}.`,
    envelope: 'arm',
  });
}

const nameOf = ({ resourceGroup, name }: ManagedCluster): string => `${resourceGroup}/${name}`;

const enabling = (managed: ManagedCluster, pool: string): string =>
  poolCommand('update', managed, pool, '--enable-cluster-autoscaler --min-count MIN --max-count MAX');

const refused = (message: string): AzureError =>
  new AzureError({ status: 400, code: 'NoAutoscaler', message, envelope: 'arm' });

const withoutAutoscaler = (managed: ManagedCluster): AzureError =>
  refused(
    `No pool of cluster ${nameOf(managed)} has the cluster autoscaler enabled: ${enabling(managed, 'NAME')}`,
  );

const poolWithoutAutoscaler = (managed: ManagedCluster, pool: string): AzureError =>
  refused(
    `The cluster autoscaler is not in charge of pool ${pool} of cluster ${nameOf(managed)} now. ` +
      `It is once the pool runs and has it enabled: ${enabling(managed, pool)}`,
  );

/** Pools by their groups, and those of groups that are gone by what was decided about them. */
function poolNames(
  reader: Reader,
  cluster: string,
  groups: readonly NodeGroup[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const decision of reader.find(scalingDecisions, 'byCluster', cluster)) {
    if ('considered' in decision) for (const { group, pool } of decision.considered) names.set(group, pool);
    if ('plan' in decision) for (const { group, pool } of decision.plan) names.set(group, pool);
  }
  for (const { id, pool } of groups) names.set(id, pool);
  return names;
}

function verdictOf(
  { memory, options }: Scene,
  {
    alarms,
    pools,
    nodes,
  }: {
    readonly alarms: readonly AlarmFinding[];
    readonly pools: readonly ScalingPool[];
    readonly nodes: readonly ScalingNode[];
  },
): ScalingExplanation['verdict'] {
  const every = spanText(options.scanInterval);
  if (alarms.length > 0) {
    const pods = alarms.reduce((sum, one) => sum + one.pods, 0);
    return {
      kind: 'exhausted',
      text: `${counted(pods, 'pod')} ${pods === 1 ? 'waits' : 'wait'} for nodes that do not come by themselves.`,
    };
  }
  if (!memory)
    return { kind: 'starting', text: `It has not looked at the cluster yet; it does every ${every}.` };
  const awaited = pools.reduce((sum, one) => sum + (one.awaited?.nodes ?? 0), 0);
  if (awaited > 0) return { kind: 'growing', text: `${counted(awaited, 'node')} awaited.` };
  const leaving = nodes.filter(({ kind }) => kind === 'leaving').length;
  if (leaving > 0)
    return {
      kind: 'shrinking',
      text: `${counted(leaving, 'node')} ${leaving === 1 ? 'is' : 'are'} being taken away.`,
    };
  const unneeded = nodes.filter(({ kind }) => kind === 'unneeded').length;
  const idle =
    unneeded === 0
      ? 'None is unneeded.'
      : `${counted(unneeded, 'node')} ${unneeded === 1 ? 'is' : 'are'} unneeded.`;
  return { kind: 'steady', text: `No nodes are awaited, and none leave. ${idle}` };
}
