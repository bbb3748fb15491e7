import { claimsOf, isFinished, resourceClaimNames } from '../kube/index.js';
import type { KubeNode, Pod } from '../kube/index.js';
import type { Reader } from '../store/index.js';
import { ClusterCache } from './cache/cluster-cache.js';
import type { Supposing } from './cache/cluster-cache.js';
import type { NodeInfo } from './cache/node-info.js';
import type { PodInfo } from './cache/pod-info.js';
import { podCount } from './cache/resources.js';
import { Attempts } from './engine/attempt.js';
import { Engine } from './engine/engine.js';
import type { Draw } from './engine/engine.js';
import { unexamined } from './engine/diagnosis.js';
import { featuresOf, parseKubernetesVersion } from './framework/features.js';
import type { Refusal } from './framework/refusal.js';
import { budgetsOf, kubernetesVersionOf, loadCluster } from './live/load.js';
import { defaultPlugins } from './plugins/index.js';
import type { Budget } from './preemption/budgets.js';

/** Which nodes would take a pod, and why the others would not. */
export interface Fit {
  /** By name, in the order in which the scheduler looks at nodes. */
  readonly feasible: readonly string[];
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** Why no node is even looked at, e.g. a claim that is not there. */
  readonly rejection?: Refusal;
}

/** Where a pod of a batch came to be. */
export interface Placed {
  readonly pod: Pod;
  /** Absent: no node had room for it when its turn came. */
  readonly node?: string;
}

/** What an attempt to schedule a pod would come to. */
export type Attempt =
  | { readonly kind: 'placed'; readonly node: string }
  | {
      readonly kind: 'refused';
      /** As the pod would be told. */
      readonly message: string;
      /** The node that would be freed for it, and the pods that would have to go. */
      readonly preemption?: {
        readonly node: string;
        readonly victims: readonly Pod[];
        /** How many of them would go against their disruption budgets. */
        readonly violations: number;
      };
    };

/** A resource that a pod asks for, held against a node: cpu in thousandths of a core, all else in whole units. */
export interface Need {
  /** E.g. `memory`; `pods` stands for the place of one more pod. */
  readonly resource: string;
  readonly asked: number;
  readonly free: number;
  /** What the node has for pods in all. */
  readonly allocatable: number;
}

/** Questions about a cluster, on what is supposed of it so far. */
export interface Questions {
  /** Where a pod would fit; every node is asked. A pod that is there already is best taken away first. */
  fits(pod: Pod): Fit;
  /** What the scheduler would do with a pod, preemption included. */
  attempt(pod: Pod): Attempt;
  /** What a pod asks of any node, by resource. */
  asks(pod: Pod): readonly Pick<Need, 'resource' | 'asked'>[];
  /** What a pod asks of a node, by resource; empty for a node that is not there. */
  needs(pod: Pod, node: string): readonly Need[];
  /** Puts pods on nodes in their order; each counts for those after it. `draw` chooses among equal nodes: the first, unless given. */
  place(pods: readonly Pod[], draw?: Draw): readonly Placed[];
}

/**
 * A state of a node: of the same `place` with an equal `change` it is the same, with the same pods. Of a pod, what it asks for,
 * where it is, its labels and whether it is being deleted count; its owners and annotations do not.
 */
export interface NodeVersion {
  readonly place: object;
  readonly change: number;
}

/** A cluster of which something is supposed, until the question is answered. */
export interface Supposed extends Questions {
  /** A node that is not there, or another version of one that is. Names are best used again: each is remembered. */
  putNode(node: KubeNode): void;
  removeNode(name: string): void;
  /** Puts a pod on a node, whether it fits or not. */
  putPod(pod: Pod, node: string): void;
  removePod(pod: Pod): void;
  /** Names of the nodes, in the order in which the scheduler looks at them. */
  nodes(): readonly string[];
  node(name: string): KubeNode | undefined;
  /** The pods on a node that have not ended. */
  podsOn(node: string): readonly Pod[];
  /** How far a node has come, for who keeps what was found of it. */
  versionOf(node: string): NodeVersion | undefined;
  /** What a node has of a resource, and how much of it its pods ask for; nothing of a node that is not there. */
  amounts(node: string, resource: string): Pick<Need, 'allocatable'> & { readonly requested: number };
  /** Equal for pods that the scheduler treats alike, wherever they come from. */
  kindOf(pod: Pod): string;
  /** What a pod asks for of a resource. */
  requestOf(pod: Pod, resource: string): number;
  /** Why a node would not take a pod (PreFilter and Filter); undefined when it would. */
  refusalOn(pod: Pod, node: string): Refusal | undefined;
  /**
   * Puts a pod on the first node that would take it: `hint`, else the next in order after the one found last, round and round.
   * Nodes are not scored. Undefined when no node would.
   */
  placeNext(
    pod: Pod,
    among?: { readonly hint?: string; readonly allows?: (node: string) => boolean },
  ): string | undefined;
  /**
   * Puts a pod on the first of some nodes that would take it, from the one at `start` on and round. Of those that `allows` says
   * no to, by their place, nothing is asked.
   *
   * @returns its place among them; undefined when none would
   */
  placeAmong(
    pod: Pod,
    nodes: readonly string[],
    start: number,
    allows?: (place: number) => boolean,
  ): number | undefined;
  /** Runs `work`, and takes back what was supposed in it unless it says to keep it. */
  tentatively(work: () => 'keep' | 'take back'): void;
}

const firstOfEqual: Draw = () => 0;

/**
 * What the scheduler would do if: questions about a cluster, and about what could be made of it, which leave it as it is. Costs
 * what is supposed and a look at the nodes, not a copy of the cluster.
 */
export class WhatIf implements Questions {
  readonly #reader: Reader;
  readonly #cache: ClusterCache;
  readonly #engine: Engine;
  readonly #attempts: Attempts;
  readonly #budgets: () => readonly Budget[];
  /** How many suppositions are open, one in the other. */
  #depth = 0;

  private constructor(
    reader: Reader,
    cluster: string,
    cache: ClusterCache,
    budgets: () => readonly Budget[],
  ) {
    this.#reader = reader;
    this.#cache = cache;
    this.#budgets = budgets;
    const features = featuresOf(parseKubernetesVersion(kubernetesVersionOf(reader, cluster)));
    this.#engine = new Engine({ cluster, cache, features, plugins: defaultPlugins });
    this.#attempts = new Attempts(this.#engine);
  }

  /** A cluster as a store (or a transaction) holds it at this moment. Reads all of it, once. */
  static of(reader: Reader, cluster: string): WhatIf {
    const cache = new ClusterCache(featuresOf(parseKubernetesVersion(kubernetesVersionOf(reader, cluster))));
    loadCluster(reader, cluster, {
      putNamespace: (name, labels) => cache.namespaces.set(name, labels),
      putNode: (node) => cache.putNode(node),
      putPod: (pod, reservation) => {
        if (isFinished(pod)) return;
        const info = cache.describe(pod);
        const node = pod.spec.nodeName ?? reservation?.node;
        if (node) cache.addPod(info, node);
        else if (pod.status?.nominatedNodeName) cache.nominate(info, pod.status.nominatedNodeName);
      },
    });
    const found = budgetsOf(reader, cluster);
    return new WhatIf(reader, cluster, cache, () => found);
  }

  /** On a cache that somebody else keeps current. `budgets` gives the same array as long as no budget changes. */
  static on(reader: Reader, cluster: string, cache: ClusterCache, budgets: () => readonly Budget[]): WhatIf {
    return new WhatIf(reader, cluster, cache, budgets);
  }

  /** Supposes something of the cluster, asks, and takes it back. What is supposed within is taken back with its own call. */
  suppose<T>(work: (supposed: Supposed) => T): T {
    // What is found does not hang on what was asked before.
    if (this.#depth === 0) this.#engine.rewind();
    this.#depth += 1;
    try {
      return this.#cache.suppose((supposing) => work(this.#supposed(supposing)));
    } finally {
      this.#depth -= 1;
      // Nothing is counted for questions once they are answered.
      if (this.#depth === 0) this.#engine.forgetPrograms();
    }
  }

  fits(pod: Pod): Fit {
    return this.suppose((supposed) => supposed.fits(pod));
  }

  attempt(pod: Pod): Attempt {
    return this.suppose((supposed) => supposed.attempt(pod));
  }

  asks(pod: Pod): readonly Pick<Need, 'resource' | 'asked'>[] {
    return this.#asks(this.#cache.describe(pod));
  }

  needs(pod: Pod, node: string): readonly Need[] {
    return this.#needs(this.#cache.describe(pod), node);
  }

  place(pods: readonly Pod[], draw: Draw = firstOfEqual): readonly Placed[] {
    return this.suppose((supposed) => supposed.place(pods, draw));
  }

  #supposed(supposing: Supposing): Supposed {
    const asked = (pod: Pod): PodInfo => {
      const info = this.#cache.known(pod);
      // The node that is kept for a pod is not kept from it.
      supposing.withdraw(info.uid);
      return info;
    };
    return {
      fits: (pod) => this.#fits(asked(pod)),
      attempt: (pod) => this.#attempt(asked(pod)),
      asks: (pod) => this.asks(pod),
      needs: (pod, node) => this.#needs(this.#cache.describe(pod), node),
      place: (pods, draw = firstOfEqual) => {
        this.#engine.rewind();
        return pods.map((pod) => {
          const info = asked(pod);
          const placement = this.#engine.place(this.#engine.prepare(info, this.#reader), draw);
          if (placement.kind === 'refused') return { pod };
          supposing.addPod(info, placement.node.name);
          return { pod, node: placement.node.name };
        });
      },
      putNode: (node) => supposing.putNode(node),
      removeNode: (name) => supposing.removeNode(name),
      putPod: (pod, node) => supposing.addPod(asked(pod), node),
      removePod: (pod) => supposing.removePod(this.#cache.known(pod).uid),
      nodes: () => this.#cache.nodes.map(({ name }) => name),
      node: (name) => this.#cache.node(name)?.node,
      podsOn: (name) => Array.from(this.#cache.node(name)?.pods.values() ?? [], ({ pod }) => pod),
      versionOf: (name) => {
        const place = this.#cache.node(name);
        return place && { place, change: this.#cache.generations.of(place.slot) };
      },
      amounts: (name, resource) => this.#amounts(name, resource),
      kindOf: (pod) => kindOf(this.#cache.known(pod)),
      requestOf: (pod, resource) => this.#requestOf(this.#cache.known(pod), resource),
      refusalOn: (pod, name) => {
        const node = this.#cache.node(name);
        return node ? this.#refusalOn(asked(pod), node) : unexamined;
      },
      placeNext: (pod, among = {}) => {
        const info = asked(pod);
        const found = this.#next(info, among);
        if (found) supposing.addPod(info, found.name);
        return found?.name;
      },
      placeAmong: (pod, nodes, start, allows = () => true) => {
        const info = asked(pod);
        const place = this.#among(info, nodes, start, allows);
        if (place !== undefined) supposing.addPod(info, nodes[place] as string);
        return place;
      },
      tentatively: (work) => supposing.tentatively(work),
    };
  }

  #refusalOn(info: PodInfo, node: NodeInfo): Refusal | undefined {
    const { program, pin, rejection } = this.#engine.compile(info, this.#reader);
    if (rejection) return rejection;
    return pin && !pin.has(node.name) ? unexamined : program.refusalOf(node);
  }

  /** The place of the first of some nodes that will do, from one of them on and round. */
  #among(
    info: PodInfo,
    names: readonly string[],
    start: number,
    allows: (place: number) => boolean,
  ): number | undefined {
    const { program, pin, rejection } = this.#engine.compile(info, this.#reader);
    if (rejection) return undefined;
    for (let looked = 0; looked < names.length; looked += 1) {
      const place = (start + looked) % names.length;
      const name = names[place] as string;
      if ((pin && !pin.has(name)) || !allows(place)) continue;
      const node = this.#cache.node(name);
      if (node && !program.refusalOf(node)) return place;
    }
    return undefined;
  }

  /** The hint if it will do, else the next node in order that will. */
  #next(
    info: PodInfo,
    { hint, allows }: NonNullable<Parameters<Supposed['placeNext']>[1]>,
  ): NodeInfo | undefined {
    const prepared = this.#engine.prepare(info, this.#reader);
    if (prepared.rejection) return undefined;
    const hinted = hint !== undefined && (allows?.(hint) ?? true) ? this.#cache.node(hint) : undefined;
    const isCandidate =
      hinted && (prepared.candidates === this.#cache.nodes || prepared.candidates.includes(hinted));
    if (isCandidate && !prepared.program.refusalOf(hinted)) return hinted;
    return this.#engine.first(prepared, allows);
  }

  #amounts(name: string, resource: string): ReturnType<Supposed['amounts']> {
    const node = this.#cache.node(name);
    const index = this.#cache.resources.indexOf(resource);
    return { allocatable: node?.allocatableOf(index) ?? 0, requested: node?.requestedOf(index) ?? 0 };
  }

  #requestOf({ shape }: PodInfo, resource: string): number {
    return shape.resources.requests.find(({ name }) => name === resource)?.amount ?? 0;
  }

  #fits(info: PodInfo): Fit {
    const prepared = this.#engine.prepare(info, this.#reader);
    const { program, candidates, rejection } = prepared;
    const refusals = new Map<string, Refusal>();
    if (rejection) {
      for (const { name } of this.#cache.nodes) refusals.set(name, rejection);
      return { feasible: [], refusals, rejection };
    }
    const feasible: string[] = [];
    for (const node of candidates) {
      const refusal = program.refusalOf(node);
      if (refusal) refusals.set(node.name, refusal);
      else feasible.push(node.name);
    }
    if (candidates !== this.#cache.nodes) {
      const looked = new Set(candidates);
      for (const node of this.#cache.nodes) if (!looked.has(node)) refusals.set(node.name, unexamined);
    }
    return { feasible, refusals };
  }

  #attempt(info: PodInfo): Attempt {
    this.#engine.rewind();
    const outcome = this.#attempts.decide(info, this.#reader, this.#budgets(), firstOfEqual);
    if (outcome.kind === 'placed') return { kind: 'placed', node: outcome.node.name };
    const { message, candidate } = outcome;
    if (!candidate) return { kind: 'refused', message };
    const { node, victims, violations } = candidate;
    const preemption = { node: node.name, victims: victims.map(({ pod }) => pod), violations };
    return { kind: 'refused', message, preemption };
  }

  #asks({ shape }: PodInfo): readonly Pick<Need, 'resource' | 'asked'>[] {
    const asked = shape.resources.requests.map(({ name, amount }) => ({ resource: name, asked: amount }));
    return [...asked, { resource: 'pods', asked: 1 }];
  }

  #needs({ shape }: PodInfo, name: string): readonly Need[] {
    const node = this.#cache.node(name);
    if (!node) return [];
    const { requests } = shape.resources;
    return [...requests, { resource: podCount, name: 'pods', amount: 1 }].map((request) => {
      const allocatable = node.allocatableOf(request.resource);
      const free = allocatable - node.requestedOf(request.resource);
      return { resource: request.name, asked: request.amount, free, allocatable };
    });
  }
}

/** Pods of a shape and labels that use the same claims, if any. */
function kindOf({ shape, labels, pod }: PodInfo): string {
  const claims = claimsOf(pod).map(({ name }) => name);
  return [shape.id, labels.id, ...claims, ...resourceClaimNames(pod)].join(' ');
}
