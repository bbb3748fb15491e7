import type { KubeNode } from '../../kube/index.js';
import type { Instant } from '../../units/index.js';
import type { AutoscalerOptions } from '../options.js';
import { factsOf } from './node-facts.js';

/** How a node counts (cluster state registry: readiness). */
export type Readiness = 'ready' | 'unready' | 'resource unready' | 'not started' | 'suspended' | 'deleted';

/** Ready, and open to pods. */
export function isReadyAndSchedulable(node: KubeNode): boolean {
  const { isReady, awaitsGpus, hasStartupTaint } = factsOf(node);
  return isReady && !awaitsGpus && !hasStartupTaint && node.spec.unschedulable !== true;
}

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
  const { isReady, isSuspended, awaitsGpus, hasStartupTaint, createdAt } = factsOf(node);
  if (features.knowsSuspended && isSuspended) return 'suspended';
  if (isReady && !awaitsGpus && !hasStartupTaint) return 'ready';
  if (now - createdAt < maxNodeStartupTime) return 'not started';
  return awaitsGpus && isReady ? 'resource unready' : 'unready';
}
