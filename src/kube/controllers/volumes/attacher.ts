import type { Transaction, Versioned } from '../../../store/index.js';
import { insertObject } from '../../api/index.js';
import {
  attachmentTerm,
  claimTerm,
  claimsOf,
  isFinished,
  isTerminating,
  nodeKind,
  persistentVolumeClaims,
  pods,
  volumeAttachments,
} from '../../kinds/index.js';
import type { PersistentVolume, Pod, StoredAttachment } from '../../kinds/index.js';
import type { KubeObject, Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import {
  attachmentName,
  attachmentOf,
  boundVolumesOf,
  needsAttaching,
  usersOfAttachment,
  usersOfClaim,
} from '../../volumes/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';

/** Who tells of attachments. */
export const component = 'attachdetach-controller';

/** Keeps an attachment from going before the volume has been detached. */
export const attacherFinalizer = (driver: string): string =>
  `external-attacher/${driver.replaceAll('.', '-')}`;

/** Asks for the volumes of pods to be attached to their nodes (Kubernetes: attach/detach controller, the pods' half). */
export class Attacher extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    // A pod may be on its node before its claims are bound.
    { type: persistentVolumeClaims, keys: usersOfClaim },
    // A volume that has left a node can go to the next.
    {
      type: volumeAttachments,
      keys: (seen, store) => (seen.after ? [] : usersOfAttachment(seen, store)),
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, pods);
  }

  protected override readonly concerns = (object: KubeObject): boolean => {
    const pod = object as Pod;
    return (
      claimsOf(pod).length > 0 && pod.spec.nodeName !== undefined && !isFinished(pod) && !isTerminating(pod)
    );
  };

  protected reconcile(tx: Transaction, { value }: Versioned<Stored>): undefined {
    const pod = value.object as Pod;
    const { cluster } = value;
    if (!this.concerns(pod)) return undefined;
    const { nodeName = '' } = pod.spec;
    if (!tx.get(nodeKind.collection, objectKey(cluster, undefined, nodeName))) return undefined;
    for (const volume of boundVolumesOf(tx, cluster, pod)) {
      if (!needsAttaching(tx, cluster, volume) || attachmentOf(tx, cluster, volume, nodeName)) continue;
      const elsewhere = mayBeShared(volume) ? [] : attachmentsOf(tx, cluster, volume);
      if (elsewhere.length > 0) this.#refuse(tx, cluster, pod, volume);
      else this.#ask(tx, cluster, volume, nodeName);
    }
    return undefined;
  }

  #ask(tx: Transaction, cluster: string, volume: PersistentVolume, nodeName: string): void {
    const attacher = volume.spec.csi?.driver ?? '';
    insertObject(
      this.parts.context,
      tx,
      volumeAttachments,
      { cluster },
      {
        metadata: {
          name: attachmentName(volume, nodeName),
          annotations: { 'csi.alpha.kubernetes.io/node-id': nodeName },
          finalizers: [attacherFinalizer(attacher)],
        },
        spec: { attacher, nodeName, source: { persistentVolumeName: volume.metadata.name } },
      },
    );
  }

  /** Tells a pod who has the volume that it waits for. */
  #refuse(tx: Transaction, cluster: string, pod: Pod, volume: PersistentVolume): void {
    recordEvent(tx, this.parts.context, cluster, pod, {
      type: 'Warning',
      reason: 'FailedAttachVolume',
      message: `Multi-Attach error for volume "${volume.metadata.name}" ${holderText(tx, cluster, pod, volume)}`,
      component,
    });
  }
}

/** True when several nodes may have a volume at once. */
const mayBeShared = ({ spec }: PersistentVolume): boolean =>
  spec.accessModes?.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') ?? false;

const attachmentsOf = (
  tx: Transaction,
  cluster: string,
  { metadata }: PersistentVolume,
): readonly StoredAttachment[] =>
  tx.find(
    volumeAttachments.collection,
    'byVolume',
    attachmentTerm(cluster, metadata.name),
  ) as readonly StoredAttachment[];

function holderText(tx: Transaction, cluster: string, pod: Pod, { spec }: PersistentVolume): string {
  const { claimRef } = spec;
  const users = tx.find(
    pods.collection,
    'byClaim',
    claimTerm(cluster, claimRef?.namespace, claimRef?.name ?? ''),
  ) as readonly Stored<Pod>[];
  const names = users
    .map(({ object }) => object)
    .filter((other) => other.spec.nodeName && other.spec.nodeName !== pod.spec.nodeName)
    .map(({ metadata }) => metadata.name);
  return names.length === 0
    ? "Volume is already exclusively attached to one node and can't be attached to another"
    : `Volume is already used by pod(s) ${names.join(', ')}`;
}
