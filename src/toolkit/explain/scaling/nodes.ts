import {
  isToBeDeleted,
  memoryKey,
  nodeDeletions,
  nodeGroupMemories,
  nodeMemories,
  toBeDeletedAt,
  unneededTime,
} from '../../../autoscaler/index.js';
import type { Instance, NodeGroup, NodeMemory } from '../../../autoscaler/index.js';
import { isNodeReady, nodeKey, nodes as nodeCollection } from '../../../kube/index.js';
import type { KubeNode } from '../../../kube/index.js';
import { after } from '../../../units/index.js';
import type { Instant } from '../../../units/index.js';
import type { ScalingNode } from './explanation.js';
import { leavingText } from './leaving.js';
import type { Scene } from './scene.js';
import { thresholdOf, unremovableText } from './unremovable-text.js';
import { momentText } from './words.js';

/** Every node of a group and every VM that is to be one, and whether it may go. */
export const nodesOf = (
  scene: Scene,
  group: NodeGroup,
  coolDownUntil: Instant | undefined,
): readonly ScalingNode[] =>
  group.instances.map((instance) => {
    const common = { node: instance.node, pool: group.pool };
    return { ...common, ...stateOf(scene, group, instance, coolDownUntil) };
  });

type Told<T> = T extends unknown ? Omit<T, 'node' | 'pool'> : never;
type NodeState = Told<ScalingNode>;

function stateOf(
  scene: Scene,
  group: NodeGroup,
  { id, node: name, state, failure }: Instance,
  coolDownUntil: Instant | undefined,
): NodeState {
  const { reader, cluster } = scene;
  if (failure) return { kind: 'failed', code: failure.code, text: `could not be made: ${failure.message}` };
  const node = reader.get(nodeCollection, nodeKey(cluster, name))?.object;
  if (state === 'deleting' || (node && isToBeDeleted(node))) {
    const since = node && toBeDeletedAt(node);
    const text = leavingText(since, reader.get(nodeDeletions, memoryKey(cluster, name)));
    return { kind: 'leaving', ...(since !== undefined && { since: momentText(since) }), text };
  }
  if (!node) {
    const since = reader.get(nodeGroupMemories, memoryKey(cluster, group.id))?.unregistered[id];
    const text = `is a VM and no node yet${since === undefined ? '' : `, since ${momentText(since)}`}`;
    return { kind: 'awaited', ...(since !== undefined && { since: momentText(since) }), text };
  }
  const memory = reader.get(nodeMemories, memoryKey(cluster, name));
  if (!memory) return { kind: 'kept', text: notAskedText(group) };
  return memory.kind === 'unneeded'
    ? unneeded(scene, group, node, memory.since, coolDownUntil)
    : unremovable(scene, group, memory);
}

/** Why a node has not even been asked. */
function notAskedText({ isHeld, targetSize, minSize }: NodeGroup): string {
  if (isHeld) return 'stays: its pool is being changed';
  if (targetSize <= minSize) return `stays: its pool is at its minimum of ${String(minSize)}`;
  return 'has not been looked at yet';
}

function unneeded(
  { options }: Scene,
  { options: own }: NodeGroup,
  node: KubeNode,
  since: Instant,
  coolDownUntil: Instant | undefined,
): NodeState {
  const ripe = after(since, unneededTime(isNodeReady(node) ? 'ready' : 'not ready', own, options));
  const notBefore = momentText(coolDownUntil !== undefined && coolDownUntil > ripe ? coolDownUntil : ripe);
  return {
    kind: 'unneeded',
    since: momentText(since),
    notBefore,
    text: `unneeded since ${momentText(since)}: goes after ${notBefore} if it still is`,
  };
}

function unremovable(
  { options }: Scene,
  { options: own, minSize }: NodeGroup,
  memory: Extract<NodeMemory, { kind: 'unremovable' }>,
): NodeState {
  const { since, reason, pod, blocking, utilization, recheckAt } = memory;
  const why = unremovableText(memory, { threshold: thresholdOf(options, own), min: minSize });
  const again = recheckAt === undefined ? '' : `; looked at again after ${momentText(recheckAt)}`;
  return {
    kind: 'unremovable',
    since: momentText(since),
    reason,
    ...(pod !== undefined && { pod }),
    ...(blocking !== undefined && { blocking }),
    ...(utilization !== undefined && { utilization }),
    ...(recheckAt !== undefined && { recheckAt: momentText(recheckAt) }),
    text: `stays: ${why} (since ${momentText(since)}${again})`,
  };
}
