import { AzureError, existingResourceGroup, requireRegistered, sample } from '../../azure/index.js';
import type { LatencyStep } from '../../azure/index.js';
import type { Transaction } from '../../store/index.js';
import { after } from '../../units/index.js';
import {
  clusterProfile,
  parseManagedClusterBody,
  parseTagsBody,
  renderManagedCluster,
  resolveManagedClusterUpdate,
  resolveNewManagedCluster,
} from '../managed-cluster/index.js';
import type { AgentPool, ClusterContext, ManagedCluster } from '../model.js';
import type { AgentPoolService } from './agent-pool-service.js';
import { followAutoscaler } from './autoscaler-run.js';
import {
  agentPools,
  clusterId,
  existingCluster,
  managedClusters,
  poolsOf,
  resourceKey,
} from './collections.js';
import type { ClusterPath } from './collections.js';
import {
  activeOperation,
  agentPoolBusy,
  cancelOperation,
  clusterBusy,
  deletionIssued,
  operations,
  startOperation,
} from './operations.js';
import type { Operation, OperationKind } from './operations.js';
import { offered } from './offered-catalog.js';
import type { LifecycleParts } from './parts.js';
import { nextEtag } from './pool-count.js';
import { checkInfrastructure, createNodeResourceGroup } from './pool-infrastructure.js';
import { checkPreconditions } from './preconditions.js';
import type { Preconditions } from './preconditions.js';
import { accepted, noContent } from './reply.js';
import type { Reply } from './reply.js';

const latencyOf: Readonly<Record<OperationKind, LatencyStep>> = {
  create: 'clusterCreate',
  update: 'clusterUpdate',
  scale: 'clusterUpdate',
  abort: 'clusterUpdate',
  delete: 'clusterDelete',
};

/** Requests on managed clusters: each is checked whole, then written with its operations in one transaction. */
export class ManagedClusterService {
  readonly #parts: LifecycleParts;
  readonly #pools: AgentPoolService;

  constructor(parts: LifecycleParts, pools: AgentPoolService) {
    this.#parts = parts;
    this.#pools = pools;
  }

  /** All clusters, or those of one resource group. @throws AzureError 404 for a group that is not there. */
  list(resourceGroup?: string): readonly ManagedCluster[] {
    const { store } = this.#parts;
    if (resourceGroup === undefined) return store.list(managedClusters);
    existingResourceGroup(store, resourceGroup);
    return store.find(managedClusters, 'byResourceGroup', resourceGroup.toLowerCase());
  }

  get(path: ClusterPath): ManagedCluster {
    return existingCluster(this.#parts.store, this.#parts.subscription.id, path);
  }

  /** Creates a cluster with its pools, or brings an existing one and the pools named to the given model. */
  put(path: ClusterPath, body: unknown, pre: Preconditions): Reply {
    const { store, subscription } = this.#parts;
    const input = parseManagedClusterBody(body);
    return store.transact((tx) => {
      const group = existingResourceGroup(tx, path.resourceGroup);
      requireRegistered(tx, 'Microsoft.ContainerService');
      const key = resourceKey(clusterId(subscription.id, path));
      const current = tx.get(managedClusters, key);
      checkPreconditions(pre, current?.etag);
      const context = this.#context(tx, {
        resourceGroup: group.name,
        cluster: current?.name ?? path.cluster,
      });
      if (!current) return this.#create(tx, resolveNewManagedCluster(input, context));

      this.#checkIdle(tx, current);
      const pools = poolsOf(tx, key);
      const update = resolveManagedClusterUpdate(current, pools, input, context);
      checkInfrastructure(tx, this.#parts, update.cluster, update.pools);
      const operation = this.#begin(tx, current, 'update');
      const cluster = this.#write(tx, update.cluster, 'Updating');
      for (const pool of pools) {
        const changed = update.pools.find(({ name }) => name === pool.name);
        if (changed) this.#pools.update(tx, cluster, pool, changed.properties, changed.change, operation);
        else this.#renewTag(tx, pool);
      }
      return accepted(200, renderManagedCluster(cluster, poolsOf(tx, key)), operation);
    });
  }

  /** Replaces the tags and nothing else (AKS: update tags). */
  patchTags(path: ClusterPath, body: unknown, pre: Preconditions): Reply {
    const { store, subscription } = this.#parts;
    const tags = parseTagsBody(body);
    return store.transact((tx) => {
      const current = existingCluster(tx, subscription.id, path);
      checkPreconditions(pre, current.etag);
      this.#checkIdle(tx, current);
      const operation = this.#begin(tx, current, 'update');
      const cluster = this.#write(tx, { ...current, tags }, 'Updating');
      return accepted(200, renderManagedCluster(cluster, poolsOf(tx, resourceKey(cluster.id))), operation);
    });
  }

  /** Deletes a cluster with its pools and its node resource group; an absent cluster is 204. */
  delete(path: ClusterPath, pre: Preconditions): Reply {
    const { store, subscription } = this.#parts;
    return store.transact((tx) => {
      const group = existingResourceGroup(tx, path.resourceGroup);
      const cluster = tx.get(managedClusters, resourceKey(clusterId(subscription.id, path)));
      if (!cluster) return noContent(group.location);
      checkPreconditions(pre, cluster.etag);
      const running = activeOperation(tx, resourceKey(cluster.id));
      if (running?.kind === 'delete') return accepted(202, undefined, running);
      return accepted(202, undefined, this.beginDeletion(tx, cluster));
    });
  }

  /** Writes an admitted deletion with its operations; those that run on the cluster are preempted. */
  beginDeletion(tx: Transaction, cluster: ManagedCluster): Operation {
    const key = resourceKey(cluster.id);
    const running = activeOperation(tx, key);
    if (running) {
      cancelOperation(tx, running, this.#parts.clock.now(), {
        code: 'AKSOperationPreemptedByDelete',
        message: 'This operation has been preempted by a delete operation.',
      });
    }
    const operation = this.#begin(tx, cluster, 'delete');
    const deleting = this.#write(tx, cluster, 'Deleting');
    for (const pool of poolsOf(tx, key)) this.#pools.beginDeletion(tx, deleting, pool, operation);
    return operation;
  }

  /** Ends the operation that runs on the cluster, with its parts on the pools (AKS: abort an operation). */
  abort(path: ClusterPath): Reply {
    const { store, subscription } = this.#parts;
    return store.transact((tx) => {
      const cluster = existingCluster(tx, subscription.id, path);
      const key = resourceKey(cluster.id);
      const running = activeOperation(tx, key);
      if (!running) throw nothingToAbort(cluster.name);
      if (running.kind === 'delete') throw deletionIssued('Canceling', cluster.name);
      if (running.kind === 'abort') return accepted(202, undefined, running);
      cancelOperation(tx, running, this.#parts.clock.now(), {
        code: 'OperationCanceled',
        message: `The operation on managed cluster ${cluster.name} was canceled by an abort request.`,
      });
      const operation = this.#begin(tx, cluster, 'abort');
      const canceling = this.#write(tx, cluster, 'Canceling');
      for (const pool of poolsOf(tx, key)) {
        const part = activeOperation(tx, resourceKey(pool.id));
        if (part) this.#pools.beginAbort(tx, canceling, pool, part, operation);
      }
      return accepted(202, undefined, operation);
    });
  }

  #create(tx: Transaction, made: ReturnType<typeof resolveNewManagedCluster>): Reply {
    const operation = this.#begin(tx, made.cluster, 'create');
    const cluster = this.#write(tx, made.cluster, 'Creating', made.pools);
    createNodeResourceGroup(tx, this.#parts, cluster, made.pools);
    checkInfrastructure(tx, this.#parts, cluster, made.pools);
    for (const pool of made.pools) this.#pools.createWithCluster(tx, cluster, pool, operation);
    return accepted(201, renderManagedCluster(cluster, poolsOf(tx, resourceKey(cluster.id))), operation);
  }

  #context(tx: Transaction, path: ClusterPath): ClusterContext {
    const { subscription, catalog, clock, seed } = this.#parts;
    const rng = seed.stream('managed-cluster', `${clusterId(subscription.id, path)}@${String(tx.revision)}`);
    return {
      subscriptionId: subscription.id,
      tenantId: subscription.tenantId,
      resourceGroup: path.resourceGroup,
      name: path.cluster,
      catalog: offered(tx, catalog),
      today: clock.now(),
      generated: {
        fqdnSuffix: rng.hex(8),
        resourceUid: rng.hex(24),
        principalId: rng.guid(),
        kubeletClientId: rng.guid(),
        kubeletObjectId: rng.guid(),
      },
    };
  }

  /** A cluster operation runs alone: not beside another on the cluster, nor beside one on any of its pools. */
  #checkIdle(tx: Transaction, cluster: ManagedCluster): void {
    const key = resourceKey(cluster.id);
    const running = activeOperation(tx, key);
    if (running?.kind === 'delete') throw deletionIssued('Updating', cluster.name);
    if (running) throw clusterBusy(cluster.properties.provisioningState);
    const [part] = tx.find(operations, 'activeByCluster', key);
    const pool = part && tx.get(agentPools, part.subject.key);
    if (pool) throw agentPoolBusy(pool.name, pool.properties.provisioningState);
  }

  /** Writes a cluster, and what its control plane needs to know of it. */
  #write(
    tx: Transaction,
    cluster: Omit<ManagedCluster, 'etag'>,
    provisioningState: string,
    pools: readonly Pick<AgentPool, 'properties'>[] = poolsOf(tx, resourceKey(cluster.id)),
  ): ManagedCluster {
    const key = resourceKey(cluster.id);
    const written: ManagedCluster = {
      ...cluster,
      etag: nextEtag(tx, this.#parts.seed, key),
      properties: { ...cluster.properties, provisioningState },
    };
    tx.put(managedClusters, key, written);
    followAutoscaler(tx, key);
    const { kubernetes, systemWorkloads } = this.#parts;
    kubernetes.putCluster(tx, key, clusterProfile(written, pools, systemWorkloads));
    return written;
  }

  /** A cluster operation renews the eTags of the cluster and of all its pools (AKS: eTags). */
  #renewTag(tx: Transaction, pool: AgentPool): void {
    const key = resourceKey(pool.id);
    tx.put(agentPools, key, { ...pool, etag: nextEtag(tx, this.#parts.seed, key) });
  }

  #begin(tx: Transaction, cluster: Omit<ManagedCluster, 'etag'>, kind: OperationKind): Operation {
    const { clock, latency, seed } = this.#parts;
    const now = clock.now();
    const key = resourceKey(cluster.id);
    const rng = seed.stream('cluster-operation', `${key}@${String(tx.revision)}`);
    return startOperation(tx, seed, {
      kind,
      subject: { kind: 'managedCluster', key },
      cluster: key,
      location: cluster.location,
      startTime: now,
      beginsAt: now,
      endsNotBefore: after(now, sample(latency, latencyOf[kind], rng)),
    });
  }
}

const nothingToAbort = (cluster: string): AzureError =>
  new AzureError({
    status: 409,
    code: 'OperationNotAllowed',
    message: `There is no operation in progress on managed cluster ${cluster} that could be aborted.`,
  });
