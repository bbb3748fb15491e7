import { defineCollection } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { CloudFailure, ScarceResource } from '../cloud.js';
import type { ExpanderName } from '../options.js';

/** Pods of one kind that asked for a node. */
export interface AskingPods {
  /** `namespace/name` of one of them. */
  readonly example: string;
  /** What controls them, e.g. `ReplicaSet/web-7d4b9`. */
  readonly controller?: string;
  readonly count: number;
  /** Groups that would not take them, with the scheduler's words. */
  readonly refusedBy: Readonly<Record<string, readonly string[]>>;
}

/** What an expander made of a node group. */
export interface ExpanderScore {
  readonly expander: ExpanderName;
  /** Higher or lower is better as the expander says; absent where it compares nothing. */
  readonly score?: number;
  /** Whether it left the group to the next expander, or to be chosen. */
  readonly kept: boolean;
}

/** A node group that was looked at as pods asked for nodes. */
export type ConsideredGroup = {
  readonly group: string;
  readonly pool: string;
  readonly targetSize: number;
  readonly maxSize: number;
} &
  /** Not even held against the pods, e.g. `max node group size reached`. */
  (
    | { readonly kind: 'skipped'; readonly reason: string; readonly scarce?: ScarceResource }
    /** None of the pods would fit a node of it. */
    | { readonly kind: 'no help' }
    | {
        readonly kind: 'option';
        readonly nodes: number;
        readonly pods: number;
        /** What each expander that was asked about it made of it, in their order. */
        readonly scores: readonly ExpanderScore[];
        readonly chosen: boolean;
      }
  );

/** Which remedy is called for when pods stay without a node. */
export type Exhaustion =
  /** Pools that would do are at their maximum: raise it. */
  | { readonly kind: 'pool'; readonly pools: readonly string[] }
  /** No pool could help, whatever its size: another pool, or other pods. */
  | { readonly kind: 'cluster' }
  /** Pools that would do can not have more VMs. */
  | {
      readonly kind: 'subscription';
      readonly scarce: ScarceResource;
      readonly pools: readonly string[];
      readonly message: string;
    };

/** A group's change of size. */
export interface SizeChange {
  readonly group: string;
  readonly pool: string;
  readonly from: number;
  readonly to: number;
  readonly max: number;
}

/** A node that was taken away, or is to be. */
export interface RemovedNode {
  readonly node: string;
  readonly group: string;
  readonly kind: 'empty' | 'drained';
  readonly utilization: number;
  /** `namespace/name`. */
  readonly pods: readonly string[];
  readonly unneededSince: Instant;
}

/** What an autoscaler decided, and on what grounds. */
export type ScalingDecision = {
  readonly cluster: string;
  readonly sequence: number;
  readonly at: Instant;
  /** The same was decided again until then, counted every five minutes. */
  readonly lastAt: Instant;
  readonly times: number;
} & (
  | {
      readonly kind: 'scale-up';
      readonly pods: readonly AskingPods[];
      readonly considered: readonly ConsideredGroup[];
      readonly plan: readonly SizeChange[];
      readonly failure?: CloudFailure & { readonly group: string };
    }
  | {
      readonly kind: 'no scale-up';
      readonly pods: readonly AskingPods[];
      readonly considered: readonly ConsideredGroup[];
      /** What stands in the way of the pods; none while a group that would do is merely not well. */
      readonly exhaustions: readonly Exhaustion[];
    }
  | {
      readonly kind: 'minimum';
      readonly plan: readonly SizeChange[];
      readonly failure?: CloudFailure & { readonly group: string };
    }
  | { readonly kind: 'scale-down'; readonly nodes: readonly RemovedNode[] }
  | {
      readonly kind: 'scale-down failed';
      readonly node: string;
      readonly group: string;
      readonly message: string;
    }
  | {
      readonly kind: 'scale-up failed';
      readonly group: string;
      readonly failure: CloudFailure;
      readonly nodes: number;
    }
);

/** What stands in the way of nodes now, until it does no longer. */
export interface ScalingAlarm {
  readonly cluster: string;
  readonly since: Instant;
  readonly exhaustion: Exhaustion;
  readonly pods: number;
  /** `namespace/name` of one of them. */
  readonly example: string;
}

/** By cluster and number. */
export const scalingDecisions = defineCollection<ScalingDecision>('scalingDecisions', {
  byCluster: ({ cluster }) => cluster,
});

/** By cluster and what is exhausted. */
export const scalingAlarms = defineCollection<ScalingAlarm>('scalingAlarms', {
  byCluster: ({ cluster }) => cluster,
});
