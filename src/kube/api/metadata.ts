import type { KubeObject } from '../object.js';
import type { ResourceType } from '../resource-type.js';
import { labelErrors, nameFault, qualifiedNameFault } from './names.js';
import { duplicate, forbiddenField, invalid, required } from './status-error.js';
import type { FieldError } from './status-error.js';

/** Annotations of an object take no more bytes than this together. */
const annotationLimit = 256 * 1024;

/** What is wrong with an object's metadata (API machinery: ValidateObjectMeta). */
export function metadataErrors(type: ResourceType, { metadata }: KubeObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name, labels, annotations, ownerReferences = [], finalizers = [] } = metadata;
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else {
    const fault = nameFault(type.nameRule, name);
    if (fault !== undefined) errors.push(invalid('metadata.name', name, fault));
  }
  errors.push(...labelErrors(labels, 'metadata.labels'));
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    size += key.length + Buffer.byteLength(value);
    const fault = qualifiedNameFault(key.toLowerCase());
    if (fault !== undefined) errors.push(invalid('metadata.annotations', key, fault));
  }
  if (size > annotationLimit) {
    errors.push({
      type: 'tooLong',
      field: 'metadata.annotations',
      detail: `may not be more than ${String(annotationLimit)} bytes`,
    });
  }
  for (const [index, owner] of ownerReferences.entries()) {
    const at = `metadata.ownerReferences[${String(index)}]`;
    for (const member of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (!owner[member]) errors.push(invalid(`${at}.${member}`, owner[member] ?? '', 'must not be empty'));
    }
  }
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  if (controllers.length > 1) {
    errors.push(
      invalid(
        'metadata.ownerReferences',
        ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${controllers.map((one) => one.name).join(' and ')}`,
      ),
    );
  }
  for (const [index, finalizer] of finalizers.entries()) {
    const at = `metadata.finalizers[${String(index)}]`;
    const fault = qualifiedNameFault(finalizer);
    if (fault !== undefined) errors.push(invalid(at, finalizer, fault));
    if (finalizers.indexOf(finalizer) !== index) errors.push(duplicate(at, finalizer));
  }
  return errors;
}

/** What may not change in an object's metadata. */
export function metadataUpdateErrors(object: KubeObject, before: KubeObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { metadata } = object;
  for (const member of ['name', 'namespace', 'uid', 'creationTimestamp'] as const) {
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
