import { StatusError } from '../api/status-error.js';
import { namespaces } from '../kinds/index.js';
import { objectKey } from '../resource-type.js';
import { onCreate } from './plugin.js';

/** Nothing is created in a namespace that does not exist or is going (Kubernetes: NamespaceLifecycle). */
export const namespaceLifecycle = onCreate('NamespaceLifecycle', undefined, {
  mutate: ({ tx, type, scope, name }) => {
    if (scope.namespace === undefined) return;
    const namespace = tx.get(namespaces.collection, objectKey(scope.cluster, undefined, scope.namespace));
    if (!namespace) throw StatusError.notFound(namespaces, scope.namespace);
    if (namespace.object.metadata.deletionTimestamp === undefined) return;
    const why = `unable to create new content in namespace ${scope.namespace} because it is being terminated`;
    throw StatusError.forbidden(type, name, why, [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${scope.namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ]);
  },
});
