import type { Pod } from '../../kube/index.js';
import { skipped } from './rule.js';
import type { DrainRule } from './rule.js';

/** A pod that only shows what its node runs by itself (Kubernetes: static pods). */
export const isMirror = ({ metadata }: Pod): boolean =>
  metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** Pods that stand for static ones go with their node. */
export const mirror: DrainRule = (pod) => (isMirror(pod) ? skipped : undefined);
