import type { Reader } from '../../store/index.js';
import { after, instant, seconds } from '../../units/index.js';
import type { Instant } from '../../units/index.js';
import { nodeKind, pods, secrets, serviceAccounts } from '../kinds/index.js';
import { fieldAt } from '../object.js';
import type { JsonObject, KubeObject } from '../object.js';
import { objectKey } from '../resource-type.js';
import type { ResourceType } from '../resource-type.js';
import type { User } from '../user.js';
import { inSeconds, readClaims, subjectOf } from './claims.js';
import type { Named, TokenClaims } from './claims.js';
import { readLegacyClaims } from './legacy.js';

/** Where and when a token is shown. */
export interface TokenContext {
  readonly cluster: string;
  /** The cluster's own issuer: tokens of others are not taken. */
  readonly issuer: string;
  /** Whom the token must be for, one of them. */
  readonly audiences: readonly string[];
  readonly now: Instant;
}

/** Whom a token is of, or why it is not taken. */
export type TokenOutcome =
  | { readonly kind: 'taken'; readonly user: User; readonly audiences: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

const refused = (why: string): TokenOutcome => ({ kind: 'refused', why });

/** What is being deleted keeps its tokens for so long. */
const deletionLeeway = seconds(60);

/** Whom the claims of a token with a good signature make its bearer (Kubernetes: service account authentication). */
export function authenticateToken(
  reader: Reader,
  payload: JsonObject,
  token: string,
  context: TokenContext,
): TokenOutcome {
  const claims = readClaims(payload);
  if (!claims) return authenticateLegacy(reader, payload, token, context);
  const { issuer, audiences, now } = context;
  if (claims.iss !== issuer) return refused('the token is of another issuer');
  const shared = claims.aud.filter((audience) => audiences.includes(audience));
  if (shared.length === 0) {
    return refused(
      `token audiences [${claims.aud.map((one) => JSON.stringify(one)).join(' ')}] is invalid for the target audiences [${audiences.map((one) => JSON.stringify(one)).join(' ')}]`,
    );
  }
  if (inSeconds(now) >= claims.exp) return refused('service account token has expired');
  if (inSeconds(now) < claims.nbf) return refused('service account token is not valid yet');
  if (!isAlive(reader, context, claims)) return refused('service account token has been invalidated');
  return { kind: 'taken', user: userOf(claims), audiences: shared };
}

/** True while the service account and what the token is bound to are there. */
function isAlive(reader: Reader, { cluster, now }: TokenContext, claims: TokenClaims): boolean {
  const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'];
  const lives = (type: ResourceType, { name, uid }: Named): boolean => {
    const key = objectKey(cluster, type.namespaced ? namespace : undefined, name);
    const object = reader.get(type.collection, key)?.object;
    return object?.metadata.uid === uid && !isGoing(object, now);
  };
  return (
    lives(serviceAccounts, serviceaccount) &&
    (!pod || lives(pods, pod)) &&
    (!secret || lives(secrets, secret)) &&
    // A pod's node is told, not bound to.
    (!node || pod !== undefined || lives(nodeKind, node))
  );
}

const isGoing = ({ metadata }: KubeObject, now: Instant): boolean =>
  metadata.deletionTimestamp !== undefined &&
  now > after(instant(Date.parse(metadata.deletionTimestamp)), deletionLeeway);

const groupsOf = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
  'system:authenticated',
];

function userOf({ sub, jti, ...claims }: TokenClaims): User {
  const { namespace, serviceaccount, pod, node } = claims['kubernetes.io'];
  const extra = (name: string, value: string | undefined) =>
    value === undefined || value === '' ? {} : { [`authentication.kubernetes.io/${name}`]: [value] };
  return {
    name: sub,
    uid: serviceaccount.uid,
    groups: groupsOf(namespace),
    extra: {
      ...extra('credential-id', jti === '' ? undefined : `JTI=${jti}`),
      ...extra('node-name', node?.name),
      ...extra('node-uid', node?.uid),
      ...extra('pod-name', pod?.name),
      ...extra('pod-uid', pod?.uid),
    },
  };
}

/** A token of a Secret: it holds as long as the Secret has it. */
function authenticateLegacy(
  reader: Reader,
  payload: JsonObject,
  token: string,
  { cluster, issuer, audiences }: TokenContext,
): TokenOutcome {
  const claims = readLegacyClaims(payload);
  if (!claims) return refused('the token is no service account token');
  if (!audiences.includes(issuer)) return refused('the token is for the API server alone');
  const { namespace, secret, account } = claims;
  const kept = reader.get(secrets.collection, objectKey(cluster, namespace, secret))?.object;
  const known = kept && fieldAt(kept, 'data.token');
  const owner = reader.get(serviceAccounts.collection, objectKey(cluster, namespace, account.name))?.object;
  const isSame = typeof known === 'string' && Buffer.from(known, 'base64').toString() === token;
  if (!isSame || owner?.metadata.uid !== account.uid)
    return refused('service account token has been invalidated');
  const name = subjectOf(namespace, account.name);
  return {
    kind: 'taken',
    user: { name, uid: account.uid, groups: groupsOf(namespace) },
    audiences: [issuer],
  };
}
