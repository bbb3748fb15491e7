import { StatusError, evictPod } from '../../kube/index.js';
import type { Pod } from '../../kube/index.js';
import { defaultGrace } from '../drainability/index.js';
import { count } from '../metrics/counters.js';
import type { DeletionPhase, Eviction } from './deletion.js';
import type { Scene } from '../turn.js';
import { tell } from '../tell.js';

/** Evictions are tried again so often, in milliseconds (cluster autoscaler: DefaultEvictionRetryTime). */
export const retryEvery = 10_000;

/** Pods are about to be evicted: `needed` ones, and others as a courtesy. */
export function startEvictions(
  scene: Scene,
  needed: readonly Pod[],
  courtesy: readonly Pod[],
): DeletionPhase & { readonly kind: 'evicting' } {
  const asked = (effort: Eviction['effort']) => (pod: Pod) => {
    tell(scene, pod, 'Normal', 'ScaleDown', 'deleting pod for node scale down');
    return { pod, effort, progress: { kind: 'trying' } } as const;
  };
  const evictions = [...needed.map(asked('needed')), ...courtesy.map(asked('best effort'))];
  return { kind: 'evicting', since: scene.now, nextTry: scene.now, evictions };
}

/** Tries those evictions again that have not come about. */
export const tryEvictions = (scene: Scene, evictions: readonly Eviction[]): readonly Eviction[] =>
  evictions.map((eviction) => {
    if (eviction.progress.kind === 'evicted') return eviction;
    const refusal = evict(scene, eviction.pod);
    if (refusal === undefined) count(scene, 'evicted_pods_total', { eviction_result: 'succeeded' });
    return {
      ...eviction,
      progress: refusal === undefined ? { kind: 'evicted' } : { kind: 'trying', refusal },
    };
  });

/**
 * Evicts a pod, by its name as upstream does: one that was made again under it goes too. What keeps it from going, if
 * something does; a pod that is gone already was in nobody's way.
 */
function evict({ tx, context, cluster, options }: Scene, { metadata, spec }: Pod): string | undefined {
  const { name, namespace = '' } = metadata;
  const own = spec.terminationGracePeriodSeconds ?? defaultGrace;
  const longest = options.maxGracefulTermination / 1000;
  const gracePeriodSeconds = longest > 0 ? Math.min(own, longest) : own;
  try {
    evictPod(context, tx, { cluster, namespace }, name, { gracePeriodSeconds });
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return error.code === 404 ? undefined : error.message;
  }
}
