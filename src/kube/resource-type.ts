import { defineCollection, ofPart } from '../store/index.js';
import type { Collection, IndexTerms, Reader } from '../store/index.js';
import type { Instant } from '../units/index.js';
import type { FieldError } from './api/field-error.js';
import { controllerOf, membersOf } from './object.js';
import type { KubeObject, Stored } from './object.js';
import { clientSchema, typeSchema } from './schema/index.js';
import type { ObjectSchema } from './schema/index.js';
import type { Column } from './table/column.js';

/** An object on its way into the store, which its kind may still complete. */
export type Draft = Record<string, unknown>;

/** Which names a kind's objects may have. */
export type NameRule = 'subdomain' | 'label' | 'dns1035' | 'pathSegment' | 'ipAddress';

/** Where a kind keeps what the `scale` subresource shows. */
export interface ScaleRule {
  /** The member that scaling sets; `spec.replicas` unless given. */
  readonly path?: readonly string[];
  readonly replicas: (object: KubeObject) => number;
  readonly statusReplicas: (object: KubeObject) => number;
  /** The selector as a query's text. */
  readonly selector: (object: KubeObject) => string;
}

/** What an object is looked at with. */
export interface View {
  readonly reader: Reader;
  readonly now: Instant;
}

/** A kind of object: how its resource is called, shown, completed and checked. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The kind of lists whose items say their own kind each, as custom resources do; absent where items leave it to the list. */
  readonly listKind?: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly schema: ObjectSchema;
  readonly collection: Collection<Stored>;
  /** The kind in the version that its objects are kept in, when this is another one (Kubernetes: storage version). */
  readonly stored?: ResourceType;
  /** Shows a kept object in this version; undefined when it is kept as it is shown. */
  readonly fromStored?: (kept: KubeObject) => KubeObject;
  /** Makes what is kept of an object of this version; parts of the draft may be shared, it is not changed. */
  readonly toStored?: (draft: Draft) => Draft;
  /** What can be done with its objects, as discovery lists it. */
  readonly verbs: readonly string[];
  readonly nameRule: NameRule;
  /** True when `status` is a subresource: writes to the object leave it alone. */
  readonly hasStatus: boolean;
  /** True when `metadata.generation` counts the changes of its desired state. */
  readonly tracksGeneration: boolean;
  readonly scale?: ScaleRule;
  /** Further subresources that discovery lists. */
  readonly subresources: readonly Subresource[];
  /** Parts that are read and written by a path of their own, beside `status`. */
  readonly parts: readonly PartRule[];
  /** Fields a query may select by, beyond name and namespace. */
  readonly selectable: readonly string[];
  /** What a selection by another field is refused with, where the kind has words of its own. */
  readonly selectorRefusal?: (field: string) => string;
  readonly columns: readonly Column[];
  /** Fills what a body leaves out, in place. */
  readonly applyDefaults: (draft: Draft) => void;
  /** Makes a new object ready: what the server alone decides, in place. */
  readonly prepareCreate: (draft: Draft) => void;
  /** What the server alone decides of an object that is written anew, in place. */
  readonly prepareUpdate?: (draft: Draft, before: KubeObject) => void;
  /** Everything wrong with an object; `before` is its present state when it is being changed. */
  readonly validate: (object: KubeObject, before: KubeObject | undefined) => readonly FieldError[];
  /** Everything wrong with a new status; `before` is the object's present state. */
  readonly validateStatus: (object: KubeObject, before: KubeObject) => readonly FieldError[];
  /** What a client that writes such an object is warned of (Kubernetes: `Warning` headers); it is sound all the same. */
  readonly warnings: (object: KubeObject, before: KubeObject | undefined) => readonly string[];
  /** What the first deletion writes on an object before it is marked, e.g. a finalizer of the kind's own. */
  readonly prepareDelete?: (object: KubeObject, now: Instant) => KubeObject;
  /** How an object looks at a moment, for kinds of which part follows from time alone and is not stored. */
  readonly present?: (stored: Stored, view: View) => KubeObject;
  /** The grace in seconds that a deletion gives an object unless told otherwise; 0 removes it at once. */
  readonly deletionGrace: (object: KubeObject) => number;
}

/** A subresource as discovery lists it; `group`, `version` and `kind` are those of its body. */
export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** A part of an object that is written by a path of its own, and alone (Kubernetes: subresources such as `approval`). */
export interface PartRule {
  readonly name: string;
  readonly verbs: readonly ('get' | 'patch' | 'update')[];
  /** The object with the part of a body alone; what else the body says is not taken. */
  readonly merge: (before: KubeObject, draft: Draft) => KubeObject;
  /** Everything wrong with the part. */
  readonly validate: (object: KubeObject, before: KubeObject) => readonly FieldError[];
}

type Optional =
  | 'singular'
  | 'shortNames'
  | 'categories'
  | 'collection'
  | 'nameRule'
  | 'hasStatus'
  | 'tracksGeneration'
  | 'subresources'
  | 'parts'
  | 'selectable'
  | 'applyDefaults'
  | 'prepareCreate'
  | 'validate'
  | 'validateStatus'
  | 'warnings'
  | 'deletionGrace'
  | 'verbs';

/** A kind of this code's own as it is declared. */
export type KindDeclaration = Omit<ResourceType, Optional | 'schema'> &
  Partial<Pick<ResourceType, Optional>> & {
    /** Name of its type in the official client, e.g. `V1Pod`. */
    readonly schema: string;
  };

/** What can be done with objects of most kinds. */
export const everyVerb: readonly string[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** Declares a kind of this code's own; what is left out is as most kinds have it. */
export function defineKind({ schema, applyDefaults, ...kind }: KindDeclaration): ResourceType {
  return {
    schema: clientSchema(schema),
    verbs: everyVerb,
    singular: kind.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    collection: objectCollection(kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`),
    nameRule: 'subdomain',
    hasStatus: false,
    tracksGeneration: kind.hasStatus === true && kind.group !== '',
    subresources: [],
    parts: [],
    selectable: [],
    applyDefaults: (draft) => {
      fillSpec(schema, draft);
      applyDefaults?.(draft);
    },
    prepareCreate: () => undefined,
    validate: () => [],
    validateStatus: () => [],
    warnings: () => [],
    deletionGrace: () => 0,
    ...kind,
  };
}

/** A kind that has a spec has one in every object: in Go it is no pointer. */
function fillSpec(schema: string, draft: Draft): void {
  if (typeSchema(schema).properties['spec']?.ref !== undefined) draft['spec'] ??= {};
}

/** Declares where a kind's objects are kept; `further` are the indexes of its own. */
export function objectCollection<S extends Stored>(
  name: string,
  further: Readonly<Record<string, (stored: S) => string | readonly string[] | undefined>> = {},
): Collection<Stored> {
  return defineCollection<S>(`kube/${name}`, {
    ...objectIndexes,
    ...further,
  }) as unknown as Collection<Stored>;
}

/** True for a collection of Kubernetes objects, by its name. */
export const isOfObjects = (collection: string): boolean =>
  collection.startsWith('kube/') || collection === 'nodes';

/** The indexes that every collection of objects has. */
export const objectIndexes = {
  byCluster: (stored: Stored): string => stored.cluster,
  byNamespace: ofMetadata((stored) =>
    stored.object.metadata.namespace === undefined
      ? undefined
      : namespaceTerm(stored.cluster, stored.object.metadata.namespace),
  ),
  byOwner: ofMetadata((stored) => stored.object.metadata.ownerReferences?.map(({ uid }) => uid)),
};

/** An index of objects whose terms hang on their metadata alone, as most changes leave these alone. */
export function ofMetadata(terms: (stored: Stored) => IndexTerms): (stored: Stored) => IndexTerms {
  return ofPart((stored: Stored) => stored.object.metadata, terms);
}

/** Terms of an index `uncontrolled`: the objects that no controller has, by namespace. */
export const uncontrolledTerm = ofMetadata(({ cluster, object }) =>
  controllerOf(object) ? undefined : namespaceTerm(cluster, object.metadata.namespace ?? ''),
);

/** The last namespace whose term was asked for: bursts are of one, and a text that is there is found faster than a new one. */
let lastNamespace = { cluster: '', namespace: '', term: '|' };

/** Term of `byNamespace`. */
export function namespaceTerm(cluster: string, namespace: string): string {
  if (lastNamespace.namespace !== namespace || lastNamespace.cluster !== cluster)
    lastNamespace = { cluster, namespace, term: `${cluster}|${namespace}` };
  return lastNamespace.term;
}

/**
 * Declares another served version of a kind, over the same objects. What is not said is as in the version that is kept;
 * objects are checked there, in its words.
 */
export function defineVersion(
  stored: ResourceType,
  {
    schema,
    ...version
  }: Partial<Omit<ResourceType, 'schema'>> &
    Required<Pick<ResourceType, 'version' | 'fromStored' | 'toStored'>> & { readonly schema: string },
): ResourceType {
  const { toStored } = version;
  const columns = stored.columns.map(({ cell, ...column }) => ({
    ...column,
    cell: (object: KubeObject, now: Instant) =>
      cell(toStored({ ...membersOf(object) }) as unknown as KubeObject, now),
  }));
  return { ...stored, columns, ...version, schema: clientSchema(schema), stored };
}

/** A kind in the version that its objects are kept in. */
export const storedType = (type: ResourceType): ResourceType => type.stored ?? type;

/** A kept object in a version of its kind. */
export const inVersion = (type: Pick<ResourceType, 'fromStored'>, kept: KubeObject): KubeObject =>
  type.fromStored ? type.fromStored(kept) : kept;

/** `apps/v1`, or `v1` for the core group. */
export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

/** An object's key in its collection. */
export const objectKey = (cluster: string, namespace: string | undefined, name: string): string =>
  namespace === undefined ? `${cluster}/${name}` : `${cluster}/${namespace}/${name}`;
