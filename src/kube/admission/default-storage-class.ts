import { persistentVolumeClaims } from '../kinds/index.js';
import type { KubeObject } from '../object.js';
import { defaultClassOf } from '../volumes/index.js';
import { onCreate } from './plugin.js';

/** Claims that name no class get the default one (Kubernetes: DefaultStorageClass). */
export const defaultStorageClass = onCreate('DefaultStorageClass', [persistentVolumeClaims], {
  mutate: ({ tx, scope, draft }) => {
    const spec = draft['spec'] as { storageClassName?: string };
    const { annotations } = draft['metadata'] as KubeObject['metadata'];
    const legacy = annotations?.['volume.beta.kubernetes.io/storage-class'];
    if (spec.storageClassName !== undefined || legacy !== undefined) return;
    const standard = defaultClassOf(tx, scope.cluster);
    if (standard) spec.storageClassName = standard.metadata.name;
  },
});
