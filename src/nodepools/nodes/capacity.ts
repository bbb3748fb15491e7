import type { AgentPoolProperties, VmSizeFacts } from '../model.js';
import { knownVersion } from '../versions/index.js';
import { reservedCpuMillicores, reservedMemoryMi } from './reserved.js';

/** Resources of a node by name, as Kubernetes quantities. */
export type NodeResources = Readonly<Record<string, string>>;

/**
 * Memory that Linux's kernel and the firmware take before the kubelet sees it, in Ki: fitted to nodes of 4 to 32 GiB,
 * whose real figures it meets within 10 %. Windows nodes report their whole memory.
 */
const kernelMemoryKi = (memoryGiB: number): number => 102_400 + Math.round(18_500 * memoryGiB);

/** Bytes of the root file system on a disk, through the two sizes that were observed (128 and 256 GB). */
const fileSystemBytes = (diskGiB: number): number =>
  Math.max(0, Math.round(1_040_646_142.275 * diskGiB - 199_311_359));

/** Share of the file system that pods may use: the kubelet evicts at 10 % free. */
const usableShare = 0.9;

const cpuQuantity = (millicores: number): string =>
  millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;

/** The disk that holds images, logs and emptyDir volumes, in GiB. */
const kubeletDiskGiB = (pool: AgentPoolProperties, size: VmSizeFacts): number =>
  pool.kubeletDiskType === 'Temporary' ? (size.tempDiskGiB ?? pool.osDiskSizeGB) : pool.osDiskSizeGB;

/**
 * Capacity and allocatable of a node of a pool (AKS: node resource reservations). A GPU is not among them: it appears
 * when a device plugin runs, which AKS does not install.
 */
export function nodeResources(
  pool: AgentPoolProperties,
  size: VmSizeFacts,
): { readonly capacity: NodeResources; readonly allocatable: NodeResources } {
  const memoryKi = Math.floor(size.memoryGiB * 1024 * 1024);
  const capacityKi = pool.osType === 'Linux' ? memoryKi - kernelMemoryKi(size.memoryGiB) : memoryKi;
  const reservedKi =
    1024 *
    reservedMemoryMi({
      version: knownVersion(pool.currentOrchestratorVersion),
      memoryGiB: size.memoryGiB,
      maxPods: pool.maxPods,
      osType: pool.osType,
    });
  const bytes = fileSystemBytes(kubeletDiskGiB(pool, size));
  const hugePages = pool.osType === 'Linux' ? { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' } : {};
  return {
    capacity: {
      cpu: String(size.vCPUs),
      'ephemeral-storage': `${Math.ceil(bytes / 1024)}Ki`,
      ...hugePages,
      memory: `${capacityKi}Ki`,
      pods: String(pool.maxPods),
    },
    allocatable: {
      cpu: cpuQuantity(size.vCPUs * 1000 - reservedCpuMillicores(size.vCPUs)),
      'ephemeral-storage': String(Math.round(bytes * usableShare)),
      ...hugePages,
      memory: `${Math.max(0, capacityKi - reservedKi)}Ki`,
      pods: String(pool.maxPods),
    },
  };
}
