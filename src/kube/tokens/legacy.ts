import type { JsonObject } from '../object.js';
import { subjectOf } from './claims.js';
import type { Named } from './claims.js';

/** The type of Secrets that hold a token of a service account. */
export const tokenSecretType = 'kubernetes.io/service-account-token';
export const accountNameAnnotation = 'kubernetes.io/service-account.name';
export const accountUidAnnotation = 'kubernetes.io/service-account.uid';

const prefix = 'kubernetes.io/serviceaccount/';

/** What a token in a Secret says: of which account and Secret it is. It never ends. */
export interface LegacyClaims {
  readonly namespace: string;
  readonly secret: string;
  readonly account: Named;
}

export const legacyClaims = ({ namespace, secret, account }: LegacyClaims): JsonObject => ({
  iss: 'kubernetes/serviceaccount',
  [`${prefix}namespace`]: namespace,
  [`${prefix}secret.name`]: secret,
  [`${prefix}service-account.name`]: account.name,
  [`${prefix}service-account.uid`]: account.uid,
  sub: subjectOf(namespace, account.name),
});

/** Reads what a Secret's token says; undefined for another token. */
export function readLegacyClaims(payload: JsonObject): LegacyClaims | undefined {
  const [namespace, secret, name, uid] = [
    'namespace',
    'secret.name',
    'service-account.name',
    'service-account.uid',
  ].map((member) => payload[`${prefix}${member}`]);
  if (payload['iss'] !== 'kubernetes/serviceaccount') return undefined;
  return typeof namespace === 'string' &&
    typeof secret === 'string' &&
    typeof name === 'string' &&
    typeof uid === 'string'
    ? { namespace, secret, account: { name, uid } }
    : undefined;
}
