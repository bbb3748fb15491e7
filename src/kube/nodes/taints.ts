import type { Taint } from './node.js';

/** Says that a node will not come back as it was: its pods may be let go of (Kubernetes: non-graceful node shutdown). */
export const outOfService = 'node.kubernetes.io/out-of-service';

/** Puts nodes' taints side by side: a node has one of a key and an effect. */
export const isSameTaint = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
