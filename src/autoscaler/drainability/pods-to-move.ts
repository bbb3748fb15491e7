import type { Pod } from '../../kube/index.js';
import type { BlockingReason } from '../scale-down/unremovable.js';
import { movable } from './rule.js';
import type { DrainContext, Drainability } from './rule.js';

/** What a node's removal means to a pod on it. */
export function drainability(pod: Pod, context: DrainContext): Drainability {
  for (const rule of context.rules) {
    const found = rule(pod, context);
    if (found) return found;
  }
  return movable;
}

/** The pods of a node by what its removal means to them. */
export type NodePods =
  | {
      readonly kind: 'removable';
      /** Need another place; without any the node is empty. */
      readonly movable: readonly Pod[];
      readonly daemons: readonly Pod[];
      /** The node stays until they have ended. */
      readonly waiting: readonly Pod[];
    }
  | {
      readonly kind: 'blocked';
      readonly pod: Pod;
      readonly reason: BlockingReason;
      readonly message: string;
    };

/** Whether the pods of a node all go with it: none needs another place, and none blocks. */
export const needNoPlace = (pods: readonly Pod[], context: DrainContext): boolean =>
  pods.every((pod) => {
    const { kind } = drainability(pod, context);
    return kind !== 'movable' && kind !== 'blocks';
  });

/** Sorts the pods of a node; the first that blocks is enough. */
export function podsToMove(pods: readonly Pod[], context: DrainContext): NodePods {
  const movable: Pod[] = [];
  const daemons: Pod[] = [];
  const waiting: Pod[] = [];
  for (const pod of pods) {
    const found = drainability(pod, context);
    if (found.kind === 'blocks')
      return { kind: 'blocked', pod, reason: found.reason, message: found.message };
    if (found.kind === 'movable') movable.push(pod);
    else if (found.kind === 'daemon') daemons.push(pod);
    else if (found.kind === 'waits') waiting.push(pod);
  }
  return { kind: 'removable', movable, daemons, waiting };
}
