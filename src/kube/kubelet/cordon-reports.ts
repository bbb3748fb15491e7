import { WorkQueue } from '../../sim/index.js';
import type { ControllerParts } from '../controllers/controller.js';
import { isPosting, kubelets, nodes, tellOfNode } from '../nodes/index.js';
import type { ClusterNode } from '../nodes/index.js';

const isCordoned = (node: ClusterNode | undefined): boolean => node?.object.spec.unschedulable === true;

/** Tells that a node takes no more pods, or does again (kubelet: NodeNotSchedulable, NodeSchedulable). */
export class CordonReports {
  readonly #parts: ControllerParts;
  readonly #queue: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue({
      name: 'cordon report',
      clock: parts.clock,
      reconcile: (key) => this.#report(key),
    });
  }

  /** Takes up what was not told yet, then follows nodes, and kubelets that post again. */
  start(): void {
    const { store } = this.#parts;
    for (const { key } of store.entries(kubelets)) this.#look(key);
    store.watch({ collections: [nodes, kubelets] }, ({ changes }) => {
      for (const { collection, key } of changes) {
        if (collection === nodes.name || collection === kubelets.name) this.#look(key);
      }
    });
  }

  #isNews(key: string): boolean {
    const { store } = this.#parts;
    const kubelet = store.get(kubelets, key);
    const node = store.get(nodes, key);
    if (!kubelet || !node || (kubelet.isCordoned === true) === isCordoned(node)) return false;
    return isPosting(store, kubelet.cluster, kubelet.node);
  }

  #look(key: string): void {
    if (this.#isNews(key)) this.#queue.add(key);
  }

  #report(key: string): void {
    if (!this.#isNews(key)) return;
    const { store, context } = this.#parts;
    store.transact((tx) => {
      const kubelet = tx.get(kubelets, key);
      const node = tx.get(nodes, key);
      if (!kubelet || !node) return;
      const { isCordoned: _told, ...rest } = kubelet;
      tx.put(kubelets, key, isCordoned(node) ? { ...rest, isCordoned: true } : rest);
      const reason = isCordoned(node) ? 'NodeNotSchedulable' : 'NodeSchedulable';
      tellOfNode(tx, context, kubelet.cluster, node.object, reason);
    });
  }
}
