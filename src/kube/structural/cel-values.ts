import { evaluate } from '@marcbachmann/cel-js';
import { isObject } from '../object.js';
import { isOfFormat } from './formats.js';
import type { StructuralSchema } from './structural-schema.js';
import { own, put } from '../../units/index.js';

const anything: StructuralSchema = { type: 'string' };
/** What rules may see of every resource. */
const resourceProperties: Readonly<Record<string, StructuralSchema>> = {
  apiVersion: anything,
  kind: anything,
  metadata: { type: 'object', properties: { name: anything, generateName: anything } },
};

/** Words of the language that are written with underscores around them where they are names. */
const reserved: ReadonlySet<string> = new Set([
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if'],
  ...['import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
]);

/** A property's name as a rule writes it (Kubernetes: escaped property names); undefined for one it can't. */
function escapedName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
  return /^[A-Za-z_]\w*$/.test(escaped) ? escaped : undefined;
}

/** A JSON value as rules see it: by its schema, members that this does not declare left out. */
export function celValue(
  schema: StructuralSchema,
  value: unknown,
  nature: 'resource' | 'value' = schema['x-kubernetes-embedded-resource'] === true ? 'resource' : 'value',
): unknown {
  if (typeof value === 'number') {
    const isWhole = schema.type === 'integer' || schema['x-kubernetes-int-or-string'] === true;
    return isWhole && Number.isInteger(value) ? BigInt(value) : value;
  }
  if (typeof value === 'string') return textValue(schema, value);
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => celValue(items, item)) : value;
  }
  return isObject(value) ? objectValue(schema, value, nature) : value;
}

function textValue({ format }: StructuralSchema, value: string): unknown {
  switch (format) {
    case 'date-time':
      return isOfFormat(format, value) ? new Date(value) : value;
    case 'date':
      return isOfFormat(format, value) ? new Date(`${value}T00:00:00Z`) : value;
    case 'duration':
      return isOfFormat(format, value) ? (evaluate('duration(text)', { text: value }) as unknown) : value;
    case 'byte':
      return new Uint8Array(Buffer.from(value, 'base64'));
    default:
      return value;
  }
}

function objectValue(
  schema: StructuralSchema,
  value: Readonly<Record<string, unknown>>,
  nature: 'resource' | 'value',
): unknown {
  const { additionalProperties } = schema;
  const properties =
    nature === 'resource' ? { ...resourceProperties, ...schema.properties } : schema.properties;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const property = own(properties, name);
    if (property) {
      const escaped = escapedName(name);
      if (escaped !== undefined) result[escaped] = celValue(property, member);
    } else if (isObject(additionalProperties)) put(result, name, celValue(additionalProperties, member));
    else if (additionalProperties === true) put(result, name, member);
  }
  return result;
}
