import { apiVersionOf, builtInTypes } from '../../kube/index.js';
import type { JsonObject, ResourceType } from '../../kube/index.js';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

interface SubresourceEntry {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** All subresources of a kind, those that follow from its nature included. */
export function subresourcesOf(type: ResourceType): readonly SubresourceEntry[] {
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

interface ReviewEntry {
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const review = (kind: string, namespaced = false): ReviewEntry => ({
  plural: `${kind.toLowerCase()}s`,
  kind,
  namespaced,
});

/** Kinds that are only ever created: questions that the server answers. */
export const reviews: Readonly<Record<string, readonly ReviewEntry[]>> = {
  'authentication.k8s.io/v1': [review('SelfSubjectReview'), review('TokenReview')],
  'authorization.k8s.io/v1': [
    review('LocalSubjectAccessReview', true),
    review('SelfSubjectAccessReview'),
    review('SelfSubjectRulesReview'),
    review('SubjectAccessReview'),
  ],
};

/** Every group and version served, the core group first. */
const groupVersions: readonly string[] = [
  ...new Set([...builtInTypes.map(apiVersionOf), ...Object.keys(reviews)]),
];

const groupOf = (groupVersion: string): string =>
  groupVersion.includes('/') ? (groupVersion.split('/')[0] ?? '') : '';
const versionOf = (groupVersion: string): string => groupVersion.split('/').at(-1) ?? '';

/** `/api`. */
export const coreVersions = (): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: 'localhost' }],
});

/** `/apis`. */
export const groupList = (): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: namedGroups().map((group) => groupBody(group)),
});

/** `/apis/GROUP`; undefined for a group that is not served. */
export const groupDocument = (group: string): JsonObject | undefined =>
  namedGroups().includes(group) ? { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) } : undefined;

const namedGroups = (): readonly string[] =>
  [...new Set(groupVersions.map(groupOf))].filter((group) => group !== '');

function groupBody(group: string): JsonObject {
  const versions = groupVersions
    .filter((groupVersion) => groupOf(groupVersion) === group)
    .map((groupVersion) => ({ groupVersion, version: versionOf(groupVersion) }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined for one that is not served. */
export function resourceList(groupVersion: string): JsonObject | undefined {
  if (!groupVersions.includes(groupVersion)) return undefined;
  const resources = typesOf(groupVersion).flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs,
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
  const questions = (reviews[groupVersion] ?? []).map(({ plural, kind, namespaced }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ['create'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [...resources, ...questions] };
}

const typesOf = (groupVersion: string): readonly ResourceType[] =>
  builtInTypes.filter((type) => apiVersionOf(type) === groupVersion);

/** `/api` or `/apis` in the aggregated form (apidiscovery.k8s.io/v2). */
export function aggregatedDiscovery(root: 'api' | 'apis'): JsonObject {
  const groups = root === 'api' ? [''] : namedGroups();
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: groupVersions
        .filter((groupVersion) => groupOf(groupVersion) === group)
        .map((groupVersion) => ({
          version: versionOf(groupVersion),
          freshness: 'Current',
          resources: aggregatedResources(groupVersion),
        })),
    })),
  };
}

function aggregatedResources(groupVersion: string): readonly JsonObject[] {
  const responseKind = ({ group, version, kind }: { group: string; version: string; kind: string }) => ({
    group,
    version,
    kind,
  });
  const scopeOf = (namespaced: boolean) => (namespaced ? 'Namespaced' : 'Cluster');
  const resources = typesOf(groupVersion).map((type) => ({
    resource: type.plural,
    responseKind: responseKind(type),
    scope: scopeOf(type.namespaced),
    singularResource: type.singular,
    verbs,
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
  const questions = (reviews[groupVersion] ?? []).map(({ plural, kind, namespaced }) => ({
    resource: plural,
    responseKind: { group: groupOf(groupVersion), version: versionOf(groupVersion), kind },
    scope: scopeOf(namespaced),
    singularResource: kind.toLowerCase(),
    verbs: ['create'],
  }));
  return [...resources, ...questions];
}

export { groupVersions };
