import {
  AzureError,
  deleteVirtualNetwork,
  existingResourceGroup,
  resourceGroups,
  virtualNetworks,
} from '../../azure/index.js';
import { WorkQueue } from '../../sim/index.js';
import type { Transaction } from '../../store/index.js';
import { managedClusters, resourceKey } from './collections.js';
import { activeOperation, endOperation, operations, startOperation } from './operations.js';
import type { Operation } from './operations.js';
import type { ManagedClusterService } from './managed-cluster-service.js';
import type { LifecycleParts } from './parts.js';
import { accepted } from './reply.js';
import type { Reply } from './reply.js';

/** Deletes resource groups: first the clusters in them, then their networks, then the group. */
export class ResourceGroupDeletion {
  readonly #parts: LifecycleParts;
  readonly #clusters: ManagedClusterService;
  readonly #queue: WorkQueue;

  constructor(parts: LifecycleParts, clusters: ManagedClusterService) {
    this.#parts = parts;
    this.#clusters = clusters;
    this.#queue = new WorkQueue({
      name: 'resource group deletion',
      clock: parts.clock,
      reconcile: (key) => this.#reconcile(key),
    });
  }

  /** Takes up the deletions in progress, then follows them and the clusters. */
  start(): void {
    const { store } = this.#parts;
    for (const operation of store.list(operations)) this.#enqueue(operation);
    store.watch({ collections: [operations] }, ({ changes }) => {
      for (const { collection, after } of changes) {
        if (collection === operations.name && after) this.#enqueue(after as Operation);
      }
    });
  }

  /** Begins to delete a group (ARM: delete resource group). @throws AzureError 404, or 409 for a cluster's own group. */
  begin(name: string): Reply {
    const { store, seed, clock } = this.#parts;
    return store.transact((tx) => {
      const group = existingResourceGroup(tx, name);
      const key = group.name.toLowerCase();
      if (group.managedBy !== undefined && tx.get(managedClusters, resourceKey(group.managedBy))) {
        throw new AzureError({
          status: 409,
          code: 'ResourceGroupDeletionBlocked',
          envelope: 'arm',
          message: `Resource group '${group.name}' is managed by '${group.managedBy}': delete that resource instead.`,
        });
      }
      const running = activeOperation(tx, key);
      if (running) return accepted(202, undefined, running);
      tx.put(resourceGroups, key, { ...group, provisioningState: 'Deleting' });
      for (const cluster of tx.find(managedClusters, 'byResourceGroup', key)) {
        if (activeOperation(tx, resourceKey(cluster.id))?.kind === 'delete') continue;
        this.#clusters.beginDeletion(tx, cluster);
      }
      const now = clock.now();
      const operation = startOperation(tx, seed, {
        kind: 'delete',
        subject: { kind: 'resourceGroup', key },
        cluster: '',
        location: group.location,
        startTime: now,
        beginsAt: now,
        endsNotBefore: now,
      });
      return accepted(202, undefined, operation);
    });
  }

  #enqueue(operation: Operation): void {
    if (operation.subject.kind === 'resourceGroup') this.#queue.add(operation.subject.key);
    if (operation.subject.kind !== 'managedCluster' || operation.kind !== 'delete') return;
    const [, group] = /\/resourcegroups\/([^/]+)\//.exec(operation.subject.key) ?? [];
    if (group !== undefined) this.#queue.add(group);
  }

  #reconcile(key: string): void {
    const operation = activeOperation(this.#parts.store, key);
    if (operation) this.#parts.store.transact((tx) => this.#advance(tx, key, operation));
  }

  #advance(tx: Transaction, key: string, operation: Operation): void {
    if (tx.count(managedClusters, 'byResourceGroup', key) > 0) return;
    for (const { id } of tx.find(virtualNetworks, 'byResourceGroup', key)) deleteVirtualNetwork(tx, id);
    tx.delete(resourceGroups, key);
    endOperation(tx, operation, this.#parts.clock.now());
  }
}
