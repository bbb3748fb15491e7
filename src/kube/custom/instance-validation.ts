import { Faults, invalid } from '../api/field-error.js';
import type { FieldError, FieldErrorType } from '../api/field-error.js';
import { membersOf } from '../object.js';
import type { KubeObject } from '../object.js';
import { checkDuplicates, checkRules, checkSchema } from '../structural/index.js';
import type { StructuralSchema } from '../structural/index.js';

/** Errors that keep rules from being looked at: what they speak of is not there or of another type. */
const blocking: ReadonlySet<FieldErrorType> = new Set([
  'notSupported',
  'required',
  'tooLong',
  'tooMany',
  'typeInvalid',
]);

/** Everything wrong with a custom resource by its schema; `previous` is what it was when it is being changed. */
export function instanceErrors(
  schema: StructuralSchema,
  object: KubeObject,
  previous: KubeObject | undefined,
): readonly FieldError[] {
  const value = membersOf(object);
  const before = previous && { value: membersOf(previous) };
  const faults = new Faults();
  checkSchema(faults, '', schema, value, before);
  checkDuplicates(faults, '', schema, value);
  if (faults.errors.some(({ type }) => blocking.has(type))) faults.add(unchecked);
  else checkRules(faults, '', schema, value, before, 'resource');
  return faults.errors;
}

const unchecked = invalid(
  '<nil>',
  'null',
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);
