import { controllerOf, isFinished } from '../../kube/index.js';
import type { KubeNode, Labels, Pod } from '../../kube/index.js';
import type { ClusterCache } from '../cache/cluster-cache.js';
import { pinOf } from '../cache/pins.js';
import type { PodInfo } from '../cache/pod-info.js';
import { isResized } from '../cache/resources.js';
import type { ClusterEvent } from '../framework/cluster-event.js';
import type { SchedulingQueue } from '../queue/scheduling-queue.js';

/** Whether a pod is left to this scheduler, and may be queued. */
type IsOurs = (pod: Pod) => boolean;

/** Keeps a cluster's cache and queue current with its objects, and tells what has happened. */
export class ClusterState {
  readonly #cache: ClusterCache;
  readonly #queue: SchedulingQueue;
  readonly #isOurs: IsOurs;
  readonly #tell: (event: ClusterEvent) => void;
  /** Pods that are counted on a node before the store has told so. */
  readonly #assumed = new Set<string>();
  /** Those of them that are not bound yet. */
  readonly #reserved = new Set<string>();

  constructor(parts: {
    readonly cache: ClusterCache;
    readonly queue: SchedulingQueue;
    readonly isOurs: IsOurs;
    readonly tell: (event: ClusterEvent) => void;
  }) {
    this.#cache = parts.cache;
    this.#queue = parts.queue;
    this.#isOurs = parts.isOurs;
    this.#tell = parts.tell;
  }

  /** Counts a pod on a node from now on: the store will tell so. */
  assume(info: PodInfo, node: string): void {
    this.#queue.remove(info.uid);
    this.#cache.nominate(info, undefined);
    this.#cache.addPod(info, node);
    this.#assumed.add(info.uid);
  }

  /** Counts a pod on a node that it waits on for its volumes. */
  reserve(info: PodInfo, node: string): void {
    this.assume(info, node);
    this.#reserved.add(info.uid);
  }

  /** True while a pod waits on its node. */
  isReserved(uid: string): boolean {
    return this.#reserved.has(uid);
  }

  /** The pod of a reservation is bound now: the store will tell so. */
  bindReserved(uid: string): void {
    this.#reserved.delete(uid);
  }

  /** Takes a pod off the node that it waited on; it waits for another from now on. */
  unreserve({ pod, uid }: PodInfo): void {
    this.removePod(pod);
    const info = this.#cache.describe(pod);
    if (!this.#queue.get(uid)) this.#queue.add(groupKey(info), info);
  }

  putNode(before: KubeNode | undefined, after: KubeNode): void {
    const { name } = after.metadata;
    if (this.#cache.putNode(after) === 'same') return;
    const node = this.#cache.node(name);
    if (node)
      this.#tell(
        before ? { kind: 'node updated', node, before, after } : { kind: 'node added', node, after },
      );
  }

  removeNode(before: KubeNode): void {
    this.#cache.removeNode(before.metadata.name);
    this.#tell({ kind: 'node removed', before });
  }

  putNamespace(name: string, labels: Labels): void {
    this.#cache.namespaces.set(name, labels);
  }

  putPod(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata;
    if (isFinished(pod)) this.removePod(pod);
    else if (this.#reserved.has(uid) && !pod.spec.nodeName && deletionTimestamp === undefined)
      this.#putReserved(pod);
    else if (pod.spec.nodeName) this.#putAssigned(pod, pod.spec.nodeName);
    else this.#putWaiting(pod);
  }

  removePod({ metadata: { uid } }: Pod): void {
    const waiting = this.#queue.get(uid);
    this.#queue.remove(uid);
    this.#assumed.delete(uid);
    this.#reserved.delete(uid);
    const wasNominated = waiting && this.#cache.nominatedNodeOf(uid) !== undefined;
    if (wasNominated) this.#cache.nominate(waiting.info, undefined);
    const info = this.#cache.removePod(uid) ?? (wasNominated ? waiting.info : undefined);
    if (info) this.#tell({ kind: 'pod removed', info });
  }

  /** A pod that counts on its node already, and is not bound to it. */
  #putReserved(pod: Pod): void {
    const { uid } = pod.metadata;
    const node = this.#cache.nodeOf(uid);
    const known = node?.pods.get(uid);
    if (!node || !known) return;
    if (isAlike(known.pod, pod)) {
      known.pod = pod;
      return;
    }
    this.#cache.removePod(uid);
    this.#cache.addPod(this.#cache.describe(pod), node.name);
  }

  #putAssigned(pod: Pod, nodeName: string): void {
    const { uid } = pod.metadata;
    // Somebody else may have bound it elsewhere.
    if (this.#assumed.has(uid) && this.#cache.nodeOf(uid)?.name !== nodeName) this.removePod(pod);
    this.#reserved.delete(uid);
    const known = this.#cache.nodeOf(uid)?.pods.get(uid);
    if (!known) {
      const waiting = this.#queue.get(uid);
      this.#queue.remove(uid);
      if (waiting) this.#cache.nominate(waiting.info, undefined);
      const info = this.#cache.describe(pod);
      this.#cache.addPod(info, nodeName);
      this.#tell({ kind: 'pod assigned', info });
      return;
    }
    if (this.#assumed.delete(uid)) {
      known.pod = pod;
      this.#tell({ kind: 'pod assigned', info: known });
    } else if (isAlike(known.pod, pod)) known.pod = pod;
    else {
      const info = this.#cache.describe(pod);
      this.#cache.removePod(uid);
      this.#cache.addPod(info, nodeName);
      this.#tell({ kind: 'pod updated', before: known, info });
    }
  }

  #putWaiting(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined || !this.#isOurs(pod)) {
      this.removePod(pod);
      return;
    }
    const waiting = this.#queue.get(uid);
    const info = waiting && isAlike(waiting.info.pod, pod) ? waiting.info : this.#cache.describe(pod);
    if (waiting && (info === waiting.info || groupKey(waiting.info) === groupKey(info))) {
      waiting.info.pod = pod;
      this.#followNomination(waiting.info);
      return;
    }
    if (waiting) this.removePod(pod);
    this.#queue.add(groupKey(info), info);
    this.#followNomination(info);
  }

  #followNomination(info: PodInfo): void {
    const { nominatedNodeName } = info.pod.status ?? {};
    if (this.#cache.nominatedNodeOf(info.uid)?.name !== (nominatedNodeName || undefined))
      this.#cache.nominate(info, nominatedNodeName || undefined);
  }
}

/** True when nothing differs by which nodes take or refuse pods. */
const isAlike = (a: Pod, b: Pod): boolean =>
  a.spec === b.spec &&
  a.metadata.labels === b.metadata.labels &&
  a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
  !isResized(b);

/** Equal for pods that are refused for the same reasons: of equal needs, labels, owner, claims, and for the same node. */
function groupKey({ pod, shape, labels }: PodInfo): string {
  const { spec, metadata } = pod;
  const claims = spec.volumes?.some((volume) => volume.persistentVolumeClaim ?? volume.ephemeral);
  const devices = (spec.resourceClaims ?? []).length > 0;
  // A pod with claims of its own is like no other.
  const own = claims === true || devices ? metadata.uid : '';
  const owner = controllerOf(pod)?.uid ?? '';
  return `${String(shape.id)} ${String(labels.id)} ${owner} ${pinOf(pod) ?? ''} ${own}`;
}
