import type { Pod, Volume } from '../../kube/index.js';
import { blocks } from './rule.js';
import type { DrainRule } from './rule.js';

/** Pods stay that keep something on their node's disk, except in volumes that their annotation lets go of. */
export const localStorage: DrainRule = (pod) => {
  if (!pod.spec.volumes?.some(isLocal)) return undefined;
  const disposable = disposableOf(pod);
  const keeps = pod.spec.volumes.some((volume) => isLocal(volume) && !disposable.includes(volume.name ?? ''));
  return keeps
    ? blocks('LocalStorageRequested', `pod with local storage present: ${pod.metadata.name}`)
    : undefined;
};

/** On the node's disk: an emptyDir in memory is not. */
const isLocal = ({ hostPath, emptyDir }: Volume): boolean =>
  hostPath !== undefined || (emptyDir !== undefined && emptyDir.medium !== 'Memory');

const disposableOf = ({ metadata }: Pod): readonly string[] =>
  metadata.annotations?.['cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes']?.split(',') ?? [];
