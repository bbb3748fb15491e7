import type { Pod } from '../../kube/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { LabelSet } from '../cache/label-sets.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { Topology } from '../cache/topology.js';
import type { PodInfo } from '../cache/pod-info.js';
import type { ClusterEvent } from './cluster-event.js';
import type { PluginArgs } from './configuration.js';
import type { SchedulerFeatures } from './features.js';
import type { Refusal } from './refusal.js';

/** The pod that a plugin looks at. */
export interface Subject {
  readonly pod: Pod;
  readonly info: PodInfo;
  readonly labels: LabelSet;
}

/** What a queueing hint may look at beside the pod. */
export type HintContext = Pick<PluginContext, 'cache' | 'features'>;

/** What a plugin may look at beside the pod. */
export interface PluginContext {
  readonly cluster: string;
  readonly reader: Reader;
  readonly cache: ClusterCache;
  readonly features: SchedulerFeatures;
  readonly args: PluginArgs;
}

/** The nodes that a pod may go to, as far as they were looked for. */
export interface FeasibleNodes {
  nodes(): readonly NodeInfo[];
}

/** A plugin's scores of nodes (extension points PreScore, Score, NormalizeScore). */
export interface Scorer {
  /** Looks at the nodes that the pod may go to before any is scored; 'skip' leaves the plugin out. */
  readonly prepare?: (feasible: FeasibleNodes) => 'score' | 'skip';
  readonly score: (node: NodeInfo) => number;
  /** Brings all nodes' scores to 0..100, in place; without it they are so already. */
  readonly normalize?: (scores: Float64Array, count: number) => void;
}

/** What is given back so that a pod may fit, and what the pod is told of it. */
export interface GivenBack {
  readonly message: string;
  readonly act?: (tx: Transaction) => void;
}

/** How far what a pod needs on its node is, once it has been reserved; why it never will be there (extension point PreBind). */
export type Readiness = 'ready' | 'waiting' | { readonly failure: string };

/** A filter that takes or refuses whole domains of a topology. */
export interface DomainFilter {
  readonly topology: Topology;
  /** Whether nodes of a domain will do; `nowhere` stands for those that are in none. */
  readonly allows: (domain: number) => boolean;
}

/**
 * What a plugin makes of a pod (extension points PreFilter and Filter): kube-scheduler asks anew for each pod, here pods of
 * equal needs share the answer.
 */
export interface Program {
  /** PreFilter refuses the pod whatever the node. */
  readonly rejection?: Refusal;
  /** Asked as an attempt begins: whether the filter has anything to say now (PreFilter: Skip). */
  readonly prepare?: () => 'filter' | 'skip';
  readonly filter?: (node: NodeInfo) => Refusal | undefined;
  /**
   * The filter by domains, where it hangs on nothing else of a node: a node passes that passes all of these. A search then asks
   * once for each domain; why a node won't do, `filter` says. Undefined while the filter looks at more.
   */
  readonly byDomain?: () => readonly DomainFilter[] | undefined;
  /** Made once nodes have to be told apart; undefined when there is nothing to score. */
  readonly scorer?: () => Scorer | undefined;
  /** Asked when no node will do, before anybody is driven out: what can be given back so that one may (PostFilter). */
  readonly giveBack?: () => GivenBack;
  /** Takes what the pod needs on the node that was chosen for it (extension points Reserve and PreBind). */
  readonly reserve?: (node: NodeInfo, tx: Transaction, now: Instant) => void;
  /** Gives back what was counted for the program. */
  readonly dispose?: () => void;
}

/**
 * What a program's answers hang on, and so how long they hold:
 * - `node`: the pod's needs and one node with its pods; answers are kept until the node changes,
 * - `cluster`: counts over nodes and pods that the cache keeps current; the program is kept, its answers are not,
 * - `objects`: other objects of the cluster (claims, volumes); the program is made anew for each attempt.
 */
export type Dependence = 'node' | 'cluster' | 'objects';

/** A plugin of the scheduling framework. */
export interface Plugin {
  readonly name: string;
  readonly dependsOn: Dependence;
  /** The weight of its scores, for a plugin that scores. */
  readonly weight?: number;
  /** Why a pod may not even be queued, by what it says itself (extension point PreEnqueue). */
  readonly gate?: (pod: Pod) => Refusal | undefined;
  /** The only nodes that the pod can go to at all, by name, where its spec says so (PreFilter). */
  readonly pin?: (pod: Pod) => ReadonlySet<string> | Refusal | undefined;
  /**
   * Whether an event may let a pod go on that the plugin refused (queueing hints); a plugin without it is never asked. It errs
   * on the side of waking.
   */
  readonly wakesOn?: (event: ClusterEvent, subject: Subject, context: HintContext) => boolean;
  /** Why a pod is not to be tried at all yet; it is told nothing (extension point PreEnqueue). */
  readonly preEnqueue?: (subject: Subject, context: PluginContext) => Refusal | undefined;
  /** Whether a pod that has its node can be bound to it now (extension point PreBind). */
  readonly readiness?: (subject: Subject, context: PluginContext, node: string) => Readiness;
  /** Gives back what was reserved for a pod that is not bound after all (extension point Unreserve). */
  readonly unreserve?: (subject: Subject, context: PluginContext, tx: Transaction) => void;
  /** What it makes of a pod; undefined when it has nothing to say of it (framework: Skip). */
  readonly compile: (subject: Subject, context: PluginContext) => Program | undefined;
}
