import { WorkQueue } from '../../sim/index.js';
import { defineCollection } from '../../store/index.js';
import type { Transaction } from '../../store/index.js';
import { canonicalQuantity, instant, quantityValue, own } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { ControllerParts } from '../controllers/controller.js';
import { recordEvent } from '../controllers/events.js';
import type { EventNote } from '../controllers/events.js';
import { nodeTerm, pods } from '../kinds/index.js';
import type { Container, Pod, StoredPod } from '../kinds/index.js';
import { toKubeTime } from '../kube-time.js';
import { isPosting, kubelets, nodeCondition, nodeKey, nodes } from '../nodes/index.js';
import type { ClusterNode, KubeNode } from '../nodes/index.js';
import { isCritical } from './admission.js';
import { capped, constant, lookAgainFor, sum } from './behaviour/index.js';
import type { Curve } from './behaviour/index.js';
import { residentsOf } from './kubelet.js';
import type { PodEntry, PodTurns } from './pod-turns.js';
import { memoryCurve, memoryLimit } from './usage.js';

/** What a node remembers of being short of memory. Kept under the node's key. */
export interface NodePressure {
  readonly cluster: string;
  readonly nodeUid: string;
  /** When it was last seen to be short. */
  readonly seenAt: Instant;
  /** Nothing more is evicted before this moment. */
  readonly nextEviction: Instant;
}

export const nodePressures = defineCollection<NodePressure>('kube/node-pressures', {
  byCluster: ({ cluster }) => cluster,
});

/** A node looks at its memory so often while it is short, and evicts one pod each time (kubelet: monitoring interval). */
const interval = 10_000;
/** The condition stays so long after the last shortage (kubelet: eviction pressure transition period). */
const transitionPeriod = 300_000;
/** What a node keeps free: memory.available<100Mi, 750Mi before 1.29 (AKS: node resource reservations). */
const thresholdOf = ({ status }: KubeNode): string => {
  const minor = Number(/^v?1\.(\d+)/.exec(status.nodeInfo?.['kubeletVersion'] ?? '')?.[1] ?? Infinity);
  return minor >= 29 ? '100Mi' : '750Mi';
};

/**
 * Evicts pods from nodes that are short of memory (Kubernetes: node-pressure eviction). Only nodes with a pod whose memory
 * changes over time are looked at, at the moment when their pods' memory can next be more than is allocatable.
 */
export class MemoryPressure {
  readonly #parts: ControllerParts;
  readonly #turns: PodTurns;
  readonly #queue: WorkQueue;

  constructor(parts: ControllerParts, turns: PodTurns) {
    this.#parts = parts;
    this.#turns = turns;
    this.#queue = new WorkQueue({
      name: 'node pressure',
      clock: parts.clock,
      reconcile: (key) => this.#run(key),
    });
  }

  start(): void {
    const { store } = this.#parts;
    for (const { key } of store.entries(nodes)) this.#queue.add(key);
    store.watch({ collections: [pods.collection, nodes, kubelets] }, ({ changes }) => {
      for (const { collection, key, before, after } of changes) {
        if (collection === nodes.name) {
          if (!after && store.get(nodePressures, key)) this.#queue.add(key);
        }
        // A kubelet that was silent looks again.
        if (collection === kubelets.name && after) this.#queue.add(key);
        if (collection !== pods.collection.name) continue;
        const { cluster, object } = (after ?? before) as StoredPod;
        const { nodeName } = object.spec;
        if (nodeName && this.#isWatched(cluster, nodeName, before as StoredPod | undefined))
          this.#queue.add(nodeKey(cluster, nodeName));
      }
    });
  }

  #isWatched(cluster: string, node: string, before: StoredPod | undefined): boolean {
    return (
      before?.life?.isWeighed === true ||
      this.#parts.store.count(pods.collection, 'weighed', nodeTerm(cluster, node)) > 0
    );
  }

  #run(key: string): void {
    const { store } = this.#parts;
    const node = store.get(nodes, key);
    const pressure = store.get(nodePressures, key);
    if (!node) {
      if (pressure) store.transact((tx) => tx.delete(nodePressures, key));
      return;
    }
    const { cluster, object } = node;
    const isWeighed = store.count(pods.collection, 'weighed', nodeTerm(cluster, object.metadata.name)) > 0;
    if ((!isWeighed && !pressure) || !isPosting(store, cluster, object.metadata.name)) return;
    const next = store.transact((tx) => this.#look(tx, key, node, pressure));
    if (next !== undefined) this.#queue.addAt(key, instant(next));
  }

  /** Looks at a node's memory; returns when to look again. */
  #look(
    tx: Transaction,
    key: string,
    node: ClusterNode,
    known: NodePressure | undefined,
  ): number | undefined {
    const { cluster, object } = node;
    const now = this.#parts.clock.now();
    const pressure = known?.nodeUid === object.metadata.uid ? known : undefined;
    const residents = residentsOf(tx, cluster, object);
    const total = residents.map(({ value }) => podMemory(value)).reduce(sum, constant(0));
    const allocatable = quantityValue(object.status.allocatable?.['memory'] ?? '0');
    const used = total.at(now);
    if (used <= allocatable) {
      const ends = pressure && this.#calm(tx, key, node, pressure);
      const crossing = lookAgainFor(total, allocatable, now);
      return ends === undefined ? crossing : Math.min(ends, crossing ?? Infinity);
    }
    const isTurn = now >= (pressure?.nextEviction ?? 0);
    const nextEviction = isTurn ? instant(now + interval) : (pressure?.nextEviction ?? now);
    tx.put(nodePressures, key, { cluster, nodeUid: object.metadata.uid, seenAt: now, nextEviction });
    if (nodeCondition(object, 'MemoryPressure')?.status !== 'True') this.#setCondition(tx, key, node, 'True');
    if (isTurn) this.#evict(tx, object, residents, allocatable - used);
    return nextEviction;
  }

  /** Ends the shortage once it has not been seen for a while; returns when that is. */
  #calm(tx: Transaction, key: string, node: ClusterNode, { seenAt }: NodePressure): number | undefined {
    const ends = seenAt + transitionPeriod;
    if (this.#parts.clock.now() < ends) return ends;
    tx.delete(nodePressures, key);
    this.#setCondition(tx, key, node, 'False');
    return undefined;
  }

  #setCondition(tx: Transaction, key: string, node: ClusterNode, status: 'True' | 'False'): void {
    const { object, cluster } = node;
    const at = toKubeTime(this.#parts.clock.now());
    const isShort = status === 'True';
    const condition = {
      type: 'MemoryPressure',
      status,
      lastHeartbeatTime: at,
      lastTransitionTime: at,
      reason: isShort ? 'KubeletHasInsufficientMemory' : 'KubeletHasSufficientMemory',
      message: isShort
        ? 'kubelet has insufficient memory available'
        : 'kubelet has sufficient memory available',
    } as const;
    const others = (object.status.conditions ?? []).filter(({ type }) => type !== 'MemoryPressure');
    const changed = { ...object, status: { ...object.status, conditions: [condition, ...others] } };
    tx.put(nodes, key, { ...node, object: changed });
    const { name } = object.metadata;
    const tell = (note: Omit<EventNote, 'component'>): void => {
      recordEvent(tx, this.#parts.context, cluster, object, { ...note, component: 'kubelet', host: name });
    };
    if (isShort)
      tell({ type: 'Warning', reason: 'EvictionThresholdMet', message: 'Attempting to reclaim memory' });
    const reason = isShort ? 'NodeHasInsufficientMemory' : 'NodeHasSufficientMemory';
    tell({ type: 'Normal', reason, message: `Node ${name} status is now: ${reason}` });
  }

  /** Evicts the pod that uses the most beyond what it asked for, those of low priority first. `margin` is what is left, in bytes. */
  #evict(tx: Transaction, node: KubeNode, residents: readonly PodEntry[], margin: number): void {
    const now = this.#parts.clock.now();
    const [victim] = rank(residents, now);
    if (!victim) return;
    const threshold = thresholdOf(node);
    const { cluster, object } = victim.value;
    const available = Math.max(0, quantityValue(threshold) + margin);
    const message =
      `The node was low on resource: memory. Threshold quantity: ${threshold}, available: ${kibibytes(available)}. ` +
      hungry(victim.value, now).join('');
    this.#turns.tell(tx, cluster, object, {
      type: 'Warning',
      reason: 'Evicted',
      message,
      component: 'kubelet',
    });
    this.#turns.take(tx, victim, node, { since: now, cause: 'eviction', message });
  }
}

/** Pods in the order in which they are evicted: those above their requests, then by priority, then by how far above. */
function rank(residents: readonly PodEntry[], now: Instant): readonly PodEntry[] {
  const seen = residents
    .filter(({ value }) => !isCritical(value.object))
    .map((entry) => ({ entry, excess: podMemory(entry.value).at(now) - requestOf(entry.value.object) }));
  return seen
    .sort(
      (a, b) =>
        Number(b.excess > 0) - Number(a.excess > 0) ||
        (a.entry.value.object.spec.priority ?? 0) - (b.entry.value.object.spec.priority ?? 0) ||
        b.excess - a.excess,
    )
    .map(({ entry }) => entry);
}

const requestText = ({ resources }: Container): string => resources?.requests?.['memory'] ?? '0';

const requestOf = ({ spec }: Pod): number =>
  spec.containers.reduce((total, container) => total + quantityValue(requestText(container)), 0);

const containersOf = ({ spec }: Pod): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

/** What a container of a pod uses over time, from its life; undefined while it does not run. */
function containerMemory({ object, life }: StoredPod, container: Container): Curve | undefined {
  const one = own(life?.containers, container.name);
  if (one?.stage.kind !== 'running') return undefined;
  // Usage is told from the second in which the container started.
  const started = Math.floor(one.stage.startedAt / 1000) * 1000;
  const curve = memoryCurve(object, container, one.restarts, started);
  const limit = memoryLimit(container);
  return limit === undefined ? curve : capped(curve, limit);
}

function podMemory(stored: StoredPod): Curve {
  const curves = containersOf(stored.object).flatMap((container) => containerMemory(stored, container) ?? []);
  return curves.reduce(sum, constant(0));
}

/** Which containers use more than they asked for, in the kubelet's words. */
function hungry(stored: StoredPod, now: Instant): readonly string[] {
  return containersOf(stored.object).flatMap((container) => {
    const used = containerMemory(stored, container)?.at(now) ?? 0;
    const request = requestText(container);
    if (used <= quantityValue(request)) return [];
    return [
      `Container ${container.name} was using ${kibibytes(used)}, request is ${request}, has larger consumption of memory. `,
    ];
  });
}

const kibibytes = (bytes: number): string => canonicalQuantity(`${String(Math.ceil(bytes / 1024))}Ki`);
