import { AzureError } from '../../azure/index.js';
import { renderAgentPool } from '../agent-pool/index.js';
import { clusterProfile, renderManagedCluster } from '../managed-cluster/index.js';
import type { ManagedCluster, UnknownMembers } from '../model.js';
import { renderMachine } from '../nodes/index.js';
import { notModelled } from '../refusal.js';
import {
  renderAgentPoolUpgradeProfile,
  renderAvailableAgentPoolVersions,
  renderClusterUpgradeProfile,
  renderKubernetesVersions,
  renderOrchestrators,
} from '../versions/render.js';
import { AgentPoolController } from './agent-pool-controller.js';
import { AgentPoolService } from './agent-pool-service.js';
import { followAutoscaler } from './autoscaler-run.js';
import { agentPools, managedClusters, poolsOf, resourceKey } from './collections.js';
import type { AgentPoolPath, ClusterPath } from './collections.js';
import { ManagedClusterController } from './managed-cluster-controller.js';
import { ManagedClusterService } from './managed-cluster-service.js';
import { CloudNodeLifecycle } from './cloud-node-lifecycle.js';
import { NodeRegistrar } from './node-registrar.js';
import { operations, renderOperation } from './operations.js';
import type { LifecycleParts } from './parts.js';
import { vmsOf } from './pool-infrastructure.js';
import type { Preconditions } from './preconditions.js';
import type { Reply } from './reply.js';
import { ResourceGroupDeletion } from './resource-group-deletion.js';

/** What the results URL of an operation answers: still running, or done with the resource if there is one to show. */
export type OperationResult =
  | { readonly done: false }
  | { readonly done: true; readonly body?: UnknownMembers }
  | { readonly done: true; readonly error: { readonly code: string; readonly message: string } };

/**
 * Microsoft.ContainerService: what the servers call. Requests are values, answers are wire JSON; refusals are thrown as
 * AzureError and change nothing.
 */
export class AksProvider {
  readonly #parts: LifecycleParts;
  readonly #pools: AgentPoolService;
  readonly #clusters: ManagedClusterService;
  readonly #groupDeletion: ResourceGroupDeletion;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#pools = new AgentPoolService(parts);
    this.#clusters = new ManagedClusterService(parts, this.#pools);
    this.#groupDeletion = new ResourceGroupDeletion(parts, this.#clusters);
  }

  /** Starts the controllers; operations that an earlier process left go on. */
  start(): void {
    const { store, kubernetes, systemWorkloads } = this.#parts;
    store.transact((tx) => {
      for (const { key, value } of store.entries(managedClusters)) {
        kubernetes.putCluster(tx, key, clusterProfile(value, poolsOf(tx, key), systemWorkloads));
        followAutoscaler(tx, key);
      }
    });
    new NodeRegistrar(this.#parts).start();
    new CloudNodeLifecycle(this.#parts).start();
    new AgentPoolController(this.#parts).start();
    new ManagedClusterController(this.#parts).start();
    this.#groupDeletion.start();
  }

  listClusters(resourceGroup?: string): readonly UnknownMembers[] {
    return this.#clusters.list(resourceGroup).map((cluster) => this.#render(cluster));
  }

  getCluster(path: ClusterPath): UnknownMembers {
    return this.#render(this.#clusters.get(path));
  }

  /** The cluster as stored, for what needs more than its wire form (credentials). */
  cluster(path: ClusterPath): ManagedCluster {
    return this.#clusters.get(path);
  }

  /** The cluster whose API server has this host name, if any. */
  clusterByFqdn(fqdn: string): ManagedCluster | undefined {
    return this.#parts.store.find(managedClusters, 'byFqdn', fqdn.toLowerCase())[0];
  }

  putCluster(path: ClusterPath, body: unknown, pre: Preconditions = {}): Reply {
    return this.#clusters.put(path, body, pre);
  }

  patchClusterTags(path: ClusterPath, body: unknown, pre: Preconditions = {}): Reply {
    return this.#clusters.patchTags(path, body, pre);
  }

  deleteCluster(path: ClusterPath, pre: Preconditions = {}): Reply {
    return this.#clusters.delete(path, pre);
  }

  /** Deletes a resource group with the clusters and networks in it. */
  deleteResourceGroup(name: string): Reply {
    return this.#groupDeletion.begin(name);
  }

  abortCluster(path: ClusterPath): Reply {
    return this.#clusters.abort(path);
  }

  listAgentPools(path: ClusterPath): readonly UnknownMembers[] {
    return this.#pools.list(path).map(renderAgentPool);
  }

  getAgentPool(path: AgentPoolPath): UnknownMembers {
    return renderAgentPool(this.#pools.get(path));
  }

  putAgentPool(path: AgentPoolPath, body: unknown, pre: Preconditions = {}): Reply {
    return this.#pools.put(path, body, pre);
  }

  deleteAgentPool(path: AgentPoolPath, pre: Preconditions = {}): Reply {
    return this.#pools.delete(path, pre);
  }

  abortAgentPool(path: AgentPoolPath): Reply {
    return this.#pools.abort(path);
  }

  listMachines(path: AgentPoolPath): readonly UnknownMembers[] {
    const pool = this.#pools.get(path);
    const cluster = this.#clusters.get(path);
    return vmsOf(this.#parts.store, resourceKey(pool.id)).map((vm) => renderMachine(pool, cluster, vm));
  }

  /** @throws AzureError 404 NotFound */
  getMachine(path: AgentPoolPath, machine: string): UnknownMembers {
    const found = this.listMachines(path).find(({ name }) => name === machine.toLowerCase());
    if (found) return found;
    throw new AzureError({
      status: 404,
      code: 'NotFound',
      message: `Could not find the machine: ${machine}`,
    });
  }

  clusterUpgradeProfile(path: ClusterPath): UnknownMembers {
    const cluster = this.#clusters.get(path);
    const pools = poolsOf(this.#parts.store, resourceKey(cluster.id));
    return renderClusterUpgradeProfile(cluster, pools, this.#parts.clock.now());
  }

  agentPoolUpgradeProfile(path: AgentPoolPath): UnknownMembers {
    const { catalog, clock } = this.#parts;
    const context = { catalog, today: clock.now() };
    return renderAgentPoolUpgradeProfile(this.#pools.get(path), this.#clusters.get(path), context);
  }

  availableAgentPoolVersions(path: ClusterPath): UnknownMembers {
    return renderAvailableAgentPoolVersions(this.#clusters.get(path), this.#parts.clock.now());
  }

  kubernetesVersions(): UnknownMembers {
    return renderKubernetesVersions(this.#parts.clock.now());
  }

  orchestrators(location: string): UnknownMembers {
    return renderOrchestrators(this.#parts.subscription.id, location, this.#parts.clock.now());
  }

  /** Body of the status URL; `undefined` for an operation that never was. */
  operation(id: string): Record<string, unknown> | undefined {
    const operation = this.#parts.store.get(operations, id.toLowerCase());
    return operation && renderOperation(operation);
  }

  /** What the results URL answers; `undefined` for an operation that never was. */
  operationResult(id: string): OperationResult | undefined {
    const { store } = this.#parts;
    const operation = store.get(operations, id.toLowerCase());
    if (!operation) return undefined;
    const { outcome, subject, kind } = operation;
    if (outcome.status === 'InProgress') return { done: false };
    if (outcome.status !== 'Succeeded') return { done: true, error: outcome.error };
    if (kind === 'delete' || kind === 'abort') return { done: true };
    const pool = store.get(agentPools, subject.key);
    const cluster = store.get(managedClusters, subject.key);
    const body = pool ? renderAgentPool(pool) : cluster && this.#render(cluster);
    return { done: true, ...(body && { body }) };
  }

  /** The refusal of a request whose effect is not modelled: never a false success. */
  notAvailable(what: string): AzureError {
    return notModelled(what);
  }

  #render(cluster: ManagedCluster): UnknownMembers {
    return renderManagedCluster(cluster, poolsOf(this.#parts.store, resourceKey(cluster.id)));
  }
}
