import { WorkQueue } from '../../sim/index.js';
import type { Store } from '../../store/index.js';
import { resourceQuotas } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import { QuotaUsage } from '../quota/index.js';
import type { ResourceQuota } from '../quota/index.js';
import type { ControllerParts } from './controller.js';

/** Keeps what quotas say is used in step with what is there (Kubernetes: ResourceQuota controller). */
export class ResourceQuotaController {
  readonly #store: Store;
  readonly #usage: QuotaUsage;
  readonly #queue: WorkQueue;

  constructor({ store, clock, context }: ControllerParts) {
    this.#store = store;
    this.#usage = new QuotaUsage(store, context.kinds);
    this.#queue = new WorkQueue({ name: 'resource quota', clock, reconcile: (key) => this.#reconcile(key) });
  }

  /** Takes up all quotas there are, then follows what changes. */
  start(): void {
    for (const { key } of this.#store.entries(resourceQuotas.collection)) this.#queue.add(key);
    this.#usage.onChange((key) => this.#queue.add(key));
  }

  #reconcile(key: string): void {
    const stored = this.#store.get(resourceQuotas.collection, key);
    if (!stored) return;
    const quota = stored.object as ResourceQuota;
    const status = { hard: quota.spec?.hard ?? {}, used: this.#usage.usedOf(key, stored) };
    if (canonicalJson(quota.status ?? {}) === canonicalJson(status)) return;
    this.#store.transact((tx) => {
      tx.put(resourceQuotas.collection, key, { ...stored, object: { ...quota, status } as ResourceQuota });
    });
  }
}
