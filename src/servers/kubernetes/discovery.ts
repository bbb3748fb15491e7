import {
  StatusError,
  apiVersionOf,
  computedTypes,
  groupOf,
  groupVersionsOf,
  inOrder,
  reviews,
  versionOf,
} from '../../kube/index.js';
import type { ClusterKinds, JsonObject, ServedType } from '../../kube/index.js';

const statusVerbs = ['get', 'patch', 'update'];

interface SubresourceEntry {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** What a kind's subresources follow from. */
export type SubresourceKind = Pick<
  ServedType,
  'group' | 'version' | 'kind' | 'scale' | 'subresources' | 'parts' | 'hasStatus'
>;

/** All subresources of a kind, those that follow from its nature included. */
export function subresourcesOf(type: SubresourceKind): readonly SubresourceEntry[] {
  const { group, version, kind } = type;
  return [
    ...type.subresources,
    ...type.parts.map(({ name, verbs: ofPart }) => ({ name, group, version, kind, verbs: ofPart })),
    ...(type.scale
      ? [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: statusVerbs }]
      : []),
    ...(type.hasStatus ? [{ name: 'status', group, version, kind, verbs: statusVerbs }] : []),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the API of a cluster has: kinds of its own, and groups that it leaves to services which can't be reached. */
export interface ServedApi {
  readonly kinds: ClusterKinds;
  /** Groups and versions. */
  readonly external: readonly string[];
}

/** Every group and version, in the order in which they are told. */
export const groupVersionsOfApi = ({ kinds, external }: ServedApi): readonly string[] =>
  external.length === 0 ? groupVersionsOf(kinds) : inOrder([...groupVersionsOf(kinds), ...external]);

/** The kinds of a group and version, those that are worked out when asked for too. */
export const typesOf = ({ kinds }: ServedApi, groupVersion: string): readonly ServedType[] =>
  [...kinds.served, ...computedTypes].filter((type) => apiVersionOf(type) === groupVersion);

/** True for a group and version that only a service serves which can't be reached. */
const isUnreachable = ({ kinds, external }: ServedApi, groupVersion: string): boolean =>
  external.includes(groupVersion) && !groupVersionsOf(kinds).includes(groupVersion);

/** `/api`. */
export const coreVersions = (): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: 'localhost' }],
});

/** `/apis`. */
export const groupList = (api: ServedApi): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: namedGroups(api).map((group) => groupBody(api, group)),
});

/** `/apis/GROUP`; undefined for a group that is not served. */
export const groupDocument = (api: ServedApi, group: string): JsonObject | undefined =>
  namedGroups(api).includes(group)
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(api, group) }
    : undefined;

const namedGroups = (api: ServedApi): readonly string[] =>
  [...new Set(groupVersionsOfApi(api).map(groupOf))].filter((group) => group !== '');

function groupBody(api: ServedApi, group: string): JsonObject {
  const versions = groupVersionsOfApi(api)
    .filter((groupVersion) => groupOf(groupVersion) === group)
    .map((groupVersion) => ({ groupVersion, version: versionOf(groupVersion) }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined for one that is not served. @throws StatusError 503 */
export function resourceList(api: ServedApi, groupVersion: string): JsonObject | undefined {
  if (!groupVersionsOfApi(api).includes(groupVersion)) return undefined;
  if (isUnreachable(api, groupVersion)) throw StatusError.unavailable();
  const resources = typesOf(api, groupVersion).flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: type.verbs,
      ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
      ...(type.categories.length > 0 && { categories: type.categories }),
    },
    ...subresourcesOf(type).map((sub) => ({
      name: `${type.plural}/${sub.name}`,
      singularName: '',
      namespaced: type.namespaced,
      ...((sub.group !== type.group || sub.version !== type.version) && {
        group: sub.group,
        version: sub.version,
      }),
      kind: sub.kind,
      verbs: sub.verbs,
    })),
  ]);
  const questions = (reviews.get(groupVersion) ?? []).map(({ plural, kind, namespaced }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ['create'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [...resources, ...questions] };
}

/** `/api` or `/apis` in the aggregated form (apidiscovery.k8s.io/v2). */
export function aggregatedDiscovery(api: ServedApi, root: 'api' | 'apis'): JsonObject {
  const groups = root === 'api' ? [''] : namedGroups(api);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: groupVersionsOfApi(api)
        .filter((groupVersion) => groupOf(groupVersion) === group)
        .map((groupVersion) => ({
          version: versionOf(groupVersion),
          freshness: isUnreachable(api, groupVersion) ? 'Stale' : 'Current',
          resources: aggregatedResources(api, groupVersion),
        })),
    })),
  };
}

function aggregatedResources(api: ServedApi, groupVersion: string): readonly JsonObject[] {
  // A kind of the group and version that is told about is told by its name alone.
  const responseKind = ({ group, version, kind }: Pick<ServedType, 'group' | 'version' | 'kind'>) =>
    apiVersionOf({ group, version }) === groupVersion
      ? { group: '', version: '', kind }
      : { group, version, kind };
  const scopeOf = (namespaced: boolean) => (namespaced ? 'Namespaced' : 'Cluster');
  const resources = typesOf(api, groupVersion).map((type) => ({
    resource: type.plural,
    responseKind: responseKind(type),
    scope: scopeOf(type.namespaced),
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
    ...(type.categories.length > 0 && { categories: type.categories }),
    ...(subresourcesOf(type).length > 0 && {
      subresources: subresourcesOf(type).map((sub) => ({
        subresource: sub.name,
        responseKind: responseKind(sub),
        verbs: sub.verbs,
      })),
    }),
  }));
  const questions = (reviews.get(groupVersion) ?? []).map(({ plural, kind, namespaced }) => ({
    resource: plural,
    responseKind: responseKind({
      group: groupOf(groupVersion),
      version: versionOf(groupVersion),
      kind,
    }),
    scope: scopeOf(namespaced),
    singularResource: kind.toLowerCase(),
    verbs: ['create'],
  }));
  return [...resources, ...questions];
}
