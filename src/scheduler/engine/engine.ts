import type { Pod } from '../../kube/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { NodeInfo } from '../cache/node-info.js';
import type { PodInfo } from '../cache/pod-info.js';
import { defaultSchedulerName, profilesOf } from '../framework/configuration.js';
import type { SchedulerConfiguration, SchedulerProfile } from '../framework/configuration.js';
import type { SchedulerFeatures } from '../framework/features.js';
import type { FeasibleNodes, Plugin, PluginContext, Readiness, Subject } from '../framework/plugin.js';
import type { Refusal } from '../framework/refusal.js';
import { noMatch } from '../plugins/node-affinity.js';
import { diagnose, unexamined } from './diagnosis.js';
import type { Diagnosis } from './diagnosis.js';
import { Feasible } from './feasible.js';
import type { PodProgram } from './pod-program.js';
import { Programs, asksOthers } from './programs.js';
import { enoughNodes } from './sampling.js';
import { Scoring } from './scoring.js';

/** Draws a whole number below another: which of the nodes with the best score is taken. */
export type Draw = (below: number) => number;

/** What an attempt to place a pod has found. */
export type Placement =
  /** `feasible` are those found, until the next pod is placed. */
  | { readonly kind: 'placed'; readonly node: NodeInfo; readonly feasible: FeasibleNodes }
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis };

/** A pod made ready to be held against nodes that somebody else names. */
export interface Compiled {
  readonly subject: Subject;
  readonly program: PodProgram;
  /** Why no node is even looked at (PreFilter). */
  readonly rejection?: Refusal;
  /** The only nodes that the pod can go to, where its spec names them. */
  readonly pin?: ReadonlySet<string>;
}

/** A pod made ready to be held against nodes. */
export interface Prepared extends Pick<Compiled, 'subject' | 'program' | 'rejection'> {
  /** The nodes that are looked at; all of them, unless the pod's spec names some. */
  readonly candidates: readonly NodeInfo[];
  /** The node that is kept for the pod, when its spec leaves that node out: it is looked at all the same. */
  readonly outside?: { readonly node: NodeInfo; readonly refusal: Refusal };
}

/** How long volumes are waited for (VolumeBindingArgs). */
const bindTimeoutSeconds = 600;

interface LoadedProfile {
  readonly profile: SchedulerProfile;
  readonly programs: Programs;
}

/**
 * Decides where pods go, as kube-scheduler does, for whoever asks: the live loop, what-if questions, batches in a fork. Reads the
 * cache alone and changes nothing in it that stays.
 */
export class Engine {
  readonly cache: ClusterCache;
  readonly features: SchedulerFeatures;
  readonly #cluster: string;
  readonly #percentage: number;
  readonly #profiles: ReadonlyMap<string, LoadedProfile>;
  readonly #firstProfile: LoadedProfile;
  readonly #scoring: Scoring;
  readonly #feasible: Feasible;
  #nextStart = 0;
  /** Where the last search looked. */
  #lastLook:
    | { readonly candidates: readonly NodeInfo[]; readonly start: number; readonly examined: number }
    | undefined;

  constructor(init: {
    readonly cluster: string;
    readonly cache: ClusterCache;
    readonly features: SchedulerFeatures;
    readonly plugins: readonly Plugin[];
    readonly configuration?: SchedulerConfiguration;
    /** Where in the order of nodes the first look begins. */
    readonly start?: number;
  }) {
    const { cache, configuration = {}, plugins } = init;
    this.cache = cache;
    this.#scoring = new Scoring(cache);
    this.#feasible = new Feasible(cache);
    this.features = init.features;
    this.#cluster = init.cluster;
    this.#percentage = configuration.percentageOfNodesToScore ?? 0;
    this.#nextStart = init.start ?? 0;
    this.#profiles = new Map(
      profilesOf(configuration).map((profile) => [
        profile.schedulerName,
        { profile, programs: new Programs(cache, plugins, profile) },
      ]),
    );
    const [first] = this.#profiles.values();
    if (!first) throw new Error('A scheduler has at least one profile');
    this.#firstProfile = first;
  }

  /** True when a pod names one of the profiles: others are left to somebody else. */
  isFor({ spec }: Pod): boolean {
    return this.#profiles.has(spec.schedulerName ?? defaultSchedulerName);
  }

  /** Why a pod may not even be queued; undefined when it may. */
  refusesToQueue(pod: Pod): Refusal | undefined {
    for (const { gate } of this.profileOf(pod).programs.plugins) {
      const refusal = gate?.(pod);
      if (refusal) return refusal;
    }
    return undefined;
  }

  /** What the pod's profile says; the first one's for a pod of another scheduler. */
  profileOf({ spec }: Pod): LoadedProfile {
    return this.#profiles.get(spec.schedulerName ?? defaultSchedulerName) ?? this.#firstProfile;
  }

  /** Why a pod is not to be tried at all yet (PreEnqueue). */
  heldBy(info: PodInfo, reader: Reader): Refusal | undefined {
    if (!asksOthers(info.pod)) return undefined;
    const { programs } = this.profileOf(info.pod);
    const { subject, context } = this.#ask(info, reader);
    for (const { preEnqueue } of programs.plugins) {
      const refusal = preEnqueue?.(subject, context);
      if (refusal) return refusal;
    }
    return undefined;
  }

  /** Whether a pod that has its node can be bound to it now (PreBind). */
  readiness(info: PodInfo, reader: Reader, node: string): Readiness {
    if (!asksOthers(info.pod)) return 'ready';
    const { programs } = this.profileOf(info.pod);
    const { subject, context } = this.#ask(info, reader);
    for (const plugin of programs.plugins) {
      const readiness = plugin.readiness?.(subject, context, node) ?? 'ready';
      if (readiness !== 'ready') return readiness;
    }
    return 'ready';
  }

  /** Gives back what was reserved for a pod that is not bound after all (Unreserve). */
  unreserve(info: PodInfo, tx: Transaction): void {
    const { programs } = this.profileOf(info.pod);
    const { subject, context } = this.#ask(info, tx);
    for (const plugin of programs.plugins) plugin.unreserve?.(subject, context, tx);
  }

  /** How long a pod waits on its node for its volumes, in milliseconds. */
  patienceFor(pod: Pod): number {
    return (
      1_000 * (this.profileOf(pod).profile.args?.VolumeBinding?.bindTimeoutSeconds ?? bindTimeoutSeconds)
    );
  }

  #ask(info: PodInfo, reader: Reader): { readonly subject: Subject; readonly context: PluginContext } {
    const { pod, labels } = info;
    const { profile } = this.profileOf(pod);
    return {
      subject: { pod, info, labels },
      context: {
        cluster: this.#cluster,
        reader,
        cache: this.cache,
        features: this.features,
        args: profile.args ?? {},
      },
    };
  }

  /** Makes a pod ready to be held against nodes that somebody else names. */
  compile(info: PodInfo, reader: Reader): Compiled {
    const { programs } = this.profileOf(info.pod);
    const { subject, context } = this.#ask(info, reader);
    const shared = programs.of(subject, context);
    const passing = programs.passing(subject, context);
    const program = passing.length > 0 ? shared.with(passing, (parts) => programs.inOrder(parts)) : shared;
    program.begin();
    const pin = programs.pinOf(subject);
    const rejection =
      pin && 'code' in pin ? pin : passing.find((part) => part.program.rejection)?.program.rejection;
    if (rejection) return { subject, program, rejection };
    return pin && !('code' in pin) ? { subject, program, pin } : { subject, program };
  }

  /** Makes a pod ready to be held against nodes. */
  prepare(info: PodInfo, reader: Reader): Prepared {
    const { pod } = info;
    const { subject, program, rejection, pin } = this.compile(info, reader);
    if (rejection) return { subject, program, candidates: [], rejection };
    if (!pin) return { subject, program, candidates: this.cache.nodes };
    const candidates = [...pin].sort().flatMap((name) => this.cache.node(name) ?? []);
    const kept = pod.status?.nominatedNodeName ? this.cache.node(pod.status.nominatedNodeName) : undefined;
    const outside = kept && !candidates.includes(kept) ? outsideOf(kept, program) : undefined;
    return { subject, program, candidates, ...(outside && { outside }) };
  }

  /** Finds the node for a pod. Nothing is counted yet: whoever takes the placement adds the pod to the cache. */
  place(prepared: Prepared, draw: Draw): Placement {
    const { rejection, program } = prepared;
    if (rejection) return { kind: 'refused', diagnosis: { kind: 'rejected', rejection } };
    const feasible = this.#feasible;
    const nominated = this.#nominated(prepared);
    if (nominated) {
      feasible.begin(1);
      feasible.slots[0] = nominated.slot;
      feasible.end(1);
    } else this.#search(prepared);
    if (feasible.count === 0) return { kind: 'refused', diagnosis: this.#diagnose(prepared) };
    const slot =
      feasible.count === 1 ? (feasible.slots[0] as number) : this.#scoring.best(program, feasible, draw);
    return { kind: 'placed', node: this.cache.at(slot), feasible };
  }

  /** The first node that will do, in order after the one found last; nothing is scored. */
  first(
    { program, candidates, rejection }: Prepared,
    allows?: (node: string) => boolean,
  ): NodeInfo | undefined {
    if (rejection) return undefined;
    const slots =
      candidates === this.cache.nodes ? this.cache.slots : Int32Array.from(candidates, ({ slot }) => slot);
    const found = new Int32Array(1);
    let start = this.#nextStart;
    for (let looked = 0; looked < slots.length;) {
      start %= slots.length;
      // Those that were looked at before in this round are not looked at again: what is found after them tells the end.
      const { count, examined } = program.search(slots, start, 1, found);
      start += examined;
      looked += examined;
      if (count === 0 || looked > slots.length) return undefined;
      const node = this.cache.at(found[0] as number);
      if (!(allows?.(node.name) ?? true)) continue;
      this.#nextStart = start % slots.length;
      return node;
    }
    return undefined;
  }

  /** Weighted scores by node and plugin, of nodes that will do. */
  scores(prepared: Prepared, feasible: FeasibleNodes): ReadonlyMap<NodeInfo, ReadonlyMap<string, number>> {
    return this.#scoring.byPlugin(prepared.program, feasible);
  }

  /** Why each node that won't do won't. */
  refusals({ program, candidates, outside }: Prepared): ReadonlyMap<NodeInfo, Refusal> {
    const found = new Map<NodeInfo, Refusal>();
    for (const node of candidates) {
      const refusal = program.refusalOf(node);
      if (refusal) found.set(node, refusal);
    }
    for (const node of this.cache.nodes) if (!candidates.includes(node)) found.set(node, unexamined);
    if (outside) found.set(outside.node, outside.refusal);
    return found;
  }

  /** The next look at nodes begins at the first: what is decided does not hang on what was asked before. */
  rewind(): void {
    this.#nextStart = 0;
  }

  /** The nodes that the last pod was held against: in a large cluster not all. */
  looked(): ReadonlySet<NodeInfo> {
    const { candidates = [], start = 0, examined = 0 } = this.#lastLook ?? {};
    const looked = new Set<NodeInfo>();
    for (let at = 0; at < examined; at += 1) {
      const node = candidates[(start + at) % candidates.length];
      if (node) looked.add(node);
    }
    return looked;
  }

  /** Compiles pods anew, as objects have changed that programs were made from. */
  forgetPrograms(): void {
    for (const { programs } of this.#profiles.values()) programs.forget();
  }

  /** The node that was kept for the pod, if it still will do: no other is looked at then. */
  #nominated({ subject, candidates, program }: Prepared): NodeInfo | undefined {
    const name = subject.pod.status?.nominatedNodeName;
    const node = name ? this.cache.node(name) : undefined;
    const isCandidate = node && (candidates === this.cache.nodes || candidates.includes(node));
    return isCandidate && !program.refusalOf(node) ? node : undefined;
  }

  /** Looks for nodes that will do, on from where the last look ended. */
  #search({ program, candidates, subject }: Prepared): void {
    const { profile } = this.profileOf(subject.pod);
    const feasible = this.#feasible;
    const all = this.cache.nodes;
    const count = candidates.length;
    const enough = enoughNodes(count, profile.percentageOfNodesToScore ?? this.#percentage);
    feasible.begin(Math.max(1, enough));
    const slots = candidates === all ? this.cache.slots : Int32Array.from(candidates, ({ slot }) => slot);
    const start = count === 0 ? 0 : this.#nextStart % count;
    const found = program.search(slots, start, enough, feasible.slots);
    this.#lastLook = { candidates, start, examined: found.examined };
    feasible.end(found.count);
    this.#nextStart = (this.#nextStart + found.examined) % Math.max(1, all.length);
  }

  #diagnose(prepared: Prepared): Diagnosis {
    return diagnose(prepared, this.cache.nodes.length);
  }
}

/** Why the node that is kept for a pod won't do when the pod's spec leaves it out, by the first plugin that says so. */
function outsideOf(node: NodeInfo, program: PodProgram): NonNullable<Prepared['outside']> {
  const refusal = program.refusalOf(node);
  const comesFirst = refusal && ['NodeUnschedulable', 'NodeName', 'TaintToleration'].includes(refusal.plugin);
  return { node, refusal: comesFirst ? refusal : noMatch };
}
