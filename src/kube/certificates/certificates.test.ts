import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import type { CertificateOrder } from '../keys.js';
import type { User } from '../user.js';

const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
async function requestOf(name: string): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const made = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm });
  return Buffer.from(made.toString('pem')).toString('base64');
}

const amy: User = { name: 'amy', uid: 'u1', groups: ['dev', 'system:authenticated'] };
const signerName = 'kubernetes.io/kube-apiserver-client';
const csrs = 'certificatesigningrequests';

describe('a request for a certificate', () => {
  let cluster: TestCluster;
  let bob = '';
  let master = '';
  const ask = (spec: object = {}) =>
    cluster.create(
      csrs,
      { metadata: { name: 'r' }, spec: { request: bob, signerName, usages: ['client auth'], ...spec } },
      { user: amy },
    );
  const decide = (type: string, user?: User) =>
    cluster.patch(
      csrs,
      'r',
      { status: { conditions: [{ type, status: 'True', reason: 'ok' }] } },
      { part: 'approval', ...(user && { user }) },
    );
  const statusOf = () => cluster.get(csrs, 'r')['status'];

  beforeAll(async () => {
    bob = await requestOf('CN=bob, O=dev');
    master = await requestOf('CN=bob, O=system:masters');
  });
  beforeEach(() => {
    cluster = new TestCluster();
  });

  test('says who asks, whatever its body says', () => {
    expect(ask({ username: 'root', groups: ['system:masters'] })['spec']).toMatchObject({
      username: 'amy',
      uid: 'u1',
      groups: ['dev', 'system:authenticated'],
    });
  });

  test.each<[what: string, spec: object, text: string]>([
    [
      'that is none',
      { request: Buffer.from('x').toString('base64') },
      'PEM block type must be CERTIFICATE REQUEST',
    ],
    ['without usages', { usages: [] }, 'spec.usages: Required value'],
    [
      'of too short a time',
      { expirationSeconds: 599 },
      'may not specify a duration less than 600 seconds (10 minutes)',
    ],
  ])('%s is refused', (_, spec, text) => expect(refusal(() => ask(spec))).toContain(text));

  test('to be a superuser is refused', () => {
    expect(refusal(() => ask({ request: master }))).toBe(
      '403 certificatesigningrequests.certificates.k8s.io "r" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    );
  });

  test('is decided by who may approve for its signer', () => {
    ask();
    expect(refusal(() => decide('Approved', amy))).toBe(
      '403 certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"',
    );
    const role = 'system:certificates.k8s.io:kube-apiserver-client-approver';
    cluster.create('clusterrolebindings', {
      metadata: { name: 'approvers' },
      roleRef: { kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'User', name: 'amy' }],
    });
    expect(decide('Approved', amy)['status']).toMatchObject({
      conditions: [{ type: 'Approved', lastUpdateTime: '2026-08-21T00:00:00Z' }],
    });
  });

  test('is decided once', () => {
    ask();
    decide('Denied');
    expect(refusal(() => decide('Approved'))).toContain(
      'updates may not remove a condition of type "Denied"',
    );
  });

  test('is signed once it is approved', async () => {
    const orders: CertificateOrder[] = [];
    cluster.kubernetes.sign({
      caPem: '',
      signToken: () => '',
      signCertificate: (order) => {
        orders.push(order);
        return Promise.resolve('CERTIFICATE');
      },
    });
    ask({ expirationSeconds: 3600 });
    expect(orders).toEqual([]);
    decide('Approved');
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    expect(orders).toMatchObject([{ cluster: 'c', seconds: 3600 }]);
    expect(statusOf()).toMatchObject({ certificate: Buffer.from('CERTIFICATE').toString('base64') });
  });

  test.each([
    ['Approved', 3599, true],
    ['Approved', 3600, false],
    ['Denied', 3600, false],
    ['', 86_399, true],
    ['', 86_400, false],
  ])('decided %j is still there after %i s: %s', (decision, seconds, isThere) => {
    ask();
    if (decision !== '') decide(decision);
    cluster.pass(seconds);
    expect(cluster.list(csrs)).toHaveLength(isThere ? 1 : 0);
  });
});
