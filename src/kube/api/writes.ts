import { seconds, after } from '../../units/index.js';
import type { Transaction, Versioned } from '../../store/index.js';
import { toKubeTime } from '../kube-time.js';
import type { JsonObject, KubeObject, ManagedFieldsEntry, ObjectMeta, Stored } from '../object.js';
import { canonicalJson, isObject, membersOf } from '../object.js';
import { sameJson } from '../same-json.js';
import { apiVersionOf, objectKey, storedType } from '../resource-type.js';
import type { Draft, PartRule, ResourceType } from '../resource-type.js';
import type { Scope, WriteContext } from './context.js';
import { metadataErrors, metadataUpdateErrors } from './metadata.js';
import type { FieldError } from './field-error.js';
import { StatusError } from './status-error.js';

/** The part of an object that a write is for. */
export type Part = 'object' | 'status' | PartRule;

/** What a part's writes are called as; undefined for the object itself. */
export const subresourceOf = (part: Part): string | undefined =>
  part === 'object' ? undefined : part === 'status' ? 'status' : part.name;

/** Letters of generated names: no vowels and no look-alikes, so that no words come out (Kubernetes: names). */
const nameLetters = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const longestBase = 63 - suffixLength;

/** `base` with five letters that follow from the seed and `occasion`. */
export function generatedName({ seed }: WriteContext, base: string, occasion: string): string {
  const random = seed.stream('kube-name', occasion);
  let suffix = '';
  for (let at = 0; at < suffixLength; at += 1) suffix += nameLetters[random.int(nameLetters.length)] ?? '';
  return base.slice(0, longestBase) + suffix;
}

/**
 * Writes a new object: completes it, has it admitted, checks it. `draft` is taken over and must not be used afterwards.
 * `managed` tells whose its fields are: of the object as it was sent and completed, before the server adds to it.
 *
 * @throws StatusError 404 without its namespace, 403, 409 when it exists, 422 when it is invalid.
 */
export function insertObject(
  context: WriteContext,
  tx: Transaction,
  type: ResourceType,
  scope: Scope,
  draft: Draft,
  managed?: (sent: KubeObject) => readonly ManagedFieldsEntry[],
): KubeObject {
  const given = (isObject(draft['metadata']) ? draft['metadata'] : {}) as Partial<ObjectMeta>;
  const now = toKubeTime(context.clock.now());
  const name = given.name ?? freeName(context, tx, type, scope, given.generateName);
  const key = objectKey(scope.cluster, scope.namespace, name);
  draft['apiVersion'] = apiVersionOf(type);
  draft['kind'] = type.kind;
  draft['metadata'] = {
    name,
    ...(given.generateName && { generateName: given.generateName }),
    ...(scope.namespace !== undefined && { namespace: scope.namespace }),
    uid: context.seed.stream('kube-uid', `${type.collection.name}/${key}@${String(tx.revision)}`).guid(),
    creationTimestamp: now,
    ...(type.tracksGeneration && { generation: 1 }),
    ...mutableMetadata(given),
  };
  const kept = asKept(type, draft);
  if (managed) noteManaged(type, kept, managed);
  const request = {
    operation: 'CREATE',
    tx,
    type: storedType(type),
    scope,
    name,
    subresource: undefined,
    draft: kept,
  } as const;
  context.admission.mutate(request, context);
  type.prepareCreate(kept);
  const object = kept as unknown as KubeObject;
  checkValid(type, object, undefined, 'object');
  const present = tx.get(type.collection, key);
  if (present) {
    const isGoing = present.object.metadata.deletionTimestamp !== undefined;
    throw isGoing ? StatusError.stillThere(type, name) : StatusError.alreadyExists(type, name);
  }
  // Last, as what is admitted may be counted against a quota.
  context.admission.validate(request, context);
  tx.put(type.collection, key, { cluster: scope.cluster, object }, 'absent');
  return object;
}

/** The status is not taken from a body where it is a part of its own: nobody comes to own it. */
function noteManaged(
  { hasStatus }: ResourceType,
  kept: Draft,
  managed: (sent: KubeObject) => readonly ManagedFieldsEntry[],
): void {
  const { status, ...desired } = kept;
  const entries = managed((hasStatus ? desired : kept) as unknown as KubeObject);
  const { managedFields: _given, ...metadata } = kept['metadata'] as ObjectMeta;
  kept['metadata'] = { ...metadata, ...(entries.length > 0 && { managedFields: entries }) };
}

/** A draft as it is kept: completed in its own version, then in the one that objects are kept in. */
function asKept(type: ResourceType, draft: Draft): Draft {
  type.applyDefaults(draft);
  if (!type.toStored) return draft;
  const kept = type.toStored(draft);
  type.stored?.applyDefaults(kept);
  return kept;
}

/** A name nobody has; eight tries, as the API server's. */
function freeName(
  context: WriteContext,
  tx: Transaction,
  type: ResourceType,
  scope: Scope,
  base: string | undefined,
): string {
  if (base === undefined || base === '') return '';
  let name = '';
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const occasion = `${type.collection.name}/${objectKey(scope.cluster, scope.namespace, base)}@${String(tx.revision)}.${String(tx.count(type.collection))}.${String(attempt)}`;
    name = generatedName(context, base, occasion);
    if (!tx.get(type.collection, objectKey(scope.cluster, scope.namespace, name))) return name;
  }
  return name;
}

/** The members of metadata that clients decide. */
function mutableMetadata(given: Partial<ObjectMeta>): Partial<ObjectMeta> {
  const { labels, annotations, ownerReferences, finalizers, managedFields } = given;
  return {
    ...(labels && Object.keys(labels).length > 0 && { labels }),
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
    ...(ownerReferences && ownerReferences.length > 0 && { ownerReferences }),
    ...(finalizers && finalizers.length > 0 && { finalizers }),
    ...(managedFields && managedFields.length > 0 && { managedFields }),
  };
}

/**
 * Writes an object anew: what its part does not cover stays as it was. An object that is being deleted goes with its last
 * finalizer. `draft` is taken over.
 *
 * @returns the object as it is now; undefined once it is gone.
 * @throws StatusError 422 when it is invalid.
 */
export function replaceObject(
  context: WriteContext,
  tx: Transaction,
  type: ResourceType,
  { key, value: stored }: Versioned<Stored>,
  draft: Draft,
  part: Part,
  subresource = subresourceOf(part),
): KubeObject | undefined {
  const before = stored.object;
  const { name, namespace } = before.metadata;
  const scope = { cluster: stored.cluster, ...(namespace !== undefined && { namespace }) };
  const target = {
    operation: 'UPDATE',
    tx,
    type: storedType(type),
    scope,
    name,
    subresource,
    before,
  } as const;
  const kept = type.toStored ? asKept(type, draft) : draft;
  let object = merged(type, before, kept, part);
  const admitted = { ...object } as unknown as Draft;
  if (context.admission.mutates({ ...target, draft: admitted })) {
    context.admission.mutate({ ...target, draft: admitted }, context);
    object = merged(type, before, admitted, part);
  }
  checkValid(type, object, before, part);
  context.admission.validate({ ...target, draft: object as unknown as Draft }, context);
  if (sameJson(object, before)) return before;
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined && isReleased(object)) {
    tx.delete(type.collection, key);
    return undefined;
  }
  tx.put(type.collection, key, { ...stored, object });
  return object;
}

/** True when nothing holds an object that is being deleted: no finalizer, and no grace that is still running. */
const isReleased = ({ metadata }: KubeObject): boolean =>
  (metadata.finalizers ?? []).length === 0 && (metadata.deletionGracePeriodSeconds ?? 0) === 0;

function merged(type: ResourceType, before: KubeObject, draft: Draft, part: Part): KubeObject {
  if (part === 'object') return withDesired(type, before, draft);
  if (part === 'status') return withStatus(before, draft);
  type.applyDefaults(draft);
  const object = part.merge(before, draft);
  const managedFields = (draft['metadata'] as Partial<ObjectMeta> | undefined)?.managedFields;
  const counted =
    type.tracksGeneration && desiredOf(type, membersOf(object)) !== desiredOf(type, membersOf(before));
  const { generation = 0 } = before.metadata;
  const metadata = {
    ...object.metadata,
    ...(managedFields && { managedFields }),
    ...(counted && { generation: generation + 1 }),
  };
  return { ...object, metadata };
}

function withStatus(before: KubeObject, draft: Draft): KubeObject {
  const managedFields = (draft['metadata'] as Partial<ObjectMeta> | undefined)?.managedFields;
  return {
    ...before,
    metadata: { ...before.metadata, ...(managedFields && { managedFields }) },
    status: draft['status'] ?? {},
  } as KubeObject;
}

function withDesired(type: ResourceType, before: KubeObject, draft: Draft): KubeObject {
  storedType(type).applyDefaults(draft);
  storedType(type).prepareUpdate?.(draft, before);
  const given = draft['metadata'] as Partial<ObjectMeta>;
  const { status: _status, ...members } = draft;
  const previous = membersOf(before);
  const object = {
    ...members,
    apiVersion: apiVersionOf(storedType(type)),
    kind: before.kind,
    metadata: {
      ...serverMetadata(before.metadata),
      // Immutable; what a body says otherwise is an error that validation names.
      ...(given.uid !== undefined && given.uid !== '' && { uid: given.uid }),
      ...(given.deletionTimestamp !== undefined && { deletionTimestamp: given.deletionTimestamp }),
      ...mutableMetadata(given),
    },
    ...(type.hasStatus
      ? previous['status'] !== undefined && { status: previous['status'] }
      : draft['status'] !== undefined && { status: draft['status'] }),
  };
  const { generation } = before.metadata;
  const isChanged = type.tracksGeneration && desiredOf(type, members) !== desiredOf(type, previous);
  return isChanged
    ? { ...object, metadata: { ...object.metadata, generation: (generation ?? 0) + 1 } }
    : object;
}

/** The metadata that the server alone decides. */
function serverMetadata(metadata: ObjectMeta): ObjectMeta {
  const { labels, annotations, ownerReferences, finalizers, managedFields, ...rest } = metadata;
  return rest;
}

/** What counts for the generation: all but metadata, and the status where that is written apart. */
function desiredOf({ hasStatus }: ResourceType, object: JsonObject): string {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, status, ...desired } = object;
  return canonicalJson(hasStatus ? desired : { ...desired, status });
}

function checkValid(
  type: ResourceType,
  object: KubeObject,
  before: KubeObject | undefined,
  part: Part,
): void {
  const errors =
    before && part !== 'object'
      ? partErrors(type, object, before, part)
      : [
          ...metadataErrors(type, object),
          ...(before ? metadataUpdateErrors(object, before) : []),
          ...type.validate(object, before),
        ];
  if (errors.length > 0) throw StatusError.invalid(type, object.metadata.name, errors);
}

/** A write to a part leaves all else alone, which was checked when it was written. */
const partErrors = (
  type: ResourceType,
  object: KubeObject,
  before: KubeObject,
  part: Exclude<Part, 'object'>,
): readonly FieldError[] =>
  part === 'status' ? type.validateStatus(object, before) : part.validate(object, before);

/** How what belongs to a deleted object is treated (Kubernetes: cascading deletion). */
export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/** A deletion as asked for. */
export interface Deletion {
  /** Seconds; undefined takes the object's own. */
  readonly gracePeriodSeconds?: number;
  readonly propagation: Propagation;
}

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

/**
 * Deletes an object: at once when it has no grace and no finalizers, else it is marked and whoever holds it lets it go.
 *
 * @returns the object as it is now; undefined once it is gone.
 */
export function deleteObject(
  context: WriteContext,
  tx: Transaction,
  type: ResourceType,
  entry: Versioned<Stored>,
  { gracePeriodSeconds, propagation }: Deletion,
): KubeObject | undefined {
  const { key, value: stored } = entry;
  const now = context.clock.now();
  const isFirst = stored.object.metadata.deletionTimestamp === undefined;
  const object = (isFirst ? type.prepareDelete?.(stored.object, now) : undefined) ?? stored.object;
  const { metadata } = object;
  const { name, namespace } = metadata;
  const scope = { cluster: stored.cluster, ...(namespace !== undefined && { namespace }) };
  const request = {
    operation: 'DELETE',
    tx,
    type: storedType(type),
    scope,
    name,
    subresource: undefined,
    before: object,
  } as const;
  context.admission.mutate(request, context);
  context.admission.validate(request, context);
  const asked = gracePeriodSeconds ?? type.deletionGrace(object);
  const longest = type.deletionGrace(object) === 0 ? 0 : Math.max(0, asked);
  // A second deletion may shorten the grace, never lengthen it.
  const grace = Math.min(longest, metadata.deletionGracePeriodSeconds ?? longest);
  const finalizers = withPropagation(metadata.finalizers ?? [], propagation);
  if (type.kind === 'Namespace') return terminateNamespace(context, tx, type, entry);
  if (grace === 0 && finalizers.length === 0) {
    tx.delete(type.collection, key);
    return undefined;
  }
  const marked = {
    ...object,
    metadata: {
      ...metadata,
      ...(finalizers.length > 0 && { finalizers }),
      deletionTimestamp:
        metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === grace
          ? metadata.deletionTimestamp
          : toKubeTime(after(now, seconds(grace))),
      deletionGracePeriodSeconds: grace,
      ...(metadata.generation !== undefined &&
        metadata.deletionTimestamp === undefined && { generation: metadata.generation + 1 }),
    },
  };
  if (sameJson(marked, stored.object)) return stored.object;
  tx.put(type.collection, key, { ...stored, object: marked });
  return marked;
}

function withPropagation(finalizers: readonly string[], propagation: Propagation): readonly string[] {
  const others = finalizers.filter((one) => one !== foreground && one !== orphan);
  if (propagation === 'Foreground') return [...others, foreground];
  return propagation === 'Orphan' ? [...others, orphan] : others;
}

const immortal: ReadonlySet<string> = new Set(['default', 'kube-public', 'kube-system']);

/** A namespace goes when its contents have gone: the namespace controller sees to that. */
function terminateNamespace(
  { clock }: WriteContext,
  tx: Transaction,
  type: ResourceType,
  { key, value: stored }: Versioned<Stored>,
): KubeObject {
  const { object } = stored;
  const { name, deletionTimestamp } = object.metadata;
  if (immortal.has(name)) throw StatusError.forbidden(type, name, 'this namespace may not be deleted');
  if (deletionTimestamp !== undefined) return object;
  const marked = {
    ...object,
    metadata: { ...object.metadata, deletionTimestamp: toKubeTime(clock.now()) },
    status: { phase: 'Terminating' },
  };
  tx.put(type.collection, key, { ...stored, object: marked });
  return marked;
}
