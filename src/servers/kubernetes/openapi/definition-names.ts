import {
  apiVersionOf,
  builtInTypes,
  furtherVersions,
  groupOf,
  schemas,
  versionOf,
} from '../../../kube/index.js';
import type { FieldSchema } from '../../../kube/index.js';

/** Types of the API machinery, whatever the group that uses them. */
const metaTypes = [
  'V1Condition',
  'V1DeleteOptions',
  'V1FieldSelectorRequirement',
  'V1LabelSelector',
  'V1LabelSelectorRequirement',
  'V1ListMeta',
  'V1ManagedFieldsEntry',
  'V1ObjectMeta',
  'V1OwnerReference',
  'V1Preconditions',
  'V1Status',
  'V1StatusCause',
  'V1StatusDetails',
];
const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Types that no kind's schema leads to, with their group and version: bodies of subresources, questions. */
const furtherTypes: readonly (readonly [groupVersion: string, type: string])[] = [
  ['v1', 'V1Binding'],
  ['autoscaling/v1', 'V1Scale'],
  ['policy/v1', 'V1Eviction'],
  ['authentication.k8s.io/v1', 'AuthenticationV1TokenRequest'],
  ['authentication.k8s.io/v1', 'V1SelfSubjectReview'],
  ['authentication.k8s.io/v1', 'V1TokenReview'],
  ['authorization.k8s.io/v1', 'V1LocalSubjectAccessReview'],
  ['authorization.k8s.io/v1', 'V1SelfSubjectAccessReview'],
  ['authorization.k8s.io/v1', 'V1SelfSubjectRulesReview'],
  ['authorization.k8s.io/v1', 'V1SubjectAccessReview'],
];

/** The package that a group and version of Kubernetes itself is written in. */
function packageOf(groupVersion: string): string {
  const [group = ''] = groupOf(groupVersion).split('.');
  const version = versionOf(groupVersion);
  switch (group) {
    case '':
      return `io.k8s.api.core.${version}`;
    case 'apiextensions':
      return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}`;
    case 'apiregistration':
      return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${version}`;
    default:
      return `io.k8s.api.${group}.${version}`;
  }
}

/** A type of the client without its group and version, e.g. `PodSpec` of `V1PodSpec`. */
const plainName = (type: string): string =>
  type.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?(?=[A-Z])/, '');

/** The types that a field is made of. */
export const refsOf = ({ ref, items, additionalProperties }: FieldSchema): readonly string[] => [
  ...(ref === undefined ? [] : [ref]),
  ...(items ? refsOf(items) : []),
  ...(additionalProperties ? refsOf(additionalProperties) : []),
];

let known: ReadonlyMap<string, string> | undefined;

/**
 * What Kubernetes calls a type of the client in its OpenAPI documents, e.g. `io.k8s.api.core.v1.PodSpec`. The client tells no
 * packages: a type is of the first group that leads to it, the core group first, as groups use its types and not the reverse.
 */
export function definitionName(type: string): string {
  known ??= named();
  return known.get(type) ?? `io.k8s.api.${plainName(type)}`;
}

function named(): ReadonlyMap<string, string> {
  const names = new Map(metaTypes.map((type) => [type, `${metaPackage}.${plainName(type)}`]));
  const all = schemas();
  const visit = (type: string, inPackage: string): void => {
    const schema = all[type];
    if (!schema || names.has(type)) return;
    names.set(type, `${inPackage}.${plainName(type)}`);
    for (const field of Object.values(schema.properties)) {
      for (const ref of refsOf(field)) visit(ref, inPackage);
    }
  };
  const kinds = [...builtInTypes, ...furtherVersions].flatMap((kind) =>
    kind.schema.source === 'client' ? [[apiVersionOf(kind), kind.schema.type] as const] : [],
  );
  const isCore = ([groupVersion]: readonly [string, string]) => groupOf(groupVersion) === '';
  const roots = [...kinds, ...furtherTypes];
  for (const [groupVersion, type] of [...roots.filter(isCore), ...roots.filter((root) => !isCore(root))]) {
    visit(type, packageOf(groupVersion));
    visit(`${type}List`, packageOf(groupVersion));
  }
  return names;
}

/** Types of a group and version that none of its kinds is made of. */
export const furtherTypesOf = (groupVersion: string): readonly string[] =>
  furtherTypes.filter(([of]) => of === groupVersion).map(([, type]) => type);
