import { deleteVirtualNetwork, resourceGroups, virtualNetworks } from '../../azure/index.js';
import { WorkQueue } from '../../sim/index.js';
import type { Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { ManagedCluster } from '../model.js';
import { followAutoscaler } from './autoscaler-run.js';
import { managedClusters, poolsOf } from './collections.js';
import { activeOperation, endOperation, operations } from './operations.js';
import type { Operation } from './operations.js';
import type { LifecycleParts } from './parts.js';

/** Ends each cluster operation once its time has passed and its parts on the pools have ended. */
export class ManagedClusterController {
  readonly #parts: LifecycleParts;
  readonly #queue: WorkQueue;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue({
      name: 'managed cluster',
      clock: parts.clock,
      reconcile: (key) => this.#reconcile(key),
    });
  }

  /** Takes up the operations in progress, then follows them and their parts. */
  start(): void {
    const { store } = this.#parts;
    for (const operation of store.list(operations)) this.#enqueue(operation);
    store.watch({ collections: [operations] }, ({ changes }) => {
      for (const { collection, after } of changes) {
        if (collection === operations.name && after) this.#enqueue(after as Operation);
      }
    });
  }

  #enqueue(operation: Operation): void {
    if (operation.subject.kind === 'managedCluster' || operation.parent !== undefined) {
      this.#queue.add(operation.cluster);
    }
  }

  #reconcile(key: string): void {
    const { store } = this.#parts;
    const operation = activeOperation(store, key);
    if (!operation) return;
    const next = store.transact((tx) => this.#advance(tx, key, operation));
    if (next !== undefined) this.#queue.addAt(key, next);
  }

  #advance(tx: Transaction, key: string, operation: Operation): Instant | undefined {
    const now = this.#parts.clock.now();
    if (now < operation.endsNotBefore) return operation.endsNotBefore;
    const parts = tx.find(operations, 'byParent', operation.id);
    if (parts.some(({ outcome }) => outcome.status === 'InProgress')) return undefined;
    const cluster = tx.get(managedClusters, key);
    if (!cluster) {
      endOperation(tx, operation, now);
      return undefined;
    }
    if (operation.kind === 'delete') {
      if (poolsOf(tx, key).length > 0) return undefined;
      this.#remove(tx, key, cluster);
      endOperation(tx, operation, now);
      return undefined;
    }
    const failure = parts.flatMap(({ outcome }) => (outcome.status === 'Failed' ? [outcome.error] : []))[0];
    const ended = endOperation(tx, failure ? { ...operation, failure } : operation, now);
    const { status: _previous, ...properties } = cluster.properties;
    const provisioningState =
      operation.kind === 'abort' ? 'Canceled' : ended.failure ? 'Failed' : 'Succeeded';
    tx.put(managedClusters, key, {
      ...cluster,
      properties: {
        ...properties,
        provisioningState,
        ...(ended.failure && { status: { provisioningError: ended.failure } }),
      },
    });
    return undefined;
  }

  /** Takes away the cluster with its node resource group and what AKS made in it. */
  #remove(tx: Transaction, key: string, cluster: ManagedCluster): void {
    const group = cluster.properties.nodeResourceGroup.toLowerCase();
    for (const network of tx.find(virtualNetworks, 'byResourceGroup', group))
      deleteVirtualNetwork(tx, network.id);
    tx.delete(resourceGroups, group);
    this.#parts.kubernetes.removeCluster(tx, key);
    tx.delete(managedClusters, key);
    followAutoscaler(tx, key);
  }
}
