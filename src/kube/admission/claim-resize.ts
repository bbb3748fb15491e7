import { StatusError } from '../api/status-error.js';
import { persistentVolumeClaims } from '../kinds/index.js';
import type { PersistentVolumeClaim } from '../kinds/index.js';
import { requestedBytes, storageClassOf } from '../volumes/index.js';
import type { AdmissionPlugin } from './plugin.js';

/** Claims grow only where their class lets them (Kubernetes: PersistentVolumeClaimResize). */
export const claimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  kinds: [persistentVolumeClaims],
  operations: ['UPDATE'],
  validate: ({ tx, type, scope, name, draft, before, subresource }) => {
    if (!draft || !before || subresource !== undefined) return;
    const now = draft as unknown as PersistentVolumeClaim;
    const was = before as PersistentVolumeClaim;
    if (requestedBytes(now) <= requestedBytes(was)) return;
    if (was.status?.phase !== 'Bound')
      throw StatusError.forbidden(type, name, 'Only bound persistent volume claims can be expanded');
    if (storageClassOf(tx, scope.cluster, was)?.allowVolumeExpansion === true) return;
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw StatusError.forbidden(type, name, why);
  },
};
