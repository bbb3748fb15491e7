import { createHash } from 'node:crypto';
import type { ClusterKinds, JsonObject, ServedType } from '../../../kube/index.js';
import { groupVersionsOfApi, typesOf } from '../discovery.js';
import type { ServedApi } from '../discovery.js';
import { clientDefinitions } from './client-definitions.js';
import type { Dialect, GroupVersionKind } from './client-definitions.js';
import { customDefinition, customDefinitionName, customListDefinition } from './custom-definitions.js';
import { furtherTypesOf } from './definition-names.js';
import { pathsOf, questionsOf, rootOf } from './operations.js';

export { openApiV2AsProtobuf, openApiV2Protobuf, wantsOpenApiProtobuf } from './protobuf.js';

const info = { title: 'Kubernetes', version: 'unversioned' };

/** What every document has: the types of answers and of deletions. */
const commonTypes = ['V1DeleteOptions', 'V1ListMeta', 'V1ObjectMeta', 'V1Status'];

/** The definitions of kinds and of all that they are made of. */
function definitionsOf(
  types: readonly ServedType[],
  further: readonly string[],
  dialect: Dialect,
): JsonObject {
  const kinds = new Map<string, readonly GroupVersionKind[]>();
  const names: string[] = [...commonTypes, ...further];
  const custom: Record<string, unknown> = {};
  for (const type of types) {
    const { group, version, kind, schema } = type;
    if (schema.source === 'client') {
      names.push(schema.type, `${schema.type}List`);
      kinds.set(schema.type, [{ group, version, kind }]);
      kinds.set(`${schema.type}List`, [{ group, version, kind: `${kind}List` }]);
    } else {
      const name = customDefinitionName(type);
      custom[name] = customDefinition(type, schema.document, dialect);
      custom[`${name}List`] = customListDefinition(type, dialect);
    }
  }
  return { ...clientDefinitions(names, kinds, dialect), ...custom };
}

/** The paths of kinds, and of what is only created in their groups and versions. */
const pathsOfAll = (
  types: readonly ServedType[],
  groupVersions: readonly string[],
  dialect: Dialect,
): JsonObject =>
  Object.assign(
    {},
    ...[...types, ...groupVersions.flatMap(questionsOf)].map((type) => pathsOf(type, dialect)),
  ) as JsonObject;

/** Documents of what never changes, and of each cluster's custom kinds as long as these are what they are. */
const builtIn = new Map<string, Made>();
const custom = new WeakMap<ClusterKinds, Map<string, Made>>();

interface Made {
  readonly document: JsonObject;
  readonly hash: string;
}

function remembered(known: Map<string, Made>, name: string, make: () => JsonObject): Made {
  const found = known.get(name);
  if (found) return found;
  const document = make();
  const hash = createHash('sha256').update(JSON.stringify(document)).digest('hex').toUpperCase();
  const made = { document, hash };
  known.set(name, made);
  return made;
}

function documentsOf(kinds: ClusterKinds): Map<string, Made> {
  const known = custom.get(kinds) ?? new Map<string, Made>();
  custom.set(kinds, known);
  return known;
}

/** `/openapi/v2`. */
export const openApiV2 = (api: ServedApi): JsonObject =>
  remembered(documentsOf(api.kinds), 'v2', () => {
    const groupVersions = groupVersionsOfApi(api);
    const types = groupVersions.flatMap((groupVersion) => typesOf(api, groupVersion));
    return {
      swagger: '2.0',
      info,
      paths: pathsOfAll(types, groupVersions, 'v2'),
      definitions: definitionsOf(types, groupVersions.flatMap(furtherTypesOf), 'v2'),
    };
  }).document;

/** `/openapi/v3`: where the documents are, with a hash that changes with each. */
export const openApiV3Index = (api: ServedApi): JsonObject => ({
  paths: Object.fromEntries(
    groupVersionsOfApi(api).flatMap((groupVersion) => {
      const made = madeV3(api, groupVersion);
      const path = rootOf(groupVersion).slice(1);
      return made ? [[path, { serverRelativeURL: `/openapi/v3/${path}?hash=${made.hash}` }]] : [];
    }),
  ),
});

/** `/openapi/v3/apis/GROUP/VERSION`; undefined for a version that is not served. */
export const openApiV3 = (api: ServedApi, groupVersion: string): JsonObject | undefined =>
  madeV3(api, groupVersion)?.document;

function madeV3(api: ServedApi, groupVersion: string): Made | undefined {
  const types = typesOf(api, groupVersion);
  const further = furtherTypesOf(groupVersion);
  if (types.length === 0 && further.length === 0) return undefined;
  const isCustom = types.some(({ schema }) => schema.source === 'definition');
  return remembered(isCustom ? documentsOf(api.kinds) : builtIn, groupVersion, () => ({
    openapi: '3.0.0',
    info,
    paths: pathsOfAll(types, [groupVersion], 'v3'),
    components: { schemas: definitionsOf(types, further, 'v3') },
  }));
}
