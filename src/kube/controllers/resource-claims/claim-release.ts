import type { Transaction, Versioned } from '../../../store/index.js';
import { deleteObject } from '../../api/index.js';
import {
  claimDeviceProtection,
  isFinished,
  isTerminating,
  pods,
  resourceClaimNames,
  resourceClaims,
} from '../../kinds/index.js';
import type { Pod, ResourceClaim } from '../../kinds/index.js';
import { controllerOf } from '../../object.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { releaseFinalizer } from '../finalizers.js';
import { putStatus } from '../owned.js';

/**
 * Takes pods that are done off the claims they used, frees the devices that nobody uses any more, and deletes claims that were
 * made for pods that are done (Kubernetes: resource claim controller, the claims' half).
 */
export class ClaimRelease extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: pods,
      keys: ({ cluster, before, after }) => {
        const pod = (after ?? before) as Pod;
        if (!pod.spec.resourceClaims || (after && !isDone(pod))) return [];
        return resourceClaimNames(pod).map((name) => objectKey(cluster, pod.metadata.namespace, name));
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, resourceClaims);
  }

  protected override readonly concerns = (object: KubeObject): boolean => {
    const { metadata, status } = object as ResourceClaim;
    return (status?.reservedFor ?? []).length > 0 || isTerminating(object) || isOfPod(object)
      ? true
      : metadata.finalizers?.includes(claimDeviceProtection) === true;
  };

  protected reconcile(tx: Transaction, { key }: Versioned<Stored>): undefined {
    this.#release(tx, key);
    this.#unprotect(tx, key);
    const left = tx.entry(resourceClaims.collection, key);
    if (left) this.#deleteMade(tx, left);
    return undefined;
  }

  /** What nobody uses any more is free; so is what was never used when it is to go. */
  #release(tx: Transaction, key: string): void {
    const entry = tx.entry(resourceClaims.collection, key);
    if (!entry) return;
    const { object, cluster } = entry.value;
    const { status = {}, metadata } = object as ResourceClaim;
    const users = status.reservedFor ?? [];
    const left = users.filter(
      ({ apiGroup, resource, name, uid }) =>
        // Users of another kind are somebody else's to take off.
        Boolean(apiGroup) || resource !== 'pods' || isUsing(tx, cluster, metadata.namespace, name, uid),
    );
    const isUseless = left.length === 0 && (users.length > 0 || isTerminating(object));
    if (left.length === users.length && !(isUseless && status.allocation)) return;
    const { allocation, devices, reservedFor: _users, ...rest } = status;
    putStatus(tx, resourceClaims, entry, {
      ...rest,
      ...(!isUseless && { ...(allocation && { allocation }), ...(devices && { devices }) }),
      ...(left.length > 0 && { reservedFor: left }),
    });
  }

  /** A claim without devices need not be kept from going. */
  #unprotect(tx: Transaction, key: string): void {
    const entry = tx.entry(resourceClaims.collection, key);
    const claim = entry?.value.object as ResourceClaim | undefined;
    if (!entry || !claim || claim.status?.allocation) return;
    if (claim.metadata.finalizers?.includes(claimDeviceProtection)) takeOff(tx, entry);
  }

  #deleteMade(tx: Transaction, entry: Versioned<Stored>): void {
    const { object, cluster } = entry.value;
    const { status, metadata } = object as ResourceClaim;
    const owner = isOfPod(object) ? controllerOf(object) : undefined;
    if (!owner || (status?.reservedFor ?? []).length > 0 || isTerminating(object)) return;
    if (isUsing(tx, cluster, metadata.namespace, owner.name, owner.uid)) return;
    deleteObject(this.parts.context, tx, resourceClaims, entry, { propagation: 'Background' });
  }
}

/** A claim that is on its way out goes with its last finalizer; another one stays. */
function takeOff(tx: Transaction, entry: Versioned<Stored>): void {
  const { key, value } = entry;
  if (isTerminating(value.object)) {
    releaseFinalizer(tx, resourceClaims, entry, claimDeviceProtection);
    return;
  }
  const { finalizers = [], ...metadata } = value.object.metadata;
  const left = finalizers.filter((one) => one !== claimDeviceProtection);
  const object = { ...value.object, metadata: { ...metadata, ...(left.length > 0 && { finalizers: left }) } };
  tx.put(resourceClaims.collection, key, { ...value, object });
}

const isOfPod = (claim: KubeObject): boolean => controllerOf(claim)?.kind === 'Pod';

/** A pod that has ended, or that is deleted before it got a node, uses nothing. */
const isDone = (pod: Pod): boolean => isFinished(pod) || (isTerminating(pod) && !pod.spec.nodeName);

function isUsing(
  tx: Transaction,
  cluster: string,
  namespace: string | undefined,
  name: string,
  uid: string,
): boolean {
  const pod = tx.get(pods.collection, objectKey(cluster, namespace, name))?.object as Pod | undefined;
  return pod?.metadata.uid === uid && !isDone(pod);
}
