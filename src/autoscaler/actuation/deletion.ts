import type { Pod } from '../../kube/index.js';
import { defineCollection } from '../../store/index.js';
import type { Reader } from '../../store/index.js';
import type { Instant } from '../../units/index.js';

/** The eviction of one pod. */
export interface Eviction {
  /** As it was when the node was emptied. */
  readonly pod: Pod;
  /** Whether the node stays if the pod does; a daemon's eviction is a courtesy. */
  readonly effort: 'needed' | 'best effort';
  readonly progress:
    /** `refusal` is what the API last said. */
    { readonly kind: 'trying'; readonly refusal?: string } | { readonly kind: 'evicted' };
}

/** How far a deletion is. */
export type DeletionPhase =
  /** No pod comes any more; those that were on their way get the time to arrive. */
  | { readonly kind: 'tainted'; readonly until: Instant }
  /** Pods are asked to go, those that may not again and again. */
  | {
      readonly kind: 'evicting';
      readonly since: Instant;
      readonly nextTry: Instant;
      readonly evictions: readonly Eviction[];
    }
  /** Pods are on their way out. */
  | { readonly kind: 'leaving'; readonly since: Instant }
  /** Others have asked for the node to be kept for a while. */
  | { readonly kind: 'delayed'; readonly since: Instant };

/** A node that is being taken away, until the cloud has been told to. It is in the store, so that it goes on after a restart. */
export interface Deletion {
  readonly cluster: string;
  readonly node: string;
  /** The node's. */
  readonly uid: string;
  readonly group: string;
  /** Of the autoscaler that started it: what is under way ends with it. */
  readonly run: string;
  readonly kind: 'empty' | 'drain';
  readonly startedAt: Instant;
  /** The node had an annotation, as it started, by which its deletion is to be delayed. */
  readonly isDelayed: boolean;
  /** Pods that had to go and were evicted. */
  readonly evicted: readonly Pod[];
  readonly phase: DeletionPhase;
}

/** By cluster and node. */
export const nodeDeletions = defineCollection<Deletion>('autoscalerDeletions', {
  byCluster: ({ cluster }) => cluster,
  byGroup: ({ cluster, group }) => groupTerm(cluster, group),
});

/** Term of `byGroup`. */
export const groupTerm = (cluster: string, group: string): string => `${cluster}|${group}`;

/** The nodes of a cluster that are being taken away and that the cloud has not been told of yet. */
export const deletionsOf = (reader: Reader, cluster: string): readonly Deletion[] =>
  reader.find(nodeDeletions, 'byCluster', cluster);
