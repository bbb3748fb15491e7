import { Seed, SimClock } from '../sim/index.js';
import { Store } from '../store/index.js';
import { instant, seconds } from '../units/index.js';
import type { Written } from './api/index.js';
import { StatusError } from './api/index.js';
import { builtInTypes } from './kinds/index.js';
import { fastKubelet } from './kubelet/index.js';
import { Kubernetes, kubernetesCollections } from './kubernetes.js';
import type { JsonObject, KubeObject } from './object.js';
import type { ResourceType } from './resource-type.js';
import type { User } from './user.js';
import type { WebhookReplies } from './webhooks/index.js';

/** The moment at which time begins in tests. */
export const testDay = instant(Date.UTC(2026, 7, 21));

/** An object with the members that tests look at. */
export type Shown = KubeObject & JsonObject;

const typeOf = (plural: string): ResourceType => {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(`There is no kind ${plural}`);
  return found;
};

/** How a test asks for something; by default as the control plane itself, in the cluster's namespace. */
export interface Asking {
  readonly user?: User;
  readonly dryRun?: boolean;
  readonly namespace?: string;
  readonly webhooks?: WebhookReplies;
}

const writing = ({ user, dryRun = false, webhooks }: Asking) =>
  ({ dryRun, fieldValidation: 'Strict', ...(user && { user }), ...(webhooks && { webhooks }) }) as const;

/** A control plane with one cluster, `c`, without nodes, for tests: its objects as a user sees and changes them. */
export class TestCluster {
  readonly clock = new SimClock({ start: testDay, mode: { kind: 'virtual' } });
  readonly store: Store;
  readonly kubernetes: Kubernetes;
  readonly key = 'c';
  readonly namespace: string;

  constructor(namespace = 'default') {
    this.namespace = namespace;
    this.store = Store.open({ now: () => this.clock.now(), collections: kubernetesCollections });
    this.kubernetes = new Kubernetes({ store: this.store, clock: this.clock, seed: new Seed('1') });
    this.kubernetes.start(fastKubelet);
    this.store.transact((tx) => this.kubernetes.putCluster(tx, this.key));
    this.pass(0);
  }

  /** Lets a number of seconds pass. */
  pass(count: number): void {
    this.clock.step(seconds(count));
  }

  write(plural: string, body: object, options: Asking = {}): Written {
    const { type, scope } = this.#place(plural, options.namespace);
    return this.kubernetes.objects.create(type, scope, structuredClone(body), writing(options));
  }

  create(plural: string, body: object, options: Asking = {}): Shown {
    return this.write(plural, body, options).object as Shown;
  }

  patch(
    plural: string,
    name: string,
    body: object,
    options: Asking & { readonly part?: string } = {},
  ): Shown {
    const { type, scope } = this.#place(plural, options.namespace);
    const named = type.parts.find((part) => part.name === options.part);
    const part = options.part === undefined ? 'object' : (named ?? 'status');
    const patch = { type: 'merge', body } as const;
    return this.kubernetes.objects.patch(type, scope, name, patch, part, writing(options)).object as Shown;
  }

  get(plural: string, name: string, namespace?: string): Shown {
    const { type, scope } = this.#place(plural, namespace);
    return this.kubernetes.objects.get(type, scope, name) as Shown;
  }

  list(plural: string): readonly Shown[] {
    const { type, scope } = this.#place(plural);
    return this.kubernetes.lists.list(type, scope, {}).items as readonly Shown[];
  }

  remove(plural: string, name: string, options: Asking = {}): void {
    const { type, scope } = this.#place(plural, options.namespace);
    this.kubernetes.objects.delete(type, scope, name, {}, writing(options));
  }

  #place(plural: string, namespace = this.namespace) {
    const type = typeOf(plural);
    return { type, scope: type.namespaced ? { cluster: this.key, namespace } : { cluster: this.key } };
  }
}

/** The message by which an action is refused, after its code; `taken` when it is not. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof StatusError) return `${String(error.code)} ${error.message}`;
    throw error;
  }
  return 'taken';
}
