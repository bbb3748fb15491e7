import { isNodeReady, nodeKey, nodes, pods } from '../../kube/index.js';
import type { KubeNode, Pod, Stored, WriteContext } from '../../kube/index.js';
import { WorkQueue } from '../../sim/index.js';
import type { Clock } from '../../sim/index.js';
import type { Change, Store, Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { after } from '../../units/index.js';
import type { Cloud } from '../cloud.js';
import { count } from '../metrics/counters.js';
import { memoryKey } from '../memory.js';
import { utilizationText } from '../scale-down/utilization.js';
import type { Utilization } from '../scale-down/utilization.js';
import { advance, hasDelay } from './advance.js';
import type { NodesToRemove } from './budgets.js';
import { nodeDeletions } from './deletion.js';
import type { Deletion } from './deletion.js';
import { podsOn, podsToEvict } from './node-pods.js';
import type { Scene } from '../turn.js';
import { changeNode, markedToBeDeleted, restored } from './taints.js';
import { tellOfNode, tellOfStatus } from '../tell.js';

/** A node that is to be taken away. */
export interface NodeToRemove {
  readonly node: KubeNode;
  readonly group: string;
  readonly utilization: Utilization;
}

/** What an actuator runs on, and whom it tells how deletions end. */
export interface ActuatorInit {
  readonly store: Store;
  readonly clock: Clock;
  readonly context: WriteContext;
  readonly cloud: Cloud;
  /** The cloud has been told to delete the node. */
  readonly onDone?: (tx: Transaction, deletion: Deletion) => void;
  /** The node stays. */
  readonly onFailure?: (tx: Transaction, deletion: Deletion, message: string) => void;
}

/**
 * Takes nodes away: keeps new pods off them, lets their pods go within their budgets, and has the cloud delete them (cluster
 * autoscaler: scale-down actuator). Each deletion is a record in the store that is carried on as time goes by and pods leave; what
 * goes wrong leaves the node as it was.
 */
export class Actuator {
  readonly #init: ActuatorInit;
  readonly #queue: WorkQueue;

  constructor(init: ActuatorInit) {
    this.#init = init;
    this.#queue = new WorkQueue({
      name: 'node deletion',
      clock: init.clock,
      reconcile: (key) => this.#reconcile(key),
    });
  }

  /** Takes up the deletions that there are, then follows what they wait for. */
  start(): void {
    const { store } = this.#init;
    for (const { key } of store.entries(nodeDeletions)) this.#queue.add(key);
    store.watch({ collections: [nodeDeletions, nodes, pods.collection] }, ({ changes }) => {
      for (const change of changes) this.#follow(change);
    });
  }

  /**
   * Starts to take nodes away, as many as it is given: `cropToBudgets` tells how many may go.
   *
   * @returns `failed` when a node is not there any more: nothing is started then
   */
  startDeletion(
    { tx, cluster }: { readonly tx: Transaction; readonly cluster: string },
    { empty, drain }: NodesToRemove<NodeToRemove>,
  ): 'started' | 'failed' {
    const { cloud, context, clock } = this.#init;
    const settings = cloud.settings(tx, cluster);
    const all = [...empty, ...drain];
    const isThere = ({ node }: NodeToRemove) =>
      tx.get(nodes, nodeKey(cluster, node.metadata.name)) !== undefined;
    if (!settings || !all.every(isThere)) return 'failed';
    const { options, run } = settings;
    const scene = { tx, context, cloud, cluster, options, now: clock.now() };
    for (const one of empty) {
      const { name } = one.node.metadata;
      mark(scene, one);
      tellOfStatus(scene, 'Normal', 'ScaleDownEmpty', `Scale-down: removing empty node "${name}"`);
      tx.put(nodeDeletions, memoryKey(cluster, name), begin(scene, run, 'empty', one));
    }
    for (const one of drain) {
      const { name } = one.node.metadata;
      mark(scene, one);
      const going = podsToEvict(podsOn(tx, cluster, name, options)).map(({ metadata }) => metadata.name);
      const use = utilizationText(one.utilization);
      const message = `Scale-down: removing node ${name}, utilization: ${use}, pods to reschedule: ${going.join(',')}`;
      tellOfStatus(scene, 'Normal', 'ScaleDown', message);
      tx.put(nodeDeletions, memoryKey(cluster, name), begin(scene, run, 'drain', one));
    }
    return 'started';
  }

  /** A deletion waits for pods of its node to be gone, or for its node's annotations. */
  #follow({ collection, key, before, after: is }: Change): void {
    const { store } = this.#init;
    if (collection === nodeDeletions.name) {
      if (is && !before) this.#queue.add(key);
      return;
    }
    if (store.count(nodeDeletions) === 0) return;
    if (collection === nodes.name) {
      if (store.get(nodeDeletions, key)) this.#queue.add(key);
      return;
    }
    if (collection !== pods.collection.name) return;
    const was = before as Stored<Pod> | undefined;
    const node = was?.object.spec.nodeName;
    if (!node || (is as Stored<Pod> | undefined)?.object.spec.nodeName === node) return;
    const deletion = nodeKey(was.cluster, node);
    if (store.get(nodeDeletions, deletion)) this.#queue.add(deletion);
  }

  #reconcile(key: string): void {
    const next = this.#init.store.transact((tx) => this.#carryOn(tx, key));
    if (next !== undefined) this.#queue.addAt(key, next);
  }

  /** @returns when time alone brings the deletion on */
  #carryOn(tx: Transaction, key: string): Instant | undefined {
    const deletion = tx.get(nodeDeletions, key);
    if (!deletion) return undefined;
    const { context, cloud, clock } = this.#init;
    const { cluster } = deletion;
    const settings = cloud.settings(tx, cluster);
    if (settings?.run !== deletion.run) {
      // The autoscaler that had started it is gone, and whatever it was at with it; the next one cleans up.
      tx.delete(nodeDeletions, key);
      return undefined;
    }
    const scene = { tx, context, cloud, cluster, options: settings.options, now: clock.now() };
    const progress = advance(scene, deletion);
    switch (progress.kind) {
      case 'waits':
        if (progress.deletion !== deletion) tx.put(nodeDeletions, key, progress.deletion);
        return progress.until;
      case 'failed':
        this.#giveUp(scene, deletion, progress.message);
        return undefined;
      case 'is clear':
        this.#delete(scene, progress.deletion);
        return undefined;
    }
  }

  #delete(scene: Scene, deletion: Deletion): void {
    const { tx, cloud, cluster } = scene;
    const { node, group, kind } = deletion;
    const failure = cloud.deleteNodes(tx, cluster, group, [node]);
    if (failure) {
      this.#giveUp(scene, deletion, `failed to delete ${node}: ${failure.message}`);
      return;
    }
    count(scene, 'scaled_down_nodes_total', { reason: removalReason(scene, deletion) });
    tellOfNode(scene, deletion, 'Normal', 'ScaleDown', 'nodes removed by cluster autoscaler');
    if (kind === 'drain')
      tellOfStatus(scene, 'Normal', 'ScaleDown', `Scale-down: node ${node} removed with drain`);
    else tellOfStatus(scene, 'Normal', 'ScaleDownEmpty', `Scale-down: empty node ${node} removed`);
    tx.delete(nodeDeletions, memoryKey(cluster, node));
    this.#init.onDone?.(tx, deletion);
  }

  /** The node stays, and takes pods again. */
  #giveUp(scene: Scene, deletion: Deletion, message: string): void {
    const { tx, cluster } = scene;
    const { node, kind } = deletion;
    const what = kind === 'drain' ? 'failed to drain and delete node' : 'failed to delete empty node';
    tellOfNode(scene, deletion, 'Warning', 'ScaleDownFailed', `${what}: ${message}`);
    changeNode(tx, cluster, node, (object) => restored(object, cordoningOf(scene)));
    tx.delete(nodeDeletions, memoryKey(cluster, node));
    this.#init.onFailure?.(tx, deletion, message);
  }
}

/** Why a node went, as it is counted. */
function removalReason({ tx, cluster }: Scene, { node, kind }: Deletion): string {
  if (kind === 'empty') return 'empty';
  const stored = tx.get(nodes, nodeKey(cluster, node));
  return stored && !isNodeReady(stored.object) ? 'unready' : 'underutilized';
}

const cordoningOf = ({ options }: Pick<Scene, 'options'>): 'cordon' | 'taint alone' =>
  options.features.cordonsNodes ? 'cordon' : 'taint alone';

/** Keeps pods off a node from now on. */
function mark(scene: Scene, { node }: NodeToRemove): void {
  const { tx, cluster, now } = scene;
  const { name, uid } = node.metadata;
  changeNode(tx, cluster, name, (object) => markedToBeDeleted(object, now, cordoningOf(scene)));
  tellOfNode(
    scene,
    { node: name, uid },
    'Normal',
    'ScaleDown',
    'marked the node as toBeDeleted/unschedulable',
  );
}

const begin = (
  { cluster, now, options }: Scene,
  run: string,
  kind: Deletion['kind'],
  { node, group }: NodeToRemove,
): Deletion => ({
  cluster,
  node: node.metadata.name,
  uid: node.metadata.uid,
  group,
  run,
  kind,
  startedAt: now,
  isDelayed: hasDelay(node),
  evicted: [],
  phase: { kind: 'tainted', until: after(now, options.nodeDeleteDelayAfterTaint) },
});
