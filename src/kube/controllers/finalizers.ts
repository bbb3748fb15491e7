import type { Transaction, Versioned } from '../../store/index.js';
import type { Stored } from '../object.js';
import type { ResourceType } from '../resource-type.js';

/** Takes a finalizer off; the object goes with its last one. */
export function releaseFinalizer(
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
