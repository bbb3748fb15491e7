import { isQuantityField, isQuantityMap, listTypeOf, schemas } from '../../../kube/index.js';
import type { FieldSchema, JsonObject, TypeSchema } from '../../../kube/index.js';
import { definitionName, refsOf } from './definition-names.js';

/** OpenAPI v2 and v3 differ in where definitions are and in what a field may say. */
export type Dialect = 'v2' | 'v3';

const prefixes: Readonly<Record<Dialect, string>> = { v2: '#/definitions/', v3: '#/components/schemas/' };

/** A reference to a definition. */
export const reference = (name: string, dialect: Dialect): JsonObject => ({ $ref: prefixes[dialect] + name });

const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** Types that are values of their own and have no fields. */
export const valueDefinitions = (dialect: Dialect): JsonObject => ({
  [intOrString]: {
    description: 'IntOrString is a type that can hold an int32 or a string.',
    format: 'int-or-string',
    ...(dialect === 'v2' ? { type: 'string' } : { oneOf: [{ type: 'integer' }, { type: 'string' }] }),
  },
  [quantity]: {
    description: 'Quantity is a fixed-point representation of a number, such as 250m or 1.5Gi.',
    ...(dialect === 'v2' ? { type: 'string' } : { oneOf: [{ type: 'string' }, { type: 'number' }] }),
  },
});

interface Place {
  readonly type: string;
  readonly name: string;
}

/** A field in OpenAPI's words; `place` tells how its list merges. */
function fieldDocument(field: FieldSchema, dialect: Dialect, place?: Place): JsonObject {
  const { ref, items, additionalProperties, type, format, description } = field;
  const about = description === undefined ? {} : { description };
  const refersTo = (name: string): JsonObject =>
    // OpenAPI 3.0 takes no members beside a reference.
    dialect === 'v2'
      ? { ...about, ...reference(name, dialect) }
      : { ...about, allOf: [reference(name, dialect)] };
  if (ref !== undefined) {
    return dialect === 'v2'
      ? refersTo(definitionName(ref))
      : { default: {}, ...refersTo(definitionName(ref)) };
  }
  if (format === 'int-or-string') return refersTo(intOrString);
  if (place && isQuantityField(place.type, place.name)) return refersTo(quantity);
  const ofQuantities = place && additionalProperties?.type === 'string' && isQuantityMap(place.name);
  return {
    ...about,
    ...(type && { type }),
    ...(format && { format }),
    ...(items && { items: fieldDocument(items, dialect) }),
    ...(additionalProperties && {
      additionalProperties: ofQuantities
        ? reference(quantity, dialect)
        : fieldDocument(additionalProperties, dialect),
    }),
    ...(place && type === 'array' && listExtensions(place)),
  };
}

function listExtensions({ type, name }: Place): JsonObject {
  const list = listTypeOf(type, name);
  if (!list) return { 'x-kubernetes-list-type': 'atomic' };
  return {
    ...(list.keys.length > 0 && { 'x-kubernetes-list-map-keys': list.keys }),
    'x-kubernetes-list-type': list.kind === 'map' && list.keys.length === 0 ? 'atomic' : list.kind,
    ...(list.mergeKey !== undefined && { 'x-kubernetes-patch-strategy': 'merge' }),
    ...(list.mergeKey && { 'x-kubernetes-patch-merge-key': list.mergeKey }),
  };
}

/** What a definition is the kind of. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function typeDocument(
  name: string,
  { description, properties, required }: TypeSchema,
  kinds: readonly GroupVersionKind[],
  dialect: Dialect,
): JsonObject {
  return {
    ...(description && { description }),
    type: 'object',
    ...(required && { required }),
    properties: Object.fromEntries(
      Object.entries(properties).map(([field, schema]) => [
        field,
        fieldDocument(schema, dialect, { type: name, name: field }),
      ]),
    ),
    ...(kinds.length > 0 && { 'x-kubernetes-group-version-kind': kinds }),
  };
}

/** The definitions of types of the client and of all that they are made of; `kinds` tells which are kinds. */
export function clientDefinitions(
  types: readonly string[],
  kinds: ReadonlyMap<string, readonly GroupVersionKind[]>,
  dialect: Dialect,
): JsonObject {
  const all = schemas();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const schema = all[name];
    if (!schema || seen.has(name)) return;
    seen.add(name);
    for (const field of Object.values(schema.properties)) refsOf(field).forEach(visit);
  };
  types.forEach(visit);
  const definitions = [...seen].sort().flatMap((name) => {
    const schema = all[name];
    return schema
      ? [[definitionName(name), typeDocument(name, schema, kinds.get(name) ?? [], dialect)] as const]
      : [];
  });
  return { ...valueDefinitions(dialect), ...Object.fromEntries(definitions) };
}
