import { own } from '../units/index.js';

/** A JSON object whose members are not known at compile time. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A reference to the object that another one belongs to (Kubernetes: owners and dependents). */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Who set which fields, and how (Kubernetes: server-side apply). */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
}

/**
 * What every object carries. A stored object has no `resourceVersion`: it is the revision of the commit that wrote it, added
 * where the object is shown.
 */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Any object of the Kubernetes API. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** An object with the cluster it is of, as the store keeps it. */
export interface Stored<T extends KubeObject = KubeObject> {
  /** The cluster's key. */
  readonly cluster: string;
  readonly object: T;
}

/** The members of an object, for code that works on any kind. */
export const membersOf = (object: KubeObject): JsonObject => object as unknown as JsonObject;

/** The object's controller, if it has one. */
export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find(({ controller }) => controller === true);

/** The value at a path of member names; undefined where the path leaves the object. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (!isObject(at)) return undefined;
    at = own(at, name);
  }
  return at;
}

/** The value at a path such as `spec.type`; undefined where the path leaves the object. */
export const fieldAt = (object: KubeObject, path: string): unknown =>
  valueAt(membersOf(object), path.split('.'));

/** JSON with members in order: equal values give equal texts. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
