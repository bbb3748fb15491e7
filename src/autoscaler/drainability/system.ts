import type { Duration } from '../../units/index.js';
import { after, instant } from '../../units/index.js';
import { blocks, movable } from './rule.js';
import type { DrainRule } from './rule.js';

/** Pods of kube-system stay unless a disruption budget says how to treat them, or they are older than `timeout`. */
export const system =
  (timeout: Duration): DrainRule =>
  (pod, { now, budgets }) => {
    const { namespace, name, creationTimestamp } = pod.metadata;
    if (namespace !== 'kube-system' || budgets.isProtected(pod)) return undefined;
    const isOld = after(instant(Date.parse(creationTimestamp)), timeout) < now;
    if (isOld) return movable;
    return blocks(
      'UnmovableKubeSystemPod',
      `non-daemonset, non-mirrored, non-pdb-assigned kube-system pod present: ${name}`,
    );
  };
