import { defineCollection } from '../../store/index.js';
import { objectIndexes } from '../resource-type.js';
import type { KubeNode } from './node.js';
import { outOfService } from './taints.js';

/** A node of a cluster, with the ids of what it stands on; one that a client made stands on nothing. */
export interface ClusterNode {
  /** The cluster's key. */
  readonly cluster: string;
  /** The key of the node's agent pool. */
  readonly agentPool?: string;
  /** The key of the VM it runs on. */
  readonly vm?: string;
  /** How many data disks that VM takes. */
  readonly dataDisks?: number;
  readonly object: KubeNode;
}

export const nodeKey = (cluster: string, name: string): string => `${cluster}/${name}`;

/** Nodes by cluster and name. */
export const nodes = defineCollection<ClusterNode>('nodes', {
  ...objectIndexes,
  byAgentPool: (node) => node.agentPool,
  /** Nodes that an administrator has declared dead, by cluster. */
  outOfService: ({ cluster, object }) =>
    object.spec.taints?.some(({ key }) => key === outOfService) ? cluster : undefined,
});
