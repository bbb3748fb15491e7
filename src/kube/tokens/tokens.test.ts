import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import type { JsonObject } from '../object.js';
import { authenticateToken, tokenRequest } from './index.js';

const issuer = 'https://shop.example';
const otherIssuer = 'https://other.example';

let cluster: TestCluster;
const scope = { cluster: 'c', namespace: 'default' };
const request = (spec: object, account = 'robot') =>
  tokenRequest(cluster.store, scope, account, { spec }, { issuer, now: cluster.clock.now(), id: 'id-1' });
const claimsOf = (spec: object): JsonObject => ({ ...request(spec).claims });
const show = (claims: JsonObject, context: object = {}, token = '') =>
  authenticateToken(cluster.store, claims, token, {
    cluster: 'c',
    issuer,
    audiences: [issuer],
    now: cluster.clock.now(),
    ...context,
  });
const pod = {
  metadata: { name: 'p' },
  spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] },
};

beforeEach(() => {
  cluster = new TestCluster();
  cluster.create('serviceaccounts', { metadata: { name: 'robot' } });
});

test('a token says whose it is, for whom and for how long', () => {
  const { uid } = cluster.get('serviceaccounts', 'robot').metadata;
  const issued = Date.UTC(2026, 7, 21) / 1000;
  expect(claimsOf({})).toEqual({
    iss: issuer,
    aud: [issuer],
    sub: 'system:serviceaccount:default:robot',
    jti: 'id-1',
    iat: issued,
    nbf: issued,
    exp: issued + 3600,
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot', uid } },
  });
});

test('the answer has the token and its end', () => {
  expect(request({ expirationSeconds: 600, audiences: ['vault'] }).answer('signed')).toMatchObject({
    kind: 'TokenRequest',
    spec: { audiences: ['vault'], expirationSeconds: 600 },
    status: { token: 'signed', expirationTimestamp: '2026-08-21T00:10:00Z' },
  });
});

test('a token of more than a year is cut, and the client told', () => {
  const { claims, warnings } = request({ expirationSeconds: 40_000_000 });
  expect(claims.exp - claims.iat).toBe(31_536_000);
  expect(warnings).toEqual(['requested expiration of 40000000 seconds shortened to 31536000 seconds']);
});

test.each<[what: string, spec: object, text: string]>([
  [
    'too short a time',
    { expirationSeconds: 599 },
    '422 TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
  ],
  [
    'too long a time',
    { expirationSeconds: 2 ** 32 + 1 },
    'spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
  ],
  [
    'a pod that there is not',
    { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'none' } },
    '404 pods "none" not found',
  ],
  [
    'an object of another kind',
    { boundObjectRef: { kind: 'Job', apiVersion: 'batch/v1', name: 'x' } },
    '400 cannot bind token to object of type batch/v1, Kind=Job',
  ],
  [
    'an object whose kind is no text',
    { boundObjectRef: { kind: { toString: true }, apiVersion: ['v1'], name: 'x' } },
    '400 cannot bind token to object of type [v1], Kind=map[toString:true]',
  ],
  [
    'a pod that was replaced',
    { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p', uid: 'old' } },
    'the UID in the bound object reference (old) does not match the UID in record. The object might have been deleted and then recreated',
  ],
  [
    'a pod of another account',
    { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'other' } },
    '400 cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.',
  ],
])('no token for %s', (_, spec, text) => {
  cluster.create('pods', pod);
  cluster.create('pods', { metadata: { name: 'other' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
  expect(refusal(() => request(spec))).toContain(text);
});

describe('a token', () => {
  const user = {
    name: 'system:serviceaccount:default:robot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
  };
  const bound = { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } };

  test('is taken as its service account, with what it is bound to', () => {
    cluster.create('pods', pod);
    const { uid } = cluster.get('pods', 'p').metadata;
    expect(show(claimsOf(bound))).toMatchObject({
      kind: 'taken',
      user: {
        ...user,
        extra: {
          'authentication.kubernetes.io/credential-id': ['JTI=id-1'],
          'authentication.kubernetes.io/pod-name': ['p'],
          'authentication.kubernetes.io/pod-uid': [uid],
        },
      },
    });
  });

  test.each<[what: string, (claims: JsonObject) => ReturnType<typeof show>, why: string]>([
    [
      'of another cluster',
      (claims) => show({ ...claims, iss: otherIssuer }),
      'the token is of another issuer',
    ],
    [
      'for somebody else',
      (claims) => show(claims, { audiences: ['vault'] }),
      'token audiences ["https://shop.example"] is invalid for the target audiences ["vault"]',
    ],
    ['that has ended', (claims) => (cluster.pass(3600), show(claims)), 'service account token has expired'],
    [
      'that has not begun',
      (claims) => show({ ...claims, nbf: Number(claims['nbf']) + 1 }),
      'service account token is not valid yet',
    ],
    [
      'of an account that is gone',
      (claims) => (cluster.remove('serviceaccounts', 'robot'), show(claims)),
      'service account token has been invalidated',
    ],
    [
      'of an account that was made again',
      (claims) => {
        cluster.remove('serviceaccounts', 'robot');
        cluster.create('serviceaccounts', { metadata: { name: 'robot' } });
        return show(claims);
      },
      'service account token has been invalidated',
    ],
    [
      'of a pod that is gone',
      (claims) => (cluster.remove('pods', 'p'), show(claims)),
      'service account token has been invalidated',
    ],
    ['of something else', () => show({ sub: 'bob' }), 'the token is no service account token'],
  ])('%s is not taken', (_, act, why) => {
    cluster.create('pods', pod);
    const claims = claimsOf(bound);
    expect(show(claims).kind).toBe('taken');
    expect(act(claims)).toEqual({ kind: 'refused', why });
  });

  test('holds to its last second', () => {
    const claims = claimsOf({});
    cluster.pass(3599);
    expect(show(claims).kind).toBe('taken');
  });
});

describe('a Secret for a token', () => {
  const secret = (name = 'robot') => ({
    metadata: { name: 's', annotations: { 'kubernetes.io/service-account.name': name } },
    type: 'kubernetes.io/service-account-token',
  });
  const dataOf = () => cluster.get('secrets', 's')['data'] as Record<string, string>;
  const text = (value = '') => Buffer.from(value, 'base64').toString();

  beforeEach(() => {
    cluster.kubernetes.sign({
      caPem: 'THE CA',
      signToken: (claims) => JSON.stringify(claims),
      signCertificate: () => Promise.reject(new Error('no')),
    });
  });

  test('is filled, and its token taken as long as it is there', () => {
    cluster.create('secrets', secret());
    cluster.pass(0);
    const { token, namespace, 'ca.crt': ca } = dataOf();
    expect([text(ca), text(namespace)]).toEqual(['THE CA', 'default']);
    const claims = JSON.parse(text(token)) as JsonObject;
    const { name } = { name: 'system:serviceaccount:default:robot' };
    expect(show(claims, {}, text(token))).toMatchObject({ kind: 'taken', user: { name } });
    cluster.remove('secrets', 's');
    expect(show(claims, {}, text(token)).kind).toBe('refused');
  });

  test('goes with its account, or without one', () => {
    cluster.create('secrets', secret());
    cluster.pass(0);
    cluster.remove('serviceaccounts', 'robot');
    cluster.pass(0);
    expect(refusal(() => cluster.get('secrets', 's'))).toBe('404 secrets "s" not found');
    cluster.create('secrets', secret('nobody'));
    cluster.pass(0);
    expect(refusal(() => cluster.get('secrets', 's'))).toBe('404 secrets "s" not found');
  });

  test("and the authority's certificate is where pods of any namespace look for it", () => {
    cluster.create('namespaces', { metadata: { name: 'team' } });
    cluster.pass(0);
    const published = (namespace: string) => cluster.get('configmaps', 'kube-root-ca.crt', namespace)['data'];
    expect([published('default'), published('team')]).toEqual([
      { 'ca.crt': 'THE CA' },
      { 'ca.crt': 'THE CA' },
    ]);
  });
});
