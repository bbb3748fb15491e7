import type { Clock, Seed } from '../../sim/index.js';
import type { Transaction } from '../../store/index.js';
import type { Draft, ResourceType } from '../resource-type.js';

/** Where objects are: a cluster, and a namespace for kinds that have one. */
export interface Scope {
  readonly cluster: string;
  readonly namespace?: string;
}

/** A new object that admission may complete or refuse. */
export interface Admission {
  readonly tx: Transaction;
  readonly type: ResourceType;
  readonly scope: Scope;
  /** Completed in place. */
  readonly draft: Draft;
}

/** Completes or refuses new objects (Kubernetes: admission plugins). @throws StatusError */
export type AdmissionPlugin = (request: Admission, context: WriteContext) => void;

/** What writing objects takes. */
export interface WriteContext {
  readonly clock: Clock;
  readonly seed: Seed;
  readonly admission: readonly AdmissionPlugin[];
}
