import { isNodeReady, nodeCondition } from '../../kube/index.js';
import type { KubeNode } from '../../kube/index.js';
import { instant } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { AutoscalerOptions } from '../options.js';
import { isStartupTaint } from '../templates/passing-taints.js';

/** How a node counts (cluster state registry: readiness). */
export type Readiness = 'ready' | 'unready' | 'resource unready' | 'not started' | 'suspended' | 'deleted';

/** Labels of nodes with accelerators (Azure: GPU label; the second up to 1.31). */
const gpuLabels = ['kubernetes.azure.com/accelerator', 'accelerator'] as const;
const gpuResource = 'nvidia.com/gpu';

/** True for a node that is to have GPUs. */
export const hasGpuLabel = ({ metadata: { labels = {} } }: KubeNode): boolean =>
  gpuLabels.some((label) => labels[label] !== undefined);

/** True for a node whose GPUs are not offered yet: it is of no use to those who wait for them. */
const awaitsGpus = (node: KubeNode): boolean =>
  hasGpuLabel(node) && Number(node.status.allocatable?.[gpuResource] ?? 0) === 0;

/** How long a node has been there. */
export const ageOf = ({ metadata }: KubeNode, now: Instant): number =>
  now - instant(Date.parse(metadata.creationTimestamp));

/** Ready, and open to pods. */
export const isReadyAndSchedulable = (node: KubeNode): boolean =>
  isNodeReady(node) && !awaitsGpus(node) && !hasStartupTaint(node) && node.spec.unschedulable !== true;

const hasStartupTaint = ({ spec }: KubeNode): boolean => spec.taints?.some(isStartupTaint) === true;

/** How a node counts; `hasInstance` is whether the cloud still has its VM. */
export function readinessOf(
  node: KubeNode,
  {
    hasInstance,
    now,
    options: { features, maxNodeStartupTime },
  }: {
    readonly hasInstance: boolean;
    readonly now: Instant;
    readonly options: Pick<AutoscalerOptions, 'features' | 'maxNodeStartupTime'>;
  },
): Readiness {
  if (!hasInstance) return 'deleted';
  if (features.knowsSuspended && nodeCondition(node, 'Suspended')?.status === 'True') return 'suspended';
  const awaits = awaitsGpus(node);
  if (isNodeReady(node) && !awaits && !hasStartupTaint(node)) return 'ready';
  if (ageOf(node, now) < maxNodeStartupTime) return 'not started';
  return awaits && isNodeReady(node) ? 'resource unready' : 'unready';
}
