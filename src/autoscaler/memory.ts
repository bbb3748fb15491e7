import { defineCollection } from '../store/index.js';
import type { Reader } from '../store/index.js';
import type { KubeNode } from '../kube/index.js';
import type { Duration, Instant } from '../units/index.js';
import type { InstanceFailure } from './cloud.js';
import type { BlockingReason, UnremovableReason } from './scale-down/unremovable.js';

/**
 * What an autoscaler keeps in mind, in the store, so that a world that is closed and opened goes on. All of it is lost when the
 * autoscaler itself starts anew, as upstream's is (cluster autoscaler: state in memory).
 */
export interface AutoscalerMemory {
  readonly cluster: string;
  /** Of the settings it was started with: another run begins with nothing in mind. */
  readonly run: string;
  readonly startedAt: Instant;
  /** When there was one that changed something; others were a number of scan intervals after it. */
  readonly lastLoop: Instant;
  /** The next loops follow the last one so far apart. */
  readonly scanInterval: Duration;
  /** An hour before the start, to begin with: a fresh autoscaler is in no cool-down. */
  readonly lastScaleUp: Instant;
  /** When deletions were last started, not ended. */
  readonly lastDeletion: Instant;
  readonly lastFailure: Instant;
}

/** Nodes that were asked for and are awaited (cluster state registry: ScaleUpRequest). */
export interface ScaleUpRequest {
  readonly increase: number;
  readonly since: Instant;
  readonly expectedBy: Instant;
}

/** A node group that is let be for a while, as it failed to grow (cluster autoscaler: exponential backoff). */
export interface Backoff {
  readonly duration: Duration;
  readonly until: Instant;
  readonly lastFailure: Instant;
  readonly cause: Pick<InstanceFailure, 'code' | 'message' | 'scarce'>;
}

/** What is kept in mind of a node group. */
export interface NodeGroupMemory {
  readonly cluster: string;
  readonly group: string;
  readonly request?: ScaleUpRequest;
  readonly backoff?: Backoff;
  /** Since when instances are seen that are no node yet, by their id. */
  readonly unregistered: Readonly<Record<string, Instant>>;
  /** Instances whose failure has been told of. */
  readonly failed: readonly string[];
  /** A node as the group had it last, cleaned of what was its alone: the template of one that is empty now. */
  readonly template?: KubeNode;
}

/** Whether a node could go, as last looked at. */
export type NodeMemory = {
  readonly cluster: string;
  readonly node: string;
  readonly group: string;
  readonly since: Instant;
} & (
  | { readonly kind: 'unneeded' }
  | {
      readonly kind: 'unremovable';
      readonly reason: UnremovableReason;
      /** `namespace/name` of the pod that it stays for. */
      readonly pod?: string;
      /** Why that pod keeps it. */
      readonly blocking?: BlockingReason;
      /** Not looked at again before. */
      readonly recheckAt?: Instant;
      /** 0 to 1, where that is why. */
      readonly utilization?: number;
    }
);

/** By cluster. */
export const autoscalers = defineCollection<AutoscalerMemory>('autoscalers');

const ofCluster = { byCluster: ({ cluster }: { readonly cluster: string }) => cluster };

/** By cluster and group. */
export const nodeGroupMemories = defineCollection<NodeGroupMemory>('autoscalerNodeGroups', ofCluster);

/** By cluster and node. */
export const nodeMemories = defineCollection<NodeMemory>('autoscalerNodes', ofCluster);

/** The key of what belongs to a part of a cluster, by the part's name. */
export const memoryKey = (cluster: string, name: string): string => `${cluster}/${name}`;

/** What is in mind of the nodes of a cluster, by their names. */
export const memoriesByNode = (reader: Reader, cluster: string): Map<string, NodeMemory> =>
  new Map(reader.find(nodeMemories, 'byCluster', cluster).map((memory) => [memory.node, memory]));
