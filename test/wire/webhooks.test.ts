import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCluster } from './cluster.js';
import type { TestCluster } from './cluster.js';
import { send } from './http-client.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate for localhost that is its own authority, with its key. PEM texts. */
async function selfSigned(): Promise<{ readonly cert: string; readonly key: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=localhost',
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(der, 'PRIVATE KEY') };
}

interface AskedOf {
  readonly uid: string;
  readonly operation: string;
  readonly object: { readonly metadata: { readonly labels?: Record<string, string> } } | null;
}

describe('webhooks over HTTPS', () => {
  let cluster: TestCluster;
  let hooks: Server;
  let caBundle = '';
  let address = '';
  let asked: AskedOf[] = [];
  let answer: (request: AskedOf) => object = () => ({ allowed: true });

  const call = async (method: string, path: string, body?: object) => {
    const { poolkeeper, server, token } = cluster;
    const url = new URL(server);
    const headers = { authorization: `Bearer ${token}` };
    const sent = await send(poolkeeper, {
      method,
      path: `${url.pathname}${path}`,
      headers,
      ...(body && { body }),
    });
    return { ...sent, body: sent.body as { message?: string; metadata?: { labels?: object } } };
  };
  const configure = (kind: 'Mutating' | 'Validating', hook: object = {}) =>
    call('POST', `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations`, {
      metadata: { name: 'test' },
      webhooks: [
        {
          name: 'test.example.com',
          clientConfig: { url: `${address}/check`, caBundle },
          rules: [
            { operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps', 'pods'] },
          ],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 2,
          ...hook,
        },
      ],
    });
  const makeMap = (name: string) =>
    call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name } });

  beforeAll(async () => {
    const { cert, key } = await selfSigned();
    caBundle = Buffer.from(cert).toString('base64');
    hooks = createServer({ cert, key }, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const review = JSON.parse(text) as { request: AskedOf };
        asked.push(review.request);
        const said = { uid: review.request.uid, ...answer(review.request) };
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response: said }),
        );
      });
    });
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
    address = `https://localhost:${String((hooks.address() as AddressInfo).port)}`;
    cluster = await openCluster();
  });
  afterAll(async () => {
    await cluster.poolkeeper.stop();
    await new Promise((resolve) => hooks.close(resolve));
  });
  beforeEach(async () => {
    for (const kind of ['mutating', 'validating']) {
      await call('DELETE', `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/test`);
    }
    asked = [];
    answer = () => ({ allowed: true });
  });

  test('may refuse', async () => {
    await configure('Validating');
    answer = () => ({ allowed: false, status: { code: 403, message: 'not here' } });
    const { status, body } = await makeMap('refused');
    expect([status, body.message]).toEqual([
      403,
      'admission webhook "test.example.com" denied the request: not here',
    ]);
    expect((await call('GET', '/api/v1/namespaces/default/configmaps/refused')).status).toBe(404);
  });

  test('may change what is written, and is asked about all that happens to it', async () => {
    await configure('Mutating');
    const operations = [{ op: 'add', path: '/metadata/labels', value: { touched: 'yes' } }];
    const patch = Buffer.from(JSON.stringify(operations)).toString('base64');
    answer = ({ operation }) =>
      operation === 'CREATE' ? { allowed: true, patchType: 'JSONPatch', patch } : { allowed: true };
    const { status, body } = await makeMap('changed');
    expect([status, body.metadata?.labels]).toEqual([201, { touched: 'yes' }]);
    await call('DELETE', '/api/v1/namespaces/default/configmaps/changed');
    expect(asked.map(({ operation }) => operation)).toEqual(['CREATE', 'DELETE']);
  });

  test('may warn', async () => {
    await configure('Validating');
    answer = () => ({ allowed: true, warnings: ['mind the gap'] });
    expect((await makeMap('warned')).headers['warning']).toBe('299 - "mind the gap"');
  });

  test('of an unknown authority are not believed', async () => {
    await configure('Validating', { clientConfig: { url: `${address}/check` } });
    const { status, body } = await makeMap('unknown');
    expect([status, body.message]).toEqual([
      500,
      `Internal error occurred: failed calling webhook "test.example.com": failed to call webhook: Post "${address}/check?timeout=2s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    ]);
    expect(asked).toEqual([]);
  });

  test('that are away are passed by where they may be', async () => {
    const url = 'https://localhost:1/check';
    await configure('Validating', { clientConfig: { url, caBundle }, failurePolicy: 'Ignore' });
    expect((await makeMap('passed')).status).toBe(201);
  });

  test('are asked about the pods that controllers make', async () => {
    await configure('Mutating');
    const operations = [{ op: 'add', path: '/metadata/labels/injected', value: 'yes' }];
    const patch = Buffer.from(JSON.stringify(operations)).toString('base64');
    answer = ({ operation }) =>
      operation === 'CREATE' ? { allowed: true, patchType: 'JSONPatch', patch } : { allowed: true };
    const labels = { app: 'web' };
    const spec = { containers: [{ name: 'c', image: 'nginx' }] };
    await call('POST', '/apis/apps/v1/namespaces/default/deployments', {
      metadata: { name: 'web' },
      spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
    await expect
      .poll(
        async () => {
          const found = await call(
            'GET',
            '/api/v1/namespaces/default/pods?labelSelector=app%3Dweb,injected%3Dyes',
          );
          return (found.body as unknown as { items: unknown[] }).items.length;
        },
        { timeout: 30_000 },
      )
      .toBe(3);
  });
});
