import type { PersistentVolume, StorageClass } from '../kinds/index.js';
import type { KubeNode } from '../nodes/index.js';
import { matchesTerms } from '../pods/placement.js';

/** True when a node is where a volume's node affinity says that it can be reached. */
export function isReachable({ spec }: PersistentVolume, { metadata }: KubeNode): boolean {
  const required = spec.nodeAffinity?.required;
  return (
    required === undefined || matchesTerms(required.nodeSelectorTerms, metadata.labels ?? {}, metadata.name)
  );
}

/** True when volumes of a class may be made for a node (StorageClass: allowedTopologies). */
export function mayBeMadeFor({ allowedTopologies = [] }: StorageClass, { metadata }: KubeNode): boolean {
  if (allowedTopologies.length === 0) return true;
  const { labels = {} } = metadata;
  return allowedTopologies.some(
    ({ matchLabelExpressions = [] }) =>
      // A term that says nothing matches nothing.
      matchLabelExpressions.length > 0 &&
      matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? '')),
  );
}
