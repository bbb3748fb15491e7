import { isObject } from '../object.js';
import type { StructuralSchema } from './structural-schema.js';
import { own, put } from '../../units/index.js';

/**
 * A value with what its schema fills in (Kubernetes: defaulting of custom resources): nulls count as absent where the schema
 * does not allow them. What needs nothing is shared with the value.
 */
export function withDefaults(schema: StructuralSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return value;
    const filled = value.map((item) => withDefaults(items, item));
    return filled.some((item, index) => item !== value[index]) ? filled : value;
  }
  return isObject(value) ? filledObject(schema, value) : value;
}

function filledObject(schema: StructuralSchema, value: Readonly<Record<string, unknown>>): unknown {
  const { properties = {}, additionalProperties } = schema;
  let result: Record<string, unknown> | undefined;
  for (const [name, property] of Object.entries(properties)) {
    const present = own(value, name);
    const isAbsent = present === undefined || (present === null && property.nullable !== true);
    if (isAbsent && property.default === undefined && present === undefined) continue;
    const member = isAbsent ? structuredClone(property.default) : present;
    const filled = withDefaults(property, member);
    if (filled === present) continue;
    result ??= { ...value };
    if (filled === undefined) delete result[name];
    else put(result, name, filled);
  }
  if (isObject(additionalProperties)) {
    for (const [name, member] of Object.entries(value)) {
      if (Object.hasOwn(properties, name)) continue;
      const filled = withDefaults(additionalProperties, member);
      if (filled === member) continue;
      result ??= { ...value };
      put(result, name, filled);
    }
  }
  return result ?? value;
}

/** True when a schema fills in anything, at any depth. */
export function hasDefaults(schema: StructuralSchema): boolean {
  const { additionalProperties, items, properties = {} } = schema;
  const inner = [
    ...Object.values(properties),
    ...(isObject(additionalProperties) ? [additionalProperties] : []),
    ...(items ? [items] : []),
  ];
  return schema.default !== undefined || inner.some(hasDefaults);
}
