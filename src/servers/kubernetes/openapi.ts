import { apiVersionOf, builtInTypes, listTypeOf, schemas } from '../../kube/index.js';
import type { ClusterKinds, FieldSchema, JsonObject, ResourceType, TypeSchema } from '../../kube/index.js';
import { groupVersions } from './discovery.js';

type Dialect = 'v2' | 'v3';

const definitionName = (type: string): string => `io.k8s.api.${type}`;
const prefixes: Readonly<Record<Dialect, string>> = { v2: '#/definitions/', v3: '#/components/schemas/' };

/** A field in OpenAPI's words; `place` tells how its list merges. */
function fieldDocument(
  field: FieldSchema,
  dialect: Dialect,
  place?: { type: string; name: string },
): JsonObject {
  const { ref, items, additionalProperties, type, format, description } = field;
  const about = description === undefined ? {} : { description };
  if (ref !== undefined) {
    const reference = { $ref: prefixes[dialect] + definitionName(ref) };
    // OpenAPI 3.0 takes no members beside a reference.
    return dialect === 'v2' ? { ...about, ...reference } : { ...about, default: {}, allOf: [reference] };
  }
  if (format === 'int-or-string') {
    return dialect === 'v2'
      ? { ...about, type: 'string', format }
      : { ...about, format, oneOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  return {
    ...about,
    ...(type && { type }),
    ...(format && { format }),
    ...(items && { items: fieldDocument(items, dialect) }),
    ...(additionalProperties && { additionalProperties: fieldDocument(additionalProperties, dialect) }),
    ...(place && type === 'array' && listExtensions(place.type, place.name)),
  };
}

function listExtensions(type: string, field: string): JsonObject {
  const list = listTypeOf(type, field);
  if (!list) return { 'x-kubernetes-list-type': 'atomic' };
  return {
    ...(list.keys.length > 0 && { 'x-kubernetes-list-map-keys': list.keys }),
    'x-kubernetes-list-type': list.kind === 'map' && list.keys.length === 0 ? 'atomic' : list.kind,
    ...(list.mergeKey !== undefined && { 'x-kubernetes-patch-strategy': 'merge' }),
    ...(list.mergeKey && { 'x-kubernetes-patch-merge-key': list.mergeKey }),
  };
}

function typeDocument(
  name: string,
  { description, properties, required }: TypeSchema,
  dialect: Dialect,
): JsonObject {
  const kinds = builtInTypes.filter(({ schema }) => schema.source === 'client' && schema.type === name);
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
    ...(kinds.length > 0 && { 'x-kubernetes-group-version-kind': kinds.map(gvk) }),
  };
}

const gvk = ({ group, version, kind }: ResourceType): JsonObject => ({ group, kind, version });

/** The types that a set of kinds is made of, whatever the depth. */
function typesUsedBy(kinds: readonly ResourceType[]): readonly string[] {
  const all = schemas();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const field of Object.values(all[name]?.properties ?? {})) refsOf(field).forEach(visit);
  };
  for (const { schema } of kinds) if (schema.source === 'client') visit(schema.type);
  visit('V1DeleteOptions');
  visit('V1Status');
  return [...seen].sort();
}

const refsOf = ({ ref, items, additionalProperties }: FieldSchema): readonly string[] => [
  ...(ref === undefined ? [] : [ref]),
  ...(items ? refsOf(items) : []),
  ...(additionalProperties ? refsOf(additionalProperties) : []),
];

function definitions(kinds: readonly ResourceType[], dialect: Dialect): JsonObject {
  const all = schemas();
  return Object.fromEntries(
    typesUsedBy(kinds).flatMap((name) => {
      const schema = all[name];
      return schema ? [[definitionName(name), typeDocument(name, schema, dialect)]] : [];
    }),
  );
}

const writeParameters: Readonly<Record<Dialect, readonly JsonObject[]>> = {
  v2: ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    in: 'query',
    name,
    type: 'string',
    uniqueItems: true,
  })),
  v3: ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    in: 'query',
    name,
    schema: { type: 'string', uniqueItems: true },
  })),
};

const root = (groupVersion: string): string =>
  groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;

/** The paths of a kind, as far as clients read them: which verbs there are and what they take. */
function pathsOf(type: ResourceType, dialect: Dialect): JsonObject {
  const base = `${root(apiVersionOf(type))}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}`;
  const operation = (action: string, writes: 'reads' | 'writes'): JsonObject => ({
    operationId: `${action}${type.kind}`,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk(type),
    ...(writes === 'writes' && { parameters: writeParameters[dialect] }),
    responses: { 200: { description: 'OK' } },
  });
  return {
    [base]: {
      get: operation('list', 'reads'),
      post: operation('post', 'writes'),
      delete: operation('deletecollection', 'writes'),
    },
    [`${base}/{name}`]: {
      get: operation('get', 'reads'),
      put: operation('put', 'writes'),
      patch: operation('patch', 'writes'),
      delete: operation('delete', 'writes'),
    },
  };
}

const info = { title: 'Kubernetes', version: 'unversioned' };
const cache = new Map<string, JsonObject>();

function remembered(name: string, make: () => JsonObject): JsonObject {
  const known = cache.get(name);
  if (known) return known;
  const made = make();
  cache.set(name, made);
  return made;
}

/** `/openapi/v2`. */
export const openApiV2 = (): JsonObject =>
  remembered('v2', () => ({
    swagger: '2.0',
    info,
    paths: Object.assign({}, ...builtInTypes.map((type) => pathsOf(type, 'v2'))) as JsonObject,
    definitions: definitions(builtInTypes, 'v2'),
  }));

/** `/openapi/v3`: where the documents are. They are constants of this version, so the hash is too. */
export const openApiV3Index = (kinds: ClusterKinds, hash: string): JsonObject => ({
  paths: Object.fromEntries(
    groupVersions(kinds).map((groupVersion) => {
      const path = root(groupVersion).slice(1);
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
    }),
  ),
});

/** `/openapi/v3/apis/GROUP/VERSION`; undefined for a version that is not served. */
export function openApiV3(kinds: ClusterKinds, groupVersion: string): JsonObject | undefined {
  if (!groupVersions(kinds).includes(groupVersion)) return undefined;
  return remembered(groupVersion, () => {
    const kinds = builtInTypes.filter((type) => apiVersionOf(type) === groupVersion);
    return {
      openapi: '3.0.0',
      info,
      paths: Object.assign({}, ...kinds.map((type) => pathsOf(type, 'v3'))) as JsonObject,
      components: { schemas: definitions(kinds, 'v3') },
    };
  });
}
