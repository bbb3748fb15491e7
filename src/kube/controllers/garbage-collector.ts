import { WorkQueue } from '../../sim/index.js';
import type { Change, Transaction, Versioned } from '../../store/index.js';
import { deleteObject } from '../api/index.js';
import { builtInTypes } from '../kinds/index.js';
import type { KubeObject, OwnerReference, Stored } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { apiVersionOf, objectKey } from '../resource-type.js';
import type { ControllerParts } from './controller.js';

const typesByKind = new Map(builtInTypes.map((type) => [`${apiVersionOf(type)}/${type.kind}`, type]));
const typesByCollection = new Map(builtInTypes.map((type) => [type.collection.name, type]));

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
    this.#owners = new WorkQueue({ clock: parts.clock, reconcile: (uid) => this.#onOwnerGone(uid) });
    this.#dependents = new WorkQueue({ clock: parts.clock, reconcile: (id) => this.#finalize(id) });
  }

  start(): void {
    const { store } = this.#parts;
    for (const { collection } of builtInTypes) {
      for (const { key, value } of store.entries(collection)) {
        if (isHeld(value.object)) this.#dependents.add(`${collection.name}|${key}`);
        // An owner may have gone just before the process ended.
        for (const { uid } of value.object.metadata.ownerReferences ?? []) this.#owners.add(uid);
      }
    }
    store.watch({}, ({ changes }) => {
      for (const change of changes) this.#look(change);
    });
  }

  #look({ collection, key, before, after }: Change): void {
    if (!typesByCollection.has(collection)) return;
    const was = (before as Stored | undefined)?.object;
    const is = (after as Stored | undefined)?.object;
    if (was && !is) this.#owners.add(was.metadata.uid);
    if (is && isHeld(is)) this.#dependents.add(`${collection}|${key}`);
    // A new object may name an owner that has gone meanwhile.
    if (is && !was) for (const { uid } of is.metadata.ownerReferences ?? []) this.#owners.add(uid);
    // An owner that waits for its dependents looks again when one of them goes.
    const { cluster = '' } = (before as Stored | undefined) ?? {};
    if (was && !is)
      for (const owner of was.metadata.ownerReferences ?? []) this.#addHeld(cluster, was, owner);
  }

  #addHeld(cluster: string, dependent: KubeObject, owner: OwnerReference): void {
    const found = ownerOf(this.#parts.store, cluster, dependent.metadata.namespace, owner);
    if (found && isHeld(found.entry.value.object)) {
      this.#dependents.add(`${found.type.collection.name}|${found.entry.key}`);
    }
  }

  /** Deletes the dependents of an object that is gone, but for those that another owner keeps. */
  #onOwnerGone(uid: string): void {
    const { store, context } = this.#parts;
    const dependents = dependentsOf(store, uid);
    if (dependents.length === 0) return;
    store.transact((tx) => {
      for (const { type, entry } of dependents) {
        const { cluster, object } = entry.value;
        const owners = object.metadata.ownerReferences ?? [];
        const living = owners.filter((owner) => ownerOf(tx, cluster, object.metadata.namespace, owner));
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
    const at = id.indexOf('|');
    const type = typesByCollection.get(id.slice(0, at));
    const key = id.slice(at + 1);
    const present = type && store.entry(type.collection, key);
    if (!type || !present || !isHeld(present.value.object)) return;
    store.transact((tx) => {
      const entry = tx.entry(type.collection, key);
      if (!entry) return;
      const { uid, finalizers = [] } = entry.value.object.metadata;
      const dependents = dependentsOf(tx, uid);
      if (finalizers.includes(orphan)) {
        for (const dependent of dependents) {
          const { ownerReferences = [] } = dependent.entry.value.object.metadata;
          const others = ownerReferences.filter((owner) => owner.uid !== uid);
          putOwners(tx, dependent.type, dependent.entry, others);
        }
        release(tx, type, entry, orphan);
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
      if (blocking.length === 0) release(tx, type, entry, foreground);
    });
  }
}

const isHeld = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).some((one) => one === foreground || one === orphan);

function dependentsOf(reader: Pick<Transaction, 'findEntries'>, uid: string): readonly Dependent[] {
  return builtInTypes.flatMap((type) =>
    reader.findEntries(type.collection, 'byOwner', uid).map((entry) => ({ type, entry })),
  );
}

function ownerOf(
  reader: Pick<Transaction, 'entry'>,
  cluster: string,
  namespace: string | undefined,
  owner: OwnerReference,
): Dependent | undefined {
  const type = typesByKind.get(`${owner.apiVersion}/${owner.kind}`);
  if (!type) return undefined;
  const entry = reader.entry(
    type.collection,
    objectKey(cluster, type.namespaced ? namespace : undefined, owner.name),
  );
  return entry?.value.object.metadata.uid === owner.uid ? { type, entry } : undefined;
}

function putOwners(
  tx: Transaction,
  type: ResourceType,
  { key, value }: Versioned<Stored>,
  owners: readonly OwnerReference[],
): void {
  const { ownerReferences: _owners, ...metadata } = value.object.metadata;
  const object = {
    ...value.object,
    metadata: { ...metadata, ...(owners.length > 0 && { ownerReferences: owners }) },
  };
  tx.put(type.collection, key, { ...value, object });
}

/** Takes a finalizer off; the object goes with its last one. */
function release(
  tx: Transaction,
  type: ResourceType,
  { key, value }: Versioned<Stored>,
  finalizer: string,
): void {
  const { finalizers = [], ...metadata } = value.object.metadata;
  const left = finalizers.filter((one) => one !== finalizer);
  if (left.length === 0 && (metadata.deletionGracePeriodSeconds ?? 0) === 0) {
    tx.delete(type.collection, key);
    return;
  }
  const object = { ...value.object, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } };
  tx.put(type.collection, key, { ...value, object });
}
