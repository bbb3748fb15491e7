import { WorkQueue } from '../../sim/index.js';
import type { Change, Transaction, Versioned } from '../../store/index.js';
import { deleteObject } from '../api/index.js';
import type { ClusterKinds } from '../custom/index.js';
import type { KubeObject, OwnerReference, Stored } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { isOfObjects, objectKey } from '../resource-type.js';
import type { ControllerParts } from './controller.js';
import { releaseFinalizer } from './finalizers.js';
import { putOwners } from './owned.js';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

interface Dependent {
  readonly type: ResourceType;
  readonly entry: Versioned<Stored>;
}

/** Deletes what belongs to nobody any more (Kubernetes: garbage collection). */
export class GarbageCollector {
  readonly #parts: ControllerParts;
  readonly #owners: WorkQueue;
  readonly #dependents: WorkQueue;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#owners = new WorkQueue({
      name: 'garbage collection of dependents',
      clock: parts.clock,
      reconcile: (id) => this.#onOwnerGone(id),
    });
    this.#dependents = new WorkQueue({
      name: 'garbage collection',
      clock: parts.clock,
      reconcile: (id) => this.#finalize(id),
    });
  }

  start(): void {
    const { store, context } = this.#parts;
    for (const { collection } of context.kinds.everywhere()) {
      for (const { key, value } of store.entries(collection)) {
        const { cluster, object } = value;
        if (isHeld(object)) this.#dependents.add(idOf(cluster, collection.name, key));
        // An owner may have gone just before the process ended.
        for (const { uid } of object.metadata.ownerReferences ?? []) this.#owners.add(idOf(cluster, uid));
      }
    }
    store.watch({}, ({ changes }) => {
      for (const change of changes) this.#look(change);
    });
  }

  #look({ collection, key, before, after }: Change): void {
    if (!isOfObjects(collection)) return;
    const was = (before as Stored | undefined)?.object;
    const is = (after as Stored | undefined)?.object;
    const { cluster = '' } = ((after ?? before) as Stored | undefined) ?? {};
    if (was && !is) this.#owners.add(idOf(cluster, was.metadata.uid));
    if (is && isHeld(is)) this.#dependents.add(idOf(cluster, collection, key));
    // A new object may name an owner that has gone meanwhile.
    if (is && !was) this.#lookForOwners(cluster, is);
    // An owner that waits for its dependents looks again when one of them goes.
    if (was && !is)
      for (const owner of was.metadata.ownerReferences ?? []) this.#addHeld(cluster, was, owner);
  }

  /** Only owners that are not there are looked into: a large set has many dependents. */
  #lookForOwners(cluster: string, { metadata }: KubeObject): void {
    const { store, context } = this.#parts;
    const kinds = context.kinds.of(cluster);
    for (const owner of metadata.ownerReferences ?? []) {
      const found = ownerOf(store, kinds, cluster, metadata.namespace, owner);
      if (typeof found !== 'object') this.#owners.add(idOf(cluster, owner.uid));
    }
  }

  #addHeld(cluster: string, dependent: KubeObject, owner: OwnerReference): void {
    const { store, context } = this.#parts;
    const found = ownerOf(store, context.kinds.of(cluster), cluster, dependent.metadata.namespace, owner);
    if (typeof found === 'object' && isHeld(found.entry.value.object)) {
      this.#dependents.add(idOf(cluster, found.type.collection.name, found.entry.key));
    }
  }

  /** Deletes the dependents of an object that is gone, but for those that another owner keeps. */
  #onOwnerGone(id: string): void {
    const { store, context } = this.#parts;
    const [ofCluster = '', uid = ''] = id.split('|');
    const kinds = context.kinds.of(ofCluster);
    const dependents = dependentsOf(store, kinds, uid);
    if (dependents.length === 0) return;
    store.transact((tx) => {
      for (const { type, entry } of dependents) {
        const { cluster, object } = entry.value;
        const owners = object.metadata.ownerReferences ?? [];
        const living = owners.filter(
          (owner) => ownerOf(tx, kinds, cluster, object.metadata.namespace, owner) !== 'gone',
        );
        if (living.length === owners.length) continue;
        if (living.length === 0) {
          const isDeleted = object.metadata.deletionTimestamp !== undefined;
          if (!isDeleted) deleteObject(context, tx, type, entry, { propagation: 'Background' });
        } else putOwners(tx, type, entry, living);
      }
    });
  }

  /** Goes on with an object that waits to be deleted in the foreground, or whose dependents are to be left. */
  #finalize(id: string): void {
    const { store, context } = this.#parts;
    const [cluster = '', collection = '', key = ''] = id.split('|');
    const kinds = context.kinds.of(cluster);
    const type = kinds.ofCollection(collection);
    const present = type && store.entry(type.collection, key);
    if (!type || !present || !isHeld(present.value.object)) return;
    store.transact((tx) => {
      const entry = tx.entry(type.collection, key);
      if (!entry) return;
      const { uid, finalizers = [] } = entry.value.object.metadata;
      const dependents = dependentsOf(tx, kinds, uid);
      if (finalizers.includes(orphan)) {
        for (const dependent of dependents) {
          const { ownerReferences = [] } = dependent.entry.value.object.metadata;
          const others = ownerReferences.filter((owner) => owner.uid !== uid);
          putOwners(tx, dependent.type, dependent.entry, others);
        }
        releaseFinalizer(tx, type, entry, orphan);
        return;
      }
      const blocking = dependents.filter(({ entry: one }) =>
        one.value.object.metadata.ownerReferences?.some(
          (owner) => owner.uid === uid && owner.blockOwnerDeletion,
        ),
      );
      for (const dependent of dependents) {
        if (dependent.entry.value.object.metadata.deletionTimestamp !== undefined) continue;
        deleteObject(context, tx, dependent.type, dependent.entry, { propagation: 'Foreground' });
      }
      if (blocking.length === 0) releaseFinalizer(tx, type, entry, foreground);
    });
  }
}

const isHeld = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).some((one) => one === foreground || one === orphan);

/** A cluster and what is looked at in it: clusters, collections and keys have no bar in them. */
const idOf = (...parts: readonly string[]): string => parts.join('|');

function dependentsOf(
  reader: Pick<Transaction, 'count' | 'findEntries'>,
  kinds: ClusterKinds,
  uid: string,
): readonly Dependent[] {
  const dependents: Dependent[] = [];
  // Most of what goes owns nothing.
  for (const type of kinds.stored) {
    if (reader.count(type.collection, 'byOwner', uid) === 0) continue;
    for (const entry of reader.findEntries(type.collection, 'byOwner', uid)) dependents.push({ type, entry });
  }
  return dependents;
}

/** An owner; `unknown` when its kind is not served, so that nobody can tell whether it is there. */
function ownerOf(
  reader: Pick<Transaction, 'entry'>,
  kinds: ClusterKinds,
  cluster: string,
  namespace: string | undefined,
  owner: OwnerReference,
): Dependent | 'gone' | 'unknown' {
  const type = kinds.ofKind(owner.apiVersion, owner.kind);
  if (!type) return 'unknown';
  const entry = reader.entry(
    type.collection,
    objectKey(cluster, type.namespaced ? namespace : undefined, owner.name),
  );
  return entry?.value.object.metadata.uid === owner.uid ? { type, entry } : 'gone';
}
