import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { describeWithCluster } from './session.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const keyPem = x509.PemConverter.encode(
  await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
  'PRIVATE KEY',
);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A request for a certificate of a user, as openssl makes one. */
const certificateRequest = async (user: string): Promise<string> =>
  (
    await x509.Pkcs10CertificateRequestGenerator.create({
      name: `CN=${user}`,
      keys,
      signingAlgorithm: algorithm,
    })
  ).toString('pem');

/** An authority that has signed nothing here. */
const otherAuthority = (
  await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=others',
    keys,
    signingAlgorithm: algorithm,
  })
).toString('pem');

describeWithCluster('kubectl and who may do what', {}, (session) => {
  const says = (line: string, input?: string) => session().says(line, input === undefined ? {} : { input });
  const refusal = (line: string) => session().refusal(line);
  /** A kubeconfig like the issued one, with another user or another cluster. */
  const kubeconfig = (name: string, change: { user?: object; cluster?: object }) => {
    const config = parse(readFileSync(join(session().home, 'kubeconfig'), 'utf8')) as {
      clusters: [{ cluster: object }];
      users: [{ user: object }];
    };
    if (change.user) config.users[0].user = change.user;
    if (change.cluster) config.clusters[0].cluster = { ...config.clusters[0].cluster, ...change.cluster };
    return session().file(name, stringify(config));
  };
  const can = async (line: string) => {
    const { code, stdout } = await session().run(`auth can-i ${line}`);
    return [stdout.trim(), code];
  };

  test('whoami and can-i tell of oneself', async () => {
    expect(await says('auth whoami')).toMatch(
      /^ATTRIBUTE +VALUE\nUsername +masterclient\nGroups +\[system:masters/,
    );
    expect(await can('get pods')).toEqual(['yes', 0]);
    expect(await can("'*' '*'")).toEqual(['yes', 0]);
    expect(await can('get /metrics')).toEqual(['yes', 0]);
    expect(await says('auth can-i --list')).toMatch(/\*\.\* +\[\] +\[\] +\[\*\]/);
  });

  test('a role gives its verbs, to whom it is bound, where it is bound', async () => {
    for (const name of ['shop', 'other']) await says(`create namespace ${name}`);
    await says(
      '--namespace shop create role reader --verb=get,list --resource=pods,pods/log,deployments.apps',
    );
    await says('--namespace shop create rolebinding reader --role=reader --user=bob --group=auditors');
    expect(await can('list pods --as=bob --namespace=shop')).toEqual(['yes', 0]);
    expect(await can('list deployments.apps --as=ann --as-group=auditors --namespace=shop')).toEqual([
      'yes',
      0,
    ]);
    expect(await can('get pods/log --as=bob --namespace=shop')).toEqual(['yes', 0]);
    expect(await can('delete pods --as=bob --namespace=shop')).toEqual(['no', 1]);
    expect(await can('list pods --as=bob --namespace=other')).toEqual(['no', 1]);
    expect(await can('list pods --as=bob --all-namespaces')).toEqual(['no', 1]);
    const list = await says('auth can-i --list --as=bob --namespace=shop');
    expect(list).toMatch(/^pods +\[\] +\[\] +\[get list\]/m);
    expect(await says('--as=bob --namespace=shop get pods')).toBe('');
    expect(await refusal('--as=bob --namespace=other get pods')).toBe(
      'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "other"',
    );
    expect(await refusal('--as=bob --namespace=shop delete pod x')).toBe(
      'Error from server (Forbidden): pods "x" is forbidden: User "bob" cannot delete resource "pods" in API group "" in the namespace "shop"',
    );
    expect(await refusal('--as=bob get nodes')).toBe(
      'Error from server (Forbidden): nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    expect(await refusal('--as=bob get --raw /metrics')).toContain('User "bob" cannot get path "/metrics"');
  });

  test('nobody grants more than he has, or takes the name of another', async () => {
    await says(
      '--namespace shop create role granter --verb=create,update,patch,get --resource=roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io',
    );
    await says('--namespace shop create rolebinding granter --role=granter --user=bob');
    expect(
      await refusal('--as=bob --namespace=shop create role more --verb=delete --resource=secrets'),
    ).toMatch(
      /is forbidden: user "bob" .*is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["secrets"\], Verbs:\["delete"\]\}/,
    );
    expect(await says('--as=bob --namespace=shop create role less --verb=get --resource=pods')).toBe(
      'role.rbac.authorization.k8s.io/less created',
    );
    const asAnn = kubeconfig('impersonator', {
      user: { token: await says('--namespace shop create token default') },
    });
    expect(await refusal(`--kubeconfig ${asAnn} --as=ann get pods`)).toContain(
      'users "ann" is forbidden: User "system:serviceaccount:shop:default" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
  });

  test('a service account signs in with a token that is made for it', async () => {
    await says('--namespace shop create serviceaccount robot');
    await says('--namespace shop create rolebinding robot --clusterrole=view --serviceaccount=shop:robot');
    const token = await says('--namespace shop create token robot --duration=1h');
    expect(token.split('.')).toHaveLength(3);
    const robot = kubeconfig('robot', { user: { token } });
    expect(await says(`--kubeconfig ${robot} auth whoami`)).toMatch(
      /Username +system:serviceaccount:shop:robot/,
    );
    expect(await says(`--kubeconfig ${robot} --namespace shop get pods`)).toBe('');
    expect(await refusal(`--kubeconfig ${robot} --namespace shop get secrets`)).toContain(
      'User "system:serviceaccount:shop:robot" cannot list resource "secrets"',
    );
    expect(await refusal(`--kubeconfig ${robot} --namespace other get pods`)).toContain(
      'cannot list resource "pods"',
    );
    expect(await says('--as=system:serviceaccount:shop:robot --namespace shop get pods')).toBe('');
    expect(await refusal('--namespace shop create token none')).toContain('serviceaccounts "none" not found');
    await says('--namespace shop delete serviceaccount robot');
    expect(await refusal(`--kubeconfig ${robot} --namespace shop get pods`)).toBe(
      'error: You must be logged in to the server (Unauthorized)',
    );
  });

  test('reconcile makes roles what a file says', async () => {
    const role = (verbs: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reconciled, namespace: shop }
rules: [{ apiGroups: [""], resources: [pods], verbs: [${verbs}] }]
`;
    expect(await says('auth reconcile -f -', role('get'))).toContain(
      'role.rbac.authorization.k8s.io/reconciled reconciled',
    );
    await says('auth reconcile -f -', role('list'));
    expect(await says('--namespace shop get role reconciled -o jsonpath={.rules[*].verbs}')).toContain(
      'list',
    );
  });

  describe('what is wrong with a kubeconfig', () => {
    test.each([
      [
        'a token of nobody',
        { user: { token: 'nobody' } },
        'error: You must be logged in to the server (Unauthorized)',
      ],
      [
        'a certificate authority of others',
        { cluster: { 'certificate-authority-data': base64(otherAuthority) } },
        'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      ],
      [
        'a port that nobody serves',
        { cluster: { server: 'https://localhost:1' } },
        'The connection to the server localhost:1 was refused - did you specify the right host or port?',
      ],
      ['a host that is not', { cluster: { server: 'https://nowhere.invalid' } }, 'no such host'],
    ])('%s', async (name, change, words) => {
      const path = kubeconfig(name.replaceAll(' ', '-'), change);
      expect(await refusal(`--kubeconfig ${path} get pods`)).toContain(words);
    });

    test('a file that is no kubeconfig', async () => {
      session().file('broken', 'a: [');
      expect(await refusal('--kubeconfig broken get pods')).toContain('error loading config file');
      expect(await refusal('--context none get pods')).toBe(
        'Error in configuration: context was not found for specified context: none',
      );
    });
  });

  describe('certificates', () => {
    const request = async (name: string, user: string) => `
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: ${name} }
spec:
  request: ${base64(await certificateRequest(user))}
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
`;

    test('a request is approved, signed, and its certificate signs in', async () => {
      await says('apply -f -', await request('ann', 'ann'));
      expect(await says('get csr ann --no-headers')).toMatch(
        /^ann +\w+ +kubernetes.io\/kube-apiserver-client +masterclient +<none> +Pending$/,
      );
      expect(await says('certificate approve ann')).toBe(
        'certificatesigningrequest.certificates.k8s.io/ann approved',
      );
      await says('wait --for=jsonpath={.status.certificate} csr/ann --timeout=20s');
      expect(await says('get csr ann --no-headers')).toMatch(/ Approved,Issued$/);
      const certificate = await says('get csr ann -o jsonpath={.status.certificate}');
      const path = kubeconfig('ann', {
        user: { 'client-certificate-data': certificate, 'client-key-data': base64(keyPem) },
      });
      expect(await says(`--kubeconfig ${path} auth whoami`)).toMatch(/Username +ann/);
    });

    test('a request is denied', async () => {
      await says('apply -f -', await request('denied', 'eve'));
      expect(await says('certificate deny denied')).toBe(
        'certificatesigningrequest.certificates.k8s.io/denied denied',
      );
      expect(await says('get csr denied --no-headers')).toMatch(/ Denied$/);
      expect(await refusal('certificate approve denied')).toContain(
        'certificate signing request "denied" is already Denied',
      );
    });
  });
});
