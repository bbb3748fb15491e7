import { isObject } from '../object.js';
import { anything, valueTypeOf } from '../schema/index.js';
import type { ValueType } from '../schema/index.js';
import type { StructuralSchema } from './structural-schema.js';

/** What may stand where a schema is for, as coarsely as server-side apply looks at it. */
export function valueTypeOfSchema(
  schema: StructuralSchema | undefined,
  nature: 'resource' | 'value' = 'value',
): ValueType {
  if (!schema || schema['x-kubernetes-int-or-string'] === true) return anything;
  switch (schema.type) {
    case 'array':
      return { kind: 'list', of: valueTypeOfSchema(schema.items) };
    case 'integer':
    case 'number':
      return { kind: 'number' };
    case 'string':
    case 'boolean':
      return { kind: schema.type };
    case 'object': {
      const isResource = nature === 'resource' || schema['x-kubernetes-embedded-resource'] === true;
      return mapType(schema, isResource ? resourceMembers : new Map());
    }
    default:
      return anything;
  }
}

const resourceMembers: ReadonlyMap<string, ValueType> = new Map([
  ['apiVersion', { kind: 'string' }],
  ['kind', { kind: 'string' }],
  ['metadata', valueTypeOf('V1ObjectMeta')],
]);

/** Members that no schema declares are refused only where it declares some, and says nothing of the others. */
function mapType(schema: StructuralSchema, own: ReadonlyMap<string, ValueType>): ValueType {
  const { properties = {}, additionalProperties } = schema;
  const declared = Object.entries(properties).map(([name, one]) => [name, valueTypeOfSchema(one)] as const);
  const members = new Map([...declared, ...own]);
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || declared.length === 0;
  const others = isObject(additionalProperties)
    ? valueTypeOfSchema(additionalProperties)
    : isOpen || additionalProperties === true
      ? anything
      : undefined;
  return { kind: 'map', member: (name) => members.get(name) ?? others };
}
