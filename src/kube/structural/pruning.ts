import { isObject } from '../object.js';
import type { JsonObject } from '../object.js';
import type { StructuralSchema } from './structural-schema.js';
import { clientSchema } from '../schema/index.js';
import { own, put } from '../../units/index.js';

/** Members of a resource that are its type's or its metadata's, whatever its schema says. */
const resourceMembers: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * A value without the members that its schema does not know (Kubernetes: field pruning); their paths are added to `unknown`.
 * The value is left as it is.
 */
export function prune(
  schema: StructuralSchema,
  value: unknown,
  path: string,
  unknown: string[],
  nature: 'resource' | 'value' = schema['x-kubernetes-embedded-resource'] === true ? 'resource' : 'value',
): unknown {
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.map((item, index) => prune(items, item, `${path}[${String(index)}]`, unknown));
  }
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (nature === 'resource' && resourceMembers.has(name)) {
      result[name] = name === 'metadata' && isObject(member) ? readMetadata(member, at, unknown) : member;
      continue;
    }
    const known = memberSchema(schema, name);
    if (known === undefined) unknown.push(at);
    else put(result, name, known === 'any' ? member : prune(known, member, at, unknown));
  }
  return result;
}

/** The schema of an object's member; `any` where all is kept, undefined where none is. */
function memberSchema(schema: StructuralSchema, name: string): StructuralSchema | 'any' | undefined {
  const { properties = {}, additionalProperties } = schema;
  const property = own(properties, name);
  if (property) return property;
  if (isObject(additionalProperties)) return additionalProperties;
  if (additionalProperties === true) return 'any';
  return schema['x-kubernetes-preserve-unknown-fields'] === true ? 'any' : undefined;
}

function readMetadata(metadata: JsonObject, path: string, unknown: string[]): JsonObject {
  const read = clientSchema('V1ObjectMeta').read(metadata);
  unknown.push(...read.unknown.map((name) => `${path}.${name}`));
  return read.value;
}
