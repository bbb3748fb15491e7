import type { Pod, Volume } from '../../kube/index.js';

type Access = { readonly readOnly?: boolean } | undefined;

const areReadOnly = (a: Access, b: Access): boolean => a?.readOnly === true && b?.readOnly === true;

/** True for a disk that a pod names itself, and that pods of one node may not share at will. */
const isExclusive = ({ gcePersistentDisk, awsElasticBlockStore, iscsi, rbd }: Volume): boolean =>
  (gcePersistentDisk ?? awsElasticBlockStore ?? iscsi ?? rbd) !== undefined;

/** The disks that a pod names itself. */
export const inlineDisksOf = ({ spec }: Pod): readonly Volume[] => (spec.volumes ?? []).filter(isExclusive);

/**
 * True when two pods can't have their disks on one node (VolumeRestrictions): the same one, unless both only read it; of AWS
 * not even then.
 */
export function clash(a: Volume, b: Volume): boolean {
  if (a.gcePersistentDisk && b.gcePersistentDisk) {
    const isSame = a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName;
    if (isSame && !areReadOnly(a.gcePersistentDisk, b.gcePersistentDisk)) return true;
  }
  if (a.awsElasticBlockStore && b.awsElasticBlockStore)
    return a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID;
  if (a.iscsi && b.iscsi) return a.iscsi.iqn === b.iscsi.iqn && !areReadOnly(a.iscsi, b.iscsi);
  if (a.rbd && b.rbd) return isSameImage(a.rbd, b.rbd) && !areReadOnly(a.rbd, b.rbd);
  return false;
}

type Image = NonNullable<Volume['rbd']>;

/** An image is known by a monitor that both name, its pool and its name. */
const isSameImage = (a: Image, b: Image): boolean =>
  (a.monitors ?? []).some((monitor) => b.monitors?.includes(monitor) === true) &&
  (a.pool ?? 'rbd') === (b.pool ?? 'rbd') &&
  a.image === b.image;
