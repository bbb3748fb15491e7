import { safeToEvictOf } from './safe-to-evict.js';
import type { Drainability, DrainRule } from './rule.js';

const waits: Drainability = { kind: 'waits' };

/** Pods that are to end by themselves are waited for. */
export const onCompletion: DrainRule = (pod) => (safeToEvictOf(pod) === 'on-completion' ? waits : undefined);
