import type { Transaction, Versioned } from '../../store/index.js';
import { deleteObject } from '../api/index.js';
import { addNamespaceDefaults, rootCertificateName } from '../cluster/index.js';
import { withCondition } from '../conditions.js';
import type { Condition } from '../conditions.js';
import { configMaps, isTerminating, namespaces, serviceAccounts } from '../kinds/index.js';
import { fieldAt } from '../object.js';
import type { Stored } from '../object.js';
import { namespaceTerm, objectKey } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import type { ControllerParts, Seen, Trigger } from './controller.js';
import { GatheringController } from './gathering-controller.js';
import { putStatus } from './owned.js';

/** The namespace of a deleted object that every namespace has: it comes back while the namespace stays. */
function ofDeleted({ cluster, before, after }: Seen, name: string): readonly string[] {
  if (after || before?.metadata.name !== name || before.metadata.namespace === undefined) return [];
  return [objectKey(cluster, undefined, before.metadata.namespace)];
}

/** What is left in a namespace that goes. */
interface Remains {
  /** Objects by the names of their kinds, e.g. `deployments.apps`. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
}

/** Gives new namespaces what they begin with, and empties those that are deleted (Kubernetes: namespace life cycle). */
export class NamespaceController extends GatheringController {
  protected readonly triggers: readonly Trigger[] = [
    this.forgets,
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
    { type: configMaps, keys: (seen) => ofDeleted(seen, rootCertificateName) },
    { type: serviceAccounts, keys: (seen) => ofDeleted(seen, 'default') },
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
    const remains = this.#empty(tx, cluster, name);
    const left = [...remains.kinds.values()].reduce((sum, count) => sum + count, 0);
    this.noteSize(entry.key, left);
    // This loop is the holder `kubernetes`; who takes that off by `finalize` does not want to wait for it.
    const holders = (fieldAt(object, 'spec.finalizers') ?? []) as readonly string[];
    const others = holders.filter((one) => one !== 'kubernetes');
    const isEmptied = left === 0 || holders.length === 0;
    if (isEmptied && others.length === 0 && (object.metadata.finalizers ?? []).length === 0)
      tx.delete(namespaces.collection, entry.key);
    else this.#tell(tx, entry, remains);
    return undefined;
  }

  /** Deletes what is in a namespace; what is held by finalizers or still stops is left for a while. */
  #empty(tx: Transaction, cluster: string, name: string): Remains {
    const kinds = new Map<string, number>();
    const finalizers = new Map<string, number>();
    for (const type of this.parts.context.kinds.of(cluster).stored) {
      if (!type.namespaced) continue;
      for (const content of tx.findEntries(type.collection, 'byNamespace', namespaceTerm(cluster, name))) {
        const { object } = content.value;
        const left = isTerminating(object)
          ? object
          : deleteObject(this.parts.context, tx, type, content, { propagation: 'Background' });
        if (!left) continue;
        count(kinds, nameOf(type));
        for (const finalizer of left.metadata.finalizers ?? []) count(finalizers, finalizer);
      }
    }
    return { kinds, finalizers };
  }

  /** Says in conditions what the namespace waits for. */
  #tell(tx: Transaction, entry: Versioned<Stored>, { kinds, finalizers }: Remains): void {
    const now = this.parts.clock.now();
    const texts = (counts: ReadonlyMap<string, number>, link: string): string =>
      [...counts]
        .map(([name, number]) => `${name} ${link} ${String(number)} resource instances`)
        .sort()
        .join(', ');
    const told: readonly Omit<Condition, 'lastTransitionTime'>[] = [
      fine('DeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
      fine(
        'DeletionGroupVersionParsingFailure',
        'ParsedGroupVersions',
        'All legacy kube types successfully parsed',
      ),
      fine(
        'DeletionContentFailure',
        'ContentDeleted',
        'All content successfully deleted, may be waiting on finalization',
      ),
      kinds.size === 0
        ? fine('ContentRemaining', 'ContentRemoved', 'All content successfully removed')
        : waiting(
            'ContentRemaining',
            'SomeResourcesRemain',
            `Some resources are remaining: ${texts(kinds, 'has')}`,
          ),
      finalizers.size === 0
        ? fine('FinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
        : waiting(
            'FinalizersRemaining',
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${texts(finalizers, 'in')}`,
          ),
    ];
    const before = (fieldAt(entry.value.object, 'status.conditions') ?? []) as readonly Condition[];
    const conditions = told.reduce((present, one) => withCondition(present, one, now), before);
    putStatus(tx, namespaces, entry, { phase: 'Terminating', conditions });
  }
}

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

/** A kind as conditions name it: `pods.`, `deployments.apps`. */
const nameOf = ({ plural, group }: ResourceType): string => `${plural}.${group}`;

const fine = (type: string, reason: string, message: string): Omit<Condition, 'lastTransitionTime'> => ({
  type: `Namespace${type}`,
  status: 'False',
  reason,
  message,
});

const waiting = (type: string, reason: string, message: string): Omit<Condition, 'lastTransitionTime'> => ({
  ...fine(type, reason, message),
  status: 'True',
});
