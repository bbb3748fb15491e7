import { WorkQueue } from '../sim/index.js';
import type { Clock } from '../sim/index.js';
import type { Store, Transaction } from '../store/index.js';
import {
  bindPod,
  isFinished,
  nodes,
  podCondition,
  pods,
  putPodCondition,
  recordEvent,
} from '../kube/index.js';
import type { Pod, Stored, WriteContext } from '../kube/index.js';
import { ClusterCache } from './cluster-cache.js';
import type { Candidate } from './cluster-cache.js';
import { affinityReason, nodeNamesOf, podRequests, reasonsAgainst } from './node-fit.js';

const component = 'default-scheduler';
const name = 'default-scheduler';

/**
 * Puts waiting pods on nodes that can take them, on the one with the most left (NodeResourcesFit, LeastAllocated). It stands
 * in for the scheduling framework: no spreading, no affinity between pods, no preemption.
 */
export class Scheduler {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #context: WriteContext;
  readonly #cache: ClusterCache;
  readonly #clusters: WorkQueue;

  constructor(init: { store: Store; clock: Clock; context: WriteContext }) {
    this.#store = init.store;
    this.#clock = init.clock;
    this.#context = init.context;
    this.#cache = new ClusterCache(init.store);
    this.#clusters = new WorkQueue({ clock: init.clock, reconcile: (cluster) => this.#schedule(cluster) });
  }

  /** Takes up the pods that wait, then follows changes of pods and nodes. */
  start(): void {
    for (const { cluster, object } of this.#store.list(pods.collection)) {
      if (isWaiting(object as Pod)) this.#clusters.add(cluster);
    }
    this.#store.watch({ collections: [pods.collection, nodes] }, ({ changes }) => {
      for (const change of changes) {
        this.#cache.apply(change);
        const { collection, before, after } = change;
        const { cluster } = (after ?? before) as Stored;
        if (collection === nodes.name) this.#clusters.add(cluster);
        else if (collection === pods.collection.name) {
          const pod = (after as Stored<Pod> | undefined)?.object;
          // A new pod waits; a pod that ends gives its place back.
          const isNew = pod && !before && isWaiting(pod);
          if (isNew || !pod || isFinished(pod)) this.#clusters.add(cluster);
        }
      }
    });
  }

  #schedule(cluster: string): void {
    const waiting = this.#store.find(pods.collection, 'unscheduled', cluster) as readonly Stored<Pod>[];
    const queue = waiting.map(({ object }) => object).filter(isWaiting);
    if (queue.length === 0) return;
    // Higher priority first, then who came first (PrioritySort).
    queue.sort(
      (a, b) =>
        (b.spec.priority ?? 0) - (a.spec.priority ?? 0) ||
        (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1),
    );
    const candidates = this.#cache.candidates(cluster);
    const byName = new Map(candidates.map((candidate) => [candidate.node.metadata.name, candidate]));
    this.#store.transact((tx) => {
      for (const pod of queue) {
        const names = nodeNamesOf(pod.spec);
        const possible = names?.flatMap((node) => byName.get(node) ?? []);
        this.#place(tx, cluster, pod, { possible: possible ?? candidates, count: candidates.length });
      }
    });
  }

  #place(
    tx: Transaction,
    cluster: string,
    pod: Pod,
    { possible, count }: { readonly possible: readonly Candidate[]; readonly count: number },
  ): void {
    const requests = podRequests(pod.spec);
    const against = new Map<string, number>();
    let best: Candidate | undefined;
    for (const candidate of possible) {
      const reasons = reasonsAgainst(candidate, pod, requests);
      for (const reason of reasons) against.set(reason, (against.get(reason) ?? 0) + 1);
      if (reasons.length === 0 && (!best || score(candidate) > score(best))) best = candidate;
    }
    const { namespace = '' } = pod.metadata;
    if (!best) {
      const others = count - possible.length;
      if (others > 0) against.set(affinityReason, (against.get(affinityReason) ?? 0) + others);
      this.#refuse(tx, cluster, pod, refusalText(count, against));
      return;
    }
    const node = best.node.metadata.name;
    best.assume(requests);
    bindPod(tx, { cluster, namespace }, pod.metadata.name, node, this.#clock.now());
    recordEvent(tx, this.#context, cluster, pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${pod.metadata.name} to ${node}`,
      component,
    });
  }

  #refuse(tx: Transaction, cluster: string, pod: Pod, message: string): void {
    // Said once: the pod waits for a change, and a change that does not help says nothing new.
    if (podCondition(pod, 'PodScheduled')?.message === message) return;
    putPodCondition(
      tx,
      cluster,
      pod,
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
      this.#clock.now(),
    );
    recordEvent(tx, this.#context, cluster, pod, {
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      component,
    });
  }
}

const isWaiting = ({ spec, metadata }: Pod): boolean =>
  !spec.nodeName &&
  metadata.deletionTimestamp === undefined &&
  (spec.schedulerName ?? name) === name &&
  (spec.schedulingGates ?? []).length === 0;

/** The mean share of cpu and memory that is left. */
function score(candidate: Candidate): number {
  const shares = ['cpu', 'memory'].map((resource) => {
    const whole = candidate.allocatable.get(resource) ?? 0;
    return whole === 0 ? 0 : candidate.free(resource) / whole;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` */
function refusalText(count: number, against: ReadonlyMap<string, number>): string {
  if (count === 0) return 'no nodes available to schedule pods';
  const reasons = [...against].map(([reason, number]) => `${String(number)} ${reason}`).sort();
  return `0/${String(count)} nodes are available: ${reasons.join(', ')}.`;
}
