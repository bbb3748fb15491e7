import { WorkQueue } from '../../../sim/index.js';
import { controllerOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { jobTracking, jobs, pods } from '../../kinds/index.js';
import type { Pod } from '../../kinds/index.js';
import { objectKey } from '../../resource-type.js';
import type { ControllerParts } from '../controller.js';
import { letGo } from './accounts.js';

/** Lets the pods go whose job is gone: nobody counts them any more (Kubernetes: job tracking, orphan pods). */
export class JobPodRelease {
  readonly #parts: ControllerParts;
  readonly #queue: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue({
      name: 'release of a job’s pod',
      clock: parts.clock,
      reconcile: (key) => this.#release(key),
    });
  }

  start(): void {
    const { store } = this.#parts;
    for (const { key, value } of store.entries(pods.collection))
      if (this.#isOrphan(value)) this.#queue.add(key);
    store.watch({ collections: [pods.collection, jobs.collection] }, ({ changes }) => {
      for (const { collection, key, before, after } of changes) {
        if (collection === jobs.collection.name) {
          if (!after) this.#onJobGone((before as Stored).object);
        } else if (collection === pods.collection.name) {
          if (after && this.#isOrphan(after as Stored)) this.#queue.add(key);
        }
      }
    });
  }

  #onJobGone({ metadata }: KubeObject): void {
    for (const { key, value } of this.#parts.store.findEntries(pods.collection, 'byOwner', metadata.uid))
      if (this.#isOrphan(value)) this.#queue.add(key);
  }

  #isOrphan({ cluster, object }: Stored): boolean {
    if (object.metadata.finalizers?.includes(jobTracking) !== true) return false;
    const owner = controllerOf(object);
    if (owner?.kind !== 'Job') return true;
    const key = objectKey(cluster, object.metadata.namespace, owner.name);
    return this.#parts.store.get(jobs.collection, key)?.object.metadata.uid !== owner.uid;
  }

  #release(key: string): void {
    this.#parts.store.transact((tx) => {
      const entry = tx.entry(pods.collection, key);
      if (entry && this.#isOrphan(entry.value)) letGo(tx, { ...entry, value: entry.value as Stored<Pod> });
    });
  }
}
