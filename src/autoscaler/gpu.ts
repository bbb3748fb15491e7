import type { KubeNode } from '../kube/index.js';

/** Labels of nodes with GPUs (AKS); clusters up to 1.31 have the short one. */
const acceleratorLabels = ['kubernetes.azure.com/accelerator', 'accelerator'];

/** What pods ask for to have a GPU, and nodes offer once their device plugin runs. */
export const gpuResource = 'nvidia.com/gpu';

/** Whether a node was bought for its GPUs, be they offered yet or not. */
export const isGpuNode = ({ metadata: { labels = {} } }: KubeNode): boolean =>
  acceleratorLabels.some((name) => labels[name] !== undefined);
