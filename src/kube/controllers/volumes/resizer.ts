import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { after, quantityValue } from '../../../units/index.js';
import { toKubeTime } from '../../kube-time.js';
import {
  claimTerm,
  isBindingComplete,
  persistentVolumeClaims,
  pods,
  volumeAttachments,
} from '../../kinds/index.js';
import type {
  ClaimCondition,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StoredClaim,
  VolumeAttachment,
} from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import {
  capacityBytes,
  putClaim,
  putVolume,
  requestedBytes,
  storageClassOf,
  volumeEntry,
  volumesReady,
} from '../../volumes/index.js';
import type { ClaimEntry, VolumeEntry, VolumeTimings } from '../../volumes/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import { volumeDrivers } from './drivers/index.js';

type ClaimStatus = NonNullable<PersistentVolumeClaim['status']>;

const gibibyte = 2 ** 30;
const resizing = 'Resizing';
const waitingForNode = 'FileSystemResizePending';

/** Makes volumes larger when their claims ask for more (Kubernetes: volume expansion; CSI external-resizer). */
export class Resizer extends Controller {
  readonly #timings: VolumeTimings;
  protected readonly triggers: readonly Trigger[] = [
    {
      // The file system grows once the volume is on a node.
      type: volumeAttachments,
      keys: ({ cluster, after: now }, store) => {
        const { persistentVolumeName } = (now as VolumeAttachment | undefined)?.spec.source ?? {};
        if (persistentVolumeName === undefined) return [];
        const { claimRef } = volumeEntry(store, cluster, persistentVolumeName)?.value.object.spec ?? {};
        return claimRef?.name === undefined ? [] : [objectKey(cluster, claimRef.namespace, claimRef.name)];
      },
    },
  ];

  constructor(parts: ControllerParts, timings: VolumeTimings) {
    super(parts, persistentVolumeClaims);
    this.#timings = timings;
  }

  protected override readonly concerns = (object: KubeObject): boolean => {
    const claim = object as PersistentVolumeClaim;
    return isBindingComplete(claim) && requestedBytes(claim) > usableBytes(claim);
  };

  protected reconcile(tx: Transaction, found: Versioned<Stored>): Instant | undefined {
    const entry = found as ClaimEntry;
    const { object: claim, cluster } = entry.value;
    if (!this.concerns(claim) || claim.status?.phase !== 'Bound') return undefined;
    const volume = volumeEntry(tx, cluster, claim.spec.volumeName ?? '');
    const driver = volumeDrivers.get(volume?.value.object.spec.csi?.driver ?? '');
    if (!volume || !driver || storageClassOf(tx, cluster, claim)?.allowVolumeExpansion !== true)
      return undefined;
    if (capacityBytes(volume.value.object) < requestedBytes(claim)) return this.#grow(tx, entry, volume);
    if (!driver.growsOnNode) {
      this.#tell(tx, entry, 'VolumeResizeSuccessful', 'Resize volume succeeded', resizerOf(volume));
      this.#finish(tx, entry, volume.value.object);
    } else this.#growOnNode(tx, entry, volume.value.object);
    return undefined;
  }

  /** Makes the storage itself larger. */
  #grow(tx: Transaction, entry: ClaimEntry, volume: VolumeEntry): Instant | undefined {
    const { value, key } = entry;
    const now = this.parts.clock.now();
    const { name } = volume.value.object.metadata;
    if (value.resizedBy === undefined) {
      this.#tell(
        tx,
        entry,
        'ExternalExpanding',
        'waiting for an external controller to expand this PVC',
        'volume_expand',
      );
      const what = `External resizer is resizing volume ${name}`;
      this.#tell(tx, entry, resizing, what, resizerOf(volume));
      const resizedBy = after(now, this.#timings.resize);
      const status: ClaimStatus = {
        ...value.object.status,
        allocatedResources: { storage: value.object.spec.resources?.requests?.['storage'] ?? '' },
        allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' },
        conditions: [condition(resizing, now)],
      };
      const begun: StoredClaim = { ...value, resizedBy, object: { ...value.object, status } };
      tx.put(persistentVolumeClaims.collection, key, begun);
      return resizedBy;
    }
    if (now < value.resizedBy) return value.resizedBy;
    const size = `${String(Math.ceil(requestedBytes(value.object) / gibibyte))}Gi`;
    const { object } = volume.value;
    putVolume(tx, volume, {
      ...object,
      spec: { ...object.spec, capacity: { ...object.spec.capacity, storage: size } },
    });
    const { resizedBy: _done, ...settled } = value;
    tx.put(persistentVolumeClaims.collection, key, settled);
    return now;
  }

  /** The file system grows where the volume is in use; until then the claim says that it waits. */
  #growOnNode(tx: Transaction, entry: ClaimEntry, volume: PersistentVolume): void {
    const { object: claim, cluster } = entry.value;
    const { namespace, name } = claim.metadata;
    const users = (
      tx.find(pods.collection, 'byClaim', claimTerm(cluster, namespace, name)) as readonly Stored<Pod>[]
    ).map(({ object }) => object);
    const user = users.find((pod) => pod.spec.nodeName && volumesReady(tx, cluster, pod));
    if (user) {
      const what = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}"`;
      this.#tell(tx, entry, 'FileSystemResizeSuccessful', what, 'kubelet', user.spec.nodeName);
      this.#finish(tx, entry, volume);
      return;
    }
    if (claim.status?.conditions?.some(({ type }) => type === waitingForNode)) return;
    const what = 'Require file system resize of volume on node';
    this.#tell(
      tx,
      entry,
      'FileSystemResizeRequired',
      what,
      `external-resizer ${volume.spec.csi?.driver ?? ''}`,
    );
    const message = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';
    putClaim(tx, entry, {
      ...claim,
      status: {
        ...claim.status,
        allocatedResourceStatuses: { storage: 'NodeResizePending' },
        conditions: [condition(waitingForNode, this.parts.clock.now(), message)],
      },
    });
  }

  #finish(tx: Transaction, entry: ClaimEntry, volume: PersistentVolume): void {
    const { object: claim } = entry.value;
    const { conditions: _conditions, allocatedResourceStatuses: _statuses, ...status } = claim.status ?? {};
    const grown = volume.spec.capacity ? { capacity: volume.spec.capacity } : {};
    putClaim(tx, entry, { ...claim, status: { ...status, ...grown } });
  }

  #tell(
    tx: Transaction,
    { value }: ClaimEntry,
    reason: string,
    message: string,
    component: string,
    host?: string,
  ): void {
    recordEvent(tx, this.parts.context, value.cluster, value.object, {
      type: 'Normal',
      reason,
      message,
      component,
      ...(host !== undefined && { host }),
    });
  }
}

const resizerOf = ({ value }: VolumeEntry): string =>
  `external-resizer ${value.object.spec.csi?.driver ?? ''}`;

/** The bytes that a claim's pods can use. */
const usableBytes = ({ status }: PersistentVolumeClaim): number =>
  quantityValue(status?.capacity?.['storage'] ?? '0');

const condition = (type: string, now: Instant, message?: string): ClaimCondition => ({
  type,
  status: 'True',
  lastProbeTime: null,
  lastTransitionTime: toKubeTime(now),
  ...(message !== undefined && { message }),
});
