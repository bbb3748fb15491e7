import { WorkQueue } from '../sim/index.js';
import type { Clock } from '../sim/index.js';
import type { Store, Transaction } from '../store/index.js';
import {
  bindPod,
  csiNodes,
  isFinished,
  nodes,
  nominateNode,
  persistentVolumeClaims,
  persistentVolumes,
  podCondition,
  pods,
  putPodCondition,
  recordEvent,
  reserveVolumes,
  storageClasses,
  volumeDemand,
  volumesAgainst,
  podRequests,
} from '../kube/index.js';
import type { Amounts, KubeNode, Pod, Stored, VolumeDemand, WriteContext } from '../kube/index.js';
import { ClusterCache } from './cluster-cache.js';
import type { Candidate } from './cluster-cache.js';
import { affinityReason, nodeNamesOf, reasonsAgainst } from './node-fit.js';

const component = 'default-scheduler';
const name = 'default-scheduler';

/** Kinds whose changes may let a pod that waits for its volumes go on. */
const volumeKinds = [
  persistentVolumeClaims.collection,
  persistentVolumes.collection,
  storageClasses.collection,
  csiNodes.collection,
];

/** The nodes that a pod may go to at all, of how many. */
interface Choice {
  readonly possible: readonly Candidate[];
  readonly count: number;
}

/**
 * Puts waiting pods on nodes that can take them, on the one with the most left (NodeResourcesFit, LeastAllocated). It stands
 * in for the scheduling framework: volumes, but no spreading, no affinity between pods, no preemption.
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
    this.#clusters = new WorkQueue({
      name: 'scheduling',
      clock: init.clock,
      reconcile: (cluster) => this.#schedule(cluster),
    });
  }

  /** Takes up the pods that wait, then follows changes of pods and nodes. */
  start(): void {
    for (const { cluster, object } of this.#store.list(pods.collection)) {
      if (isWaiting(object as Pod)) this.#clusters.add(cluster);
    }
    const waking = new Set([nodes, ...volumeKinds].map((collection) => collection.name));
    this.#store.watch({ collections: [pods.collection, nodes, ...volumeKinds] }, ({ changes }) => {
      for (const change of changes) {
        this.#cache.apply(change);
        const { collection, before, after } = change;
        const { cluster } = (after ?? before) as Stored;
        if (waking.has(collection)) this.#clusters.add(cluster);
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
    // A pod that waits for its volumes keeps its place on the node that it is to go to.
    for (const { spec, status } of queue) {
      if (status?.nominatedNodeName) byName.get(status.nominatedNodeName)?.assume(podRequests(spec));
    }
    this.#store.transact((tx) => {
      for (const pod of queue) {
        const names = nodeNamesOf(pod.spec);
        const possible = names?.flatMap((node) => byName.get(node) ?? []);
        this.#place(tx, cluster, pod, { possible: possible ?? candidates, count: candidates.length });
      }
    });
  }

  #place(tx: Transaction, cluster: string, pod: Pod, choice: Choice): void {
    const requests = podRequests(pod.spec);
    const demand = volumeDemand(tx, cluster, pod);
    if (demand.kind === 'refused') {
      this.#refuse(tx, cluster, pod, refusalText(choice.count, [demand.reason]));
      return;
    }
    const placed = choose(tx, cluster, { pod, requests, demand }, choice);
    if (placed.kind === 'none') {
      this.#refuse(tx, cluster, pod, refusalText(choice.count, placed.against));
      return;
    }
    placed.candidate.assume(requests);
    this.#assign(tx, cluster, pod, demand, placed.candidate.node);
  }

  /** Puts a pod on a node, at once or when its volumes have been made there. */
  #assign(tx: Transaction, cluster: string, pod: Pod, demand: VolumeDemand, node: KubeNode): void {
    const { namespace = '', name: podName } = pod.metadata;
    const now = this.#clock.now();
    const nodeName = node.metadata.name;
    if (reserveVolumes(tx, cluster, demand, node, now) === 'provisioning') {
      nominateNode(tx, cluster, pod, nodeName);
      return;
    }
    bindPod(tx, { cluster, namespace }, podName, nodeName, now);
    recordEvent(tx, this.#context, cluster, pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${podName} to ${nodeName}`,
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

/** A pod with what it asks for. */
interface Request {
  readonly pod: Pod;
  readonly requests: Amounts;
  readonly demand: VolumeDemand;
}

type Placed =
  | { readonly kind: 'placed'; readonly candidate: Candidate }
  /** How many nodes say why not. */
  | { readonly kind: 'none'; readonly against: readonly string[] };

/** The node to put a pod on: the one that it is to go to if that still does, else the emptiest. */
function choose(
  tx: Transaction,
  cluster: string,
  { pod, requests, demand }: Request,
  { possible, count }: Choice,
): Placed {
  const reasonsOf = (candidate: Candidate): readonly string[] => {
    const reasons = reasonsAgainst(candidate, pod, requests);
    return reasons.length > 0 ? reasons : volumesAgainst(tx, cluster, demand, candidate.node);
  };
  const { nominatedNodeName } = pod.status ?? {};
  const nominated =
    nominatedNodeName === undefined
      ? undefined
      : possible.find(({ node }) => node.metadata.name === nominatedNodeName);
  // What is kept for the pod does not stand in its own way.
  nominated?.release(requests);
  if (nominated && reasonsOf(nominated).length === 0) return { kind: 'placed', candidate: nominated };
  const against = new Map<string, number>();
  let best: Candidate | undefined;
  for (const candidate of possible) {
    const reasons = reasonsOf(candidate);
    for (const reason of reasons) against.set(reason, (against.get(reason) ?? 0) + 1);
    if (reasons.length === 0 && (!best || score(candidate) > score(best))) best = candidate;
  }
  if (best) return { kind: 'placed', candidate: best };
  const others = count - possible.length;
  if (others > 0) against.set(affinityReason, (against.get(affinityReason) ?? 0) + others);
  return {
    kind: 'none',
    against: [...against].map(([reason, number]) => `${String(number)} ${reason}`).sort(),
  };
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` */
function refusalText(count: number, against: readonly string[]): string {
  if (count === 0) return 'no nodes available to schedule pods';
  return `0/${String(count)} nodes are available: ${against.join(', ')}.`;
}
