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

/** The moment at which time begins in tests. */
export const testDay = instant(Date.UTC(2026, 7, 21));

/** An object with the members that tests look at. */
export type Shown = KubeObject & JsonObject;

const typeOf = (plural: string): ResourceType => {
  const found = builtInTypes.find((type) => type.plural === plural);
  if (!found) throw new Error(`There is no kind ${plural}`);
  return found;
};

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
    this.store.transact((tx) => this.kubernetes.addCluster(tx, this.key));
    this.pass(0);
  }

  /** Lets a number of seconds pass. */
  pass(count: number): void {
    this.clock.step(seconds(count));
  }

  write(
    plural: string,
    body: object,
    options: { user?: User; dryRun?: boolean; namespace?: string } = {},
  ): Written {
    const { user, dryRun = false } = options;
    const { type, scope } = this.#place(plural, options.namespace);
    const writing = { dryRun, fieldValidation: 'Strict', ...(user && { user }) } as const;
    return this.kubernetes.objects.create(type, scope, structuredClone(body), writing);
  }

  create(plural: string, body: object, options: { user?: User; namespace?: string } = {}): Shown {
    return this.write(plural, body, options).object as Shown;
  }

  patch(plural: string, name: string, body: object, options: { user?: User; part?: string } = {}): Shown {
    const { user, part: wanted } = options;
    const { type, scope } = this.#place(plural);
    const part =
      wanted === undefined ? 'object' : (type.parts.find((one) => one.name === wanted) ?? 'status');
    const writing = { dryRun: false, fieldValidation: 'Strict', ...(user && { user }) } as const;
    const patch = { type: 'merge', body } as const;
    return this.kubernetes.objects.patch(type, scope, name, patch, part, writing).object as Shown;
  }

  get(plural: string, name: string, namespace?: string): Shown {
    const { type, scope } = this.#place(plural, namespace);
    return this.kubernetes.objects.get(type, scope, name) as Shown;
  }

  list(plural: string): readonly Shown[] {
    const { type, scope } = this.#place(plural);
    return this.kubernetes.lists.list(type, scope, {}).items as readonly Shown[];
  }

  remove(plural: string, name: string, user?: User): void {
    const { type, scope } = this.#place(plural);
    this.kubernetes.objects.delete(type, scope, name, {}, { dryRun: false, ...(user && { user }) });
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
