import { StatusError, isObject } from '../../kube/index.js';
import type { Attributes, FieldError, JsonObject, User } from '../../kube/index.js';
import { byToken, issuerOf } from './authentication.js';
import type { KubernetesRequest } from './app.js';

/** A question to the server: a kind that is created and answered, never kept. */
export interface Review {
  readonly kind: string;
  readonly body: JsonObject;
  readonly namespace: string | undefined;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(text) : []);
const member = (value: unknown, name: string): JsonObject =>
  isObject(value) && isObject(value[name]) ? value[name] : {};

/** A user as reviews show it (authentication.k8s.io/v1 UserInfo). */
export const userInfo = ({ name, uid, groups, extra }: User): JsonObject => ({
  username: name,
  ...(uid !== undefined && { uid }),
  groups,
  ...(extra && { extra }),
});

/** Answers a review; undefined for a kind that is none. @throws StatusError 400, 422 */
export function answerReview(request: KubernetesRequest, review: Review): JsonObject | undefined {
  const { kind, body } = review;
  const { user } = request;
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
      return answered({ userInfo: userInfo(user) });
    case 'TokenReview':
      return answered(tokenStatus(request, spec));
    case 'SelfSubjectAccessReview':
      return answered(access(request, review, user, spec));
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview':
      return answered(access(request, review, subjectOf(spec), spec));
    case 'SelfSubjectRulesReview':
      return answered(rules(request, text(spec['namespace'])));
    default:
      return undefined;
  }
}

/** Whom a token is of, for those who are shown one (Kubernetes: TokenReview). */
function tokenStatus(request: KubernetesRequest, spec: JsonObject): JsonObject {
  const token = text(spec['token']);
  if (token === '') throw StatusError.badRequest('token is required for TokenReview in authentication');
  const audiences = texts(spec['audiences']);
  const outcome = byToken(request, token, audiences.length === 0 ? [issuerOf(request.cluster)] : audiences);
  return outcome.kind === 'taken'
    ? { authenticated: true, user: userInfo(outcome.user), audiences: outcome.audiences }
    : { user: {}, error: `[invalid bearer token, ${outcome.why}]` };
}

function subjectOf(spec: JsonObject): User {
  const uid = text(spec['uid']);
  return { name: text(spec['user']), ...(uid !== '' && { uid }), groups: texts(spec['groups']) };
}

function access(
  { world, clusterKey }: KubernetesRequest,
  review: Review,
  user: User,
  spec: JsonObject,
): JsonObject {
  const errors = accessErrors(review, spec);
  if (errors.length > 0) {
    throw StatusError.invalid({ group: 'authorization.k8s.io', kind: review.kind }, '', errors);
  }
  const attributes = attributesOf(spec);
  const { allowed, reason } = world.kubernetes.authorizer.decide(clusterKey, user, attributes);
  return { allowed, ...(reason !== '' && { reason }) };
}

/** Everything wrong with a question for access (authorization validation). */
function accessErrors({ kind, namespace }: Review, spec: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const resource = spec['resourceAttributes'];
  const path = spec['nonResourceAttributes'];
  const field = 'spec.resourceAttributes';
  if (isObject(resource) === isObject(path)) {
    const detail = isObject(path)
      ? 'cannot be specified in combination with resourceAttributes'
      : 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push({
      type: 'invalid',
      field: isObject(path) ? 'spec.nonResourceAttributes' : field,
      value: null,
      detail,
    });
  }
  if (kind !== 'SelfSubjectAccessReview' && text(spec['user']) === '' && texts(spec['groups']).length === 0) {
    const detail = 'at least one of user or group must be specified';
    errors.push({ type: 'invalid', field: 'spec.user', value: '', detail });
  }
  if (kind !== 'LocalSubjectAccessReview') return errors;
  if (isObject(path)) {
    const detail = 'disallowed on this kind of request';
    errors.push({ type: 'invalid', field: 'spec.nonResourceAttributes', value: path, detail });
  }
  if (isObject(resource) && text(resource['namespace']) !== (namespace ?? '')) {
    const detail = `must match metadata.namespace`;
    errors.push({ type: 'invalid', field: `${field}.namespace`, value: resource['namespace'] ?? '', detail });
  }
  return errors;
}

function attributesOf(spec: JsonObject): Attributes {
  const path = spec['nonResourceAttributes'];
  if (isObject(path)) return { kind: 'path', verb: text(path['verb']), path: text(path['path']) };
  const resource = member(spec, 'resourceAttributes');
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

function rules({ world, clusterKey, user }: KubernetesRequest, namespace: string): JsonObject {
  if (namespace === '') throw StatusError.badRequest('no namespace on request');
  const { rules: all, errors } = world.kubernetes.authorizer.rulesOf(clusterKey, user, namespace);
  const split = (isPath: boolean) => all.filter((rule) => (rule.nonResourceURLs !== undefined) === isPath);
  return {
    resourceRules: split(false),
    nonResourceRules: split(true),
    incomplete: errors.length > 0,
    ...(errors.length > 0 && { evaluationError: errors.join(', ') }),
  };
}
