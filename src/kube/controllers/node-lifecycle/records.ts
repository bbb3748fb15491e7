import { defineCollection } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import type { NodeCondition } from '../../nodes/index.js';
import type { Disruption } from './zones.js';

/** A heartbeat that somebody wrote, as its objects tell it: they change with each. */
export interface WrittenHeartbeat {
  /** `renewTime` of the node's lease. */
  readonly lease: string;
  /** `lastHeartbeatTime` of the node's condition Ready. */
  readonly status: string;
  /** When it was seen. */
  readonly at: Instant;
}

/** What the controller knows of a node: it outlives the node, so that its going can be told. */
export interface NodeHealth {
  /** The cluster's key. */
  readonly cluster: string;
  readonly node: string;
  readonly uid: string;
  /** The status of the condition Ready when it was last looked at. */
  readonly ready?: NodeCondition['status'];
  /** The last heartbeat of a node without a kubelet of this world. */
  readonly heartbeat?: WrittenHeartbeat;
}

/** What is known of nodes, by their keys. */
export const nodeHealth = defineCollection<NodeHealth>('kube/node-health', {
  byCluster: ({ cluster }) => cluster,
});

/** A zone of a cluster, and how fast nodes in it may be tainted for eviction. */
export interface NodeZone {
  /** The cluster's key. */
  readonly cluster: string;
  /** The term that nodes are filed under. */
  readonly zone: string;
  readonly disruption: Disruption;
  /** Milliseconds from one node to the next; undefined while none is tainted. */
  readonly interval?: number;
  /** When the next node may be tainted; undefined while none is. */
  readonly nextAt?: Instant;
}

/** The zones that have nodes, by their terms. */
export const nodeZones = defineCollection<NodeZone>('kube/node-zones', {
  byCluster: ({ cluster }) => cluster,
});
