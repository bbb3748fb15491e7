import { WorkQueue } from '../../../sim/index.js';
import type { Change, Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { after, instant, milliseconds } from '../../../units/index.js';
import { deleteObject } from '../../api/index.js';
import { isTerminating, nodeTerm, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { nodeKey, nodes } from '../../nodes/index.js';
import type { ClusterNode, Taint } from '../../nodes/index.js';
import type { Stored } from '../../object.js';
import { putPodCondition } from '../../pods/index.js';
import type { ControllerParts } from '../controller.js';
import { recordEvent } from '../events.js';
import { stayOn } from './delay.js';
import { scheduledEvictions } from './scheduled-evictions.js';

const component = 'taint-eviction-controller';

/**
 * Evicts pods from nodes with taints of the effect NoExecute, at once or when their toleration ends (Kubernetes: taint-based
 * eviction). Pods are deleted outright: disruption budgets are not asked. Works node by node; evictions to come are in the
 * store, so that their time goes on after a restart.
 */
export class TaintEvictionController {
  readonly #parts: ControllerParts;
  readonly #nodes: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#nodes = new WorkQueue({
      name: 'taint eviction',
      clock: parts.clock,
      reconcile: (key) => this.#reconcile(key),
    });
  }

  /** Takes up all nodes with such taints and all evictions to come, then follows nodes and pods. */
  start(): void {
    const { store } = this.#parts;
    for (const { key, value } of store.entries(nodes)) if (evicting(value).length > 0) this.#nodes.add(key);
    for (const { cluster, node } of store.list(scheduledEvictions)) this.#nodes.add(nodeKey(cluster, node));
    store.watch({ collections: [nodes, pods.collection] }, ({ changes }) =>
      changes.forEach((change) => this.#onChange(change)),
    );
  }

  #onChange({ collection, key, before, after: is }: Change): void {
    if (collection === nodes.name) {
      const taints = [before, is].map((node) => JSON.stringify(evicting(node as ClusterNode | undefined)));
      if (taints[0] !== taints[1] || !is) this.#nodes.add(key);
    } else if (collection === pods.collection.name) {
      this.#onPod(key, before as Stored<Pod> | undefined, is as Stored<Pod> | undefined);
    }
  }

  /** Of a pod it matters where it is, what it tolerates, and that it goes. */
  #onPod(key: string, before: Stored<Pod> | undefined, is: Stored<Pod> | undefined): void {
    const { store } = this.#parts;
    const stored = is ?? before;
    const nodeName = stored?.object.spec.nodeName;
    if (!stored || !nodeName) return;
    if (
      before &&
      is &&
      before.object.spec === is.object.spec &&
      isTerminating(before.object) === isTerminating(is.object)
    )
      return;
    const node = nodeKey(stored.cluster, nodeName);
    const isConcerned = is ? evicting(store.get(nodes, node)).length > 0 : false;
    if (isConcerned || store.get(scheduledEvictions, key)) this.#nodes.add(node);
  }

  #reconcile(key: string): void {
    const next = this.#parts.store.transact((tx) => this.#review(tx, key));
    if (next !== undefined) this.#nodes.addAt(key, next);
  }

  /** Looks at all pods of a node. @returns when the next of them is to go. */
  #review(tx: Transaction, key: string): Instant | undefined {
    const node = tx.get(nodes, key);
    const at = key.lastIndexOf('/');
    const term = nodeTerm(key.slice(0, at), key.slice(at + 1));
    const present = node
      ? (tx.findEntries(pods.collection, 'byNode', term) as readonly Versioned<Stored<Pod>>[])
      : [];
    const living = present.filter(({ value }) => !isTerminating(value.object));
    const uids = new Set(living.map(({ value }) => value.object.metadata.uid));
    for (const { key: pod, value } of tx.findEntries(scheduledEvictions, 'byNode', term)) {
      if (!uids.has(value.uid)) tx.delete(scheduledEvictions, pod);
    }
    const taints = evicting(node);
    const coming = living.flatMap((pod) => this.#decide(tx, pod, taints) ?? []);
    return coming.length === 0 ? undefined : instant(Math.min(...coming));
  }

  /** Evicts a pod, lets it stay, or makes out when it is to go. */
  #decide(tx: Transaction, pod: Versioned<Stored<Pod>>, taints: readonly Taint[]): Instant | undefined {
    const now = this.#parts.clock.now();
    const { cluster, object } = pod.value;
    const stay = stayOn(taints, object.spec.tolerations ?? []);
    const known = tx.get(scheduledEvictions, pod.key);
    if (stay === 'forever' || stay === 'none') {
      if (known) this.#cancel(tx, pod);
      if (stay === 'none') this.#evict(tx, pod);
      return undefined;
    }
    if (known && known.at <= now) {
      tx.delete(scheduledEvictions, pod.key);
      this.#evict(tx, pod);
      return undefined;
    }
    if (known) return known.at;
    const at = after(now, milliseconds(stay));
    const { nodeName: node = '' } = object.spec;
    tx.put(scheduledEvictions, pod.key, { cluster, node, uid: object.metadata.uid, at });
    return at;
  }

  #cancel(tx: Transaction, { key, value }: Versioned<Stored<Pod>>): void {
    tx.delete(scheduledEvictions, key);
    this.#tell(tx, value, 'Cancelling deletion of Pod');
  }

  #evict(tx: Transaction, { key, value }: Versioned<Stored<Pod>>): void {
    const { clock, context } = this.#parts;
    this.#tell(tx, value, 'Marking for deletion Pod');
    putPodCondition(
      tx,
      value.cluster,
      value.object,
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
      },
      clock.now(),
    );
    const marked = tx.entry(pods.collection, key);
    if (marked) deleteObject(context, tx, pods, marked, { propagation: 'Background' });
  }

  #tell(tx: Transaction, { cluster, object }: Stored<Pod>, what: string): void {
    const { namespace = '', name } = object.metadata;
    recordEvent(tx, this.#parts.context, cluster, object, {
      type: 'Normal',
      reason: 'TaintManagerEviction',
      message: `${what} ${namespace}/${name}`,
      component,
    });
  }
}

/** The taints of a node that evict pods. */
const evicting = (node: ClusterNode | undefined): readonly Taint[] =>
  node?.object.spec.taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];
