import type { Reader } from '../../store/index.js';
import type { KubeObject } from '../object.js';
import { membersOf } from '../object.js';
import type { User } from '../user.js';
import { namespaceTerm, objectKey } from '../resource-type.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../kinds/index.js';

/** What a request does, as rules speak of it. */
export type Attributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      /** Plural, with `/subresource` where there is one. */
      readonly resource: string;
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

/** One rule of a role (rbac.authorization.k8s.io/v1 PolicyRule). */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Binding extends KubeObject {
  readonly subjects?: readonly Subject[];
  readonly roleRef: { readonly kind: string; readonly name: string };
}

const superusers = 'system:masters';

/** True when the bindings of a cluster let the user do it (Kubernetes: RBAC). */
export function isAllowed(reader: Reader, cluster: string, user: User, attributes: Attributes): boolean {
  if (user.groups.includes(superusers)) return true;
  const namespace = attributes.kind === 'resource' ? attributes.namespace : undefined;
  return rulesOf(reader, cluster, user, namespace).some((rule) => ruleAllows(rule, attributes));
}

/** The rules that apply to a user, in the cluster and in a namespace. */
export function rulesOf(
  reader: Reader,
  cluster: string,
  user: User,
  namespace: string | undefined,
): readonly PolicyRule[] {
  if (user.groups.includes(superusers)) {
    return [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ];
  }
  const across = reader.find(clusterRoleBindings.collection, 'byCluster', cluster);
  const within =
    namespace === undefined
      ? []
      : reader.find(roleBindings.collection, 'byNamespace', namespaceTerm(cluster, namespace));
  return [...across, ...within].flatMap(({ object }) => {
    const binding = object as Binding;
    const applies = (binding.subjects ?? []).some((subject) =>
      isSubject(subject, user, binding.metadata.namespace),
    );
    if (!applies) return [];
    const { kind, name } = binding.roleRef;
    const role =
      kind === 'ClusterRole'
        ? reader.get(clusterRoles.collection, objectKey(cluster, undefined, name))
        : reader.get(roles.collection, objectKey(cluster, binding.metadata.namespace, name));
    return role ? ((membersOf(role.object)['rules'] ?? []) as readonly PolicyRule[]) : [];
  });
}

function isSubject(
  { kind, name, namespace }: Subject,
  user: User,
  bindingNamespace: string | undefined,
): boolean {
  switch (kind) {
    case 'User':
      return name === user.name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${namespace ?? bindingNamespace ?? ''}:${name}`;
    default:
      return false;
  }
}

function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  const has = (list: readonly string[] | undefined, value: string) =>
    list !== undefined && (list.includes('*') || list.includes(value));
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') {
    return (rule.nonResourceURLs ?? []).some((url) =>
      url.endsWith('*') ? attributes.path.startsWith(url.slice(0, -1)) : url === attributes.path,
    );
  }
  const [, subresource] = attributes.resource.split('/');
  const named = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, attributes.group) &&
    (has(rule.resources, attributes.resource) ||
      (subresource !== undefined && rule.resources?.includes(`*/${subresource}`) === true)) &&
    (named.length === 0 || (attributes.name !== undefined && named.includes(attributes.name)))
  );
}
