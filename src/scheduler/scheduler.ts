import { WorkQueue } from '../sim/index.js';
import type { Clock } from '../sim/index.js';
import { clusterProfiles, nodes, pods } from '../kube/index.js';
import type { KubeNode, KubeObject, Pod, Stored, WriteContext } from '../kube/index.js';
import type { Change, Store } from '../store/index.js';
import type { ObjectChange } from './framework/cluster-event.js';
import { ClusterScheduler } from './live/cluster-scheduler.js';
import { budgets, followed, namespaces, objectKindOf, services } from './live/collections.js';
import { budgetsOf, kubernetesVersionOf, loadCluster } from './live/load.js';
import { touchedNodes } from './live/touched-nodes.js';
import type { Budget } from './preemption/budgets.js';
import { WhatIf } from './what-if.js';

/** Pods tried in one transaction: others get their turn between two. */
const atOnce = 1_000;

const isFollowed = new Set(followed.map(({ name }) => name));

/** The schedulers of a world's clusters, live on its store. */
export class Scheduler {
  readonly #store: Store;
  readonly #context: WriteContext;
  readonly #turns: WorkQueue;
  /** Clusters that will be looked at later, though nothing may happen until then. */
  readonly #looking = new Set<string>();
  readonly #clusters = new Map<string, ClusterScheduler>();
  readonly #whatIfs = new Map<string, WhatIf>();
  /** By cluster; read again after a budget has changed. */
  readonly #budgets = new Map<string, readonly Budget[]>();

  constructor(init: { store: Store; clock: Clock; context: WriteContext }) {
    this.#store = init.store;
    this.#context = init.context;
    this.#turns = new WorkQueue({
      name: 'scheduling',
      clock: init.clock,
      reconcile: (cluster) => this.#run(cluster),
    });
  }

  /** Takes up the clusters that there are, then follows what changes. */
  start(): void {
    const store = this.#store;
    const present = [store.list(clusterProfiles), store.list(nodes), store.list(pods.collection)];
    const names = new Set(present.flatMap((list) => list.map(({ cluster }) => cluster)));
    for (const cluster of [...names].sort()) {
      this.#load(cluster);
      this.#turns.add(cluster);
    }
    this.#store.watch({ collections: followed }, ({ changes }) => {
      const touched = new Set<string>();
      for (const change of changes) this.#apply(change, touched);
      for (const cluster of touched) this.#wake(cluster);
    });
  }

  /** Questions about a cluster as its scheduler sees it now, between two transactions. They change nothing in it. */
  whatIf(cluster: string): WhatIf {
    const known = this.#whatIfs.get(cluster);
    if (known) return known;
    const { cache } = (this.#clusters.get(cluster) ?? this.#load(cluster)).engine;
    const budgets = () => this.#budgetsOf(cluster);
    const whatIf = WhatIf.on(this.#store, cluster, cache, budgets);
    this.#whatIfs.set(cluster, whatIf);
    return whatIf;
  }

  #run(cluster: string): void {
    const scheduler = this.#clusters.get(cluster);
    if (!scheduler) return;
    this.#looking.delete(cluster);
    const left = this.#store.transact((tx) => scheduler.run(tx, atOnce));
    if (left === 'more') this.#turns.add(cluster);
    else this.#lookLater(cluster, scheduler);
  }

  /** A look that is due already is not worked out again: nothing is due before it that was refused since. */
  #lookLater(cluster: string, scheduler: ClusterScheduler): void {
    if (this.#looking.has(cluster)) return;
    const when = scheduler.nextLook();
    if (when === undefined) return;
    this.#looking.add(cluster);
    this.#turns.addAt(cluster, when);
  }

  /** Makes a cluster's scheduler from what the store holds. */
  #load(cluster: string): ClusterScheduler {
    const scheduler = new ClusterScheduler({
      cluster,
      context: this.#context,
      kubernetesVersion: kubernetesVersionOf(this.#store, cluster),
      budgets: () => this.#budgetsOf(cluster),
    });
    const { state } = scheduler;
    loadCluster(this.#store, cluster, {
      putNamespace: (name, labels) => state.putNamespace(name, labels),
      putNode: (node) => state.putNode(undefined, node),
      putPod: (pod, reservation) => {
        if (reservation) scheduler.resume(pod, reservation);
        else state.putPod(pod);
      },
    });
    this.#clusters.set(cluster, scheduler);
    this.#whatIfs.delete(cluster);
    return scheduler;
  }

  /** Takes up a change, and notes its cluster. */
  #apply({ collection, before, after }: Change, touched: Set<string>): void {
    const was = before as Stored | undefined;
    const is = after as Stored | undefined;
    const cluster = (is ?? was)?.cluster ?? '';
    if (!isFollowed.has(collection)) return;
    touched.add(cluster);
    if (collection === clusterProfiles.name) {
      // Another version decides in another way: all is looked at anew.
      if (is) this.#load(cluster);
      else this.#clusters.delete(cluster);
      return;
    }
    const scheduler = this.#clusters.get(cluster) ?? this.#load(cluster);
    switch (collection) {
      case pods.collection.name:
        if (is) scheduler.state.putPod(is.object as Pod);
        else if (was) scheduler.state.removePod(was.object as Pod);
        break;
      case nodes.name:
        this.#applyNode(scheduler, was?.object, is?.object);
        break;
      case namespaces.name:
        this.#applyNamespace(scheduler, cluster, was?.object, is?.object);
        break;
      case services.name:
        scheduler.engine.forgetPrograms();
        break;
      case budgets.name:
        this.#budgets.delete(cluster);
        break;
      default: {
        const of = objectKindOf.get(collection);
        if (of) this.#applyObject(cluster, scheduler, { of, before: was?.object, after: is?.object });
      }
    }
  }

  /** Gives the cluster a turn when a pod is to be tried. */
  #wake(cluster: string): void {
    const scheduler = this.#clusters.get(cluster);
    if (!scheduler) return;
    if (scheduler.hasWork) this.#turns.add(cluster);
    else this.#lookLater(cluster, scheduler);
  }

  #applyObject(cluster: string, scheduler: ClusterScheduler, change: ObjectChange): void {
    const { cache } = scheduler.engine;
    const touched = touchedNodes(this.#store, cluster, change);
    for (const name of touched === 'every' ? cache.nodes.map((node) => node.name) : touched)
      cache.refresh(name);
    scheduler.tell({ kind: 'object changed', ...change });
  }

  #applyNode(scheduler: ClusterScheduler, was: KubeObject | undefined, is: KubeObject | undefined): void {
    if (is) scheduler.state.putNode(was as KubeNode | undefined, is as KubeNode);
    else if (was) scheduler.state.removeNode(was as KubeNode);
  }

  #applyNamespace(
    scheduler: ClusterScheduler,
    cluster: string,
    was: KubeObject | undefined,
    is: KubeObject | undefined,
  ): void {
    if (!is) return;
    const { name, labels = {} } = is.metadata;
    // Terms that select namespaces have been answered by the labels of before.
    if (was && JSON.stringify(was.metadata.labels ?? {}) !== JSON.stringify(labels)) this.#load(cluster);
    else scheduler.state.putNamespace(name, labels);
  }

  #budgetsOf(cluster: string): readonly Budget[] {
    const known = this.#budgets.get(cluster);
    if (known) return known;
    const found = budgetsOf(this.#store, cluster);
    this.#budgets.set(cluster, found);
    return found;
  }
}
