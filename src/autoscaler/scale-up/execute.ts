import type { CloudFailure, NodeGroup } from '../cloud.js';
import { afterFailure } from '../backoff.js';
import type { SizeChange } from '../decisions/decision.js';
import { memoryKey, nodeGroupMemories } from '../memory.js';
import { count } from '../metrics/counters.js';
import { memoryOf } from '../state/cluster-state.js';
import { withRequest } from '../state/upkeep.js';
import { tellOfStatus } from '../tell.js';
import type { Turn } from '../turn.js';

/** How far a plan came. */
export interface Execution {
  readonly done: readonly SizeChange[];
  readonly failure?: CloudFailure & { readonly group: string };
}

/** Makes groups grow one after the other; the first that fails ends it, and is let be for a while. */
export function execute(turn: Turn, plan: readonly SizeChange[]): Execution {
  const done: SizeChange[] = [];
  for (const change of plan) {
    const failure = grow(turn, change);
    if (failure) return { done, failure: { ...failure, group: change.group } };
    done.push(change);
  }
  return { done };
}

function grow(turn: Turn, { group, from, to, max }: SizeChange): CloudFailure | undefined {
  const { tx, cloud, cluster, now, options } = turn;
  const size = `size to ${String(to)} instead of ${String(from)} (max: ${String(max)})`;
  tellOfStatus(turn, 'Normal', 'ScaledUpGroup', `Scale-up: setting group ${group} ${size}`);
  const memory = memoryOf(tx, cluster, group);
  const key = memoryKey(cluster, group);
  const failure = cloud.increase(tx, cluster, group, to - from);
  if (failure) {
    tellOfStatus(
      turn,
      'Warning',
      'FailedToScaleUpGroup',
      `Scale-up failed for group ${group}: ${failure.message}`,
    );
    const backoff = afterFailure(memory.backoff, now, options, { ...failure, code: 'cloudProviderError' });
    tx.put(nodeGroupMemories, key, { ...memory, backoff });
    count(turn, 'failed_scale_ups_total', { reason: 'cloudProviderError' });
    count(turn, 'errors_total', { type: 'cloudProviderError' });
    return failure;
  }
  tx.put(nodeGroupMemories, key, withRequest(memory, to - from, now, options));
  count(turn, 'scaled_up_nodes_total', {}, to - from);
  const set = size.replace('size to', 'size set to');
  tellOfStatus(turn, 'Normal', 'ScaledUpGroup', `Scale-up: group ${group} ${set}`);
  return undefined;
}

/** The change of a group's size by some nodes. */
export const changeOf = ({ id, pool, targetSize, maxSize }: NodeGroup, by: number): SizeChange => ({
  group: id,
  pool,
  from: targetSize,
  to: targetSize + by,
  max: maxSize,
});
