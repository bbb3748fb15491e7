import type { Clock, Seed } from '../../sim/index.js';
import type { Transaction } from '../../store/index.js';
import type { Kinds } from '../custom/index.js';
import type { KubeObject } from '../object.js';
import type { Draft, ResourceType } from '../resource-type.js';
import { controlPlane } from '../user.js';
import type { User } from '../user.js';
import { noReplies } from '../webhooks/calls.js';
import type { WebhookReplies } from '../webhooks/calls.js';

/** Where objects are: a cluster, and a namespace for kinds that have one. */
export interface Scope {
  readonly cluster: string;
  readonly namespace?: string;
}

/** What a write does to an object. */
export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE';

interface AdmissionTarget {
  readonly tx: Transaction;
  readonly type: ResourceType;
  readonly scope: Scope;
  readonly name: string;
  /** The subresource that is written; undefined for the object itself. */
  readonly subresource: string | undefined;
}

/** A write on its way into the store, as admission sees it. */
export type AdmissionRequest =
  | (AdmissionTarget & { readonly operation: 'CREATE'; readonly draft: Draft; readonly before?: undefined })
  | (AdmissionTarget & { readonly operation: 'UPDATE'; readonly draft: Draft; readonly before: KubeObject })
  | (AdmissionTarget & {
      readonly operation: 'DELETE';
      readonly draft?: undefined;
      readonly before: KubeObject;
    });

/** What every write passes (Kubernetes: admission control). */
export interface AdmissionChain {
  /** Completes what is written, its draft in place, or refuses it. @throws StatusError */
  mutate(request: AdmissionRequest, context: WriteContext): void;
  /** Refuses what is complete and valid by itself. @throws StatusError */
  validate(request: AdmissionRequest, context: WriteContext): void;
  /** True when something may change such writes: who writes then has to look at the outcome again. */
  mutates(request: AdmissionRequest): boolean;
}

/** On whose behalf a write is made, and how. */
export interface Requester {
  readonly user: User;
  /** Everything is checked, nothing is kept. */
  readonly dryRun: boolean;
  /** Tells the client what did not refuse its request. */
  readonly warn: (text: string) => void;
  /** What webhooks outside of the cluster have answered. */
  readonly webhooks: WebhookReplies;
}

/** The control plane's own loops, which nobody reads warnings of. */
export const ownRequester: Requester = {
  user: controlPlane,
  dryRun: false,
  warn: () => undefined,
  webhooks: noReplies,
};

/** What writing objects takes. */
export interface WriteContext {
  readonly clock: Clock;
  readonly seed: Seed;
  readonly admission: AdmissionChain;
  readonly requester: Requester;
  /** The kinds of every cluster. */
  readonly kinds: Kinds;
  /** The minor version of a cluster's control plane, e.g. 34: some fields and rules came with one. */
  readonly minorOf: (cluster: string) => number;
}
