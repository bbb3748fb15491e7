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
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(metadata.labels?.[key] ?? '')),
  );
}

const zoneLabels = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
];

/** True when the zone and region that label a volume are the node's; labels may name several, `a__b` (VolumeZone). */
export function isInZone(volume: PersistentVolume, { metadata: { labels = {} } }: KubeNode): boolean {
  if (!zoneLabels.some((label) => labels[label] !== undefined)) return true;
  return zoneLabels.every((label) => {
    const zones = volume.metadata.labels?.[label];
    return zones === undefined || zones.split('__').includes(labels[label] ?? '');
  });
}
