import { Faults } from '../api/field-error.js';
import { isObject } from '../object.js';
import { withDefaults } from './defaults.js';
import { compilePattern } from './patterns.js';
import { expressionFault } from './rules.js';
import { checkSchema } from './schema-validation.js';
import type { StructuralSchema, ValidationRule } from './structural-schema.js';
import { own } from '../../units/index.js';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** Members of a schema that no structural schema has, with the reason. */
const unsupported: Readonly<Record<string, string>> = {
  $ref: '$ref is not supported',
  definitions: 'definitions is not supported',
  dependencies: 'dependencies is not supported',
  patternProperties: 'patternProperties is not supported',
  additionalItems: 'additionalItems is not supported',
  id: 'id is not supported',
};

/** Members that say what a value is, which only the schema itself may say, not its alternatives. */
const structure = [
  'description',
  'type',
  'default',
  'title',
  'nullable',
  'additionalProperties',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
] as const;

/** Where a schema stands in the whole. */
type Place = 'root' | 'field' | 'item' | 'value';

/** Finds what keeps a schema from being structural (Kubernetes: structural schemas). */
export function checkStructural(faults: Faults, path: string, schema: StructuralSchema): void {
  checkNode(faults, path, schema, 'root');
}

function checkNode(faults: Faults, path: string, schema: StructuralSchema, place: Place): void {
  for (const [name, why] of Object.entries(unsupported)) {
    if (Object.hasOwn(schema, name)) faults.forbidden(`${path}.${name}`, why);
  }
  if (schema.uniqueItems === true) {
    faults.forbidden(
      `${path}.uniqueItems`,
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    );
  }
  checkType(faults, path, schema, place);
  checkExtensions(faults, path, schema);
  checkListType(faults, path, schema);
  checkPattern(faults, path, schema);
  checkDefault(faults, path, schema, place);
  checkOwnRules(faults, path, schema);
  checkInner(faults, path, schema, place);
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, one] of (schema[junctor] ?? []).entries()) {
      checkAlternative(faults, `${path}.${junctor}[${String(index)}]`, one, schema, path);
    }
  }
  if (schema.not) checkAlternative(faults, `${path}.not`, schema.not, schema, path);
}

function checkType(faults: Faults, path: string, schema: StructuralSchema, place: Place): void {
  const { type = '' } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (type !== '') faults.forbidden(`${path}.type`, 'must be empty if x-kubernetes-int-or-string is true');
    return;
  }
  if (place === 'root') {
    if (type === '') faults.required(`${path}.type`, 'must not be empty at the root');
    else if (type !== 'object') faults.invalid(`${path}.type`, type, 'must be object at the root');
    return;
  }
  if (type === '') {
    if (schema['x-kubernetes-preserve-unknown-fields'] === true) return;
    const where = place === 'item' ? 'array items' : 'object fields';
    faults.required(`${path}.type`, `must not be empty for specified ${where}`);
  } else if (type === 'null') {
    faults.forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative');
  } else faults.oneOf(`${path}.type`, type, types);
}

function checkExtensions(faults: Faults, path: string, schema: StructuralSchema): void {
  const preserves = schema['x-kubernetes-preserve-unknown-fields'];
  if (preserves === false) {
    faults.invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined');
  }
  if (preserves === true && schema.type !== undefined && schema.type !== 'object') {
    faults.invalid(
      `${path}.type`,
      schema.type,
      'must be object if x-kubernetes-preserve-unknown-fields is true',
    );
  }
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  if (isEmbedded && schema.type !== 'object') {
    faults.invalid(
      `${path}.type`,
      schema.type ?? '',
      'must be object if x-kubernetes-embedded-resource is true',
    );
  }
  if (isEmbedded && preserves !== true && Object.keys(schema.properties ?? {}).length === 0) {
    faults.required(
      `${path}.properties`,
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    );
  }
  faults.oneOf(`${path}.x-kubernetes-map-type`, schema['x-kubernetes-map-type'], ['atomic', 'granular']);
}

function checkListType(faults: Faults, path: string, schema: StructuralSchema): void {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  if (listType !== undefined && schema.type !== 'array') {
    const detail = 'must be array if x-kubernetes-list-type is specified';
    faults.invalid(`${path}.type`, schema.type ?? '', detail);
  }
  faults.oneOf(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'map', 'set']);
  if (listType !== 'map') {
    if (keys.length > 0) faults.forbidden(keysPath, 'must be empty if x-kubernetes-list-type is not map');
    return;
  }
  if (keys.length === 0) faults.required(keysPath, 'must not be empty if x-kubernetes-list-type is map');
  const { items } = schema;
  if (!items) return;
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    faults.invalid(`${path}.items.type`, items.type ?? '', detail);
  }
  for (const [index, key] of keys.entries()) {
    const property = own(items.properties, key);
    if (!property) {
      faults.invalid(`${keysPath}[${String(index)}]`, key, 'entries must all be names of item properties');
    } else if (property.default === undefined && items.required?.includes(key) !== true) {
      faults.required(
        `${path}.items.properties[${key}].default`,
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      );
    }
    if (keys.indexOf(key) !== index) faults.duplicate(`${keysPath}[${String(index)}]`, key);
  }
}

function checkPattern(faults: Faults, path: string, { pattern }: StructuralSchema): void {
  if (pattern === undefined || compilePattern(pattern)) return;
  faults.invalid(
    `${path}.pattern`,
    pattern,
    "must be a valid regular expression, but isn't: error parsing regexp",
  );
}

/** A default is a value of its schema. */
function checkDefault(faults: Faults, path: string, schema: StructuralSchema, place: Place): void {
  const { default: standard } = schema;
  if (standard === undefined) return;
  if (place === 'root') {
    faults.forbidden(`${path}.default`, 'must not be set at the root');
    return;
  }
  const found = new Faults();
  checkSchema(found, 'default', schema, withDefaults(schema, standard));
  for (const error of found.errors) faults.add({ ...error, field: `${path}.${error.field}` });
}

function checkOwnRules(faults: Faults, path: string, schema: StructuralSchema): void {
  for (const [index, rule] of (schema['x-kubernetes-validations'] ?? []).entries()) {
    const at = `${path}.x-kubernetes-validations[${String(index)}]`;
    if (rule.rule.trim() === '') faults.required(`${at}.rule`, 'rule is not specified');
    const fault = rule.rule.trim() === '' ? undefined : expressionFault(rule.rule);
    if (fault !== undefined) faults.invalid(`${at}.rule`, shownRule(rule), `compilation failed: ${fault}`);
    const messageFault =
      rule.messageExpression === undefined ? undefined : expressionFault(rule.messageExpression);
    if (messageFault !== undefined) {
      const detail = `messageExpression compilation failed: ${messageFault}`;
      faults.invalid(`${at}.messageExpression`, shownRule(rule), detail);
    }
    if (rule.message?.includes('\n') === true) {
      faults.invalid(`${at}.message`, rule.message, 'message must not contain line breaks');
    }
    faults.oneOf(`${at}.reason`, rule.reason, [
      'FieldValueDuplicate',
      'FieldValueForbidden',
      'FieldValueInvalid',
      'FieldValueRequired',
    ]);
  }
}

/** A rule as errors show it. */
const shownRule = ({
  rule,
  message = '',
  messageExpression = '',
  reason = null,
  fieldPath = '',
  optionalOldSelf = null,
}: Partial<Record<keyof ValidationRule, unknown>>): unknown => ({
  Rule: rule,
  Message: message,
  MessageExpression: messageExpression,
  Reason: reason,
  FieldPath: fieldPath,
  OptionalOldSelf: optionalOldSelf,
});

function checkInner(faults: Faults, path: string, schema: StructuralSchema, place: Place): void {
  const { properties, additionalProperties, items, type } = schema;
  if (properties && additionalProperties !== undefined && additionalProperties !== true) {
    faults.forbidden(
      `${path}.additionalProperties`,
      'additionalProperties and properties are mutual exclusive',
    );
  }
  if (additionalProperties === false) {
    faults.forbidden(`${path}.additionalProperties`, 'additionalProperties cannot be set to false');
  }
  if (place === 'root' && additionalProperties !== undefined) {
    faults.forbidden(`${path}.additionalProperties`, 'must not be used at the root');
  }
  for (const [name, property] of Object.entries(properties ?? {})) {
    const at = `${path}.properties[${name}]`;
    if (place === 'root' && name === 'metadata') checkMetadata(faults, at, property);
    else checkNode(faults, at, property, 'field');
  }
  if (isObject(additionalProperties)) {
    checkNode(faults, `${path}.additionalProperties`, additionalProperties, 'field');
  }
  if (Array.isArray(items)) {
    faults.forbidden(`${path}.items`, 'items must be a schema object and not an array');
  } else if (items) checkNode(faults, `${path}.items`, items, 'item');
  else if (type === 'array') faults.required(`${path}.items`, 'must be specified');
}

/** Metadata is every object's own: a schema may only say more of the name. */
function checkMetadata(faults: Faults, path: string, schema: StructuralSchema): void {
  const { type: _type, description: _description, properties = {}, ...others } = schema;
  const isNames = Object.keys(properties).every((name) => name === 'name' || name === 'generateName');
  if (isNames && Object.keys(others).length === 0) return;
  faults.forbidden(
    path,
    'must not specify anything other than name and generateName, but metadata is implicitly specified',
  );
}

/** An alternative may only narrow down what its schema declares. */
function checkAlternative(
  faults: Faults,
  path: string,
  schema: StructuralSchema,
  declared: StructuralSchema,
  declaredPath: string,
): void {
  for (const name of structure) {
    const isIntOrString =
      name === 'type' && declared['x-kubernetes-int-or-string'] === true && types.includes(schema.type ?? '');
    if (schema[name] === undefined || isIntOrString) continue;
    faults.forbidden(`${path}.${name}`, 'must be empty to be structural');
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = `${declaredPath}.properties[${name}]`;
    const counterpart = own(declared.properties, name);
    if (counterpart) checkAlternative(faults, `${path}.properties[${name}]`, property, counterpart, at);
    else if (declared['x-kubernetes-preserve-unknown-fields'] !== true) {
      faults.required(at, `because it is defined in ${path}.properties[${name}]`);
    }
  }
  if (schema.items) {
    if (declared.items) {
      checkAlternative(faults, `${path}.items`, schema.items, declared.items, `${declaredPath}.items`);
    } else faults.required(`${declaredPath}.items`, `because it is defined in ${path}.items`);
  }
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, one] of (schema[junctor] ?? []).entries()) {
      checkAlternative(faults, `${path}.${junctor}[${String(index)}]`, one, declared, declaredPath);
    }
  }
  if (schema.not) checkAlternative(faults, `${path}.not`, schema.not, declared, declaredPath);
}
