import { isObject, schemas } from '../../../kube/index.js';
import type { JsonObject, ServedType } from '../../../kube/index.js';
import { reference } from './client-definitions.js';
import type { Dialect } from './client-definitions.js';
import { definitionName } from './definition-names.js';

/** The name of a custom kind's definition: its group reversed, e.g. `com.example.stable.v1.CronTab`. */
export const customDefinitionName = ({ group, version, kind }: ServedType): string =>
  [...group.split('.').reverse(), version, kind].join('.');

/** Members of a schema that OpenAPI v2 has no words for. */
const notInV2: ReadonlySet<string> = new Set([
  'allOf',
  'anyOf',
  'default',
  'not',
  'nullable',
  'oneOf',
  'x-kubernetes-validations',
]);

/** Members that resources have whatever their schema says. */
function resourceProperties(dialect: Dialect): JsonObject {
  const { properties = {} } = schemas()['V1ConfigMap'] ?? {};
  const about = (name: string) => properties[name]?.description ?? '';
  const metadata = reference(definitionName('V1ObjectMeta'), dialect);
  return {
    apiVersion: { description: about('apiVersion'), type: 'string' },
    kind: { description: about('kind'), type: 'string' },
    metadata: {
      description: about('metadata'),
      ...(dialect === 'v2' ? metadata : { allOf: [metadata] }),
    },
  };
}

/** The definition of a kind that a schema declares; one that tells nothing of its fields takes any. */
export function customDefinition(
  type: ServedType,
  document: JsonObject | undefined,
  dialect: Dialect,
): JsonObject {
  const { group, version, kind } = type;
  const declared = schemaDocument(
    document ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    dialect,
  );
  const properties = isObject(declared['properties']) ? declared['properties'] : {};
  return {
    ...declared,
    type: 'object',
    properties: { ...properties, ...resourceProperties(dialect) },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}

/** The list of a custom kind. */
export function customListDefinition(type: ServedType, dialect: Dialect): JsonObject {
  const { group, version, kind } = type;
  const metadata = reference(definitionName('V1ListMeta'), dialect);
  const { apiVersion, kind: kindProperty } = resourceProperties(dialect);
  return {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion,
      kind: kindProperty,
      metadata: dialect === 'v2' ? metadata : { allOf: [metadata] },
      items: {
        description: `List of ${type.plural}.`,
        type: 'array',
        items:
          dialect === 'v2'
            ? reference(customDefinitionName(type), dialect)
            : { allOf: [reference(customDefinitionName(type), dialect)] },
      },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: `${kind}List` }],
  };
}

/** A structural schema in a dialect's words. */
function schemaDocument(schema: JsonObject, dialect: Dialect): JsonObject {
  const isOpen =
    dialect === 'v2' &&
    (schema['nullable'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true);
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (dialect === 'v2' && notInV2.has(name)) continue;
    // What v2 can't say would be taken for a rule: such a value may be anything there.
    if (isOpen && ['type', 'properties', 'items', 'additionalProperties', 'required'].includes(name))
      continue;
    if (name === 'properties' && isObject(value)) {
      result[name] = Object.fromEntries(
        Object.entries(value).map(([member, inner]) => [
          member,
          isObject(inner) ? schemaDocument(inner, dialect) : inner,
        ]),
      );
    } else if ((name === 'items' || name === 'additionalProperties') && isObject(value)) {
      result[name] = schemaDocument(value, dialect);
    } else result[name] = value;
  }
  if (schema['x-kubernetes-embedded-resource'] === true && !isOpen) {
    const properties = isObject(result['properties']) ? result['properties'] : {};
    result['properties'] = { ...properties, ...resourceProperties(dialect) };
  }
  return result;
}
