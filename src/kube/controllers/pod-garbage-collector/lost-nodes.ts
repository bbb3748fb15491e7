import { defineCollection } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';

/** A node that has pods and does not exist. */
export interface LostNode {
  /** The cluster's key. */
  readonly cluster: string;
  readonly node: string;
  /** When it was found missing. */
  readonly since: Instant;
}

/** Lost nodes by the key a node of their name would have. */
export const lostNodes = defineCollection<LostNode>('kube/lost-nodes', {
  byCluster: ({ cluster }) => cluster,
});
