import type { Transaction, Versioned } from '../../../store/index.js';
import type { Duration, Instant } from '../../../units/index.js';
import { after, seconds } from '../../../units/index.js';
import { toKubeTime } from '../../kube-time.js';
import {
  attachmentTerm,
  claimTerm,
  claimsOf,
  isFinished,
  isTerminating,
  nodeKind,
  pods,
  volumeAttachments,
} from '../../kinds/index.js';
import type { Pod, StoredAttachment } from '../../kinds/index.js';
import { isNodeReady, taintKeys } from '../../nodes/index.js';
import type { KubeNode } from '../../nodes/index.js';
import type { Stored } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { attachmentName, boundVolumesOf, claimEntry, volumeEntry } from '../../volumes/index.js';
import type { AttachmentEntry, VolumeTimings } from '../../volumes/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';
import { recordEvent } from '../events.js';
import { releaseFinalizer } from '../finalizers.js';
import { attacherFinalizer, component } from './attacher.js';
import { showOnNode } from './node-status.js';

/** How long a volume stays with a node that can't say that it has let it go (Kubernetes: maximum wait for unmounting). */
const unmountWait: Duration = seconds(360);

/**
 * Attaches and detaches (Kubernetes: attach/detach controller, the attachments' half; CSI external-attacher). A volume that
 * no pod needs is detached at once from a node that lives, and after six minutes from one that does not answer or is gone.
 */
export class AttachmentController extends Controller {
  readonly #timings: VolumeTimings;
  protected readonly triggers: readonly Trigger[] = [
    {
      type: pods,
      keys: ({ cluster, before, after: now }, store) => {
        const pod = (now ?? before) as Pod;
        const { nodeName } = pod.spec;
        if (!nodeName || claimsOf(pod).length === 0) return [];
        return boundVolumesOf(store, cluster, pod).map((volume) =>
          objectKey(cluster, undefined, attachmentName(volume, nodeName)),
        );
      },
    },
    {
      type: nodeKind,
      keys: ({ cluster, before, after: now }, store) => {
        if (before && now && isLetGoBy(before as KubeNode) === isLetGoBy(now as KubeNode)) return [];
        const { name = '' } = (now ?? before)?.metadata ?? {};
        return store
          .findEntries(volumeAttachments.collection, 'byNode', attachmentTerm(cluster, name))
          .map(({ key }) => key);
      },
    },
  ];

  constructor(parts: ControllerParts, timings: VolumeTimings) {
    super(parts, volumeAttachments);
    this.#timings = timings;
  }

  protected reconcile(tx: Transaction, found: Versioned<Stored>): Instant | undefined {
    const entry = found as AttachmentEntry;
    const { object, cluster } = entry.value;
    const next = this.#advance(tx, entry);
    showOnNode(tx, cluster, object.spec.nodeName);
    return next;
  }

  #advance(tx: Transaction, entry: AttachmentEntry): Instant | undefined {
    const { object, cluster } = entry.value;
    if (isTerminating(object)) return this.#detach(tx, entry);
    const users = usersOf(tx, entry.value);
    if (users.length > 0) return this.#attach(tx, entry, users);
    const node = tx.get(nodeKind.collection, objectKey(cluster, undefined, object.spec.nodeName));
    return this.#letGo(tx, entry, node?.object as KubeNode | undefined);
  }

  #attach(tx: Transaction, { key, value }: AttachmentEntry, users: readonly Pod[]): Instant | undefined {
    const now = this.parts.clock.now();
    const { unneededSince: _unneeded, ...needed } = value;
    if (value.object.status.attached) {
      if (value.unneededSince !== undefined) tx.put(volumeAttachments.collection, key, needed);
      return undefined;
    }
    const attachedBy = value.attachedBy ?? after(now, this.#timings.attach);
    if (now < attachedBy) {
      if (value.attachedBy === undefined) put(tx, key, { ...needed, attachedBy });
      return attachedBy;
    }
    const { attachedBy: _done, ...settled } = needed;
    const status = { attached: true, attachmentMetadata: { LUN: freeLun(tx, value) } };
    put(tx, key, { ...settled, object: { ...value.object, status } });
    for (const pod of users) {
      recordEvent(tx, this.parts.context, value.cluster, pod, {
        type: 'Normal',
        reason: 'SuccessfulAttachVolume',
        // The space at its end is Kubernetes' own.
        message: `AttachVolume.Attach succeeded for volume "${value.object.spec.source.persistentVolumeName ?? ''}" `,
        component,
      });
    }
    return undefined;
  }

  /** Begins to detach what nobody needs, once the node has let it go or has had its time. */
  #letGo(tx: Transaction, { key, value }: AttachmentEntry, node: KubeNode | undefined): Instant | undefined {
    const now = this.parts.clock.now();
    if (!isLetGoBy(node)) {
      const unneededSince = value.unneededSince ?? now;
      const forced = after(unneededSince, unmountWait);
      if (now < forced) {
        if (value.unneededSince === undefined) put(tx, key, { ...value, unneededSince });
        return forced;
      }
    }
    const metadata = {
      ...value.object.metadata,
      deletionTimestamp: toKubeTime(now),
      deletionGracePeriodSeconds: 0,
    };
    const detachedBy = after(now, this.#timings.detach);
    put(tx, key, { ...value, detachedBy, object: { ...value.object, metadata } });
    return detachedBy;
  }

  #detach(tx: Transaction, entry: AttachmentEntry): Instant | undefined {
    const now = this.parts.clock.now();
    const { value, key } = entry;
    const detachedBy = value.detachedBy ?? after(now, this.#timings.detach);
    if (now < detachedBy) {
      if (value.detachedBy === undefined) put(tx, key, { ...value, detachedBy });
      return detachedBy;
    }
    releaseFinalizer(tx, volumeAttachments, entry, attacherFinalizer(value.object.spec.attacher));
    return undefined;
  }
}

function put(tx: Transaction, key: string, value: StoredAttachment): void {
  tx.put(volumeAttachments.collection, key, value);
}

/** True for a node that lives, and lets go of the volumes of pods that have gone, or that is known not to have them. */
const isLetGoBy = (node: KubeNode | undefined): boolean =>
  node !== undefined &&
  (isNodeReady(node) || (node.spec.taints?.some(({ key }) => key === taintKeys.outOfService) ?? false));

/** The pods on the attachment's node that need its volume. */
function usersOf(tx: Transaction, { cluster, object }: StoredAttachment): readonly Pod[] {
  const { source, nodeName } = object.spec;
  const { claimRef } = volumeEntry(tx, cluster, source.persistentVolumeName ?? '')?.value.object.spec ?? {};
  if (claimRef?.name === undefined) return [];
  // The name may be another claim's by now.
  const claim = claimEntry(tx, cluster, claimRef.namespace, claimRef.name);
  if (claim && claim.value.object.metadata.uid !== claimRef.uid) return [];
  const users = tx.find(
    pods.collection,
    'byClaim',
    claimTerm(cluster, claimRef.namespace, claimRef.name),
  ) as readonly Stored<Pod>[];
  return users
    .map(({ object: pod }) => pod)
    .filter((pod) => pod.spec.nodeName === nodeName && !isFinished(pod));
}

/** The lowest place on a VM's controller that no other disk has. */
function freeLun(tx: Transaction, { cluster, object }: StoredAttachment): string {
  const taken = new Set(
    (
      tx.find(
        volumeAttachments.collection,
        'byNode',
        attachmentTerm(cluster, object.spec.nodeName),
      ) as readonly StoredAttachment[]
    ).map((other) => other.object.status.attachmentMetadata?.['LUN']),
  );
  let lun = 0;
  while (taken.has(String(lun))) lun += 1;
  return String(lun);
}
