import type { JsonObject, KubeObject, ManagedFieldsEntry, ObjectMeta } from '../object.js';
import { isObject } from '../object.js';
import type { Draft, ResourceType } from '../resource-type.js';
import type { Part } from './writes.js';

/** A list of one empty entry takes all notes of whose the fields are away (Kubernetes: clearing managed fields). */
const isClearing = (given: readonly Partial<ManagedFieldsEntry>[]): boolean =>
  given.length === 1 && given.every((entry) => Object.keys(entry).length === 0);

const isEntry = (entry: Partial<ManagedFieldsEntry>): boolean =>
  Boolean(entry.manager) &&
  (entry.operation === 'Apply' || entry.operation === 'Update') &&
  entry.fieldsType === 'FieldsV1' &&
  isObject(entry.fieldsV1);

/** A body may hand fields to other managers, or clear the notes of them; what is left out or makes no sense changes nothing. */
export function withManagedFields(draft: Draft, { metadata }: KubeObject, part: Part): Draft {
  const { managedFields: given = [], ...rest } = (draft['metadata'] ?? {}) as Partial<ObjectMeta>;
  const isGiven = part === 'object' && given.length > 0 && given.every(isEntry);
  const kept = isGiven ? given : metadata.managedFields;
  const managedFields = part === 'object' && isClearing(given) ? undefined : kept;
  return { ...draft, metadata: { ...rest, ...(managedFields && { managedFields }) } };
}

/** The part of a configuration that is applied: the status alone, or all but the status where that is a part of its own. */
export function configurationOf(type: ResourceType, draft: Draft, name: string, part: Part): JsonObject {
  const metadata = { ...(draft['metadata'] as object), name };
  if (part === 'status') {
    const { apiVersion, kind, status } = draft;
    return { apiVersion, kind, metadata: { name }, ...(status !== undefined && { status }) };
  }
  const { status, ...desired } = draft;
  return { ...desired, ...(!type.hasStatus && status !== undefined && { status }), metadata };
}
