import type { AdmissionRequest, WriteContext } from '../api/context.js';
import { StatusError } from '../api/status-error.js';
import {
  aggregationOf,
  compactTexts,
  quotedList,
  rulesOfRole,
  superusers,
  uncovered,
} from '../authorization/index.js';
import type { Authorizer, PolicyRule } from '../authorization/index.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../kinds/index.js';
import { canonicalJson, fieldAt } from '../object.js';
import type { KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { AdmissionPlugin } from './plugin.js';

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

type Write = Exclude<AdmissionRequest, { operation: 'DELETE' }>;

/** Nobody gives away by roles and bindings what they may not do themselves (Kubernetes: privilege escalation prevention). */
export const roleEscalation = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'RBAC',
  kinds: [roles, clusterRoles, roleBindings, clusterRoleBindings],
  operations: ['CREATE', 'UPDATE'],
  // After what completes an object, before its validation.
  mutate: (request, context) => {
    if (request.operation === 'DELETE') return;
    if (context.requester.user.groups.includes(superusers)) return;
    if (request.type === roles || request.type === clusterRoles) checkRole(authorizer, request, context);
    else checkBinding(authorizer, request, context);
  },
});

const objectOf = ({ draft }: Write): KubeObject => draft as unknown as KubeObject;

function checkRole(authorizer: Authorizer, request: Write, context: WriteContext): void {
  const role = objectOf(request);
  const { before, type, name } = request;
  const rules = rulesOfRole(role);
  const aggregation = fieldAt(role, 'aggregationRule');
  const sameRules = before && canonicalJson(rules) === canonicalJson(rulesOfRole(before));
  const sameAggregation =
    before &&
    canonicalJson(aggregation ?? null) === canonicalJson(fieldAt(before, 'aggregationRule') ?? null);
  if (sameRules && sameAggregation) return;
  if (may(authorizer, request, context, 'escalate', type.plural, name)) return;
  if (aggregationOf(role) !== undefined && !sameAggregation) {
    const { rules: held } = heldBy(authorizer, request, context);
    if (uncovered(held, everything).length > 0)
      throw StatusError.forbidden(type, name, 'must have cluster-admin privileges to use an aggregationRule');
  }
  refuseEscalation(authorizer, request, context, rules);
}

function checkBinding(authorizer: Authorizer, request: Write, context: WriteContext): void {
  const binding = objectOf(request);
  const { before, tx, scope } = request;
  const same = (member: string) =>
    before &&
    canonicalJson(fieldAt(binding, member) ?? null) === canonicalJson(fieldAt(before, member) ?? null);
  if (same('subjects') && same('roleRef')) return;
  const kind = fieldAt(binding, 'roleRef.kind');
  const name = fieldAt(binding, 'roleRef.name');
  if (typeof name !== 'string') return;
  const type = kind === 'ClusterRole' ? clusterRoles : roles;
  if (may(authorizer, request, context, 'bind', type.plural, name)) return;
  const key = objectKey(scope.cluster, type.namespaced ? scope.namespace : undefined, name);
  const role = tx.get(type.collection, key);
  if (!role) throw StatusError.notFound(type, name);
  refuseEscalation(authorizer, request, context, rulesOfRole(role.object));
}

function may(
  authorizer: Authorizer,
  { scope }: Write,
  { requester }: WriteContext,
  verb: 'bind' | 'escalate',
  resource: string,
  name: string,
): boolean {
  const group = roles.group;
  const attributes = {
    kind: 'resource',
    verb,
    group,
    resource,
    name,
    ...namespaceOf(scope.namespace),
  } as const;
  return authorizer.decide(scope.cluster, requester.user, attributes).allowed;
}

const namespaceOf = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace });

const heldBy = (authorizer: Authorizer, { scope }: Write, { requester }: WriteContext) =>
  authorizer.rulesOf(scope.cluster, requester.user, scope.namespace);

function refuseEscalation(
  authorizer: Authorizer,
  request: Write,
  context: WriteContext,
  rules: readonly PolicyRule[],
): void {
  const { user } = context.requester;
  const { rules: held, errors } = heldBy(authorizer, request, context);
  const missing = uncovered(held, rules);
  if (missing.length === 0) return;
  const unresolved = errors.length === 0 ? '' : `; resolution errors: [${errors.join(', ')}]`;
  const why = `user "${user.name}" (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${compactTexts(missing).join('\n')}${unresolved}`;
  throw StatusError.forbidden(request.type, request.name, why);
}
