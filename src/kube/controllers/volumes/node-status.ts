import type { Transaction } from '../../../store/index.js';
import { attachmentTerm, isTerminating, nodeKind, volumeAttachments } from '../../kinds/index.js';
import type { StoredAttachment } from '../../kinds/index.js';
import type { KubeNode } from '../../nodes/index.js';
import { canonicalJson } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { objectKey } from '../../resource-type.js';
import { volumeEntry } from '../../volumes/index.js';

/** Shows on a node what is attached to it and what it uses (Node: status.volumesAttached, status.volumesInUse). */
export function showOnNode(tx: Transaction, cluster: string, name: string): void {
  const key = objectKey(cluster, undefined, name);
  const stored = tx.get(nodeKind.collection, key);
  if (!stored) return;
  const node = stored.object as KubeNode;
  const attachments = (
    tx.find(
      volumeAttachments.collection,
      'byNode',
      attachmentTerm(cluster, name),
    ) as readonly StoredAttachment[]
  ).filter(({ object }) => object.status.attached);
  const attached = attachments.map((one) => ({ name: uniqueName(tx, one), devicePath: '' }));
  const inUse = attachments
    .filter(({ object }) => !isTerminating(object))
    .map((one) => uniqueName(tx, one))
    .sort();
  const { volumesAttached = [], volumesInUse = [], ...status } = node.status;
  if (canonicalJson([attached, inUse]) === canonicalJson([volumesAttached, volumesInUse])) return;
  const shown: KubeNode = {
    ...node,
    status: {
      ...status,
      ...(attached.length > 0 && { volumesAttached: attached }),
      ...(inUse.length > 0 && { volumesInUse: inUse }),
    },
  };
  tx.put(nodeKind.collection, key, { ...stored, object: shown as KubeObject });
}

/** `kubernetes.io/csi/DRIVER^HANDLE`, as the node and the controllers call a volume. */
function uniqueName(tx: Transaction, { cluster, object }: StoredAttachment): string {
  const { attacher, source } = object.spec;
  const volume = volumeEntry(tx, cluster, source.persistentVolumeName ?? '');
  return `kubernetes.io/csi/${attacher}^${volume?.value.object.spec.csi?.volumeHandle ?? ''}`;
}
