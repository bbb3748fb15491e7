import { WorkQueue } from '../../../sim/index.js';
import type { Change, Reader, Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { deleteObject } from '../../api/index.js';
import { isFinished, isTerminating, nodeTerm, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { isNodeReady, nodeKey, nodes, taintKeys } from '../../nodes/index.js';
import type { ClusterNode } from '../../nodes/index.js';
import type { Stored } from '../../object.js';
import { withCondition } from '../../pods/index.js';
import type { ControllerParts } from '../controller.js';
import { lostNodes } from './lost-nodes.js';
import { finishedKept, surplusOf } from './surplus.js';

type PodEntry = Versioned<Stored<Pod>>;

/** Collections take place at whole multiples of this (Kubernetes: pod garbage collection, every 20 s). */
const period = 20_000;
/** How long a node has to be missing before its pods are taken for lost. */
const quarantine = 40_000;

/** The first collection at or after a moment. */
const collectionFrom = (when: number): Instant => instant(Math.ceil(when / period) * period);

/** A pod to be taken away, with the condition that tells why, where there is one. */
interface Lost {
  readonly entry: PodEntry;
  readonly message?: string;
}

/**
 * Takes away pods that nobody else will: those of nodes that do not exist, those that wait to be let go of on a node that is
 * out of service or on none, and those that ended long ago (Kubernetes: pod garbage collection). A collection takes place
 * only when there is something to look at.
 */
export class PodGarbageCollector {
  readonly #parts: ControllerParts;
  /** Names of nodes to look for, by cluster. */
  readonly #suspects = new Map<string, Set<string>>();
  readonly #searches: WorkQueue;
  readonly #collections: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    const { clock } = parts;
    this.#searches = new WorkQueue({
      name: 'pod garbage search',
      clock,
      reconcile: (cluster) => this.#search(cluster),
    });
    this.#collections = new WorkQueue({
      name: 'pod garbage collection',
      clock,
      reconcile: (cluster) => this.#collect(cluster),
    });
  }

  start(): void {
    const { store } = this.#parts;
    for (const { cluster, node } of store.list(lostNodes)) this.#suspect(cluster, node);
    for (const { value } of store.entries(pods.collection)) this.#onPod(undefined, value as Stored<Pod>);
    store.watch({ collections: [nodes, pods.collection] }, ({ changes }) => {
      for (const change of changes) this.#look(change);
    });
  }

  #look({ collection, before, after }: Change): void {
    if (collection === nodes.name) {
      this.#onNode(before as ClusterNode | undefined, after as ClusterNode | undefined);
    } else if (collection === pods.collection.name && after) {
      this.#onPod(before as Stored<Pod> | undefined, after as Stored<Pod>);
    }
  }

  #onNode(before: ClusterNode | undefined, after: ClusterNode | undefined): void {
    const node = after ?? before;
    if (!node) return;
    if (!before || !after) this.#suspect(node.cluster, node.object.metadata.name);
    else if (isOutOfService(after)) this.#collectSoon(after.cluster);
  }

  #onPod(before: Stored<Pod> | undefined, { cluster, object: pod }: Stored<Pod>): void {
    const { store } = this.#parts;
    const { nodeName } = pod.spec;
    if (
      nodeName &&
      before?.object.spec.nodeName !== nodeName &&
      !store.get(nodes, nodeKey(cluster, nodeName))
    )
      this.#suspect(cluster, nodeName);
    if (isTerminating(pod) && !(before && isTerminating(before.object))) this.#collectStuck(cluster, pod);
    const hasEnded = isFinished(pod) && !(before && isFinished(before.object));
    if (hasEnded && store.count(pods.collection, 'finished', cluster) > finishedKept)
      this.#collectSoon(cluster);
  }

  #collectStuck(cluster: string, { spec: { nodeName } }: Pod): void {
    const node = nodeName ? this.#parts.store.get(nodes, nodeKey(cluster, nodeName)) : undefined;
    if (!nodeName || (node && isOutOfService(node))) this.#collectSoon(cluster);
  }

  #suspect(cluster: string, node: string): void {
    const suspects = this.#suspects.get(cluster) ?? new Set();
    this.#suspects.set(cluster, suspects.add(node));
    this.#searches.add(cluster);
  }

  #collectSoon(cluster: string): void {
    this.#collections.addAt(cluster, collectionFrom(this.#parts.clock.now()));
  }

  /** Writes down since when nodes are missing, so that the quarantine goes on after a restart. */
  #search(cluster: string): void {
    const { store, clock } = this.#parts;
    const suspects = this.#suspects.get(cluster) ?? new Set();
    this.#suspects.delete(cluster);
    store.transact((tx) => {
      for (const node of suspects) {
        const key = nodeKey(cluster, node);
        const isLost = !tx.get(nodes, key) && podsOn(tx, cluster, node).length > 0;
        if (!isLost) tx.delete(lostNodes, key);
        else if (!tx.get(lostNodes, key)) tx.put(lostNodes, key, { cluster, node, since: clock.now() });
      }
    });
    this.#collectNext(cluster);
  }

  #collectNext(cluster: string): void {
    const found = this.#parts.store.find(lostNodes, 'byCluster', cluster).map(({ since }) => since);
    if (found.length > 0) this.#collections.addAt(cluster, collectionFrom(Math.min(...found) + quarantine));
  }

  /** Marks what is lost, then deletes it: whoever watches sees both (Kubernetes: a patch, then a forced deletion). */
  #collect(cluster: string): void {
    const { store, context } = this.#parts;
    const lost = this.#lost(store, cluster);
    store.transact((tx) => {
      for (const { entry, message } of lost) this.#markFailed(tx, entry, message);
    });
    store.transact((tx) => {
      for (const { entry } of lost) {
        const present = tx.entry(pods.collection, entry.key);
        if (!present) continue;
        deleteObject(context, tx, pods, present, { gracePeriodSeconds: 0, propagation: 'Background' });
      }
      for (const { key, value } of tx.findEntries(lostNodes, 'byCluster', cluster)) {
        if (podsOn(tx, cluster, value.node).length === 0) tx.delete(lostNodes, key);
      }
    });
    this.#collectNext(cluster);
  }

  #lost(reader: Reader, cluster: string): readonly Lost[] {
    return [
      ...this.#surplus(reader, cluster),
      ...this.#orphaned(reader, cluster),
      ...this.#outOfService(reader, cluster),
      ...this.#unscheduled(reader, cluster),
    ];
  }

  #surplus(reader: Reader, cluster: string): readonly Lost[] {
    if (reader.count(pods.collection, 'finished', cluster) <= finishedKept) return [];
    const finished = reader.findEntries(pods.collection, 'finished', cluster) as readonly PodEntry[];
    return surplusOf(finished, finishedKept).map((entry) => ({ entry }));
  }

  #orphaned(reader: Reader, cluster: string): readonly Lost[] {
    const now = this.#parts.clock.now();
    return reader
      .find(lostNodes, 'byCluster', cluster)
      .filter(({ since }) => since + quarantine <= now)
      .flatMap(({ node }) => podsOn(reader, cluster, node))
      .map((entry) => ({ entry, message: 'PodGC: node no longer exists' }));
  }

  #outOfService(reader: Reader, cluster: string): readonly Lost[] {
    return reader
      .find(nodes, 'outOfService', cluster)
      .filter(({ object }) => !isNodeReady(object))
      .flatMap(({ object }) => podsOn(reader, cluster, object.metadata.name))
      .filter(({ value }) => isTerminating(value.object))
      .map((entry) => ({ entry }));
  }

  #unscheduled(reader: Reader, cluster: string): readonly Lost[] {
    const waiting = reader.findEntries(pods.collection, 'unscheduled', cluster) as readonly PodEntry[];
    return waiting.filter(({ value }) => isTerminating(value.object)).map((entry) => ({ entry }));
  }

  #markFailed(tx: Transaction, { key }: PodEntry, message: string | undefined): void {
    const stored = tx.get(pods.collection, key) as Stored<Pod> | undefined;
    if (!stored || isFinished(stored.object)) return;
    const { status } = stored.object;
    const why = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC' } as const;
    const conditions =
      message === undefined
        ? status?.conditions
        : withCondition(status?.conditions, { ...why, message }, this.#parts.clock.now());
    const object: Pod = {
      ...stored.object,
      status: { ...status, phase: 'Failed', ...(conditions && { conditions }) },
    };
    tx.put(pods.collection, key, { ...stored, object });
  }
}

const isOutOfService = ({ object }: ClusterNode): boolean =>
  object.spec.taints?.some(({ key }) => key === taintKeys.outOfService) === true;

const podsOn = (reader: Reader, cluster: string, node: string): readonly PodEntry[] =>
  reader.findEntries(pods.collection, 'byNode', nodeTerm(cluster, node)) as readonly PodEntry[];
