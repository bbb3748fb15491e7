import { vi } from 'vitest';
import {
  isBackedOff,
  isToBeDeleted,
  memoryKey,
  nodeDeletions,
  nodeGroupMemories,
} from '../../../autoscaler/index.js';
import {
  compileLabelSelector,
  controllerOf,
  isFinished,
  isTerminating,
  nodes,
  podCondition,
  podDisruptionBudgets,
  pods,
} from '../../../kube/index.js';
import type { ClusterNode, DisruptionBudget, Pod, Stored } from '../../../kube/index.js';
import { managedClusters } from '../../../nodepools/index.js';
import { WhatIf } from '../../../scheduler/index.js';
import type { Supposed } from '../../../scheduler/index.js';
import type { Change } from '../../../store/index.js';
import type { TestCluster } from '../fixtures.js';

/** Searches that try more places than this are given up without a verdict. */
const mostTries = 3000;
const expendableBelow = -10;
const annotation = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

/** Notes whatever an autoscaler does that goes against the rules, as it does it. Holds it against what the cluster is, not what it thinks. */
export class Judge {
  readonly faults: string[] = [];
  /** How often each rule had something to say. */
  readonly judged = { increases: 0, deletions: 0, nodes: 0, evictions: 0 };
  readonly #cluster: TestCluster;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    this.#watchCloud();
    cluster.world.store.watch({ collections: [nodes, nodeDeletions] }, ({ changes }) => {
      for (const change of changes) if (change.collection === nodes.name) this.#onNode(change);
      if (changes.some(({ collection }) => collection === nodeDeletions.name)) this.#onEvictions(changes);
    });
  }

  #fault(text: string): void {
    this.faults.push(`${String(Math.round(this.#cluster.elapsed()))} s: ${text}`);
  }

  /** Pools stay between their bounds, and are let be while they are backed off. */
  #watchCloud(): void {
    const { cloud } = this.#cluster.world;
    const { key } = this.#cluster;
    const increase = cloud.increase.bind(cloud);
    vi.spyOn(cloud, 'increase').mockImplementation((tx, cluster, id, delta) => {
      this.judged.increases += 1;
      const group = cloud.groups(tx, cluster).find((one) => one.id === id);
      const size = group?.targetSize ?? 0;
      if (!group || size + delta > group.maxSize || delta < 1)
        this.#fault(`${id} is asked to have ${String(delta)} more than ${String(size)}`);
      const backoff = tx.get(nodeGroupMemories, memoryKey(key, id))?.backoff;
      if (isBackedOff(backoff, this.#cluster.world.clock.now())) this.#fault(`${id} grows while backed off`);
      return increase(tx, cluster, id, delta);
    });
    const deleteNodes = cloud.deleteNodes.bind(cloud);
    vi.spyOn(cloud, 'deleteNodes').mockImplementation((tx, cluster, id, names) => {
      this.judged.deletions += 1;
      const group = cloud.groups(tx, cluster).find((one) => one.id === id);
      const isHarmless = (name: string): boolean =>
        group?.instances.find(({ node }) => node === name)?.failure !== undefined;
      const failure = deleteNodes(tx, cluster, id, names);
      const left = cloud.groups(tx, cluster).find((one) => one.id === id)?.targetSize ?? 0;
      if (!failure && group && left < group.minSize && !names.every(isHarmless))
        this.#fault(`${id} is left with ${String(left)} after ${names.join()} went`);
      return failure;
    });
  }

  #pods(node?: string): readonly Pod[] {
    const { store } = this.#cluster.world;
    return (store.list(pods.collection) as readonly Stored<Pod>[])
      .map(({ object }) => object)
      .filter((pod) => node === undefined || pod.spec.nodeName === node);
  }

  get #budgets(): readonly DisruptionBudget[] {
    return this.#cluster.world.store
      .list(podDisruptionBudgets.collection)
      .map(({ object }) => object as DisruptionBudget);
  }

  /** A node that is to go holds nothing that keeps it, and its pods would find a place. */
  #onNode({ before, after }: Change): void {
    const [was, is] = [before as ClusterNode | undefined, after as ClusterNode | undefined];
    if (!was || !is || isToBeDeleted(was.object) || !isToBeDeleted(is.object)) return;
    this.judged.nodes += 1;
    const { name } = is.object.metadata;
    const now = this.#cluster.world.clock.now();
    const present = this.#pods(name).filter((pod) => counts(pod) && !isOverdue(pod, now));
    for (const pod of present) {
      const reason = this.#blocks(pod);
      if (reason) this.#fault(`${name} is to go in spite of ${pod.metadata.name}: ${reason}`);
    }
    const movable = present.filter((pod) => !isTerminating(pod));
    if (!this.#fitElsewhere(movable)) this.#fault(`pods of ${name} have no place to go`);
  }

  #blocks(pod: Pod): string | undefined {
    const { annotations = {}, labels = {} } = pod.metadata;
    if (annotations[annotation] === 'true') return undefined;
    if (!controllerOf(pod)) return 'nobody would make it again';
    if (annotations[annotation] === 'false') return 'it is not safe to evict';
    const { store } = this.#cluster.world;
    const profile = store.get(managedClusters, this.#cluster.key)?.properties.autoScalerProfile;
    const hasStorage = pod.spec.volumes?.some((volume) => 'emptyDir' in volume) === true;
    if (hasStorage && profile?.['skip-nodes-with-local-storage'] === 'true') return 'local storage';
    const isSpent = this.#budgets.some(
      ({ spec, status }) => compileLabelSelector(spec.selector)(labels) && status.disruptionsAllowed < 1,
    );
    return isSpent ? 'its budget' : undefined;
  }

  /** Whether there is any way to place the pods on nodes that stay. */
  #fitElsewhere(movable: readonly Pod[]): boolean {
    if (movable.length === 0) return true;
    const { store } = this.#cluster.world;
    const registered = store.list(nodes).map(({ object }) => object.metadata.name);
    return WhatIf.of(store, this.#cluster.key).suppose((supposed) => {
      for (const pod of this.#pods()) if (isExpendable(pod)) supposed.removePod(pod);
      for (const pod of movable) supposed.removePod(pod);
      const free = movable.map(({ spec: { nodeName: _node, ...spec }, ...rest }): Pod => ({ ...rest, spec }));
      const search = { supposed, registered, tries: 0 };
      return canPlace(free, search);
    });
  }

  /** No pod that was well is evicted beyond what its budget lets go. */
  #onEvictions(changes: readonly Change[]): void {
    const going = changes.flatMap(({ collection, before, after }) => {
      if (collection !== pods.collection.name || !before) return [];
      const was = (before as Stored<Pod>).object;
      const is = (after as Stored<Pod> | undefined)?.object;
      return isWell(was) && !(is && isWell(is)) ? [was] : [];
    });
    this.judged.evictions += going.length;
    for (const { spec, metadata } of this.#budgets) {
      const selects = compileLabelSelector(spec.selector);
      const own = going.filter((pod) => selects(pod.metadata.labels ?? {}));
      if (own.length === 0) continue;
      const left = this.#pods().filter((pod) => isWell(pod) && selects(pod.metadata.labels ?? {})).length;
      const least = this.#leastHealthy(spec, metadata.name);
      if (left < least)
        this.#fault(`${metadata.name} has ${String(left)} of ${String(least)} after an eviction`);
    }
  }

  #leastHealthy(spec: DisruptionBudget['spec'], deployment: string): number {
    const { minAvailable, maxUnavailable } = spec as Readonly<Record<string, number | undefined>>;
    if (minAvailable !== undefined) return minAvailable;
    const replicas = Number(this.#cluster.get('deployments', deployment).spec['replicas']);
    return replicas - (maxUnavailable ?? 0);
  }
}

const isExpendable = ({ spec }: Pod): boolean => (spec.priority ?? 0) < expendableBelow;

/** Pods that have a say in whether their node goes. */
const counts = (pod: Pod): boolean =>
  !isFinished(pod) && !isExpendable(pod) && controllerOf(pod)?.kind !== 'DaemonSet';

/** It should have ended by half a minute ago: nobody waits for it. */
const isOverdue = ({ metadata }: Pod, now: number): boolean =>
  metadata.deletionTimestamp !== undefined && now > Date.parse(metadata.deletionTimestamp) + 30_000;

const isWell = (pod: Pod): boolean => !isTerminating(pod) && podCondition(pod, 'Ready')?.status === 'True';

interface Search {
  readonly supposed: Supposed;
  readonly registered: readonly string[];
  tries: number;
}

function canPlace([pod, ...others]: readonly Pod[], search: Search): boolean {
  if (!pod) return true;
  const { supposed, registered } = search;
  for (const node of registered) {
    search.tries += 1;
    if (search.tries > mostTries) return true;
    if (supposed.refusalOn(pod, node)) continue;
    let isPlaced = false;
    supposed.tentatively(() => {
      supposed.putPod(pod, node);
      isPlaced = canPlace(others, search);
      return 'take back';
    });
    if (isPlaced) return true;
  }
  return false;
}
