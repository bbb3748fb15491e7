import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { parse } from 'yaml';
import { beforeAll, expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A private key and a request for a certificate of it. PEM texts. */
async function signingRequest(name: string): Promise<{ readonly key: string; readonly request: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const options = { name, keys, signingAlgorithm: algorithm };
  const made = await x509.Pkcs10CertificateRequestGenerator.create(options);
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: x509.PemConverter.encode(der, 'PRIVATE KEY'), request: made.toString('pem') };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describeWithCluster('who may do what, by kubectl', {}, (session) => {
  const says = (line: string) => session().says(line);
  const refusal = (line: string) => session().refusal(line);
  /** Flags by which kubectl shows nothing but a token. */
  const withToken = (token: string): string => {
    const { server, poolkeeper } = session().cluster;
    const ca = session().file('ca.pem', poolkeeper.caPem);
    return `--kubeconfig /dev/null --server ${server} --certificate-authority ${ca} --token ${token}`;
  };

  beforeAll(async () => {
    await says('create serviceaccount robot');
    await says('create rolebinding robots --clusterrole view --serviceaccount default:robot');
  });

  test('tells who somebody is', async () => {
    expect(await says('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('masterclient');
    const asBob = 'auth whoami --as bob --as-group team --as-uid 7 --as-user-extra reason=test -o json';
    expect(JSON.parse(await says(asBob))).toMatchObject({
      status: {
        userInfo: {
          username: 'bob',
          uid: '7',
          groups: ['team', 'system:authenticated'],
          extra: { reason: ['test'] },
        },
      },
    });
  });

  test('tells what somebody may do', async () => {
    expect(await says('auth can-i delete nodes')).toContain('yes');
    const asRobot = '--as system:serviceaccount:default:robot';
    expect(await says(`auth can-i list pods ${asRobot}`)).toBe('yes');
    const { code, stdout } = await session().run(`auth can-i list secrets ${asRobot}`);
    expect([code, stdout.trim()]).toEqual([1, 'no']);
    const list = await says(`auth can-i --list ${asRobot}`);
    expect(list).toMatch(/pods\/log +\[\] +\[\] +\[get list watch\]/);
    expect(list).toMatch(/selfsubjectreviews.authentication.k8s.io +\[\] +\[\] +\[create\]/);
    expect(await refusal('get pods -n kube-system --as bob')).toBe(
      'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "kube-system"',
    );
  });

  test('impersonates by roles alone', async () => {
    const robot = withToken(await says('create token robot'));
    expect(await refusal(`get pods --as bob ${robot}`)).toContain(
      'users "bob" is forbidden: User "system:serviceaccount:default:robot" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
    await says('create clusterrole acting --verb impersonate --resource users --resource-name bob');
    await says('create clusterrolebinding acting --clusterrole acting --serviceaccount default:robot');
    expect(await says(`auth whoami --as bob -o jsonpath={.status.userInfo.username} ${robot}`)).toBe('bob');
    expect(await refusal(`get pods --as amy ${robot}`)).toContain('users "amy" is forbidden');
  });

  test('takes the tokens of service accounts, as long as they hold', async () => {
    const token = await says('create token robot --duration 10m --audience https://none');
    expect(await refusal(`get pods ${withToken(token)}`)).toContain('Unauthorized');
    const own = await says('create token robot');
    expect(await says(`auth whoami -o jsonpath={.status.userInfo.username} ${withToken(own)}`)).toBe(
      'system:serviceaccount:default:robot',
    );
    expect(await says(`get pods ${withToken(own)}`)).toBe('');
    expect(await refusal('create token robot --duration 1m')).toContain(
      'may not specify a duration less than 10 minutes',
    );
    await says('create serviceaccount brief');
    const brief = await says('create token brief');
    await says('delete serviceaccount brief');
    expect(await refusal(`get pods ${withToken(brief)}`)).toContain('Unauthorized');
  });

  test('lets others check tokens by the keys that it publishes', async () => {
    const discovery = JSON.parse(await says('get --raw /.well-known/openid-configuration')) as {
      issuer: string;
    };
    const keys = JSON.parse(await says('get --raw /openid/v1/jwks')) as JSONWebKeySet;
    const token = await says('create token robot --audience vault');
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: discovery.issuer,
      audience: 'vault',
      currentDate: new Date(session().cluster.poolkeeper.clock.now()),
    });
    expect(payload.sub).toBe('system:serviceaccount:default:robot');
  });

  test('answers reviews of tokens', async () => {
    const token = await says('create token robot');
    const review = (spec: object) =>
      session().says('create -o json -f -', {
        input: JSON.stringify({ kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', spec }),
      });
    expect(JSON.parse(await review({ token }))).toMatchObject({
      status: { authenticated: true, user: { username: 'system:serviceaccount:default:robot' } },
    });
    expect(JSON.parse(await review({ token: `${token}x` }))).toMatchObject({
      status: { error: expect.stringContaining('invalid bearer token') },
    });
  });

  test('fills the Secrets that ask for a token', async () => {
    await session().apply(`
apiVersion: v1
kind: Secret
metadata: { name: robot-token, annotations: { kubernetes.io/service-account.name: robot } }
type: kubernetes.io/service-account-token
`);
    const described = await says('describe secret robot-token');
    expect(described).toMatch(/ca.crt: +\d+ bytes/);
    const token = Buffer.from(
      await says('get secret robot-token -o jsonpath={.data.token}'),
      'base64',
    ).toString();
    expect(await says(`get pods ${withToken(token)}`)).toBe('');
  });

  test('gives a client the certificate that somebody approves', async () => {
    const { key, request } = await signingRequest('CN=dana, O=robots');
    await session().apply(`
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: dana }
spec: { signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], request: ${base64(request)} }
`);
    expect(await says('get csr dana')).toMatch(
      /dana +\S+ +kubernetes.io\/kube-apiserver-client +masterclient +<none> +Pending/,
    );
    expect(await says('certificate approve dana')).toBe(
      'certificatesigningrequest.certificates.k8s.io/dana approved',
    );
    await says('wait --for jsonpath={.status.certificate} csr/dana --timeout 20s');
    expect(await says('get csr dana')).toMatch(/Approved,Issued$/);
    const certificate = await says('get csr dana -o jsonpath={.status.certificate}');
    const kubeconfig = parse(session().cluster.kubeconfig) as { users: { user: object }[] };
    for (const one of kubeconfig.users) {
      one.user = { 'client-certificate-data': certificate, 'client-key-data': base64(key) };
    }
    const config = session().file('dana', JSON.stringify(kubeconfig));
    expect(JSON.parse(await says(`auth whoami -o json --kubeconfig ${config}`))).toMatchObject({
      status: { userInfo: { username: 'dana', groups: ['robots', 'system:authenticated'] } },
    });
    await session().apply(`
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: other }
spec: { signerName: example.com/own, usages: [client auth], request: ${base64(request)} }
`);
    expect(await says('certificate deny other')).toContain('denied');
    expect(await says('get csr other')).toMatch(/Denied$/);
  });

  test('keeps from granting what one does not have', async () => {
    await says('create clusterrole binder --verb create --resource rolebindings.rbac.authorization.k8s.io');
    await says('create rolebinding binders --clusterrole binder --user amy');
    expect(await refusal('create rolebinding mine --clusterrole edit --user amy --as amy')).toContain(
      'rolebindings.rbac.authorization.k8s.io "mine" is forbidden: user "amy" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:',
    );
  });

  test('says what quotas and limits refuse', async () => {
    await says('create namespace small');
    await says('create quota q -n small --hard=pods=1,requests.cpu=1');
    await says('wait --for jsonpath={.status.used.pods}=0 quota/q -n small --timeout 20s');
    expect(await refusal('run p -n small --image nginx')).toContain(
      'pods "p" is forbidden: failed quota: q: must specify requests.cpu for: p',
    );
    await session().apply(`
apiVersion: v1
kind: LimitRange
metadata: { name: l, namespace: small }
spec: { limits: [{ type: Container, defaultRequest: { cpu: 100m } }] }
`);
    await says('run p -n small --image nginx');
    expect(await refusal('run other -n small --image nginx')).toContain(
      'pods "other" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    );
    expect(await says('describe quota q -n small')).toMatch(/requests.cpu +100m +1/);
  });

  test('puts a container that debugs into a pod', async () => {
    await says('run web --image nginx');
    await says('wait --for condition=Ready pod/web --timeout 30s');
    await says('debug web --image busybox --container looker');
    expect(await says('get pod web -o jsonpath={.spec.ephemeralContainers[*].name}')).toBe('looker');
    expect(await refusal('exec web -- ls')).toContain('there is nothing to connect to');
    const body = JSON.stringify({
      spec: { containers: [{ name: 'web', resources: { requests: { cpu: '50m' } } }] },
    });
    session().file('resize.json', body);
    expect(await refusal('patch pod web --subresource resize --patch-file resize.json')).toContain(
      'Pod QOS Class may not change',
    );
  });
});
