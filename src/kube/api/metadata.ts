import type { KubeObject, OwnerReference } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { labelErrors, nameFault, qualifiedNameFaults } from './names.js';
import { duplicate, forbiddenField, invalid, required } from './status-error.js';
import type { FieldError } from './status-error.js';

/** Annotations of an object take no more bytes than this together. */
const annotationLimit = 256 * 1024;

/** What is wrong with an object's metadata (API machinery: ValidateObjectMeta). */
export function metadataErrors(type: ResourceType, { metadata }: KubeObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name, generateName = '', labels, annotations, ownerReferences = [], finalizers = [] } = metadata;
  // What follows the base of a generated name makes a name of one that ends in a hyphen.
  const base = generateName.replace(/-$/, 'a');
  const baseFault = base === '' ? undefined : nameFault(type.nameRule, base);
  if (baseFault !== undefined) errors.push(invalid('metadata.generateName', generateName, baseFault));
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else {
    const fault = nameFault(type.nameRule, name);
    if (fault !== undefined) errors.push(invalid('metadata.name', name, fault));
  }
  errors.push(...labelErrors(labels, 'metadata.labels'));
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    size += key.length + Buffer.byteLength(value);
    for (const fault of qualifiedNameFaults(key.toLowerCase()))
      errors.push(invalid('metadata.annotations', key, fault));
  }
  if (size > annotationLimit) {
    errors.push({
      type: 'tooLong',
      field: 'metadata.annotations',
      detail: `may not be more than ${String(annotationLimit)} bytes`,
    });
  }
  for (const owner of ownerReferences) errors.push(...ownerErrors(owner));
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  if (controllers.length > 1) {
    errors.push(
      invalid(
        'metadata.ownerReferences',
        ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${controllers.map((one) => `${one.kind}/${one.name}`).join(' and ')}`,
      ),
    );
  }
  errors.push(...finalizerErrors(type, finalizers));
  return errors;
}

/** Owners are told by the list's path alone, without their index. */
function ownerErrors(owner: OwnerReference): readonly FieldError[] {
  const at = 'metadata.ownerReferences';
  const empty = (['kind', 'name', 'uid'] as const).flatMap((member) =>
    owner[member] ? [] : [invalid(`${at}.${member}`, owner[member] ?? '', 'must not be empty')],
  );
  // Events are too many, and of too short a life, to own anything.
  const isEvent = owner.apiVersion === 'v1' && owner.kind === 'Event';
  return [
    ...(owner.apiVersion ? [] : [invalid(`${at}.apiVersion`, '', 'must not be empty')]),
    ...empty,
    ...(isEvent ? [invalid(at, owner, '/v1, Kind=Event is disallowed from being an owner')] : []),
  ];
}

/** Finalizers that need no domain before them (core: standard finalizers). */
const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function finalizerErrors(type: ResourceType, finalizers: readonly string[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const finalizer of finalizers) {
    for (const fault of qualifiedNameFaults(finalizer))
      errors.push(invalid('metadata.finalizers', finalizer, fault));
  }
  for (const [index, finalizer] of finalizers.entries()) {
    const at = `metadata.finalizers[${String(index)}]`;
    if (finalizers.indexOf(finalizer) !== index) errors.push(duplicate(at, finalizer));
    // Custom resources may have any.
    if (type.schema.source !== 'client' || finalizer.includes('/') || standardFinalizers.has(finalizer))
      continue;
    errors.push(
      invalid(at, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'),
    );
  }
  return errors;
}

/** What may not change in an object's metadata. */
export function metadataUpdateErrors(object: KubeObject, before: KubeObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { metadata } = object;
  for (const member of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const) {
    if (metadata[member] !== before.metadata[member]) {
      errors.push(invalid(`metadata.${member}`, metadata[member] ?? '', 'field is immutable'));
    }
  }
  const added = (metadata.finalizers ?? []).filter(
    (one) => !(before.metadata.finalizers ?? []).includes(one),
  );
  if (before.metadata.deletionTimestamp !== undefined && added.length > 0) {
    errors.push(
      forbiddenField(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`,
      ),
    );
  }
  return errors;
}
