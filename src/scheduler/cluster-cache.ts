import { isFinished, nodes, podRequests, pods } from '../kube/index.js';
import type { Amounts, KubeNode, Pod, Stored } from '../kube/index.js';
import type { Change, Store } from '../store/index.js';
import { milliValue } from '../units/index.js';

/** A node with what it has and what its pods ask for, in thousandths. */
export class Candidate {
  readonly node: KubeNode;
  readonly allocatable: Amounts;
  readonly #requested: Amounts;
  /** What pods ask for that are being placed now. */
  readonly #assumed = new Map<string, number>();

  constructor(node: KubeNode, allocatable: Amounts, requested: Amounts) {
    this.node = node;
    this.allocatable = allocatable;
    this.#requested = requested;
  }

  /** What is left of a resource. */
  free(resource: string): number {
    const taken = (this.#requested.get(resource) ?? 0) + (this.#assumed.get(resource) ?? 0);
    return (this.allocatable.get(resource) ?? 0) - taken;
  }

  /** Counts a pod that is being placed here. */
  assume(requests: Amounts): void {
    change(this.#assumed, requests, 1);
  }

  /** Counts a pod no more that was to be placed here. */
  release(requests: Amounts): void {
    change(this.#assumed, requests, -1);
  }
}

/** A node's place in the cache: pods may be bound to a node before it is known, or after it has gone. */
interface Place {
  node: KubeNode | undefined;
  allocatable: Amounts;
  readonly requested: Map<string, number>;
}

/** What all nodes have and what their pods ask for, kept current by the store's changes. */
export class ClusterCache {
  readonly #clusters = new Map<string, Map<string, Place>>();

  /** Reads what is there; from then on it lives by `apply`. */
  constructor(store: Store) {
    for (const { cluster, object } of store.list(nodes)) this.#putNode(cluster, object);
    for (const { cluster, object } of store.list(pods.collection)) this.#count(cluster, object as Pod, 1);
  }

  apply({ collection, before, after }: Change): void {
    if (collection === nodes.name) {
      const { cluster, object } = (after ?? before) as Stored;
      if (after) this.#putNode(cluster, object as KubeNode);
      else this.#removeNode(cluster, object.metadata.name);
    }
    if (collection !== pods.collection.name) return;
    const was = before as Stored<Pod> | undefined;
    const is = after as Stored<Pod> | undefined;
    if (was?.object.spec === is?.object.spec && isCounted(was?.object) === isCounted(is?.object)) return;
    if (was) this.#count(was.cluster, was.object, -1);
    if (is) this.#count(is.cluster, is.object, 1);
  }

  /** The nodes of a cluster, in order of name. */
  candidates(cluster: string): readonly Candidate[] {
    const names = [...(this.#clusters.get(cluster)?.keys() ?? [])].sort();
    return names.flatMap((name) => this.candidate(cluster, name) ?? []);
  }

  candidate(cluster: string, name: string): Candidate | undefined {
    const place = this.#clusters.get(cluster)?.get(name);
    return place?.node && new Candidate(place.node, place.allocatable, place.requested);
  }

  #place(cluster: string, name: string): Place {
    const places = this.#clusters.get(cluster) ?? new Map<string, Place>();
    this.#clusters.set(cluster, places);
    const place = places.get(name) ?? { node: undefined, allocatable: new Map(), requested: new Map() };
    places.set(name, place);
    return place;
  }

  #putNode(cluster: string, node: KubeNode): void {
    const place = this.#place(cluster, node.metadata.name);
    if (place.node?.status.allocatable !== node.status.allocatable || !place.node) {
      const amounts = Object.entries(node.status.allocatable ?? {});
      place.allocatable = new Map(amounts.map(([resource, text]) => [resource, milliValue(text)]));
    }
    place.node = node;
  }

  #removeNode(cluster: string, name: string): void {
    const place = this.#clusters.get(cluster)?.get(name);
    if (place) place.node = undefined;
    if (place && [...place.requested.values()].every((amount) => amount === 0)) {
      this.#clusters.get(cluster)?.delete(name);
    }
  }

  #count(cluster: string, pod: Pod, sign: 1 | -1): void {
    if (!isCounted(pod) || !pod.spec.nodeName) return;
    change(this.#place(cluster, pod.spec.nodeName).requested, podRequests(pod.spec), sign);
  }
}

/** A pod takes its place from its binding until it has ended. */
const isCounted = (pod: Pod | undefined): boolean =>
  pod !== undefined && Boolean(pod.spec.nodeName) && !isFinished(pod);

function change(sum: Map<string, number>, amounts: Amounts, sign: 1 | -1): void {
  for (const [resource, amount] of amounts) sum.set(resource, (sum.get(resource) ?? 0) + sign * amount);
}
