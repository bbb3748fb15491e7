import { AzureError } from '../../azure/index.js';
import type { ErrorDetail } from '../../azure/index.js';
import type { Seed } from '../../sim/index.js';
import { defineCollection } from '../../store/index.js';
import type { Reader, Transaction } from '../../store/index.js';
import type { Instant } from '../../units/index.js';
import { toIso } from '../../units/index.js';

/** What an operation works on; `key` is the lower-case ARM id (for a resource group, its lower-case name). */
export interface Subject {
  readonly kind: 'agentPool' | 'managedCluster' | 'resourceGroup';
  readonly key: string;
}

export type OperationKind = 'create' | 'update' | 'scale' | 'delete' | 'abort';

/** Why an operation ended without success, as its status body shows it. */
export interface OperationError {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly ErrorDetail[];
}

/**
 * A long-running operation. Everything its controller needs to go on after a restart is here: nothing lives in a
 * closure.
 */
export interface Operation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly subject: Subject;
  /** Lower-case ARM id of the cluster it belongs to; empty for a resource group's. */
  readonly cluster: string;
  /** The cluster operation this one is a part of, if any. */
  readonly parent?: string;
  /** Region whose `operations` URL answers for it. */
  readonly location: string;
  readonly startTime: Instant;
  /** When its work begins: a pool made with its cluster waits for the control plane. */
  readonly beginsAt: Instant;
  /** The earliest end: the time the cloud takes apart from its VMs. */
  readonly endsNotBefore: Instant;
  /** True once the missing VMs were asked for: an allocation that failed is not asked for again by the same operation. */
  readonly allocated?: boolean;
  /** True once the running nodes carry the pool's present labels and taints. */
  readonly nodesSynced?: boolean;
  /** The first failure met; the operation still waits for what is under way, then ends Failed. */
  readonly failure?: OperationError;
  readonly outcome: OperationOutcome;
}

export type OperationOutcome =
  | { readonly status: 'InProgress' }
  | { readonly status: 'Succeeded'; readonly endTime: Instant }
  | { readonly status: 'Failed' | 'Canceled'; readonly endTime: Instant; readonly error: OperationError };

const active = (operation: Operation): boolean => operation.outcome.status === 'InProgress';

/** Operations by id. Ended ones are kept: clients treat an unknown status URL as still running. */
export const operations = defineCollection<Operation>('operations', {
  activeBySubject: (operation) => (active(operation) ? operation.subject.key : undefined),
  activeByCluster: (operation) => (active(operation) ? operation.cluster : undefined),
  byParent: (operation) => operation.parent,
  bySubject: (operation) => operation.subject.key,
});

/** The operation in progress on a resource, if any. */
export const activeOperation = (reader: Reader, subjectKey: string): Operation | undefined =>
  reader.find(operations, 'activeBySubject', subjectKey)[0];

/** Starts an operation; its id follows from the seed and the revision, so a replay makes the same one. */
export function startOperation(
  tx: Transaction,
  seed: Seed,
  init: Omit<Operation, 'id' | 'outcome'>,
): Operation {
  const operation: Operation = {
    ...init,
    id: seed.stream('operation', `${init.subject.key}@${String(tx.revision)}/${init.kind}`).guid(),
    outcome: { status: 'InProgress' },
  };
  tx.put(operations, operation.id, operation, 'absent');
  return operation;
}

/** Ends an operation: Failed when a failure was met or given, else Succeeded. */
export function endOperation(tx: Transaction, operation: Operation, now: Instant): Operation {
  const outcome: OperationOutcome = operation.failure
    ? { status: 'Failed', endTime: now, error: operation.failure }
    : { status: 'Succeeded', endTime: now };
  const ended = { ...operation, outcome };
  tx.put(operations, operation.id, ended);
  return ended;
}

/** Ends an operation as Canceled, because the user aborted it or another operation took its place. */
export function cancelOperation(
  tx: Transaction,
  operation: Operation,
  now: Instant,
  error: OperationError,
): void {
  tx.put(operations, operation.id, { ...operation, outcome: { status: 'Canceled', endTime: now, error } });
}

/** An operation's error in the terms of ARM's status body. */
export const operationError = (error: AzureError): OperationError => ({
  code: error.code,
  message: error.message,
  ...(error.details && { details: error.details }),
});

/** Body of the `operations/{id}` status URL (ARM: asynchronous operations). */
export function renderOperation(operation: Operation): Record<string, unknown> {
  const { outcome } = operation;
  return {
    name: operation.id,
    status: outcome.status,
    startTime: toIso(operation.startTime),
    ...(outcome.status !== 'InProgress' && { endTime: toIso(outcome.endTime) }),
    ...((outcome.status === 'Failed' || outcome.status === 'Canceled') && { error: outcome.error }),
  };
}

const inProgress = (what: string): AzureError =>
  new AzureError({
    status: 409,
    code: 'OperationNotAllowed',
    message:
      `Operation is not allowed: Another ${what} is in progress, please wait for it to finish before starting a ` +
      'new operation. See https://aka.ms/aks-pending-operation for more details',
  });

/** 409 while the cluster itself is busy (AKS: aks-pending-operation). */
export const clusterBusy = (provisioningState: string): AzureError =>
  inProgress(`operation (${provisioningState})`);

/** 409 while a pool is busy, for a request on that pool or on its cluster. */
export const agentPoolBusy = (pool: string, provisioningState: string): AzureError =>
  inProgress(`agentpool operation (${pool} - ${provisioningState})`);

/** 409 for anything but a deletion once a deletion was accepted. */
export const deletionIssued = (attempted: string, resource: string): AzureError =>
  new AzureError({
    status: 409,
    code: 'OperationNotAllowed',
    message:
      `Unable to perform '${attempted}' operation on '${resource}' since deletion was issued on '${resource}'. ` +
      'The only allowed operation is deletion once deletion has started.',
  });
