import { apiVersionOf, compareVersions } from '../../kube/index.js';
import type { ClusterKinds, JsonObject, ResourceType } from '../../kube/index.js';

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

/** The order in which groups are told: clients look a name up in the first that has it (API server: group priorities). */
const groupOrder: readonly string[] = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

const known = new WeakMap<ClusterKinds, readonly string[]>();

/** Every group and version that a cluster serves: the core group first, custom ones last, preferred versions first. */
export function groupVersions(kinds: ClusterKinds): readonly string[] {
  const found = known.get(kinds);
  if (found) return found;
  const all = [...new Set([...kinds.served.map(apiVersionOf), ...Object.keys(reviews)])];
  const rank = (groupVersion: string) => {
    const at = groupOrder.indexOf(groupOf(groupVersion));
    return at < 0 ? groupOrder.length : at;
  };
  const compare = (a: string, b: string): number => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (groupOf(a) !== groupOf(b)) return groupOf(a) < groupOf(b) ? -1 : 1;
    return compareVersions(versionOf(a), versionOf(b));
  };
  const made = all.sort(compare);
  known.set(kinds, made);
  return made;
}

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
export const groupList = (kinds: ClusterKinds): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: namedGroups(kinds).map((group) => groupBody(kinds, group)),
});

/** `/apis/GROUP`; undefined for a group that is not served. */
export const groupDocument = (kinds: ClusterKinds, group: string): JsonObject | undefined =>
  namedGroups(kinds).includes(group)
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(kinds, group) }
    : undefined;

const namedGroups = (kinds: ClusterKinds): readonly string[] =>
  [...new Set(groupVersions(kinds).map(groupOf))].filter((group) => group !== '');

function groupBody(kinds: ClusterKinds, group: string): JsonObject {
  const versions = groupVersions(kinds)
    .filter((groupVersion) => groupOf(groupVersion) === group)
    .map((groupVersion) => ({ groupVersion, version: versionOf(groupVersion) }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined for one that is not served. */
export function resourceList(kinds: ClusterKinds, groupVersion: string): JsonObject | undefined {
  if (!groupVersions(kinds).includes(groupVersion)) return undefined;
  const resources = typesOf(kinds, groupVersion).flatMap((type) => [
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
  const questions = (reviews[groupVersion] ?? []).map(({ plural, kind, namespaced }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ['create'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [...resources, ...questions] };
}

const typesOf = (kinds: ClusterKinds, groupVersion: string): readonly ResourceType[] =>
  kinds.served.filter((type) => apiVersionOf(type) === groupVersion);

/** `/api` or `/apis` in the aggregated form (apidiscovery.k8s.io/v2). */
export function aggregatedDiscovery(kinds: ClusterKinds, root: 'api' | 'apis'): JsonObject {
  const groups = root === 'api' ? [''] : namedGroups(kinds);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: groupVersions(kinds)
        .filter((groupVersion) => groupOf(groupVersion) === group)
        .map((groupVersion) => ({
          version: versionOf(groupVersion),
          freshness: 'Current',
          resources: aggregatedResources(kinds, groupVersion),
        })),
    })),
  };
}

function aggregatedResources(kinds: ClusterKinds, groupVersion: string): readonly JsonObject[] {
  const responseKind = ({ group, version, kind }: { group: string; version: string; kind: string }) => ({
    group,
    version,
    kind,
  });
  const scopeOf = (namespaced: boolean) => (namespaced ? 'Namespaced' : 'Cluster');
  const resources = typesOf(kinds, groupVersion).map((type) => ({
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
  const questions = (reviews[groupVersion] ?? []).map(({ plural, kind, namespaced }) => ({
    resource: plural,
    responseKind: { group: groupOf(groupVersion), version: versionOf(groupVersion), kind },
    scope: scopeOf(namespaced),
    singularResource: kind.toLowerCase(),
    verbs: ['create'],
  }));
  return [...resources, ...questions];
}
