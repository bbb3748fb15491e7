import {
  beginDeleteInstances,
  createInstances,
  deleteScaleSet,
  instancesOf,
  isOff,
  liveInstances,
  scaleSets,
  virtualMachines,
} from '../../azure/index.js';
import type { ScaleSet, VirtualMachine } from '../../azure/index.js';
import { kubelets, nodes } from '../../kube/index.js';
import type { NodeKubelet } from '../../kube/index.js';
import { WorkQueue } from '../../sim/index.js';
import type { Commit, Reader, Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import type { AgentPool } from '../model.js';
import { agentPools } from './collections.js';
import { syncNodes } from './node-sync.js';
import { activeOperation, endOperation, operationError, operations } from './operations.js';
import type { Operation, OperationError } from './operations.js';
import type { LifecycleParts } from './parts.js';
import { ensureScaleSet, scaleSetOf, vmsOf } from './pool-infrastructure.js';

/** Moment at which a pool must be looked at again; `undefined` when only a change can move it on. */
type NextLook = Instant | undefined;

/**
 * Brings each pool with an operation in progress to the state its model asks for, and ends the operation.
 * Level-triggered: every step reads the store alone, so a restart or a lost event only delays it.
 */
export class AgentPoolController {
  readonly #parts: LifecycleParts;
  readonly #queue: WorkQueue;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue({
      name: 'agent pool',
      clock: parts.clock,
      reconcile: (key) => this.#reconcile(key),
    });
  }

  /** Takes up the operations in progress, then follows operations, VMs and kubelets. */
  start(): void {
    const { store } = this.#parts;
    for (const operation of store.list(operations)) this.#enqueue(operation);
    store.watch({ collections: [operations, virtualMachines, kubelets] }, (commit) => this.#onCommit(commit));
  }

  #enqueue(operation: Operation): void {
    if (operation.subject.kind === 'agentPool' && operation.outcome.status === 'InProgress') {
      this.#queue.add(operation.subject.key);
    }
  }

  #onCommit(commit: Commit): void {
    for (const { collection, before, after } of commit.changes) {
      const value = after ?? before;
      if (collection === operations.name) this.#enqueue(value as Operation);
      if (collection === kubelets.name) this.#queue.add((value as NodeKubelet).agentPool);
      if (collection === virtualMachines.name) {
        const scaleSet = this.#parts.store.get(scaleSets, (value as VirtualMachine).scaleSet);
        if (scaleSet) this.#queue.add(scaleSet.agentPool);
      }
    }
  }

  #reconcile(key: string): void {
    const operation = activeOperation(this.#parts.store, key);
    if (!operation) return;
    const next = this.#parts.store.transact((tx) => this.#advance(tx, key, operation));
    if (next !== undefined) this.#queue.addAt(key, next);
  }

  #advance(tx: Transaction, key: string, operation: Operation): NextLook {
    const now = this.#parts.clock.now();
    const pool = tx.get(agentPools, key);
    if (!pool) {
      endOperation(tx, operation, now);
      return undefined;
    }
    if (now < operation.beginsAt) return operation.beginsAt;
    switch (operation.kind) {
      case 'delete':
        return this.#advanceDeletion(tx, key, operation);
      case 'abort':
        return this.#advanceAbort(tx, key, pool, operation);
      case 'create':
      case 'scale':
      case 'update':
        return this.#converge(tx, key, pool, operation);
    }
  }

  /** One step towards `count` nodes that carry the pool's labels, taints and tags. */
  #converge(tx: Transaction, key: string, pool: AgentPool, operation: Operation): NextLook {
    const now = this.#parts.clock.now();
    const scaleSet = ensureScaleSet(tx, this.#parts, pool);
    let current = operation;
    if (!current.nodesSynced) {
      syncNodes(tx, this.#parts, pool);
      current = { ...current, nodesSynced: true };
    }
    current = this.#resize(tx, pool, scaleSet, current);
    if (current !== operation) tx.put(operations, current.id, current);

    if (!hasSettled(tx, key, scaleSet)) return undefined;
    const vms = tx.count(virtualMachines, 'byScaleSet', scaleSet.key);
    if (vms !== pool.properties.count && !current.failure) return undefined;
    if (now < current.endsNotBefore) return current.endsNotBefore;
    this.#finish(tx, key, pool, current);
    return undefined;
  }

  /** Asks for the VMs that are missing, once, or deletes those that are too many: failed ones first, then the newest. */
  #resize(tx: Transaction, pool: AgentPool, scaleSet: ScaleSet, operation: Operation): Operation {
    const live = liveInstances(tx, scaleSet.key);
    const missing = pool.properties.count - live.length;
    if (missing < 0) this.#remove(tx, leastUsefulFirst(live).slice(0, -missing));
    if (missing <= 0 || operation.allocated) return operation;
    const { failure } = createInstances(tx, this.#parts, scaleSet.key, missing, this.#parts.clock.now());
    return { ...operation, allocated: true, ...(failure && { failure: operationError(failure) }) };
  }

  #remove(tx: Transaction, vms: readonly VirtualMachine[]): void {
    const keys = vms.map((vm) => vm.key);
    beginDeleteInstances(tx, this.#parts, keys, this.#parts.clock.now());
  }

  #finish(tx: Transaction, key: string, pool: AgentPool, operation: Operation): void {
    const ended = endOperation(tx, operation, this.#parts.clock.now());
    tx.put(agentPools, key, withOutcome(pool, ended.failure));
  }

  /** Deletes what the pool stands on, then the pool itself. */
  #advanceDeletion(tx: Transaction, key: string, operation: Operation): NextLook {
    const now = this.#parts.clock.now();
    const scaleSet = scaleSetOf(tx, key);
    if (scaleSet) {
      this.#remove(tx, liveInstances(tx, scaleSet.key));
      if (tx.count(virtualMachines, 'byScaleSet', scaleSet.key) > 0) return undefined;
    }
    if (tx.count(nodes, 'byAgentPool', key) > 0) return undefined;
    if (now < operation.endsNotBefore) return operation.endsNotBefore;
    if (scaleSet) deleteScaleSet(tx, scaleSet.key);
    tx.delete(agentPools, key);
    endOperation(tx, operation, now);
    return undefined;
  }

  /** An aborted pool keeps what was done so far: its count becomes the VMs it has (AKS: operation abort). */
  #advanceAbort(tx: Transaction, key: string, pool: AgentPool, operation: Operation): NextLook {
    const now = this.#parts.clock.now();
    if (now < operation.endsNotBefore) return operation.endsNotBefore;
    const count = vmsOf(tx, key).length;
    endOperation(tx, operation, now);
    tx.put(agentPools, key, {
      ...pool,
      properties: { ...pool.properties, count, provisioningState: 'Canceled' },
    });
    return undefined;
  }
}

const leastUsefulFirst = (vms: readonly VirtualMachine[]): readonly VirtualMachine[] => {
  const newestFirst = vms.toReversed();
  return [
    ...newestFirst.filter(({ state }) => state.kind === 'failed'),
    ...newestFirst.filter(({ state }) => state.kind !== 'failed'),
  ];
};

/** Whether no VM is on its way: each has become a node, or has failed, or was turned off before it could. */
function hasSettled(reader: Reader, poolKey: string, { key }: ScaleSet): boolean {
  if (reader.count(virtualMachines, 'byScaleSet', key) === reader.count(kubelets, 'joined', poolKey)) {
    return true;
  }
  const joined = new Set(reader.find(kubelets, 'joined', poolKey).map(({ vm }) => vm));
  return instancesOf(reader, key).every(
    (vm) => joined.has(vm.key) || vm.state.kind === 'failed' || isOff(vm),
  );
}

function withOutcome(pool: AgentPool, failure: OperationError | undefined): AgentPool {
  const { status: _previous, ...properties } = pool.properties;
  return {
    ...pool,
    properties: failure
      ? { ...properties, provisioningState: 'Failed', status: { provisioningError: failure } }
      : { ...properties, provisioningState: 'Succeeded' },
  };
}
