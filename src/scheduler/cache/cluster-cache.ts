import { sameJson } from '../../kube/index.js';
import type { KubeNode, Labels, Pod } from '../../kube/index.js';
import type { SchedulerFeatures } from '../framework/features.js';
import { CarriedTerms } from './carried-terms.js';
import type { CarriedTerm } from './carried-terms.js';
import { DomainCounters } from './domain-counters.js';
import type { DomainCounter } from './domain-counter.js';
import { Generations } from './generations.js';
import { Images } from './images.js';
import { LabelSets } from './label-sets.js';
import { Matchers } from './matchers.js';
import { NodeInfo } from './node-info.js';
import { NodeOrder } from './node-order.js';
import type { PodInfo } from './pod-info.js';
import { ResourceNames } from './resources.js';
import { Shapes } from './shapes.js';

/** Pods put on a node and taken off it to see what would be. */
export interface Trial {
  add(info: PodInfo): void;
  remove(info: PodInfo): void;
}

/** What may be supposed of a cluster, in an order that makes sense. */
export interface Supposing {
  /** A node is there, or is otherwise than it is. */
  putNode(node: KubeNode): void;
  removeNode(name: string): void;
  addPod(info: PodInfo, nodeName: string): void;
  removePod(uid: string): void;
  /** No node is kept for a pod any more. */
  withdraw(uid: string): void;
  /** Runs `work`, and takes back what was supposed in it unless it says to keep it. */
  tentatively(work: () => 'keep' | 'take back'): void;
}

/** How a node was before something was supposed of it. */
interface Mark {
  readonly generation: number;
  readonly pods: readonly PodInfo[];
}

/**
 * A cluster as the scheduler sees it: nodes, the pods on them, and counts of these, kept current by each change
 * (kube-scheduler: cache and snapshot in one; there is only one thread).
 */
export class ClusterCache {
  readonly resources = new ResourceNames();
  readonly images = new Images();
  readonly matchers = new Matchers();
  readonly namespaces = new Map<string, Labels>();
  readonly terms = new CarriedTerms((namespace) => this.namespaces.get(namespace));
  readonly shapes: Shapes;
  readonly labelSets = new LabelSets((set) => this.matchers.talliesOf(set));
  readonly counters = new DomainCounters(() => this.#bySlot.filter((info) => info !== undefined));
  readonly #order = new NodeOrder();
  readonly #byName = new Map<string, NodeInfo>();
  readonly #bySlot: (NodeInfo | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #nodeOf = new Map<string, NodeInfo>();
  readonly #nominatedTo = new Map<string, NodeInfo>();
  readonly #carriedCounters = new Map<CarriedTerm, DomainCounter>();
  /** When each slot was last changed, as a count of changes. */
  readonly generations = new Generations();
  #version = 0;
  /** What is known of pods that are asked for again and again while they wait. */
  #asked = { sweeps: 0, infos: new WeakMap<Pod, PodInfo>() };

  /** `features` are the cluster's release's: pods are counted by them. Default: those of the releases that there are. */
  constructor(features: Pick<SchedulerFeatures, 'podLevelResources'> = { podLevelResources: true }) {
    this.shapes = new Shapes(this.resources, this.terms, features.podLevelResources ? 'counted' : 'left out');
  }

  /** Counts the changes that stayed: equal counts tell that nothing has changed. */
  get version(): number {
    return this.#version;
  }

  /** All nodes in the order in which they are looked at. */
  get nodes(): readonly NodeInfo[] {
    return this.#order.list();
  }

  /** The slots of `nodes`. */
  get slots(): Int32Array {
    return this.#order.slots();
  }

  /** The node at a slot. @throws RangeError where there is none */
  at(slot: number): NodeInfo {
    const info = this.#bySlot[slot];
    if (!info) throw new RangeError(`There is no node at ${String(slot)}`);
    return info;
  }

  /** A node that is there, by name. */
  node(name: string): NodeInfo | undefined {
    const info = this.#byName.get(name);
    return info?.node ? info : undefined;
  }

  putNode(node: KubeNode): 'changed' | 'same' {
    const info = this.#placeOf(node.metadata.name);
    const { node: before } = info;
    if (before && isSameForPods(before, node)) {
      info.node = node;
      return 'same';
    }
    const hasOtherImages = !sameJson(before?.status.images, node.status.images);
    info.setNode(node);
    this.#order.put(info, node);
    if (hasOtherImages) this.images.place(info.slot, node);
    this.counters.place(info);
    this.#touch(info);
    return 'changed';
  }

  removeNode(name: string): void {
    const info = this.#byName.get(name);
    if (!info?.node) return;
    this.#setNode(info, undefined);
    this.#forget(info);
  }

  /** Lets a node be looked at anew, as something beside it and its pods has changed that pods fit it by. */
  refresh(name: string): void {
    const node = this.node(name);
    if (node) this.#touch(node);
  }

  /** What is to be known of a pod. */
  describe(pod: Pod): PodInfo {
    return { uid: uidOf(pod), pod, shape: this.shapes.of(pod), labels: this.labelSets.of(pod) };
  }

  /** What is known of a pod that is counted on a node already, else what is to be known of it. */
  known(pod: Pod): PodInfo {
    const uid = uidOf(pod);
    const counted = this.#nodeOf.get(uid)?.pods.get(uid);
    if (counted?.pod === pod) return counted;
    if (this.#asked.sweeps !== this.labelSets.sweeps)
      this.#asked = { sweeps: this.labelSets.sweeps, infos: new WeakMap() };
    const before = this.#asked.infos.get(pod);
    if (before) return before;
    const info = this.describe(pod);
    this.#asked.infos.set(pod, info);
    return info;
  }

  /** The node that a pod is counted on. */
  nodeOf(uid: string): NodeInfo | undefined {
    return this.#nodeOf.get(uid);
  }

  addPod(info: PodInfo, nodeName: string): void {
    const node = this.#placeOf(nodeName);
    this.#nodeOf.set(info.uid, node);
    this.#put(node, info);
  }

  removePod(uid: string): PodInfo | undefined {
    const node = this.#nodeOf.get(uid);
    const info = node?.pods.get(uid);
    if (!node || !info) return undefined;
    this.#nodeOf.delete(uid);
    this.#take(node, info);
    this.#forget(node);
    return info;
  }

  /** Counts a pod, for those that do not come before it, where it waits for room; undefined: nowhere any more. */
  nominate(info: PodInfo, nodeName: string | undefined): void {
    const before = this.#nominatedTo.get(info.uid);
    if (before) {
      before.nominated = before.nominated.filter(({ uid }) => uid !== info.uid);
      this.#nominatedTo.delete(info.uid);
      this.#touch(before);
      this.#forget(before);
    }
    if (nodeName === undefined) return;
    const node = this.#placeOf(nodeName);
    node.nominated = [...node.nominated, info];
    this.#nominatedTo.set(info.uid, node);
    this.#touch(node);
  }

  /** True while any pod waits for room on a node. */
  get hasNominated(): boolean {
    return this.#nominatedTo.size > 0;
  }

  nominatedNodeOf(uid: string): NodeInfo | undefined {
    return this.#nominatedTo.get(uid);
  }

  /** Runs `work`, which may put pods on a node and take them off it, and leaves all as it was. */
  try<T>(node: NodeInfo, work: (trial: Trial) => T): T {
    const generation = this.generations.of(node.slot);
    const version = this.#version;
    const undo: (() => void)[] = [];
    let order: readonly PodInfo[] | undefined;
    const countAlone = ({ labels }: PodInfo, by: 1 | -1): void => {
      for (const tally of this.matchers.inTrialsAlone(labels)) {
        tally.change(node.slot, by);
        undo.push(() => tally.change(node.slot, -by));
      }
    };
    const trial: Trial = {
      add: (info) => {
        this.#put(node, info);
        undo.push(() => this.#take(node, info));
        countAlone(info, 1);
      },
      remove: (info) => {
        order ??= [...node.pods.values()];
        this.#take(node, info);
        undo.push(() => this.#put(node, info));
        countAlone(info, -1);
      },
    };
    try {
      return work(trial);
    } finally {
      for (const step of undo.reverse()) step();
      // What was put there in the trial is not to stay.
      if (order) node.order(order.filter(({ uid }) => node.pods.has(uid)));
      // All is as it was, so what was known of the node holds; generations in between are never used again.
      this.generations.restore(node.slot, generation);
      this.#version = version;
    }
  }

  /**
   * Runs `work`, which may suppose other nodes and pods, and leaves all as it was, to the order of nodes and pods. Costs what is
   * supposed, and a list of the nodes.
   */
  suppose<T>(work: (supposing: Supposing) => T): T {
    const version = this.#version;
    const restoreOrder = this.#order.mark();
    const marks = new Map<NodeInfo, Mark>();
    const undo: (() => void)[] = [];
    const mark = (node: NodeInfo): NodeInfo => {
      if (!marks.has(node))
        marks.set(node, { generation: this.generations.of(node.slot), pods: [...node.pods.values()] });
      return node;
    };
    const place = (info: NodeInfo, node: KubeNode | undefined): void => {
      const { node: before } = mark(info);
      this.#setNode(info, node);
      undo.push(() => this.#setNode(info, before));
    };
    try {
      return work({
        putNode: (node) => place(this.#placeOf(node.metadata.name), node),
        removeNode: (name) => {
          const info = this.#byName.get(name);
          if (info?.node) place(info, undefined);
        },
        addPod: (info, nodeName) => {
          const node = mark(this.#placeOf(nodeName));
          this.#nodeOf.set(info.uid, node);
          this.#put(node, info);
          undo.push(() => {
            this.#nodeOf.delete(info.uid);
            this.#take(node, info);
          });
        },
        removePod: (uid) => {
          const node = this.#nodeOf.get(uid);
          const info = node?.pods.get(uid);
          if (!node || !info) return;
          this.#nodeOf.delete(uid);
          this.#take(mark(node), info);
          undo.push(() => {
            this.#nodeOf.set(uid, node);
            this.#put(node, info);
          });
        },
        withdraw: (uid) => {
          const node = this.#nominatedTo.get(uid);
          if (!node) return;
          const { nominated } = mark(node);
          this.#nominatedTo.delete(uid);
          node.nominated = nominated.filter((one) => one.uid !== uid);
          this.#touch(node);
          undo.push(() => {
            this.#nominatedTo.set(uid, node);
            node.nominated = nominated;
          });
        },
        tentatively: (inner) => {
          const since = undo.length;
          let outcome: 'keep' | 'take back' = 'take back';
          try {
            outcome = inner();
          } finally {
            if (outcome === 'take back') for (const step of undo.splice(since).reverse()) step();
          }
        },
      });
    } finally {
      for (const step of undo.reverse()) step();
      for (const [node, { generation, pods }] of marks) {
        node.order(pods);
        this.generations.restore(node.slot, generation);
        this.#forget(node);
      }
      restoreOrder();
      this.#version = version;
    }
  }

  /** How the weights of a term that pods carry sum up over its domains. */
  carriedCounter(term: CarriedTerm): DomainCounter {
    const known = this.#carriedCounters.get(term);
    if (known) return known;
    const counter = this.counters.make(term.topologyKey, term.tally);
    this.#carriedCounters.set(term, counter);
    return counter;
  }

  #setNode(info: NodeInfo, node: KubeNode | undefined): void {
    if (node) {
      info.setNode(node);
      this.#order.put(info, node);
    } else {
      info.node = undefined;
      this.#order.remove(info);
    }
    this.images.place(info.slot, node);
    this.counters.place(info);
    this.#touch(info);
  }

  #put(node: NodeInfo, info: PodInfo): void {
    node.add(info);
    this.labelSets.change(info.labels, node.slot, 1);
    for (const { term, weight } of info.shape.carried) term.tally.change(node.slot, weight);
    this.#touch(node);
  }

  #take(node: NodeInfo, info: PodInfo): void {
    node.remove(info);
    this.labelSets.change(info.labels, node.slot, -1);
    for (const { term, weight } of info.shape.carried) term.tally.change(node.slot, -weight);
    this.#touch(node);
  }

  #touch({ slot }: NodeInfo): void {
    this.#version += 1;
    this.generations.next(slot);
  }

  #placeOf(name: string): NodeInfo {
    const known = this.#byName.get(name);
    if (known) return known;
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    const info = new NodeInfo(name, slot, this.resources);
    this.#byName.set(name, info);
    this.#bySlot[slot] = info;
    return info;
  }

  /** Gives a place back that neither a node nor a pod needs any more. */
  #forget(info: NodeInfo): void {
    if (info.node || info.pods.size > 0 || info.nominated.length > 0) return;
    this.#byName.delete(info.name);
    this.#bySlot[info.slot] = undefined;
    this.#freeSlots.push(info.slot);
  }
}

/** What pods are told apart by; drafts that were never stored have a name alone. */
const uidOf = ({ metadata: { uid, namespace = '', name } }: Pod): string => uid || `${namespace}/${name}`;

/** True when a node looks the same to every pod: heartbeats change nothing. */
const isSameForPods = (a: KubeNode, b: KubeNode): boolean =>
  sameJson(a.metadata.labels, b.metadata.labels) &&
  sameJson(a.spec, b.spec) &&
  sameJson(a.status.allocatable, b.status.allocatable) &&
  sameJson(a.status.images, b.status.images);
