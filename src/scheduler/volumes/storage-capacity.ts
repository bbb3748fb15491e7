import { compileLabelSelector, requestedBytes } from '../../kube/index.js';
import type { KubeNode, PersistentVolumeClaim, StorageClass } from '../../kube/index.js';
import { quantityValue } from '../../units/index.js';
import type { VolumeObjects } from './objects.js';

/** Tells whether a node has room for a volume. */
export type HasRoom = (node: KubeNode) => boolean;

/**
 * Whether nodes have room for a claim's volume, where the driver of its class tells how much there is (CSIStorageCapacity);
 * they have, where it does not.
 */
export function roomFor(
  objects: VolumeObjects,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
): HasRoom {
  const tells = objects.driver(storageClass.provisioner)?.spec.storageCapacity === true;
  if (!tells || claim.spec.resources?.requests?.['storage'] === undefined) return () => true;
  const wanted = requestedBytes(claim);
  const enough = objects
    .capacitiesOf(storageClass)
    .filter(({ capacity, maximumVolumeSize }) => {
      const largest = maximumVolumeSize ?? capacity;
      return largest !== undefined && quantityValue(largest) >= wanted;
    })
    .flatMap(({ nodeTopology }) => (nodeTopology ? [compileLabelSelector(nodeTopology)] : []));
  return ({ metadata }) => enough.some((reaches) => reaches(metadata.labels ?? {}));
}
