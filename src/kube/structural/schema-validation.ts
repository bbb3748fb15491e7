import { Faults } from '../api/field-error.js';
import type { FieldError } from '../api/field-error.js';
import { canonicalJson, isObject } from '../object.js';
import type { StructuralSchema } from './structural-schema.js';
import { isOfFormat } from './formats.js';
import { matchesPattern } from './patterns.js';
import { elementBefore, memberBefore } from './before.js';
import type { Before } from './before.js';
import { own } from '../../units/index.js';

/**
 * Finds everything about a value that its schema does not allow, in the API server's words (apiextensions: schema
 * validation). `path` is the value's, `''` for a whole object. What is as it was `before` passes, whatever the schema has
 * become (Kubernetes: validation ratcheting).
 */
export function checkSchema(
  faults: Faults,
  path: string,
  schema: StructuralSchema,
  value: unknown,
  before?: Before,
): void {
  if (value === null && schema.nullable === true) return;
  if (before && canonicalJson(before.value) === canonicalJson(value)) return;
  if (isOfType(faults, path, schema, value)) {
    if (typeof value === 'string') checkText(faults, path, schema, value);
    else if (typeof value === 'number') checkNumber(faults, path, schema, value);
    else if (Array.isArray(value)) checkList(faults, path, schema, value, before);
    else if (isObject(value)) checkObject(faults, path, schema, value, before);
  }
  checkEnum(faults, path, schema, value);
  checkJunctors(faults, path, schema, value);
}

/** What a value is called in messages: its JSON type. */
export function typeNameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const inBody = (path: string): string => `${path} in body`;

const intOrString: readonly string[] = ['integer', 'string'];

function isOfType(faults: Faults, path: string, schema: StructuralSchema, value: unknown): boolean {
  const { type } = schema;
  const isEither = schema['x-kubernetes-int-or-string'] === true;
  if (type === undefined && !isEither) return true;
  const found = typeNameOf(value);
  if (isEither ? intOrString.includes(found) : type === found || (type === 'number' && found === 'integer')) {
    return true;
  }
  const wanted = isEither ? intOrString.join() : String(type);
  const detail = `${inBody(path)} must be of type ${wanted}: ${JSON.stringify(found)}`;
  faults.add({ type: 'typeInvalid', field: path === '' ? '<nil>' : path, value: found, detail });
  return false;
}

function checkText(faults: Faults, path: string, schema: StructuralSchema, value: string): void {
  const { minLength, maxLength, pattern = '', format } = schema;
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength) faults.tooLong(path, maxLength);
  if (minLength !== undefined && length < minLength) {
    faults.invalid(path, value, `${inBody(path)} should be at least ${String(minLength)} chars long`);
  }
  if (pattern !== '' && !matchesPattern(pattern, value)) {
    faults.invalid(path, value, `${inBody(path)} should match '${pattern}'`);
  }
  if (format !== undefined && !isOfFormat(format, value)) {
    const detail = `${inBody(path)} must be of type ${format}: ${JSON.stringify(value)}`;
    faults.add({ type: 'typeInvalid', field: path, value, detail });
  }
}

function checkNumber(faults: Faults, path: string, schema: StructuralSchema, value: number): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
  const shouldBe = (what: string): void => faults.invalid(path, value, `${inBody(path)} should be ${what}`);
  if (maximum !== undefined && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    shouldBe(`less than ${exclusiveMaximum === true ? '' : 'or equal to '}${String(maximum)}`);
  }
  if (minimum !== undefined && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    shouldBe(`greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${String(minimum)}`);
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    shouldBe(`a multiple of ${String(multipleOf)}`);
  }
  if (format === 'int32' && (value > 2_147_483_647 || value < -2_147_483_648)) {
    faults.invalid(path, value, 'Checked value must be of type integer with format int32');
  }
}

const isMultiple = (value: number, of: number): boolean => {
  const times = value / of;
  return Math.abs(times - Math.round(times)) < 1e-9;
};

function checkList(
  faults: Faults,
  path: string,
  schema: StructuralSchema,
  value: readonly unknown[],
  before: Before,
): void {
  const { items, minItems, maxItems, uniqueItems } = schema;
  if (items) {
    for (const [index, item] of value.entries()) {
      checkSchema(faults, `${path}[${String(index)}]`, items, item, elementBefore(schema, item, before));
    }
  }
  if (minItems !== undefined && value.length < minItems) {
    faults.invalid(path, value.length, `${inBody(path)} should have at least ${String(minItems)} items`);
  }
  if (maxItems !== undefined && value.length > maxItems) faults.tooMany(path, value.length, maxItems);
  if (uniqueItems === true && new Set(value.map(canonicalJson)).size < value.length) {
    faults.invalid(path, value, `${inBody(path)} shouldn't contain duplicates`);
  }
}

function checkObject(
  faults: Faults,
  path: string,
  schema: StructuralSchema,
  value: Readonly<Record<string, unknown>>,
  before: Before,
): void {
  const { properties = {}, additionalProperties, minProperties, maxProperties } = schema;
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const count = Object.keys(value).length;
  if (minProperties !== undefined && count < minProperties) {
    faults.invalid(path, count, `${inBody(path)} should have at least ${String(minProperties)} properties`);
  }
  if (maxProperties !== undefined && count > maxProperties) faults.tooMany(path, count, maxProperties);
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) faults.required(at(name));
  for (const [name, member] of Object.entries(value)) {
    const property = own(properties, name);
    if (property) checkSchema(faults, at(name), property, member, memberBefore(name, before));
    else if (isObject(additionalProperties))
      checkSchema(faults, at(name), additionalProperties, member, memberBefore(name, before));
    else if (additionalProperties === false) {
      faults.invalid(at(name), '', `${at(name)} in body is a forbidden property`);
    }
  }
  if (schema['x-kubernetes-embedded-resource'] !== true) return;
  for (const name of ['apiVersion', 'kind']) {
    if (typeof own(value, name) !== 'string' || own(value, name) === '')
      faults.required(at(name), 'must not be empty');
  }
}

function checkEnum(faults: Faults, path: string, { enum: allowed }: StructuralSchema, value: unknown): void {
  if (!allowed) return;
  const text = canonicalJson(value);
  if (allowed.some((one) => canonicalJson(one) === text)) return;
  const supported = allowed.map((one) => JSON.stringify(typeof one === 'string' ? one : JSON.stringify(one)));
  faults.add({
    type: 'notSupported',
    field: path,
    value,
    detail: `supported values: ${supported.join(', ')}`,
  });
}

/** What allOf, anyOf, oneOf and not say of a value. */
function checkJunctors(faults: Faults, path: string, schema: StructuralSchema, value: unknown): void {
  const { anyOf, oneOf, allOf, not } = schema;
  const must = (what: string): void => faults.invalid('<nil>', '', `${JSON.stringify(path)} must ${what}`);
  const tried = (schemas: readonly StructuralSchema[]): readonly (readonly FieldError[])[] =>
    schemas.map((one) => {
      const found = new Faults();
      checkSchema(found, path, one, value);
      return found.errors;
    });
  const tell = (errors: readonly FieldError[]): void => errors.forEach((error) => faults.add(error));
  if (anyOf) {
    const outcomes = tried(anyOf);
    if (outcomes.every(({ length }) => length > 0)) {
      must('validate at least one schema (anyOf)');
      tell(closest(outcomes));
    }
  }
  if (oneOf) {
    const outcomes = tried(oneOf);
    const valid = outcomes.filter(({ length }) => length === 0).length;
    if (valid === 0) {
      must('validate one and only one schema (oneOf). Found none valid');
      tell(closest(outcomes));
    } else if (valid > 1) {
      must(`validate one and only one schema (oneOf). Found ${String(valid)} valid alternatives`);
    }
  }
  if (allOf) {
    const outcomes = tried(allOf);
    if (outcomes.some(({ length }) => length > 0)) {
      must('validate all the schemas (allOf)');
      tell(outcomes.flat());
    }
  }
  if (not) {
    const [errors = []] = tried([not]);
    if (errors.length === 0) must('not validate the schema (not)');
  }
}

/** The errors of the alternative that comes closest: they are told with the refusal. */
const closest = (outcomes: readonly (readonly FieldError[])[]): readonly FieldError[] =>
  outcomes.reduce<readonly FieldError[]>(
    (best, errors) => (best.length === 0 || errors.length < best.length ? errors : best),
    [],
  );
