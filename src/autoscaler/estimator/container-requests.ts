import type { Pod } from '../../kube/index.js';
import { quantityValue } from '../../units/index.js';

/** Cores and bytes. */
export interface CpuAndMemory {
  readonly cpu: number;
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
    cpu += quantityOf(resources?.requests, 'cpu');
    memory += quantityOf(resources?.requests, 'memory');
  }
  const sum = { cpu, memory };
  known.set(spec, sum);
  return sum;
}

/** An amount of a list, in whole units; 0 of what is not in it. */
export const quantityOf = (list: Readonly<Record<string, string>> | undefined, resource: string): number => {
  const quantity = list?.[resource];
  return quantity === undefined ? 0 : quantityValue(quantity);
};
