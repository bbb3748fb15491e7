import type { Transaction, Versioned } from '../../store/index.js';
import { controllerOf } from '../object.js';
import type { KubeObject, Stored } from '../object.js';
import { isTerminating } from '../kinds/index.js';
import type { ResourceType } from '../resource-type.js';
import { namespaceTerm } from '../resource-type.js';
import { controllerReference, putOwners } from './owned.js';

/** Who takes up and lets go of what it selects. */
export interface Adopter {
  readonly type: ResourceType;
  readonly entry: Versioned<Stored>;
  readonly selects: (object: KubeObject) => boolean;
}

/**
 * Makes a controller the one of all it selects of a kind that has none (Kubernetes: adoption). The kind has an index
 * `uncontrolled`. What is being deleted is left alone, and who is being deleted adopts nothing.
 */
export function adopt(
  tx: Transaction,
  { type: ownerType, entry: owner, selects }: Adopter,
  type: ResourceType,
  mayAdopt: (object: KubeObject) => boolean = () => true,
): void {
  const { cluster, object } = owner.value;
  if (isTerminating(object)) return;
  const term = namespaceTerm(cluster, object.metadata.namespace ?? '');
  if (tx.count(type.collection, 'uncontrolled', term) === 0) return;
  for (const orphan of tx.findEntries(type.collection, 'uncontrolled', term)) {
    const found = orphan.value.object;
    if (isTerminating(found) || !selects(found) || !mayAdopt(found)) continue;
    const others = (found.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== object.metadata.uid);
    putOwners(tx, type, orphan, [...others, controllerReference(ownerType, object)]);
  }
}

/** Lets go of what a controller has and does not select any more (Kubernetes: release). */
export function release(
  tx: Transaction,
  { entry: owner, selects }: Adopter,
  type: ResourceType,
  owned: readonly Versioned<Stored>[],
): void {
  const { uid } = owner.value.object.metadata;
  if (isTerminating(owner.value.object)) return;
  for (const entry of owned) {
    const { object } = entry.value;
    if (controllerOf(object)?.uid !== uid || selects(object)) continue;
    putOwners(
      tx,
      type,
      entry,
      (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid),
    );
  }
}
