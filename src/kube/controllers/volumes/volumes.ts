import type { Transaction, Versioned } from '../../../store/index.js';
import type { Instant } from '../../../units/index.js';
import { after } from '../../../units/index.js';
import {
  attachmentTerm,
  isTerminating,
  persistentVolumeClaims,
  persistentVolumes,
  volumeAnnotations,
  volumeAttachments,
  volumeProtection,
} from '../../kinds/index.js';
import type {
  PersistentVolume,
  StoredAttachment,
  StoredVolume,
  VolumeAttachment,
} from '../../kinds/index.js';
import type { Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { annotated, claimEntry, putVolume, volumeEntry, withPhase } from '../../volumes/index.js';
import type { VolumeEntry, VolumeTimings } from '../../volumes/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import { releaseFinalizer } from '../finalizers.js';
import { volumeDrivers } from './drivers/index.js';
import { storageProtection } from './provisioner.js';

/**
 * Keeps the phases of volumes, and does with those whose claim has gone what they say (Kubernetes: PersistentVolume
 * controller, the volumes' half; storage object in use protection).
 */
export class VolumeController extends Controller {
  readonly #timings: VolumeTimings;
  protected readonly triggers: readonly Trigger[] = [
    {
      type: persistentVolumeClaims,
      keys: ({ cluster, before, after: now }, store) => {
        if (before && now) return [];
        const { namespace, name = '' } = (now ?? before)?.metadata ?? {};
        return store
          .findEntries(persistentVolumes.collection, 'byClaim', `${cluster}|${namespace ?? ''}/${name}`)
          .map(({ key }) => key);
      },
    },
    {
      // A volume's storage can be deleted once it is attached nowhere.
      type: volumeAttachments,
      keys: ({ cluster, before, after: now }) => {
        const { persistentVolumeName } = (before as VolumeAttachment | undefined)?.spec.source ?? {};
        return now || persistentVolumeName === undefined
          ? []
          : [objectKey(cluster, undefined, persistentVolumeName)];
      },
    },
  ];

  constructor(parts: ControllerParts, timings: VolumeTimings) {
    super(parts, persistentVolumes);
    this.#timings = timings;
  }

  protected reconcile(tx: Transaction, found: Versioned<Stored>): Instant | undefined {
    const entry = found as VolumeEntry;
    const next = this.#advance(tx, entry);
    const left = tx.entry(persistentVolumes.collection, entry.key);
    if (left) this.#protect(tx, left as VolumeEntry);
    return next;
  }

  #advance(tx: Transaction, entry: VolumeEntry): Instant | undefined {
    const { object: volume, cluster } = entry.value;
    const now = this.parts.clock.now();
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) {
      putVolume(tx, entry, withPhase(volume, 'Available', now));
      return undefined;
    }
    const found = claimEntry(tx, cluster, claimRef.namespace, claimRef.name ?? '')?.value.object;
    const claim = found?.metadata.uid === claimRef.uid ? found : undefined;
    if (!claim) return this.#reclaim(tx, entry);
    const { volumeName = '' } = claim.spec;
    if (volumeName === volume.metadata.name) putVolume(tx, entry, withPhase(volume, 'Bound', now));
    // One that is not bound yet: the claims' half sees to it. One that is bound elsewhere needs this volume no more.
    else if (volumeName !== '') {
      if (isMadeFor(volume) && volume.spec.persistentVolumeReclaimPolicy === 'Delete')
        return this.#reclaim(tx, entry);
      unbind(tx, entry);
    }
    return undefined;
  }

  /** The claim has gone: the volume is released, and deleted if that is its policy. */
  #reclaim(tx: Transaction, entry: VolumeEntry): Instant | undefined {
    const { object: volume, cluster } = entry.value;
    const now = this.parts.clock.now();
    if (volume.status?.phase !== 'Failed') putVolume(tx, entry, withPhase(volume, 'Released', now));
    if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return undefined;
    if (!isMadeFor(volume)) {
      this.#failToDelete(tx, cluster, volume);
      return undefined;
    }
    const [attached] = tx.find(
      volumeAttachments.collection,
      'byVolume',
      attachmentTerm(cluster, volume.metadata.name),
    ) as readonly StoredAttachment[];
    if (attached) {
      const { nodeName } = attached.object.spec;
      const why = `persistentvolume ${volume.metadata.name} is still attached to node ${nodeName}`;
      this.#tellFailure(tx, cluster, volume, why);
      return undefined;
    }
    return this.#delete(tx, entry, now);
  }

  #delete(tx: Transaction, { key, value }: VolumeEntry, now: Instant): Instant | undefined {
    const present = volumeEntry(tx, value.cluster, value.object.metadata.name);
    if (!present) return undefined;
    const { deletedBy } = present.value;
    if (deletedBy === undefined) {
      const deleting: StoredVolume = { ...present.value, deletedBy: after(now, this.#timings.remove) };
      tx.put(persistentVolumes.collection, key, deleting);
      return deleting.deletedBy;
    }
    if (now < deletedBy) return deletedBy;
    tx.delete(persistentVolumes.collection, key);
    return undefined;
  }

  /** Nobody can delete the storage of a volume that no driver has made. */
  #failToDelete(tx: Transaction, cluster: string, volume: PersistentVolume): void {
    if (volume.spec.csi || volume.status?.phase === 'Failed') return;
    const { name } = volume.metadata;
    const why = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`;
    const present = volumeEntry(tx, cluster, name);
    if (present)
      putVolume(tx, present, withPhase(present.value.object, 'Failed', this.parts.clock.now(), why));
    this.#tellFailure(tx, cluster, volume, why);
  }

  /** Lets a volume go that is being deleted, once it is bound no more. */
  #protect(tx: Transaction, entry: VolumeEntry): void {
    const { object: volume } = entry.value;
    const { finalizers = [] } = volume.metadata;
    if (!isTerminating(volume)) return;
    if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete' && finalizers.includes(storageProtection)) {
      releaseFinalizer(tx, persistentVolumes, entry, storageProtection);
      return;
    }
    if (volume.status?.phase !== 'Bound' && finalizers.includes(volumeProtection))
      releaseFinalizer(tx, persistentVolumes, entry, volumeProtection);
  }

  #tellFailure(tx: Transaction, cluster: string, volume: PersistentVolume, message: string): void {
    recordEvent(tx, this.parts.context, cluster, volume, {
      type: 'Warning',
      reason: 'VolumeFailedDelete',
      message,
      component: volume.spec.csi?.driver ?? 'persistentvolume-controller',
    });
  }
}

/** True for a volume that one of the cluster's drivers has made, and can delete. */
const isMadeFor = ({ metadata }: PersistentVolume): boolean =>
  volumeDrivers.has(metadata.annotations?.[volumeAnnotations.provisionedBy] ?? '');

/** Takes a volume from a claim that is bound to another one: what was kept by name stays so. */
function unbind(tx: Transaction, entry: VolumeEntry): void {
  const { object: volume } = entry.value;
  const { claimRef, ...spec } = volume.spec;
  const { boundByController } = volumeAnnotations;
  if (volume.metadata.annotations?.[boundByController] !== undefined) {
    putVolume(tx, entry, annotated({ ...volume, spec }, { [boundByController]: undefined }));
    return;
  }
  const { uid: _uid, resourceVersion: _version, ...kept } = claimRef ?? {};
  putVolume(tx, entry, { ...volume, spec: { ...spec, claimRef: kept } });
}
