import type { AdmissionPlugin } from '../api/context.js';
import { StatusError } from '../api/status-error.js';
import { namespaces } from '../kinds/index.js';
import { objectKey } from '../resource-type.js';

/** Nothing is created in a namespace that does not exist or is going (Kubernetes: NamespaceLifecycle). */
export const namespaceLifecycle: AdmissionPlugin = ({ tx, type, scope, draft }) => {
  if (scope.namespace === undefined) return;
  const namespace = tx.get(namespaces.collection, objectKey(scope.cluster, undefined, scope.namespace));
  if (!namespace) throw StatusError.notFound(namespaces, scope.namespace);
  if (namespace.object.metadata.deletionTimestamp === undefined) return;
  const { name } = draft['metadata'] as { name: string };
  const why = `unable to create new content in namespace ${scope.namespace} because it is being terminated`;
  throw StatusError.forbidden(type, name, why, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${scope.namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
};
