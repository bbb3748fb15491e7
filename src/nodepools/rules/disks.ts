import type { KnownAgentPoolProperties, VmSizeFacts } from '../model.js';
import { invalidPool, poolTarget, refusal } from '../refusal.js';
import { always, onCreate } from './rule.js';

/** Smallest OS disk that a node image fits on. */
const imageFloorGiB = 30;
const maxOsDiskGiB = 2048;
/** An ephemeral OS disk is the default only where it is at least this big. */
const ephemeralDefaultFloorGiB = 128;

/** The largest ephemeral OS disk the size can hold; 0 when it holds none or it is not known. */
export const ephemeralRoom = (size: VmSizeFacts): number =>
  size.ephemeralOsDisk.supported === false ? 0 : Math.min(size.ephemeralOsDisk.maxGiB ?? 0, maxOsDiskGiB);

/** Default managed OS disk by vCPUs (AKS: OS disk sizing): P10, P15, P20, P30. */
export function defaultManagedDiskGiB(vCPUs: number): number {
  if (vCPUs < 8) return 128;
  if (vCPUs < 16) return 256;
  return vCPUs < 64 ? 512 : 1024;
}

type OsDisk = Required<Pick<KnownAgentPoolProperties, 'osDiskType' | 'osDiskSizeGB'>>;

/**
 * Type and size of the OS disk where the request leaves them open. Neither given: ephemeral over the whole local disk if
 * that has 128 GiB or more. Only a size: ephemeral if it fits. Otherwise managed, sized by vCPUs.
 */
export function defaultOsDisk(
  sent: Pick<KnownAgentPoolProperties, 'osDiskType' | 'osDiskSizeGB'>,
  size: VmSizeFacts,
): OsDisk {
  const room = ephemeralRoom(size);
  const fits = sent.osDiskSizeGB === undefined ? room >= ephemeralDefaultFloorGiB : sent.osDiskSizeGB <= room;
  const osDiskType = sent.osDiskType ?? (fits ? 'Ephemeral' : 'Managed');
  const whole = osDiskType === 'Ephemeral' && room > 0 ? room : defaultManagedDiskGiB(size.vCPUs);
  return { osDiskType, osDiskSizeGB: sent.osDiskSizeGB ?? whole };
}

/** Names the place that is too small: the biggest one that the size has. */
const tooSmallCode = ({ tempDiskGiB, ephemeralOsDisk: { placements, maxGiB } }: VmSizeFacts): string =>
  placements?.includes('NvmeDisk') || (tempDiskGiB !== null && maxGiB !== null && tempDiskGiB >= maxGiB)
    ? 'VMTemporaryDiskTooSmall'
    : 'VMCacheSizeTooSmall';

/** OS disk and kubelet disk (AKS: ephemeral OS disks, kubelet disk type). */
export const diskRules = [
  onCreate('OS disk holds the image', ({ pool }) =>
    pool.osDiskSizeGB < imageFloorGiB
      ? invalidPool(
          'osDiskSizeGB',
          `${pool.osDiskSizeGB} GB is too small for the node image, which needs ${imageFloorGiB} GB.`,
        )
      : undefined,
  ),
  onCreate('ephemeral OS disk', ({ pool, size }) => {
    if (pool.osDiskType !== 'Ephemeral' || !size) return undefined;
    const target = poolTarget('osDiskType');
    const { supported, maxGiB } = size.ephemeralOsDisk;
    if (supported === false) {
      return refusal(
        'VMSizeDoesNotSupportEphemeralOS',
        `The VM size ${size.name} does not support ephemeral OS disks: set ${target} to Managed or choose another vmSize.`,
        target,
      );
    }
    if (maxGiB === null || pool.osDiskSizeGB <= maxGiB) return undefined;
    return refusal(
      tooSmallCode(size),
      `The ephemeral OS disk of ${pool.osDiskSizeGB} GB (${poolTarget('osDiskSizeGB')}) does not fit on VM size ` +
        `${size.name}, which has room for ${maxGiB} GB.`,
      poolTarget('osDiskSizeGB'),
    );
  }),
  onCreate('kubelet on the temporary disk', ({ pool, size }) =>
    pool.kubeletDiskType === 'Temporary' && size?.tempDiskGiB === 0
      ? invalidPool('kubeletDiskType', `the VM size ${size.name} has no temporary disk.`)
      : undefined,
  ),
  always('deallocating needs a managed OS disk', ({ pool }) =>
    pool.scaleDownMode === 'Deallocate' && pool.osDiskType === 'Ephemeral'
      ? invalidPool(
          'scaleDownMode',
          'Deallocate needs osDiskType Managed: an ephemeral OS disk is lost with its VM.',
        )
      : undefined,
  ),
  onCreate('host encryption', ({ pool, size }) =>
    pool.enableEncryptionAtHost && size?.encryptionAtHost === false
      ? refusal(
          'VMSizeDoesNotSupportEncryptionAtHost',
          `The VM size ${size.name} does not support ${poolTarget('enableEncryptionAtHost')}.`,
          poolTarget('enableEncryptionAtHost'),
        )
      : undefined,
  ),
];
