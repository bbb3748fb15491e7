/** What an explanation comes to. Each is one state of a pod, told apart by what has to happen next. */
export const verdicts = [
  /** On a node; the pod's phase tells how it fares there. */
  'runs',
  /** Has ended, or is on its way out. */
  'ended',
  /** A node would take it at once. */
  'fits now',
  /** A pool that takes it has nodes on their way, or its autoscaler may add some. */
  'waiting for nodes',
  /** Pods of lower priority leave a node for it. */
  'waiting for preemption',
  /** A claim of its is not ready yet. */
  'waiting for a volume',
  /** Its scheduling gates hold it back. */
  'gated',
  /** It names a scheduler that is not the cluster's. */
  'another scheduler',
  /** Pools take it, and all that could grow are as large as their owner lets them be. */
  'pool exhausted',
  /** No pool takes it as it is configured, though a pool could be made that does. */
  'cluster exhausted',
  /** Pools take it, but quota, addresses or capacity for another node are used up. */
  'subscription exhausted',
  /** No node of any size or kind would take it as it is written. */
  'unsatisfiable as written',
] as const;
export type Verdict = (typeof verdicts)[number];

/** Verdicts of pods that need nothing: the command ends with 0. */
export const isWell = (verdict: Verdict): boolean => verdict === 'runs' || verdict === 'fits now';

/** A rule that keeps a pod off nodes. */
export type Rule =
  | 'cordon'
  | 'taint'
  | 'label'
  | 'node name'
  | 'host port'
  | 'resources'
  | 'volume'
  | 'spread'
  | 'affinity'
  | 'anti-affinity'
  | 'other';

/** A resource that is short. `cpu` is in thousandths of a core; memory and storage in bytes; all else in units. */
export interface Shortage {
  readonly resource: string;
  readonly asked: number;
  /** On the node that has most of it free. */
  readonly mostFree: number;
  /** What the largest node has for pods when it is empty. */
  readonly largest: number;
}

/** Why nodes won't do, in one sentence of plain words. */
export interface Reason {
  readonly rule: Rule;
  readonly text: string;
  readonly taint?: { readonly key: string; readonly value?: string; readonly effect: string };
  readonly shortages?: readonly Shortage[];
}

/** A reason with the nodes that it keeps the pod off. */
export interface CountedReason extends Reason {
  readonly nodes: number;
}

/** How a pool may grow. */
export interface Growth {
  /** Whether an autoscaler decides the pool's size. */
  readonly autoscaled: boolean;
  /** The most nodes it may have: the autoscaler's bound, else its size. */
  readonly maximum: number;
  /** VMs that are not nodes yet. */
  readonly coming: number;
  /** How many nodes of it would let the pod run, were they to be had; absent: no number would. */
  readonly needed?: number;
  /** What keeps it from having so many. */
  readonly bounds: readonly Bound[];
}

/** What keeps a pool from growing, with its numbers. */
export interface Bound {
  readonly kind: 'pool' | 'subscription';
  readonly limit: string;
  /** How many more nodes it allows. */
  readonly room: number;
  readonly text: string;
}

/** What a pool has for the pod. */
export interface PoolFinding {
  /** Absent for nodes that are of no pool. */
  readonly name?: string;
  readonly mode?: string;
  readonly vmSize?: string;
  readonly zones: readonly string[];
  readonly nodes: number;
  /** Nodes that would take the pod now. */
  readonly fits: number;
  /** Why the others would not, the commonest first. */
  readonly reasons: readonly CountedReason[];
  /** Why a new node of the pool would not do either; absent when it would. */
  readonly newNode?: Reason;
  readonly growth?: Growth;
}

export type ChangeKind =
  | 'toleration'
  | 'drop label'
  | 'label pool'
  | 'uncordon'
  | 'more nodes'
  | 'quota'
  | 'larger size'
  | 'zone'
  | 'priority'
  | 'smaller request'
  | 'remove gates'
  | 'scheduler';

/** One change that lets the pod run, tried before it is said. */
export interface Change {
  readonly kind: ChangeKind;
  readonly text: string;
  /** What to run, or what to write into the manifest. */
  readonly command?: string;
  readonly manifest?: string;
  readonly pool?: string;
}

/** Why a pod is where it is, or nowhere. */
export interface Explanation {
  readonly cluster: { readonly resourceGroup: string; readonly name: string };
  readonly pod: {
    readonly namespace: string;
    readonly name: string;
    /** `Pod`, or the workload whose template was asked about. */
    readonly kind: string;
    readonly source: 'cluster' | 'manifest';
    readonly node?: string;
    readonly pool?: string;
    readonly phase?: string;
    /** When it was put on its node, or when it was made. */
    readonly since?: string;
    /** Of a workload: how many pods it asks for, and how many of them fit. */
    readonly replicas?: { readonly asked: number; readonly fit: number };
  };
  readonly verdict: { readonly kind: Verdict; readonly text: string };
  /** What the pod asks for: cpu in thousandths of a core, memory and storage in bytes, all else in units. */
  readonly asks: Readonly<Record<string, number>>;
  readonly pools: readonly PoolFinding[];
  /** Any one of them is enough, the smallest first. */
  readonly changes: readonly Change[];
}
