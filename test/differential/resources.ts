/** What Kubernetes calls the lists of a case, and where the API server keeps them. */
import type { objectLists } from './case.js';

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly isNamespaced: boolean;
}

type List = Exclude<(typeof objectLists)[number], 'namespaces'>;

const resource = (apiVersion: string, kind: string, name: string, scope?: 'namespaced'): Resource => ({
  apiVersion,
  kind,
  name,
  isNamespaced: scope === 'namespaced',
});

export const resources: Readonly<Record<List, Resource>> = {
  nodes: resource('v1', 'Node', 'nodes'),
  pods: resource('v1', 'Pod', 'pods', 'namespaced'),
  services: resource('v1', 'Service', 'services', 'namespaced'),
  replicationControllers: resource('v1', 'ReplicationController', 'replicationcontrollers', 'namespaced'),
  replicaSets: resource('apps/v1', 'ReplicaSet', 'replicasets', 'namespaced'),
  statefulSets: resource('apps/v1', 'StatefulSet', 'statefulsets', 'namespaced'),
  persistentVolumeClaims: resource('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'namespaced'),
  persistentVolumes: resource('v1', 'PersistentVolume', 'persistentvolumes'),
  storageClasses: resource('storage.k8s.io/v1', 'StorageClass', 'storageclasses'),
  csiNodes: resource('storage.k8s.io/v1', 'CSINode', 'csinodes'),
  csiDrivers: resource('storage.k8s.io/v1', 'CSIDriver', 'csidrivers'),
  csiStorageCapacities: resource(
    'storage.k8s.io/v1',
    'CSIStorageCapacity',
    'csistoragecapacities',
    'namespaced',
  ),
  volumeAttachments: resource('storage.k8s.io/v1', 'VolumeAttachment', 'volumeattachments'),
  podDisruptionBudgets: resource('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', 'namespaced'),
  resourceClaims: resource('resource.k8s.io/v1', 'ResourceClaim', 'resourceclaims', 'namespaced'),
  deviceClasses: resource('resource.k8s.io/v1', 'DeviceClass', 'deviceclasses'),
  resourceSlices: resource('resource.k8s.io/v1', 'ResourceSlice', 'resourceslices'),
};

/** The path of all of a kind, in one namespace where it has them. */
export function pathOf({ apiVersion, name, isNamespaced }: Resource, namespace?: string): string {
  const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return isNamespaced && namespace !== undefined
    ? `${group}/namespaces/${namespace}/${name}`
    : `${group}/${name}`;
}
