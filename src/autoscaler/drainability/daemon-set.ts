import { controllerOf } from '../../kube/index.js';
import type { Pod } from '../../kube/index.js';
import type { Drainability, DrainRule } from './rule.js';

const daemon: Drainability = { kind: 'daemon' };

/** A pod that belongs to its node: a DaemonSet's, or one that its annotation says is like it. */
export const isDaemon = (pod: Pod): boolean =>
  controllerOf(pod)?.kind === 'DaemonSet' ||
  pod.metadata.annotations?.['cluster-autoscaler.kubernetes.io/daemonset-pod'] === 'true';

/** Daemons need no other place. */
export const daemonSet: DrainRule = (pod) => (isDaemon(pod) ? daemon : undefined);
