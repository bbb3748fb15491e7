import type { Transaction, Versioned } from '../../store/index.js';
import { deleteObject } from '../api/index.js';
import { addNamespaceDefaults } from '../cluster/index.js';
import { isTerminating, namespaces } from '../kinds/index.js';
import { fieldAt } from '../object.js';
import type { Stored } from '../object.js';
import { namespaceTerm } from '../resource-type.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';
import { objectKey } from '../resource-type.js';

/** Gives new namespaces what they begin with, and empties those that are deleted (Kubernetes: namespace life cycle). */
export class NamespaceController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: 'every',
      // What goes may be the last thing that a namespace waits for.
      keys: ({ cluster, before, after }, store) => {
        if (after || !before?.metadata.namespace) return [];
        const key = objectKey(cluster, undefined, before.metadata.namespace);
        const namespace = store.get(namespaces.collection, key);
        return namespace && isTerminating(namespace.object) ? [key] : [];
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, namespaces);
  }

  protected reconcile(tx: Transaction, entry: Versioned<Stored>): undefined {
    const { cluster, object } = entry.value;
    const { name } = object.metadata;
    if (!isTerminating(object)) {
      addNamespaceDefaults(tx, this.parts.context, cluster, name);
      return undefined;
    }
    let left = 0;
    for (const type of this.parts.context.kinds.of(cluster).stored) {
      if (!type.namespaced) continue;
      for (const content of tx.findEntries(type.collection, 'byNamespace', namespaceTerm(cluster, name))) {
        if (isTerminating(content.value.object)) left += 1;
        else if (deleteObject(this.parts.context, tx, type, content, { propagation: 'Background' }))
          left += 1;
      }
    }
    // This loop is the holder `kubernetes`; who takes that off by `finalize` does not want to wait for it.
    const holders = (fieldAt(object, 'spec.finalizers') ?? []) as readonly string[];
    const others = holders.filter((one) => one !== 'kubernetes');
    const isEmptied = left === 0 || holders.length === 0;
    if (isEmptied && others.length === 0 && (object.metadata.finalizers ?? []).length === 0)
      tx.delete(namespaces.collection, entry.key);
    return undefined;
  }
}
