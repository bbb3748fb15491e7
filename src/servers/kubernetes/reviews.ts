import { StatusError, isAllowed, isObject, rulesOf } from '../../kube/index.js';
import type { Attributes, JsonObject, User } from '../../kube/index.js';
import type { World } from '../../world/index.js';

/** A question to the server: a kind that is created and answered, never kept. */
export interface Review {
  readonly kind: string;
  readonly body: JsonObject;
  readonly namespace: string | undefined;
  readonly user: User;
  readonly cluster: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const member = (value: unknown, name: string): JsonObject =>
  isObject(value) && isObject(value[name]) ? value[name] : {};

/** Answers a review; undefined for a kind that is none. @throws StatusError 400 */
export function answerReview(world: World, review: Review): JsonObject | undefined {
  const { kind, body, user } = review;
  const spec = member(body, 'spec');
  const apiVersion =
    kind === 'SelfSubjectReview' || kind === 'TokenReview'
      ? 'authentication.k8s.io/v1'
      : 'authorization.k8s.io/v1';
  const answered = (status: JsonObject): JsonObject => ({
    kind,
    apiVersion,
    metadata: { creationTimestamp: null },
    ...(Object.keys(spec).length > 0 && { spec }),
    status,
  });
  switch (kind) {
    case 'SelfSubjectReview':
      return answered({ userInfo: { username: user.name, groups: user.groups } });
    case 'SelfSubjectAccessReview':
      return answered(access(world, review, user, spec));
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview': {
      const groups = Array.isArray(spec['groups']) ? spec['groups'].map(text) : [];
      return answered(access(world, review, { name: text(spec['user']), groups }, spec));
    }
    case 'SelfSubjectRulesReview':
      return answered(rules(world, review, text(spec['namespace'])));
    default:
      return undefined;
  }
}

function access(world: World, { cluster }: Review, user: User, spec: JsonObject): JsonObject {
  const resource = spec['resourceAttributes'];
  const path = spec['nonResourceAttributes'];
  const attributes: Attributes | undefined = isObject(resource)
    ? resourceAttributes(resource)
    : isObject(path)
      ? { kind: 'path', verb: text(path['verb']), path: text(path['path']) }
      : undefined;
  if (!attributes) {
    throw StatusError.badRequest(
      'spec.resourceAttributes: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    );
  }
  return { allowed: isAllowed(world.store, cluster, user, attributes) };
}

function resourceAttributes(resource: JsonObject): Attributes {
  const subresource = text(resource['subresource']);
  const namespace = text(resource['namespace']);
  const name = text(resource['name']);
  return {
    kind: 'resource',
    verb: text(resource['verb']),
    group: text(resource['group']),
    resource: `${text(resource['resource'])}${subresource === '' ? '' : `/${subresource}`}`,
    ...(namespace !== '' && { namespace }),
    ...(name !== '' && { name }),
  };
}

function rules(world: World, { cluster, user }: Review, namespace: string): JsonObject {
  const all = rulesOf(world.store, cluster, user, namespace === '' ? undefined : namespace);
  const split = (isPath: boolean) => all.filter((rule) => (rule.nonResourceURLs !== undefined) === isPath);
  return { resourceRules: split(false), nonResourceRules: split(true), incomplete: false };
}
