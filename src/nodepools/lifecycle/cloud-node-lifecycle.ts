import { isOff, virtualMachines } from '../../azure/index.js';
import type { VirtualMachine } from '../../azure/index.js';
import { hasTaint, isNodeReady, nodes, taintKeys, withTaints } from '../../kube/index.js';
import type { ClusterNode, Taint } from '../../kube/index.js';
import { WorkQueue } from '../../sim/index.js';
import type { LifecycleParts } from './parts.js';

const shutdown: Taint = { key: taintKeys.shutdown, effect: 'NoSchedule' };

/**
 * Marks nodes that are not ready because their VMs are off (Kubernetes: cloud node lifecycle controller). That nodes go with
 * their VMs is the registrar's part.
 */
export class CloudNodeLifecycle {
  readonly #parts: LifecycleParts;
  readonly #queue: WorkQueue;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue({
      name: 'cloud node lifecycle',
      clock: parts.clock,
      reconcile: (key) => this.#reconcile(key),
    });
  }

  start(): void {
    const { store } = this.#parts;
    for (const { key, value } of store.entries(nodes)) this.#look(key, value);
    store.watch({ collections: [nodes, virtualMachines] }, ({ changes }) => {
      for (const { collection, key, after } of changes) {
        if (collection === nodes.name) this.#look(key, after as ClusterNode | undefined);
        if (collection === virtualMachines.name) this.#lookAtNodeOf(key);
      }
    });
  }

  /** Only nodes that are not ready, or marked, have anything to be looked at. */
  #look(key: string, node: ClusterNode | undefined): void {
    if (node && (!isNodeReady(node.object) || hasTaint(node.object, shutdown))) this.#queue.add(key);
  }

  #lookAtNodeOf(vm: string): void {
    for (const { key, value } of this.#parts.store.findEntries(nodes, 'byVm', vm)) this.#look(key, value);
  }

  #reconcile(key: string): void {
    const { store } = this.#parts;
    const found = store.get(nodes, key);
    if (!found) return;
    const vm = found.vm === undefined ? undefined : store.get(virtualMachines, found.vm);
    const object = withTaints(found.object, this.#change(found, vm));
    if (object !== found.object) store.transact((tx) => tx.put(nodes, key, { ...found, object }));
  }

  #change({ object }: ClusterNode, vm: VirtualMachine | undefined) {
    if (isNodeReady(object)) return { removed: [shutdown] };
    return vm && isOff(vm) ? { added: [shutdown] } : {};
  }
}
