import { Faults, invalid } from '../api/field-error.js';
import type { FieldError, FieldErrorType } from '../api/field-error.js';
import { membersOf } from '../object.js';
import type { KubeObject } from '../object.js';
import type { StructuralSchema } from '../kinds/index.js';
import { checkDuplicates } from './list-uniqueness.js';
import { checkSchema } from './validation.js';

/** Errors that keep rules from being looked at: what they speak of is not there or of another type. */
const blocking: ReadonlySet<FieldErrorType> = new Set([
  'notSupported',
  'required',
  'tooLong',
  'tooMany',
  'typeInvalid',
]);

/** Everything wrong with a custom resource by its schema. */
export function instanceErrors(schema: StructuralSchema, object: KubeObject): readonly FieldError[] {
  const value = membersOf(object);
  const faults = new Faults();
  checkSchema(faults, '', schema, value);
  checkDuplicates(faults, '', schema, value);
  if (faults.errors.some(({ type }) => blocking.has(type))) faults.add(unchecked);
  return faults.errors;
}

const unchecked = invalid(
  '<nil>',
  'null',
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);
