import { defineCollection } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { nodeTerm } from '../../kinds/index.js';

/** A pod that will be evicted from its node. Its time is counted from when that was first seen: later taints change nothing. */
export interface ScheduledEviction {
  /** The cluster's key. */
  readonly cluster: string;
  readonly node: string;
  /** The pod's uid. */
  readonly uid: string;
  readonly at: Instant;
}

/** Evictions to come, by the keys of their pods. */
export const scheduledEvictions = defineCollection<ScheduledEviction>('kube/scheduled-evictions', {
  byCluster: ({ cluster }) => cluster,
  byNode: ({ cluster, node }) => nodeTerm(cluster, node),
});
