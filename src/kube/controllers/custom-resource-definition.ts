import type { Transaction, Versioned } from '../../store/index.js';
import { deleteObject } from '../api/index.js';
import { withCondition } from '../conditions.js';
import type { Condition } from '../conditions.js';
import { cleanupFinalizer, customResourceDefinitions, hasCondition } from '../kinds/index.js';
import type { CustomResourceDefinition, DefinitionNames } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { Stored } from '../object.js';
import { objectKey } from '../resource-type.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';

type Entry = Versioned<Stored<CustomResourceDefinition>>;
type ConditionNow = Omit<Condition, 'lastTransitionTime'>;

/** Accepts the names of definitions, establishes them, and empties those that are deleted (apiextensions: controllers). */
export class CustomResourceDefinitionController extends Controller {
  protected readonly triggers: readonly Trigger[] = [
    {
      type: 'every',
      // What goes may be the last thing that a definition waits for.
      keys: ({ cluster, collection, after }) => {
        const name = /^kube\/custom\/(.*)$/.exec(collection)?.[1];
        return after || name === undefined ? [] : [objectKey(cluster, undefined, name)];
      },
    },
    {
      type: customResourceDefinitions,
      // A definition that changes or goes may leave names to others of its group.
      keys: ({ cluster, before, after }, store) => {
        const { spec } = (after ?? before) as CustomResourceDefinition;
        return store
          .findEntries(customResourceDefinitions.collection, 'byCluster', cluster)
          .filter(({ value }) => isWaiting(value.object as CustomResourceDefinition, spec.group))
          .map(({ key }) => key);
      },
    },
  ];

  constructor(parts: ControllerParts) {
    super(parts, customResourceDefinitions);
  }

  protected reconcile(tx: Transaction, found: Versioned<Stored>): undefined {
    const entry = found as Entry;
    if (entry.value.object.metadata.deletionTimestamp !== undefined) this.#empty(tx, entry);
    else this.#establish(tx, entry);
    return undefined;
  }

  /** Takes the names that nobody of the group has; with all of them the kind is served. */
  #establish(tx: Transaction, entry: Entry): void {
    const { cluster, object } = entry.value;
    const { names, versions, group } = object.spec;
    const taken = tx
      .findEntries(customResourceDefinitions.collection, 'byCluster', cluster)
      .map(({ value }) => value.object as CustomResourceDefinition)
      .filter((other) => other.spec.group === group && other.metadata.name !== object.metadata.name);
    const conflicts = nameConflicts(names, taken);
    const isEstablished = hasCondition(object, 'Established');
    const conflicting = new Set(conflicts.map(({ reason }) => reason));
    const status = object.status ?? {};
    let conditions = status.conditions ?? [];
    // Of several the last is told, as the API server does.
    const conflict = conflicts.at(-1);
    conditions = this.#with(
      conditions,
      conflict
        ? { type: 'NamesAccepted', status: 'False', ...conflict }
        : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
    );
    if (!conflict) {
      conditions = this.#with(conditions, {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      });
    } else if (!isEstablished) {
      conditions = this.#with(conditions, {
        type: 'Established',
        status: 'False',
        reason: 'NotAccepted',
        message: 'not all names are accepted',
      });
    }
    const approval = approvalOf(object);
    if (approval) conditions = this.#with(conditions, approval);
    const storage = versions.filter((version) => version.storage).map(({ name }) => name);
    const storedVersions = [...new Set([...(status.storedVersions ?? []), ...storage])];
    const acceptedNames = accepted(names, status.acceptedNames, conflicting);
    this.#put(tx, entry, { ...status, acceptedNames, conditions, storedVersions });
  }

  /** Deletes the objects of a definition that is going; it goes with the last of them. */
  #empty(tx: Transaction, entry: Entry): void {
    const { cluster, object } = entry.value;
    const { finalizers = [] } = object.metadata;
    if (!finalizers.includes(cleanupFinalizer)) return;
    const { context } = this.parts;
    const type = context.kinds.of(cluster).ofCollection(`kube/custom/${object.metadata.name}`);
    const instances = type ? tx.findEntries(type.collection, 'byCluster', cluster) : [];
    let left = 0;
    for (const instance of instances) {
      const isGoing = instance.value.object.metadata.deletionTimestamp !== undefined;
      if (isGoing || (type && deleteObject(context, tx, type, instance, { propagation: 'Background' }))) {
        left += 1;
      }
    }
    if (left > 0) {
      const conditions = this.#with(object.status?.conditions ?? [], {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      });
      this.#put(tx, entry, { ...object.status, conditions });
      return;
    }
    const others = finalizers.filter((one) => one !== cleanupFinalizer);
    if (others.length === 0) {
      tx.delete(customResourceDefinitions.collection, entry.key);
      return;
    }
    const conditions = this.#with(object.status?.conditions ?? [], {
      type: 'Terminating',
      status: 'False',
      reason: 'InstanceDeletionCompleted',
      message: 'removed all instances',
    });
    const emptied = { ...object, metadata: { ...object.metadata, finalizers: others } };
    this.#put(tx, { ...entry, value: { ...entry.value, object: emptied } }, { ...object.status, conditions });
  }

  #with(conditions: readonly Condition[], condition: ConditionNow): readonly Condition[] {
    return withCondition(conditions, condition, this.parts.clock.now());
  }

  #put(tx: Transaction, { key, value }: Entry, status: CustomResourceDefinition['status']): void {
    const object: CustomResourceDefinition = { ...value.object, ...(status && { status }) };
    const before = tx.get(customResourceDefinitions.collection, key);
    if (before && canonicalJson(before.object) === canonicalJson(object)) return;
    tx.put(customResourceDefinitions.collection, key, { ...value, object });
  }
}

const isWaiting = (definition: CustomResourceDefinition, group: string): boolean =>
  definition.spec.group === group && !hasCondition(definition, 'NamesAccepted');

interface NameConflict {
  readonly reason: string;
  readonly message: string;
}

/** The names that definitions of the group have already, each with what it is. */
function nameConflicts(
  names: DefinitionNames,
  others: readonly CustomResourceDefinition[],
): readonly NameConflict[] {
  const taken = others.map(({ status }) => status?.acceptedNames ?? { plural: '', kind: '' });
  const resources = new Set(
    taken.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(taken.flatMap(({ kind, listKind = '' }) => [kind, listKind]));
  const conflict = (reason: string, name: string | undefined, used: ReadonlySet<string>) =>
    name !== undefined && name !== '' && used.has(name)
      ? [{ reason, message: `${JSON.stringify(name)} is already in use` }]
      : [];
  return [
    ...conflict('PluralConflict', names.plural, resources),
    ...conflict('SingularConflict', names.singular, resources),
    ...(names.shortNames ?? []).flatMap((name) => conflict('ShortNamesConflict', name, resources)),
    ...conflict('KindConflict', names.kind, kinds),
    ...conflict('ListKindConflict', names.listKind, kinds),
  ];
}

/** The names asked for, but those in conflict as they were. */
function accepted(
  names: DefinitionNames,
  before: DefinitionNames | undefined,
  conflicting: ReadonlySet<string>,
): DefinitionNames {
  const pick = <N extends keyof DefinitionNames>(name: N, reason: string): Pick<DefinitionNames, N> => {
    const value = conflicting.has(reason) ? before?.[name] : names[name];
    return (value === undefined ? {} : { [name]: value }) as Pick<DefinitionNames, N>;
  };
  const none: DefinitionNames = { plural: '', kind: '' };
  return {
    ...none,
    ...(names.categories && { categories: names.categories }),
    ...pick('kind', 'KindConflict'),
    ...pick('listKind', 'ListKindConflict'),
    ...pick('plural', 'PluralConflict'),
    ...pick('shortNames', 'ShortNamesConflict'),
    ...pick('singular', 'SingularConflict'),
  };
}

const approvalAnnotation = 'api-approved.kubernetes.io';

/** Groups of Kubernetes itself tell who approved their kinds (apiextensions: KubernetesAPIApproved). */
function approvalOf({ spec, metadata }: CustomResourceDefinition): ConditionNow | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group)) return undefined;
  const value = metadata.annotations?.[approvalAnnotation] ?? '';
  const type = 'KubernetesAPIApproved';
  if (value.startsWith('unapproved')) {
    return {
      type,
      status: 'False',
      reason: 'UnapprovedAnnotation',
      message: `not approved: ${JSON.stringify(value)}`,
    };
  }
  return {
    type,
    status: 'True',
    reason: 'ApprovedAnnotation',
    message: `approved in ${value}`,
  };
}
