import { goDuration } from '../../kube/index.js';
import type { Cloud, Instance } from '../cloud.js';
import { recordDecision } from '../decisions/recorder.js';
import { memoryKey, nodeGroupMemories } from '../memory.js';
import { count } from '../metrics/counters.js';
import { tellOfStatus } from '../tell.js';
import { rememberedTemplate } from '../templates/template.js';
import type { Turn } from '../turn.js';
import type { ClusterState, GroupState } from './cluster-state.js';
import { keepUp } from './upkeep.js';
import type { ScaleUpNote } from './upkeep.js';

/** A turn before anything is supposed. */
export type UpkeepTurn = Omit<Turn, 'supposed'>;

/**
 * Brings what is kept in mind of every group up to the moment, tells what has become of nodes that were awaited, and has instances
 * deleted that failed or never became nodes. True when anything has changed: the cluster is to be looked at again.
 */
export function applyUpkeep(turn: UpkeepTurn, cluster: ClusterState): boolean {
  let hasChanged = false;
  // What was a group's goes with it: one that comes back begins anew.
  for (const { key, value } of turn.tx.findEntries(nodeGroupMemories, 'byCluster', turn.cluster))
    if (!cluster.groups.has(value.group)) turn.tx.delete(nodeGroupMemories, key);
  for (const state of cluster.groups.values()) {
    const { memory, notes, failed } = keepUp(state, turn);
    const template = rememberedTemplate(state, turn.now);
    const next = template === memory.template ? memory : { ...memory, ...(template && { template }) };
    const isChanged = next !== state.memory;
    if (isChanged) turn.tx.put(nodeGroupMemories, memoryKey(turn.cluster, state.group.id), next);
    for (const note of notes) tellOf(turn, state, note);
    const deletedFailed = remove(turn, state.group.id, failed);
    const deletedUnregistered = removeUnregistered(turn, state);
    hasChanged ||= isChanged || deletedFailed || deletedUnregistered;
  }
  return hasChanged;
}

function tellOf(turn: UpkeepTurn, { group }: GroupState, note: ScaleUpNote): void {
  const reason = note.kind === 'timed out' ? 'timeout' : note.failure.code;
  count(turn, 'failed_scale_ups_total', { reason });
  if (note.kind === 'timed out') {
    const within = goDuration(turn.options.maxNodeProvisionTime);
    const message = `Nodes added to group ${group.id} failed to register within ${within}`;
    tellOfStatus(turn, 'Warning', 'ScaleUpTimedOut', message);
    const failure = { code: 'timeout', message, scarce: 'other' } as const;
    recordDecision(turn, { kind: 'scale-up failed', group: group.id, failure, nodes: note.increase });
    if (turn.options.features.revertsTimedOutScaleUps) revert(turn, group.id, note.increase);
    return;
  }
  const { failure, count: failed, sources } = note;
  const message =
    `Failed adding ${String(failed)} nodes to group ${group.id} due to ${failure.class}.${failure.code}; ` +
    `source errors: ${sources.join(', ')}`;
  tellOfStatus(turn, 'Warning', 'ScaleUpFailed', message);
  const { code, scarce } = failure;
  const told = { code, scarce, message: sources.join(', ') };
  recordDecision(turn, { kind: 'scale-up failed', group: group.id, failure: told, nodes: failed });
}

/** Gives up nodes that have not come; what a scale set has asked for stays so all the same (Azure). */
function revert(turn: UpkeepTurn, group: string, increase: number): void {
  const refusal = turn.cloud.decreaseTarget(turn.tx, turn.cluster, group, increase);
  if (!refusal) return;
  const message = `Failed to decrease target size for group ${group} after scale-up timeout: ${refusal.message}`;
  tellOfStatus(turn, 'Warning', 'FailedToRevertScaleUp', message);
}

/** Deletes instances that never became nodes, as far as the group's minimum allows; beyond it they stay, and nothing is said. */
function removeUnregistered(turn: UpkeepTurn, { group, unregistered, memory }: GroupState): boolean {
  const { maxNodeProvisionTime } = turn.options;
  const overdue = unregistered.filter(({ id }) => {
    const since = memory.unregistered[id];
    return since !== undefined && turn.now - since > maxNodeProvisionTime;
  });
  const deletable = overdue.slice(0, Math.max(0, group.targetSize - group.minSize));
  if (deletable.length === 0) return false;
  const failure = deleteFrom(turn, group.id, deletable);
  if (!failure) count(turn, 'old_unregistered_nodes_removed_count', {}, deletable.length);
  for (const { node } of deletable) {
    if (failure)
      tellOfStatus(
        turn,
        'Warning',
        'DeleteUnregisteredFailed',
        `Failed to remove node ${node}: ${failure.message}`,
      );
    else tellOfStatus(turn, 'Normal', 'DeleteUnregistered', `Removed unregistered node ${node}`);
  }
  return failure === undefined;
}

const remove = (turn: UpkeepTurn, group: string, instances: readonly Instance[]): boolean =>
  instances.length > 0 && deleteFrom(turn, group, instances) === undefined;

const deleteFrom = (
  { cloud, tx, cluster }: UpkeepTurn,
  group: string,
  instances: readonly Instance[],
): ReturnType<Cloud['deleteNodes']> =>
  cloud.deleteNodes(
    tx,
    cluster,
    group,
    instances.map(({ node }) => node),
  );
