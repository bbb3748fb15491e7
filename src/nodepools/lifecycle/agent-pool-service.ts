import { AzureError, sample } from '../../azure/index.js';
import type { LatencyStep } from '../../azure/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import { after } from '../../units/index.js';
import {
  checkAgentPoolDeletion,
  parseAgentPoolBody,
  renderAgentPool,
  resolveAgentPoolUpdate,
  resolveNewAgentPool,
} from '../agent-pool/index.js';
import { clusterFacts } from '../managed-cluster/index.js';
import type { AgentPool, AgentPoolChange, ManagedCluster, PoolContext } from '../model.js';
import { followAutoscaler } from './autoscaler-run.js';
import {
  agentPoolId,
  agentPoolNotFound,
  agentPools,
  clusterId,
  existingCluster,
  poolsOf,
  resourceKey,
} from './collections.js';
import type { AgentPoolPath } from './collections.js';
import {
  activeOperation,
  agentPoolBusy,
  cancelOperation,
  clusterBusy,
  deletionIssued,
  startOperation,
} from './operations.js';
import type { Operation, OperationKind } from './operations.js';
import { offered } from './offered-catalog.js';
import type { LifecycleParts } from './parts.js';
import { nextEtag } from './pool-count.js';
import { checkInfrastructure } from './pool-infrastructure.js';
import { checkPreconditions } from './preconditions.js';
import type { Preconditions } from './preconditions.js';
import type { Reply } from './reply.js';
import { accepted, noContent } from './reply.js';

/** Requests on agent pools: each is checked whole, then written with its operation in one transaction. */
export class AgentPoolService {
  readonly #parts: LifecycleParts;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  list(path: Omit<AgentPoolPath, 'agentPool'>): readonly AgentPool[] {
    const { store, subscription } = this.#parts;
    existingCluster(store, subscription.id, path);
    return poolsOf(store, resourceKey(clusterId(subscription.id, path)));
  }

  /** @throws AzureError 404 for a cluster or pool that is not there. */
  get(path: AgentPoolPath): AgentPool {
    return existingPool(this.#parts.store, this.#parts.subscription.id, path);
  }

  /** Creates a pool, or brings an existing one to the given model (AKS: create or update agent pool). */
  put(path: AgentPoolPath, body: unknown, pre: Preconditions): Reply {
    const { store, subscription } = this.#parts;
    const input = parseAgentPoolBody(body);
    return store.transact((tx) => {
      const cluster = existingCluster(tx, subscription.id, path);
      const key = resourceKey(agentPoolId(subscription.id, path));
      const current = tx.get(agentPools, key);
      checkPreconditions(pre, current?.etag);
      this.#checkIdle(tx, cluster, key);
      const context = this.#context(tx, cluster, path.agentPool);
      if (!current) {
        const properties = resolveNewAgentPool(input, context);
        const created = { ...properties, provisioningState: 'Creating' };
        checkInfrastructure(tx, this.#parts, cluster, [{ name: path.agentPool, properties }]);
        const pool = this.#write(tx, cluster, path.agentPool, created);
        return accepted(201, renderAgentPool(pool), this.#begin(tx, cluster, pool, 'create'));
      }
      const { properties, change } = resolveAgentPoolUpdate(current.properties, input, context);
      checkInfrastructure(tx, this.#parts, cluster, [{ name: current.name, properties }]);
      const pool = this.update(tx, cluster, current, properties, change);
      return accepted(200, renderAgentPool(pool.pool), pool.operation);
    });
  }

  /** Writes an update that was admitted, with its operation. */
  update(
    tx: Transaction,
    cluster: ManagedCluster,
    current: AgentPool,
    properties: AgentPool['properties'],
    change: AgentPoolChange,
    parent?: Operation,
  ): { readonly pool: AgentPool; readonly operation: Operation } {
    const kind = change.kind === 'scale' ? 'scale' : 'update';
    const grown = atLeastMinimum(properties);
    const pool = this.#write(tx, cluster, current.name, {
      ...grown,
      provisioningState: kind === 'scale' ? 'Scaling' : 'Updating',
    });
    return { pool, operation: this.#begin(tx, cluster, pool, kind, parent) };
  }

  /** Deletes a pool; what it was doing ends first. An absent pool is 204 (AKS: delete agent pool). */
  delete(path: AgentPoolPath, pre: Preconditions): Reply {
    const { store, subscription } = this.#parts;
    return store.transact((tx) => {
      const cluster = existingCluster(tx, subscription.id, path);
      const key = resourceKey(agentPoolId(subscription.id, path));
      const pool = tx.get(agentPools, key);
      if (!pool) return noContent(cluster.location);
      checkPreconditions(pre, pool.etag);
      const clusterOperation = activeOperation(tx, pool.cluster);
      if (clusterOperation) throw clusterBusy(cluster.properties.provisioningState);
      const running = activeOperation(tx, key);
      if (running?.kind === 'delete') return accepted(202, undefined, running);
      checkAgentPoolDeletion(
        pool,
        poolsOf(tx, pool.cluster).filter(({ name }) => name !== pool.name),
      );
      return accepted(202, undefined, this.beginDeletion(tx, cluster, pool));
    });
  }

  /** Writes an admitted deletion with its operation; one that runs on the pool is preempted. */
  beginDeletion(tx: Transaction, cluster: ManagedCluster, pool: AgentPool, parent?: Operation): Operation {
    const running = activeOperation(tx, resourceKey(pool.id));
    if (running) {
      cancelOperation(tx, running, this.#parts.clock.now(), {
        code: 'AKSOperationPreemptedByDelete',
        message: 'This operation has been preempted by a delete operation.',
      });
    }
    const deleting = this.#write(tx, cluster, pool.name, {
      ...pool.properties,
      provisioningState: 'Deleting',
    });
    return this.#begin(tx, cluster, deleting, 'delete', parent);
  }

  /** Ends the operation that runs on the pool; what it did so far stays (AKS: abort an operation). */
  abort(path: AgentPoolPath): Reply {
    const { store, subscription } = this.#parts;
    return store.transact((tx) => {
      const cluster = existingCluster(tx, subscription.id, path);
      const pool = existingPool(tx, subscription.id, path);
      const running = activeOperation(tx, resourceKey(pool.id));
      if (!running) throw nothingToAbort(pool.name);
      if (running.kind === 'delete') throw deletionIssued('Canceling', pool.name);
      if (running.kind === 'abort') return accepted(202, undefined, running);
      return accepted(202, undefined, this.beginAbort(tx, cluster, pool, running));
    });
  }

  /** Cancels `running` and begins to settle the pool as it is. */
  beginAbort(
    tx: Transaction,
    cluster: ManagedCluster,
    pool: AgentPool,
    running: Operation,
    parent?: Operation,
  ): Operation {
    cancelOperation(tx, running, this.#parts.clock.now(), {
      code: 'OperationCanceled',
      message: `The operation on agent pool ${pool.name} was canceled by an abort request.`,
    });
    const canceling = this.#write(tx, cluster, pool.name, {
      ...pool.properties,
      provisioningState: 'Canceling',
    });
    return this.#begin(tx, cluster, canceling, 'abort', parent);
  }

  /** Writes a pool that its cluster brings, with an operation that begins once the control plane stands. */
  createWithCluster(
    tx: Transaction,
    cluster: ManagedCluster,
    pool: { readonly name: string; readonly properties: AgentPool['properties'] },
    parent: Operation,
  ): void {
    const written = this.#write(tx, cluster, pool.name, {
      ...pool.properties,
      provisioningState: 'Creating',
    });
    this.#begin(tx, cluster, written, 'create', parent);
  }

  #context(tx: Transaction, cluster: ManagedCluster, name: string): PoolContext {
    const { subscription, catalog, clock } = this.#parts;
    const siblings = poolsOf(tx, resourceKey(cluster.id)).filter((pool) => pool.name !== name);
    const today = clock.now();
    return {
      subscriptionId: subscription.id,
      name,
      cluster: clusterFacts(cluster),
      siblings,
      catalog: offered(tx, catalog),
      today,
    };
  }

  #checkIdle(tx: Transaction, cluster: ManagedCluster, poolKey: string): void {
    if (activeOperation(tx, resourceKey(cluster.id))) throw clusterBusy(cluster.properties.provisioningState);
    const running = activeOperation(tx, poolKey);
    const pool = tx.get(agentPools, poolKey);
    if (!running || !pool) return;
    if (running.kind === 'delete') throw deletionIssued('Updating', pool.name);
    throw agentPoolBusy(pool.name, pool.properties.provisioningState);
  }

  #write(
    tx: Transaction,
    cluster: ManagedCluster,
    name: string,
    properties: AgentPool['properties'],
  ): AgentPool {
    const { subscription, seed } = this.#parts;
    const id = agentPoolId(subscription.id, {
      resourceGroup: cluster.resourceGroup,
      cluster: cluster.name,
      agentPool: name,
    });
    const key = resourceKey(id);
    const etag = nextEtag(tx, seed, key);
    const pool: AgentPool = { id, cluster: resourceKey(cluster.id), name, etag, properties };
    tx.put(agentPools, key, pool);
    followAutoscaler(tx, pool.cluster);
    return pool;
  }

  #begin(
    tx: Transaction,
    cluster: ManagedCluster,
    pool: AgentPool,
    kind: OperationKind,
    parent?: Operation,
  ): Operation {
    const { clock, latency, seed } = this.#parts;
    const now = clock.now();
    const key = resourceKey(pool.id);
    const beginsAt = parent?.kind === 'create' ? parent.endsNotBefore : now;
    const step: LatencyStep = kind === 'delete' ? 'poolDelete' : 'poolUpdate';
    const span = sample(latency, step, seed.stream('pool-operation', `${key}@${String(tx.revision)}`));
    return startOperation(tx, seed, {
      kind,
      subject: { kind: 'agentPool', key },
      cluster: pool.cluster,
      location: cluster.location,
      startTime: now,
      beginsAt,
      endsNotBefore: after(beginsAt, span),
      ...(parent && { parent: parent.id }),
    });
  }
}

function existingPool(reader: Reader, subscriptionId: string, path: AgentPoolPath): AgentPool {
  existingCluster(reader, subscriptionId, path);
  const pool = reader.get(agentPools, resourceKey(agentPoolId(subscriptionId, path)));
  if (!pool) throw agentPoolNotFound(path.agentPool);
  return pool;
}

/** An autoscaled pool below its minimum grows to it when it is updated (recorded). */
const atLeastMinimum = (properties: AgentPool['properties']): AgentPool['properties'] =>
  properties.enableAutoScaling && (properties.minCount ?? 0) > properties.count
    ? { ...properties, count: properties.minCount ?? properties.count }
    : properties;

const nothingToAbort = (pool: string): AzureError =>
  new AzureError({
    status: 409,
    code: 'OperationNotAllowed',
    message: `There is no operation in progress on agent pool ${pool} that could be aborted.`,
  });
