import { StatusError, apiVersionOf, computedTypes, groupOf, reviews } from '../../kube/index.js';
import type { ComputedType, ResourceType } from '../../kube/index.js';
import { PlainError } from './plain-error.js';
import type { ServedApi } from './discovery.js';

/** What the path of a request names. */
export type Target =
  | {
      readonly kind: 'resource';
      readonly type: ResourceType;
      readonly namespace: string | undefined;
      readonly name: string | undefined;
      readonly subresource: string | undefined;
      /** True below `/watch`, the older way to ask for one. */
      readonly isWatched: boolean;
    }
  | {
      /** Objects that are worked out when they are asked for. */
      readonly kind: 'computed';
      readonly type: ComputedType;
      readonly namespace: string | undefined;
      readonly name: string | undefined;
      readonly subresource: string | undefined;
      readonly isWatched: boolean;
    }
  | {
      /** A question that is answered and never kept. */
      readonly kind: 'review';
      readonly group: string;
      readonly plural: string;
      readonly review: string;
      readonly namespace: string | undefined;
    }
  | { readonly kind: 'path'; readonly path: string };

/**
 * Reads a path as the API server does: `/api/v1/...` and `/apis/GROUP/VERSION/...` name objects, all else itself.
 *
 * @throws StatusError 404 for a resource that is not served, 503 for one of a service that can't be reached.
 */
export function parseTarget(api: ServedApi, path: string): Target {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
  const [root, ...rest] = segments;
  const depth = root === 'api' ? 1 : root === 'apis' ? 2 : undefined;
  if (depth === undefined || rest.length <= depth) return { kind: 'path', path };
  const apiVersion = rest.slice(0, depth).join('/');
  const review = reviewTarget(apiVersion, rest.slice(depth));
  if (review) return review;
  return resourceTarget(api, apiVersion, rest.slice(depth));
}

function reviewTarget(apiVersion: string, rest: readonly string[]): Target | undefined {
  const [namespace, [plural = '', ...further]] =
    rest[0] === 'namespaces' ? [rest[1], rest.slice(2)] : [undefined, rest];
  const found = reviews.get(apiVersion)?.find((review) => review.plural === plural);
  if (!found) return undefined;
  if (further.length > 0 || found.namespaced !== (namespace !== undefined)) throw StatusError.noSuchPath();
  return { kind: 'review', group: groupOf(apiVersion), plural, review: found.kind, namespace };
}

/** The kind that a path names, as what answers it. @throws StatusError 404, 503 */
function typeAt(
  { kinds, external }: ServedApi,
  apiVersion: string,
  plural: string | undefined,
):
  | Pick<Extract<Target, { kind: 'resource' }>, 'kind' | 'type'>
  | Pick<Extract<Target, { kind: 'computed' }>, 'kind' | 'type'> {
  const type = kinds.ofPlural(apiVersion, plural ?? '');
  if (type) return { kind: 'resource', type };
  const computed = computedTypes.find((one) => apiVersionOf(one) === apiVersion && one.plural === plural);
  if (computed) return { kind: 'computed', type: computed };
  if (external.includes(apiVersion)) throw StatusError.unavailable();
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  const isServed =
    kinds.served.some((one) => one.group === group) || computedTypes.some((one) => one.group === group);
  throw isServed ? StatusError.noSuchPath() : PlainError.notFound();
}

function resourceTarget(api: ServedApi, apiVersion: string, rest: readonly string[]): Target {
  const [first, namespace, plural, name, ...subresource] = rest;
  // /namespaces/NAME/PLURAL..., but /namespaces/NAME/status and /finalize are the namespace's own.
  const isNamespaced =
    first === 'namespaces' && plural !== undefined && !isNamespaceSubresource(apiVersion, rest);
  if (isNamespaced) {
    const found = typeAt(api, apiVersion, plural);
    if (!found.type.namespaced) throw StatusError.noSuchPath();
    return { ...found, namespace, name, subresource: joined(subresource), isWatched: false };
  }
  if (first === 'watch' && namespace !== undefined) {
    const watched = resourceTarget(api, apiVersion, rest.slice(1));
    if (watched.kind === 'resource' && watched.subresource === undefined)
      return { ...watched, isWatched: true };
  }
  const found = typeAt(api, apiVersion, first);
  const [, own, ...further] = rest;
  // Without a namespace, a namespaced kind can only be listed and watched.
  if (found.type.namespaced && own !== undefined) throw StatusError.noSuchPath();
  return {
    ...found,
    namespace: undefined,
    name: own,
    subresource: joined(further),
    isWatched: false,
  };
}

const isNamespaceSubresource = (apiVersion: string, rest: readonly string[]): boolean =>
  apiVersion === 'v1' && rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize');

const joined = (segments: readonly string[]): string | undefined =>
  segments.length === 0 ? undefined : segments.join('/');

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw StatusError.badRequest(`the path segment ${segment} is not valid`);
  }
}

/** The API's word for what a method does to a target (Kubernetes: request verbs). */
export function verbOf(method: string, target: Target, isWatch: boolean): string {
  if (target.kind === 'path') return method.toLowerCase();
  if (target.kind === 'review') {
    if (method !== 'POST') throw StatusError.methodNotAllowed();
    return 'create';
  }
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return target.name === undefined ? 'deletecollection' : 'delete';
    case 'GET':
      if (target.kind === 'resource' && target.isWatched) return 'watch';
      if (target.name !== undefined) return 'get';
      return isWatch ? 'watch' : 'list';
    default:
      throw StatusError.methodNotAllowed();
  }
}
