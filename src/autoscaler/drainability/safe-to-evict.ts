import type { Pod } from '../../kube/index.js';
import { movable } from './rule.js';
import type { DrainRule } from './rule.js';

/** What a pod's annotation says of its eviction: `true`, `false`, or `on-completion`. */
export const safeToEvictOf = ({ metadata }: Pod): string | undefined =>
  metadata.annotations?.['cluster-autoscaler.kubernetes.io/safe-to-evict'];

/** Pods that say so may go whatever the rules after this one think, disruption budgets included; they need a place still. */
export const safeToEvict: DrainRule = (pod) => (safeToEvictOf(pod) === 'true' ? movable : undefined);
