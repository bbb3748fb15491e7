import { createHash } from 'node:crypto';
import type { Reader, Versioned } from '../../store/index.js';
import { csiDrivers, volumeAttachments } from '../kinds/index.js';
import type { CsiDriver, PersistentVolume, StoredAttachment } from '../kinds/index.js';
import { objectKey } from '../resource-type.js';

export type AttachmentEntry = Versioned<StoredAttachment>;

/** True for a volume that a node must have attached before a pod can use it (CSIDriver: attachRequired). */
export function needsAttaching(reader: Reader, cluster: string, { spec }: PersistentVolume): boolean {
  if (!spec.csi) return false;
  const driver = reader.get(csiDrivers.collection, objectKey(cluster, undefined, spec.csi.driver));
  return (driver?.object as CsiDriver | undefined)?.spec.attachRequired ?? true;
}

/** What the attachment of a volume to a node is called (CSI: the same digest of handle, driver and node). */
export function attachmentName({ spec: { csi } }: PersistentVolume, node: string): string {
  const text = `${csi?.volumeHandle ?? ''}${csi?.driver ?? ''}${node}`;
  return `csi-${createHash('sha256').update(text).digest('hex')}`;
}

/** The attachment of a volume to a node; undefined where there is none. */
export const attachmentOf = (
  reader: Reader,
  cluster: string,
  volume: PersistentVolume,
  node: string,
): AttachmentEntry | undefined =>
  reader.entry(volumeAttachments.collection, objectKey(cluster, undefined, attachmentName(volume, node))) as
    AttachmentEntry | undefined;
