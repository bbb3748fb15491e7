import { configMaps, objectKey } from '../../kube/index.js';
import type { KubeObject } from '../../kube/index.js';
import type { Reader } from '../../store/index.js';

/** Where a cluster autoscaler tells how it is. */
export const statusName = { namespace: 'kube-system', name: 'cluster-autoscaler-status' } as const;

/** The status ConfigMap, as what concerns the autoscaler itself is told of it; a reference to it while it is not there. */
export function statusObject(reader: Reader, cluster: string): KubeObject {
  const { namespace, name } = statusName;
  const stored = reader.get(configMaps.collection, objectKey(cluster, namespace, name));
  if (stored) return stored.object;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, uid: '', creationTimestamp: '' },
  };
}
