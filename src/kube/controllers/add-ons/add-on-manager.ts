import { createHash } from 'node:crypto';
import { WorkQueue } from '../../../sim/index.js';
import type { Change, Transaction } from '../../../store/index.js';
import { after, seconds } from '../../../units/index.js';
import { deleteObject, insertObject, replaceObject } from '../../api/index.js';
import { clusterProfiles, systemWorkloads } from '../../cluster/index.js';
import type { KeptProfile, Manifest } from '../../cluster/index.js';
import { builtInTypes, isTerminating } from '../../kinds/index.js';
import { canonicalJson } from '../../object.js';
import type { Stored } from '../../object.js';
import type { ResourceType } from '../../resource-type.js';
import { objectKey } from '../../resource-type.js';
import type { ControllerParts } from '../controller.js';
import { keptAddOns } from './kept-add-ons.js';

/** How soon what somebody has deleted is put back (Kubernetes: add-on manager, every minute). */
const restoresAfter = seconds(60);
const typesByCollection = new Map(builtInTypes.map((type) => [type.collection.name, type]));

/**
 * Keeps AKS's own workloads in each cluster: makes what its profile asks for, brings it up to date when the profile changes,
 * puts back what is deleted and takes away what is asked for no more. What somebody has changed stays until then.
 */
export class AddOnManager {
  readonly #parts: ControllerParts;
  readonly #clusters: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#clusters = new WorkQueue({
      name: 'add-on manager',
      clock: parts.clock,
      reconcile: (cluster) => this.#reconcile(cluster),
    });
  }

  start(): void {
    const { store, clock } = this.#parts;
    for (const { cluster } of store.list(clusterProfiles)) this.#clusters.add(cluster);
    store.watch({}, ({ changes }) => {
      for (const change of changes) {
        if (change.collection === clusterProfiles.name && change.after)
          this.#clusters.add((change.after as KeptProfile).cluster);
        else if (change.before && !change.after && this.#isKept(change)) {
          const { cluster } = change.before as Stored;
          this.#clusters.addAt(cluster, after(clock.now(), restoresAfter));
        }
      }
    });
  }

  /** True for an object that a cluster's profile asks for; none are asked for once the cluster has gone. */
  #isKept({ collection, key, before }: Change): boolean {
    if (!typesByCollection.has(collection)) return false;
    const kept = this.#parts.store.get(keptAddOns, (before as Stored).cluster);
    return kept?.applied[`${collection}|${key}`] !== undefined;
  }

  #reconcile(cluster: string): void {
    const { store } = this.#parts;
    const kept = store.get(clusterProfiles, cluster);
    if (!kept) return;
    const wanted = systemWorkloads(kept.profile);
    store.transact((tx) => {
      const before = tx.get(keptAddOns, cluster)?.applied ?? {};
      const applied: Record<string, string> = {};
      for (const manifest of wanted) {
        const key = objectKey(cluster, manifest.namespace, manifest.name);
        const id = `${manifest.type.collection.name}|${key}`;
        applied[id] = this.#apply(tx, cluster, manifest, key, before[id]);
      }
      for (const id of Object.keys(before)) if (!(id in applied)) this.#remove(tx, id);
      if (canonicalJson(applied) !== canonicalJson(before)) tx.put(keptAddOns, cluster, { cluster, applied });
    });
  }

  /** Brings one object up to date. @returns the digest of its body. */
  #apply(
    tx: Transaction,
    cluster: string,
    { type, namespace, draft, keep }: Manifest,
    key: string,
    before: string | undefined,
  ): string {
    const body = draft();
    const digest = createHash('sha256').update(canonicalJson(body)).digest('hex').slice(0, 16);
    const present = tx.entry(type.collection, key);
    if (!present) {
      const scope = { cluster, ...(namespace !== undefined && { namespace }) };
      insertObject(this.#parts.context, tx, type, scope, body);
    } else if (digest !== before && before !== undefined && !isTerminating(present.value.object)) {
      keep?.(body, present.value.object);
      replaceObject(this.#parts.context, tx, type, present, body, 'object');
    }
    return digest;
  }

  #remove(tx: Transaction, id: string): void {
    const at = id.indexOf('|');
    const type: ResourceType | undefined = typesByCollection.get(id.slice(0, at));
    const entry = type && tx.entry(type.collection, id.slice(at + 1));
    if (type && entry && !isTerminating(entry.value.object))
      deleteObject(this.#parts.context, tx, type, entry, { propagation: 'Background' });
  }
}
