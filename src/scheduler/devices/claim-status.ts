import { claimDeviceProtection, claimLimits, resourceClaims } from '../../kube/index.js';
import type { Allocation, Pod, ResourceClaim, Stored } from '../../kube/index.js';
import type { Transaction } from '../../store/index.js';
import { DeviceInventory } from './inventory.js';
import { podResourceClaims } from './pod-claims.js';
import type { ResourceClaimEntry } from './pod-claims.js';

/** True for a claim that a pod may use already. */
export const isReservedFor = ({ status }: ResourceClaim, { metadata }: Pod): boolean =>
  status?.reservedFor?.some(({ uid }) => uid === metadata.uid) === true;

/** True for a claim that one more pod can use. */
export const canBeReserved = ({ status }: ResourceClaim): boolean =>
  (status?.reservedFor ?? []).length < claimLimits.pods;

/** Lets a pod use a claim, and gives the claim its devices where it has none. */
export function reserveClaim(
  tx: Transaction,
  entry: ResourceClaimEntry,
  pod: Pod,
  allocation: Allocation | undefined,
): void {
  const { object: claim, cluster } = entry.value;
  const { finalizers = [] } = claim.metadata;
  const consumer = { resource: 'pods', name: pod.metadata.name, uid: pod.metadata.uid };
  const reservedFor = isReservedFor(claim, pod)
    ? (claim.status?.reservedFor ?? [])
    : [...(claim.status?.reservedFor ?? []), consumer];
  const isProtected = finalizers.includes(claimDeviceProtection);
  put(tx, entry, {
    ...claim,
    metadata: {
      ...claim.metadata,
      ...(allocation && !isProtected && { finalizers: [...finalizers, claimDeviceProtection] }),
    },
    status: { ...claim.status, ...(allocation && { allocation }), reservedFor },
  });
  DeviceInventory.of(tx, cluster).take(allocation);
}

/** Takes a claim's devices from it. */
export function deallocate(tx: Transaction, entry: ResourceClaimEntry): void {
  const { value } = entry;
  const { allocation, reservedFor: _users, devices: _states, ...status } = value.object.status ?? {};
  put(tx, entry, { ...value.object, status });
  DeviceInventory.of(tx, value.cluster).free(allocation);
}

/** A pod that was to be bound has no use for its claims now; what nobody else uses is free again. */
export function unreserveClaims(tx: Transaction, cluster: string, pod: Pod): void {
  const claims = podResourceClaims(tx, cluster, pod);
  if (typeof claims === 'string') return;
  for (const entry of claims) {
    const { object } = entry.value;
    const users = object.status?.reservedFor ?? [];
    const others = users.filter(({ uid }) => uid !== pod.metadata.uid);
    if (others.length === users.length) continue;
    if (others.length === 0) deallocate(tx, entry);
    else put(tx, entry, { ...object, status: { ...object.status, reservedFor: others } });
  }
}

function put(tx: Transaction, { key, value }: ResourceClaimEntry, object: ResourceClaim): void {
  const stored: Stored<ResourceClaim> = { ...value, object };
  tx.put(resourceClaims.collection, key, stored);
}
