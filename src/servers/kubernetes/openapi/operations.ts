import { apiVersionOf, groupOf, reviews, versionOf } from '../../../kube/index.js';
import type { JsonObject, ServedType } from '../../../kube/index.js';
import { subresourcesOf } from '../discovery.js';
import type { SubresourceKind } from '../discovery.js';
import type { Dialect } from './client-definitions.js';
import type { GroupVersionKind } from './client-definitions.js';

/** A parameter of the query or of the path, in a dialect's words. */
function parameter(name: string, place: 'query' | 'path', type: string, dialect: Dialect): JsonObject {
  const schema = { type, uniqueItems: true };
  const required = place === 'path' ? { required: true } : {};
  return dialect === 'v2'
    ? { in: place, name, ...required, ...schema }
    : { in: place, name, ...required, schema };
}

const queries: Readonly<
  Record<'read' | 'list' | 'write' | 'delete', readonly (readonly [string, string])[]>
> = {
  read: [],
  list: [
    ['allowWatchBookmarks', 'boolean'],
    ['continue', 'string'],
    ['fieldSelector', 'string'],
    ['labelSelector', 'string'],
    ['limit', 'integer'],
    ['resourceVersion', 'string'],
    ['resourceVersionMatch', 'string'],
    ['sendInitialEvents', 'boolean'],
    ['timeoutSeconds', 'integer'],
    ['watch', 'boolean'],
  ],
  write: [
    ['dryRun', 'string'],
    ['fieldManager', 'string'],
    ['fieldValidation', 'string'],
  ],
  delete: [
    ['dryRun', 'string'],
    ['gracePeriodSeconds', 'integer'],
    ['orphanDependents', 'boolean'],
    ['propagationPolicy', 'string'],
  ],
};

/** What a verb of the API is called in a document, and what its query takes. */
interface Action {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly action: string;
  readonly query: keyof typeof queries;
}

const collectionActions: Readonly<Record<string, Action>> = {
  list: { method: 'get', action: 'list', query: 'list' },
  create: { method: 'post', action: 'post', query: 'write' },
  deletecollection: { method: 'delete', action: 'deletecollection', query: 'delete' },
};
const itemActions: Readonly<Record<string, Action>> = {
  get: { method: 'get', action: 'get', query: 'read' },
  update: { method: 'put', action: 'put', query: 'write' },
  patch: { method: 'patch', action: 'patch', query: 'write' },
  delete: { method: 'delete', action: 'delete', query: 'delete' },
  create: { method: 'post', action: 'post', query: 'write' },
};

/** Where a group and version is: `/api/v1`, `/apis/apps/v1`. */
export const rootOf = (groupVersion: string): string =>
  groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What paths follow from. */
type PathKind = SubresourceKind & Pick<ServedType, 'plural' | 'namespaced' | 'verbs'>;

/** The kinds of a group and version that are only created. */
export const questionsOf = (groupVersion: string): readonly PathKind[] =>
  (reviews.get(groupVersion) ?? []).map((one) => ({
    ...one,
    group: groupOf(groupVersion),
    version: versionOf(groupVersion),
    verbs: ['create'],
    hasStatus: false,
    subresources: [],
    parts: [],
  }));

/** The paths of a kind: which verbs there are and what they take. */
export function pathsOf(type: PathKind, dialect: Dialect): JsonObject {
  const root = rootOf(apiVersionOf(type));
  const place = type.namespaced ? '/namespaces/{namespace}' : '';
  const base = `${root}${place}/${type.plural}`;
  const subject = `${type.group.split('.').map(capital).join('')}${capital(type.version)}${type.namespaced ? 'Namespaced' : ''}${type.kind}`;
  const operations = (
    verbs: readonly string[],
    actions: Readonly<Record<string, Action>>,
    gvk: GroupVersionKind,
    suffix: string,
  ): JsonObject =>
    Object.fromEntries(
      verbs.flatMap((verb) => {
        const found = actions[verb];
        if (!found) return [];
        const { method, action, query } = found;
        const operation = {
          operationId: `${action}${subject}${suffix}`,
          'x-kubernetes-action': action,
          'x-kubernetes-group-version-kind': {
            group: gvk.group,
            version: gvk.version,
            kind: gvk.kind,
          },
          parameters: queries[query].map(([name, kind]) => parameter(name, 'query', kind, dialect)),
          responses: { 200: { description: 'OK' }, 401: { description: 'Unauthorized' } },
        };
        return [[method, operation] as const];
      }),
    );
  const ofPath = (...names: readonly string[]): JsonObject => ({
    parameters: names.map((name) => parameter(name, 'path', 'string', dialect)),
  });
  const ofItem = operations(
    type.verbs.filter((verb) => verb !== 'create'),
    itemActions,
    type,
    '',
  );
  const inNamespace = type.namespaced ? ['namespace'] : [];
  return {
    ...(type.namespaced &&
      type.verbs.includes('list') && {
        [`${root}/${type.plural}`]: operations(
          type.verbs.filter((verb) => verb === 'list'),
          collectionActions,
          type,
          'ForAllNamespaces',
        ),
      }),
    [base]: { ...operations(type.verbs, collectionActions, type, ''), ...ofPath(...inNamespace) },
    ...(Object.keys(ofItem).length > 0 && {
      [`${base}/{name}`]: { ...ofItem, ...ofPath('name', ...inNamespace) },
    }),
    ...Object.fromEntries(
      subresourcesOf(type).map((subresource) => [
        `${base}/{name}/${subresource.name}`,
        {
          ...operations(subresource.verbs, itemActions, subresource, capital(subresource.name)),
          ...ofPath('name', ...inNamespace),
        },
      ]),
    ),
  };
}
