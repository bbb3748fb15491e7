import type { Reader } from '../../store/index.js';
import { after, seconds } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import type { FieldError, Scope } from '../api/index.js';
import { StatusError, entryOf } from '../api/index.js';
import { toKubeTime } from '../kube-time.js';
import { nodeKind, pods, secrets, serviceAccounts } from '../kinds/index.js';
import type { Pod } from '../kinds/index.js';
import { isObject } from '../object.js';
import { goText } from '../go-values.js';
import type { JsonObject } from '../object.js';
import { inSeconds, subjectOf } from './claims.js';
import type { BoundObject, Named, TokenClaims } from './claims.js';

const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;
/** Longer ones are cut to it (AKS: a year at most). */
const longestSeconds = 365 * 24 * 3600;

/** What issuing a token takes to know. */
export interface Issuance {
  /** Who says what the token says: the cluster's address. */
  readonly issuer: string;
  readonly now: Instant;
  /** Tells this token from all others. */
  readonly id: string;
}

/** A token as asked for, ready to be signed. */
export interface RequestedToken {
  readonly claims: TokenClaims;
  /** The answer to the request, for a signed token. */
  readonly answer: (token: string) => JsonObject;
  readonly warnings: readonly string[];
}

/**
 * What a TokenRequest asks for a service account (authentication.k8s.io/v1; Kubernetes: the TokenRequest API).
 *
 * @throws StatusError 400, 404, 409, 422
 */
export function tokenRequest(
  reader: Reader,
  scope: Scope & { readonly namespace: string },
  name: string,
  body: unknown,
  { issuer, now, id }: Issuance,
): RequestedToken {
  const account = entryOf(reader, serviceAccounts, scope, name).value.object;
  const asked = read(body);
  if (asked.name !== '' && asked.name !== name) {
    throw StatusError.badRequest(
      `metadata.name: Invalid value: ${JSON.stringify(asked.name)}: must match the service account name if specified`,
    );
  }
  const bound = asked.bound && boundObject(reader, scope, name, asked.bound);
  const held = Math.min(asked.seconds, longestSeconds);
  const { namespace } = scope;
  const issued = inSeconds(now);
  const { uid } = account.metadata;
  const claims: TokenClaims = {
    iss: issuer,
    aud: asked.audiences.length === 0 ? [issuer] : asked.audiences,
    sub: subjectOf(namespace, name),
    jti: id,
    iat: issued,
    nbf: issued,
    exp: issued + held,
    'kubernetes.io': { namespace, serviceaccount: { name, uid }, ...bound?.claims },
  };
  const expirationTimestamp = toKubeTime(after(now, seconds(held)));
  const answer = (token: string): JsonObject => ({
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: toKubeTime(now) },
    spec: {
      audiences: claims.aud,
      expirationSeconds: held,
      boundObjectRef: bound ? bound.reference : null,
    },
    status: { token, expirationTimestamp },
  });
  const warnings =
    held === asked.seconds
      ? []
      : [`requested expiration of ${String(asked.seconds)} seconds shortened to ${String(held)} seconds`];
  return { claims, answer, warnings };
}

interface Asked {
  readonly name: string;
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly bound: JsonObject | undefined;
}

function read(body: unknown): Asked {
  if (!isObject(body)) throw StatusError.badRequest('a TokenRequest is a JSON object');
  const { kind = 'TokenRequest', metadata, spec } = body;
  if (kind !== 'TokenRequest') {
    throw StatusError.badRequest(`the body is a ${goText(kind)}, not a TokenRequest`);
  }
  const given = isObject(spec) ? spec : {};
  const { audiences, boundObjectRef } = given;
  const expiration = given['expirationSeconds'] ?? defaultSeconds;
  if (typeof expiration !== 'number' || !Number.isInteger(expiration)) {
    throw StatusError.badRequest(
      'TokenRequest in version "v1" cannot be handled as a TokenRequest: spec.expirationSeconds must be a whole number',
    );
  }
  const errors = secondsErrors(expiration);
  if (errors.length > 0)
    throw StatusError.invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', errors);
  return {
    name: isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '',
    audiences: Array.isArray(audiences) ? audiences.map(goText) : [],
    seconds: expiration,
    bound: isObject(boundObjectRef) ? boundObjectRef : undefined,
  };
}

function secondsErrors(value: number): readonly FieldError[] {
  const wrong = (detail: string): readonly FieldError[] => [
    { type: 'invalid', field: 'spec.expirationSeconds', value, detail },
  ];
  if (value < leastSeconds) return wrong('may not specify a duration less than 10 minutes');
  return value > mostSeconds ? wrong('may not specify a duration larger than 2^32 seconds') : [];
}

/** The object that a token is to be bound to, as the claims and the answer say it. @throws StatusError 400, 404, 409 */
function boundObject(
  reader: Reader,
  scope: Scope,
  account: string,
  reference: JsonObject,
): { readonly claims: Partial<TokenClaims['kubernetes.io']>; readonly reference: JsonObject } {
  const { kind, apiVersion, uid } = reference;
  const name = typeof reference['name'] === 'string' ? reference['name'] : '';
  const found = apiVersion === 'v1' || apiVersion === undefined ? find(reader, scope, kind, name) : undefined;
  if (!found) {
    throw StatusError.badRequest(
      `cannot bind token to object of type ${goText(apiVersion)}, Kind=${goText(kind)}`,
    );
  }
  const { bound, pod } = found;
  if (pod && (pod.spec.serviceAccountName ?? 'default') !== account) {
    throw StatusError.badRequest(
      `cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`,
    );
  }
  if (typeof uid === 'string' && uid !== '' && uid !== bound.uid) {
    throw StatusError.conflict(
      { group: '', plural: bound.kind },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const { uid: ownUid } = bound;
  const named: Named = { name, uid: ownUid };
  const member = { Pod: 'pod', Secret: 'secret', Node: 'node' } as const;
  const node = pod?.spec.nodeName === undefined ? undefined : nodeOf(reader, scope, pod.spec.nodeName);
  return {
    claims: { [member[bound.kind]]: named, ...(node && { node }) },
    reference: { kind: bound.kind, apiVersion: 'v1', name, uid: ownUid },
  };
}

function find(
  reader: Reader,
  scope: Scope,
  kind: unknown,
  name: string,
): { readonly bound: BoundObject; readonly pod?: Pod } | undefined {
  switch (kind) {
    case 'Pod': {
      const pod = entryOf(reader, pods, scope, name).value.object as Pod;
      return { bound: { kind, name, uid: pod.metadata.uid }, pod };
    }
    case 'Secret': {
      const { metadata } = entryOf(reader, secrets, scope, name).value.object;
      return { bound: { kind, name, uid: metadata.uid } };
    }
    case 'Node': {
      const { metadata } = entryOf(reader, nodeKind, { cluster: scope.cluster }, name).value.object;
      return { bound: { kind, name, uid: metadata.uid } };
    }
    default:
      return undefined;
  }
}

function nodeOf(reader: Reader, { cluster }: Scope, name: string): Named | undefined {
  const uid = reader.get(nodeKind.collection, `${cluster}/${name}`)?.object.metadata.uid;
  return uid === undefined ? undefined : { name, uid };
}
