import type {
  AskingPods,
  BlockingReason,
  CloudFailure,
  ConsideredGroup,
  Exhaustion,
  RemovedNode,
  SizeChange,
  UnremovableReason,
} from '../../../autoscaler/index.js';

/** What a cluster's autoscaler is about. The first that holds is said. */
export type ScalingVerdict =
  /** Pods stay without a node until somebody does something. */
  | 'exhausted'
  /** It has not looked at the cluster yet. */
  | 'starting'
  /** Nodes that were asked for are awaited. */
  | 'growing'
  /** Nodes are being taken away. */
  | 'shrinking'
  | 'steady';

/** True when nothing is left for people to do: the command ends with 0. */
export const isScalingWell = (verdict: ScalingVerdict): boolean => verdict !== 'exhausted';

/** What stands in the way of nodes that pods wait for, and what would help. */
export interface AlarmFinding {
  readonly since: string;
  /** Pods that wait. */
  readonly pods: number;
  /** `namespace/name` of one of them. */
  readonly example: string;
  readonly exhaustion: Exhaustion;
  readonly text: string;
  readonly remedy: string;
  readonly command?: string;
}

/** Until when no node is taken away, and on what grounds. */
export interface CoolDown {
  readonly until: string;
  readonly cause: 'nodes were added' | 'nodes were deleted' | 'a deletion failed';
  /** When that was. */
  readonly at: string;
  readonly text: string;
}

/** A pool that is let be for a while, as it failed to grow. */
export interface BackoffFinding {
  readonly until: string;
  readonly since: string;
  readonly code: string;
  readonly message: string;
  readonly scarce: CloudFailure['scarce'];
}

/** Nodes that were asked for and are awaited. */
export interface AwaitedNodes {
  readonly nodes: number;
  readonly since: string;
  /** They count as failed from then on. */
  readonly expectedBy: string;
}

/** Whether a pool may grow now. */
export type GrowthState = 'may grow' | 'at maximum' | 'in backoff' | 'held';

/** A pool whose size the autoscaler decides. */
export interface ScalingPool {
  readonly name: string;
  /** The scale set's name, as events and the status ConfigMap call it. */
  readonly group: string;
  readonly min: number;
  /** How many nodes it is to have. */
  readonly target: number;
  readonly max: number;
  readonly growth: GrowthState;
  readonly awaited?: AwaitedNodes;
  readonly backoff?: BackoffFinding;
  /** In plain words, what there is to say of its size: at least one sentence. */
  readonly texts: readonly string[];
}

/** A node, and whether it may go. */
export type ScalingNode = {
  readonly node: string;
  readonly pool: string;
  readonly text: string;
} & (
  | { readonly kind: 'unneeded'; readonly since: string; readonly notBefore: string }
  | {
      readonly kind: 'unremovable';
      readonly since: string;
      readonly reason: UnremovableReason;
      /** Why the pod keeps the node. */
      readonly blocking?: BlockingReason;
      readonly pod?: string;
      /** 0 to 1. */
      readonly utilization?: number;
      /** Not looked at again before. */
      readonly recheckAt?: string;
    }
  /** Is on its way out. */
  | { readonly kind: 'leaving'; readonly since?: string }
  /** Is a VM, and no node yet. */
  | { readonly kind: 'awaited'; readonly since?: string }
  /** Could not be made. */
  | { readonly kind: 'failed'; readonly code: string }
  /** Was not asked whether it may go. */
  | { readonly kind: 'kept' }
);

/** Pods that asked for nodes; what refused them is by pool, in the scheduler's words. */
export type AskingFinding = AskingPods;

/** A node that was taken away, with its pool. */
export type RemovedFinding = Omit<RemovedNode, 'unneededSince'> & {
  readonly pool: string;
  readonly unneededSince: string;
};

/** A refusal of the cloud, with the pool that it was for. */
export type FailureFinding = CloudFailure & { readonly pool: string };

/** What was decided, and on what grounds; `text` says it in a line. */
export type DecisionFinding = {
  readonly at: string;
  /** The same was decided again until then, so many times in all. */
  readonly lastAt: string;
  readonly times: number;
  readonly text: string;
} & (
  | {
      readonly kind: 'scale-up';
      readonly pods: readonly AskingFinding[];
      readonly considered: readonly ConsideredGroup[];
      readonly plan: readonly SizeChange[];
      readonly failure?: FailureFinding;
    }
  | {
      readonly kind: 'no scale-up';
      readonly pods: readonly AskingFinding[];
      readonly considered: readonly ConsideredGroup[];
      readonly exhaustions: readonly Exhaustion[];
    }
  | { readonly kind: 'minimum'; readonly plan: readonly SizeChange[]; readonly failure?: FailureFinding }
  | { readonly kind: 'scale-down'; readonly nodes: readonly RemovedFinding[] }
  | {
      readonly kind: 'scale-down failed';
      readonly node: string;
      readonly pool: string;
      readonly message: string;
    }
  | {
      readonly kind: 'scale-up failed';
      readonly pool: string;
      readonly failure: CloudFailure;
      readonly nodes: number;
    }
);

/** How a cluster's autoscaler sees it, and what it decided of late. Times are ISO 8601. */
export interface ScalingExplanation {
  readonly cluster: { readonly resourceGroup: string; readonly name: string };
  readonly at: string;
  readonly verdict: { readonly kind: ScalingVerdict; readonly text: string };
  readonly autoscaler: {
    /** Absent before it has looked for the first time. */
    readonly startedAt?: string;
    /** The last look at which anything could have changed. */
    readonly lastLoop?: string;
    readonly scanSeconds: number;
    readonly coolDown?: CoolDown;
  };
  readonly alarms: readonly AlarmFinding[];
  readonly pools: readonly ScalingPool[];
  readonly nodes: readonly ScalingNode[];
  /** The newest last. */
  readonly decisions: readonly DecisionFinding[];
}
