import { StatusError } from '../api/status-error.js';
import { membersOf, valueAt } from '../object.js';
import type { JsonObject, KubeObject, Stored } from '../object.js';
import { hasCondition } from '../kinds/index.js';
import type { CustomResourceDefinition, DefinitionVersion, ScalePaths } from '../kinds/index.js';
import { apiVersionOf, everyVerb, objectCollection } from '../resource-type.js';
import type { Draft, ResourceType, ScaleRule } from '../resource-type.js';
import type { Collection } from '../../store/index.js';
import type { ObjectSchema } from '../schema/index.js';
import { hasDefaults, prune, shapeOfSchema, valueTypeOfSchema, withDefaults } from '../structural/index.js';
import type { StructuralSchema } from '../structural/index.js';
import { instanceErrors } from './instance-validation.js';
import { columnsOf } from './printer-columns.js';
import { compareVersions } from './version-order.js';

/** The types that a definition declares. */
export interface CustomTypes {
  /** The kind in the version that its objects are kept in, served or not. */
  readonly stored: ResourceType;
  /** Every version that is served, the preferred one first. */
  readonly served: readonly ResourceType[];
}

const collections = new Map<string, Collection<Stored>>();

/** Where the objects of a kind of custom resources are kept, those of all clusters together. */
function collectionOf(name: string): Collection<Stored> {
  const known = collections.get(name);
  if (known) return known;
  const made = objectCollection(`custom/${name}`);
  collections.set(name, made);
  return made;
}

/** Verbs while a definition is going: what there is can be seen and deleted. */
const lastVerbs = ['delete', 'deletecollection', 'get', 'list', 'watch'];

/** The types of an established definition; undefined before that. */
export function customTypes(definition: CustomResourceDefinition): CustomTypes | undefined {
  if (!hasCondition(definition, 'Established')) return undefined;
  const { versions } = definition.spec;
  const storage = versions.find((version) => version.storage);
  if (!storage) return undefined;
  const stored = typeOf(definition, storage, undefined);
  const served = versions
    .filter((version) => version.served)
    .sort((a, b) => compareVersions(a.name, b.name))
    .map((version) => (version === storage ? stored : typeOf(definition, version, stored)));
  return { stored, served };
}

function typeOf(
  definition: CustomResourceDefinition,
  version: DefinitionVersion,
  stored: ResourceType | undefined,
): ResourceType {
  const { spec, status, metadata } = definition;
  const { group } = spec;
  const names = { ...spec.names, ...status?.acceptedNames };
  const apiVersion = apiVersionOf({ group, version: version.name });
  const keptVersion = stored ? apiVersionOf(stored) : apiVersion;
  const schema = version.schema?.openAPIV3Schema;
  const fills = schema !== undefined && hasDefaults(schema);
  const hasStatus = version.subresources?.status !== undefined;
  return {
    group,
    version: version.name,
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    schema: schemaOf(schema),
    collection: collectionOf(metadata.name),
    ...(stored && { stored }),
    fromStored: remembered((kept) => {
      const here = kept.apiVersion === apiVersion ? kept : { ...kept, apiVersion };
      return fills ? (withDefaults(schema, here) as KubeObject) : here;
    }),
    toStored: (draft) => ({ ...draft, apiVersion: keptVersion }),
    verbs: hasCondition(definition, 'Terminating') ? lastVerbs : everyVerb,
    nameRule: 'subdomain',
    hasStatus,
    tracksGeneration: true,
    ...(version.subresources?.scale && { scale: scaleOf(version.subresources.scale) }),
    subresources: [],
    parts: [],
    selectable: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
    columns: columnsOf(version),
    applyDefaults: (draft) => {
      if (schema) Object.assign(draft, withDefaults(schema, draft));
    },
    prepareCreate: (draft) => {
      if (hasCondition(definition, 'Terminating')) throw terminating;
      if (hasStatus) delete draft['status'];
    },
    validate: (object, before) => (schema ? instanceErrors(schema, object, before) : []),
    validateStatus: (object, before) => (schema ? instanceErrors(schema, object, before) : []),
    warnings: () => deprecationOf(definition, version),
    deletionGrace: () => 0,
  };
}

const terminating = new StatusError(
  405,
  'MethodNotAllowed',
  'create not allowed while custom resource definition is terminating',
  {},
);

/** What a client that writes in a deprecated version is warned of. */
function deprecationOf(
  { spec }: CustomResourceDefinition,
  { name, deprecated, deprecationWarning }: DefinitionVersion,
): readonly string[] {
  if (deprecated !== true) return [];
  return [deprecationWarning ?? `${spec.group}/${name} ${spec.names.kind} is deprecated`];
}

const schemaOf = (schema: StructuralSchema | undefined): ObjectSchema => ({
  source: 'definition',
  document: schema as JsonObject | undefined,
  shape: shapeOfSchema(schema, 'resource'),
  valueType: valueTypeOfSchema(schema, 'resource'),
  empty: { metadata: {} },
  read: (body) => {
    const unknown: string[] = [];
    const known = schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
    return { value: prune(known, body, '', unknown, 'resource') as Draft, unknown };
  },
});

/** A view of objects that is made once for each of them. */
function remembered(view: (kept: KubeObject) => KubeObject): (kept: KubeObject) => KubeObject {
  const views = new WeakMap<KubeObject, KubeObject>();
  return (kept) => {
    const known = views.get(kept);
    if (known) return known;
    const made = view(kept);
    views.set(kept, made);
    return made;
  };
}

const pathOf = (jsonPath: string): readonly string[] => jsonPath.replace(/^\./, '').split('.');

/** How a custom resource scales: by the paths that its definition names. */
function scaleOf({ specReplicasPath, statusReplicasPath, labelSelectorPath }: ScalePaths): ScaleRule {
  const countAt = (object: KubeObject, path: string): number | undefined => {
    const value = valueAt(membersOf(object), pathOf(path));
    return typeof value === 'number' ? value : undefined;
  };
  return {
    path: pathOf(specReplicasPath),
    replicas: (object) => {
      const replicas = countAt(object, specReplicasPath);
      if (replicas !== undefined) return replicas;
      throw new StatusError(
        500,
        'InternalError',
        `Internal error occurred: the spec replicas field "${specReplicasPath}" does not exist`,
        {},
      );
    },
    statusReplicas: (object) => countAt(object, statusReplicasPath) ?? 0,
    selector: (object) => {
      const value =
        labelSelectorPath === undefined ? '' : valueAt(membersOf(object), pathOf(labelSelectorPath));
      return typeof value === 'string' ? value : '';
    },
  };
}
