import type { Instant } from '../../units/index.js';
import { isObject } from '../object.js';
import type { JsonObject } from '../object.js';

/** An object that a token speaks of. */
export interface Named {
  readonly name: string;
  readonly uid: string;
}

/** What a service account token holds as long as; the token ends with it. */
export type BoundObject = Named & { readonly kind: 'Pod' | 'Secret' | 'Node' };

/** What a token says (Kubernetes: service account tokens). Times are in seconds since the epoch. */
export interface TokenClaims {
  readonly iss: string;
  readonly aud: readonly string[];
  readonly sub: string;
  readonly jti: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly serviceaccount: Named;
    readonly pod?: Named;
    readonly secret?: Named;
    readonly node?: Named;
  };
}

export const subjectOf = (namespace: string, name: string): string =>
  `system:serviceaccount:${namespace}:${name}`;

export const inSeconds = (when: Instant): number => Math.floor(when / 1000);

const isText = (value: unknown): value is string => typeof value === 'string';
const named = (value: unknown): Named | undefined =>
  isObject(value) && isText(value['name']) && isText(value['uid'])
    ? { name: value['name'], uid: value['uid'] }
    : undefined;

/** Reads the claims of a token; undefined when they are not those of a service account's. */
export function readClaims(payload: JsonObject): TokenClaims | undefined {
  const { iss, sub, jti, iat, nbf, exp } = payload;
  const own = payload['kubernetes.io'];
  if (!isObject(own) || !isText(iss) || !isText(sub) || !isText(own['namespace'])) return undefined;
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof nbf !== 'number') return undefined;
  const account = named(own['serviceaccount']);
  if (!account) return undefined;
  const [pod, secret, node] = ['pod', 'secret', 'node'].map((member) => named(own[member]));
  return {
    iss,
    sub,
    jti: isText(jti) ? jti : '',
    iat,
    nbf,
    exp,
    aud: [payload['aud']].flat().filter(isText),
    'kubernetes.io': {
      namespace: own['namespace'],
      serviceaccount: account,
      ...(pod && { pod }),
      ...(secret && { secret }),
      ...(node && { node }),
    },
  };
}
