import { safeToEvictOf } from './safe-to-evict.js';
import { blocks } from './rule.js';
import type { DrainRule } from './rule.js';

/** Pods stay that say they are not to be evicted. */
export const notSafeToEvict: DrainRule = (pod) =>
  safeToEvictOf(pod) === 'false'
    ? blocks('NotSafeToEvictAnnotation', `pod annotated as not safe to evict present: ${pod.metadata.name}`)
    : undefined;
