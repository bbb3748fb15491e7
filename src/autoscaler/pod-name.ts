import type { Pod } from '../kube/index.js';

/** `namespace/name`. */
export const podName = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name}`;
