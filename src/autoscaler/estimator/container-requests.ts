import type { Pod, ResourceList } from '../../kube/index.js';
import { milliValue, quantityValue } from '../../units/index.js';

/** Whole numbers, so that equal sums are equal. */
export interface CpuAndMemory {
  /** Thousandths of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

const known = new WeakMap<Pod['spec'], CpuAndMemory>();

/**
 * What a pod's containers ask for together. Init containers and overhead are left out, as pods are only compared by it (cluster
 * autoscaler: order of estimates, expander least-waste).
 */
export function containerRequests({ spec }: Pod): CpuAndMemory {
  const found = known.get(spec);
  if (found) return found;
  let cpu = 0;
  let memory = 0;
  for (const { resources } of spec.containers) {
    const asked = cpuAndMemory(resources?.requests);
    cpu += asked.cpu;
    memory += asked.memory;
  }
  const sum = { cpu, memory };
  known.set(spec, sum);
  return sum;
}

/** The cpu and memory of a list; 0 of what is not in it. */
export const cpuAndMemory = (list: ResourceList = {}): CpuAndMemory => ({
  cpu: milliValue(list['cpu'] ?? '0'),
  memory: Math.ceil(quantityValue(list['memory'] ?? '0')),
});
