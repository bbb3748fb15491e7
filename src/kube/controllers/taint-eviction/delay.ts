import type { Taint } from '../../nodes/index.js';
import type { Toleration } from '../../kinds/index.js';
import { tolerates } from '../../pods/index.js';

/** How long a pod stays on a node: not at all, for ever, or so many milliseconds. */
export type Stay = 'none' | 'forever' | number;

/**
 * How long a pod stays on a node with taints of the effect NoExecute (Kubernetes: taint-based eviction). It has to tolerate
 * all of them; of the tolerations by which it does, the first for each taint, the one that ends first counts.
 */
export function stayOn(taints: readonly Taint[], tolerations: readonly Toleration[]): Stay {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const found = tolerations.find((toleration) => tolerates(toleration, taint));
    if (!found) return 'none';
    used.push(found);
  }
  const seconds = used.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  if (seconds.length === 0) return 'forever';
  const shortest = Math.min(...seconds);
  return shortest <= 0 ? 'none' : shortest * 1000;
}
