import { invalidPool, poolTarget, refusal } from '../refusal.js';
import { onCreate } from './rule.js';

const target = poolTarget('gpuInstanceProfile');

/** GPU models that can be cut into instances (NVIDIA MIG). */
const supportsMig = (model: string): boolean => /\b(A100|H100|H200)\b/.test(model);

/** GPU pools (AKS: GPU node pools, multi-instance GPU). */
export const gpuRules = [
  onCreate('multi-instance GPU', ({ pool, size }) => {
    if (pool.gpuInstanceProfile === undefined) return undefined;
    if (pool.osType === 'Windows')
      return invalidPool('gpuInstanceProfile', 'it must not be set when osType is Windows.');
    return size?.gpu && supportsMig(size.gpu.model)
      ? undefined
      : refusal(
          'VMSizeDoesNotSupportMIG',
          `The VM size ${pool.vmSize} does not support ${target}: it needs NVIDIA A100, H100 or H200 GPUs.`,
          target,
        );
  }),
  onCreate('GPU driver needs a GPU', ({ pool, size }) =>
    pool.gpuProfile?.driver === 'None' && size && !size.gpu
      ? invalidPool('gpuProfile.driver', `the VM size ${size.name} has no GPU.`)
      : undefined,
  ),
];
