import { StatusError } from '../../kube/index.js';
import type { Attributes, User } from '../../kube/index.js';
import type { World } from '../../world/index.js';
import type { Target } from './request.js';

/** Refuses what the user's roles do not allow, in the API server's words. @throws StatusError 401, 403 */
export function authorize(world: World, cluster: string, user: User, attributes: Attributes): void {
  const { allowed, reason } = world.kubernetes.authorizer.decide(cluster, user, attributes);
  if (allowed) return;
  // AKS has no anonymous access: who does not say who he is, is asked for it.
  if (user.name === 'system:anonymous') throw StatusError.unauthorized();
  const because = reason === '' ? '' : `: ${reason}`;
  const { verb } = attributes;
  if (attributes.kind === 'path') {
    const message = `forbidden: User "${user.name}" cannot ${verb} path "${attributes.path}"${because}`;
    throw new StatusError(403, 'Forbidden', message, {});
  }
  const { group, resource, namespace, name = '' } = attributes;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}${because}`;
  throw StatusError.forbidden({ group, plural: resource.split('/')[0] ?? '' }, name, why);
}

/** What a request does, as roles speak of it. */
export function attributesOf(target: Target, verb: string): Attributes {
  if (target.kind === 'path') return { kind: 'path', verb, path: target.path };
  if (target.kind === 'review') {
    const { group, plural, namespace } = target;
    return { kind: 'resource', verb, group, resource: plural, ...(namespace !== undefined && { namespace }) };
  }
  const { type, namespace, name, subresource } = target;
  const namespaceOfIt = type.kind === 'Namespace' ? name : namespace;
  // What is behind a proxy's path is the pod's or service's own.
  const named = subresource?.startsWith('proxy/') === true ? 'proxy' : subresource;
  return {
    kind: 'resource',
    verb,
    group: type.group,
    resource: named === undefined ? type.plural : `${type.plural}/${named}`,
    ...(namespaceOfIt !== undefined && { namespace: namespaceOfIt }),
    ...(name !== undefined && { name }),
  };
}
