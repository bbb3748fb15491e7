import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "nginx:1.27" }] }
`;
const service = `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
const kustomization = `
namespace: shop
namePrefix: blue-
resources: [base/deployment.yaml, base/deep/service.yaml]
images: [{ name: nginx, newTag: "1.28" }]
configMapGenerator: [{ name: settings, literals: [mode=fast] }]
`;

describeWithCluster('kubectl by files, folders and its own proxy', { pools: { work: 1 } }, (session) => {
  const says = (line: string) => session().says(line);
  const inShop = (line: string) => says(`--namespace shop ${line}`);

  beforeAll(async () => {
    mkdirSync(join(session().home, 'base/deep'), { recursive: true });
    session().file('base/deployment.yaml', deployment);
    session().file('base/deep/service.yaml', service);
    session().file('kustomization.yaml', kustomization);
    await says('create namespace shop');
  });

  test('a folder, with what is below it or without', async () => {
    expect(await inShop('apply -f base')).toBe('deployment.apps/web created');
    expect((await inShop('apply -R -f base')).split('\n').sort()).toEqual([
      'deployment.apps/web unchanged',
      'service/web created',
    ]);
    expect((await inShop('get -R -f base -o name')).split('\n').sort()).toEqual([
      'deployment.apps/web',
      'service/web',
    ]);
    await inShop('rollout status -f base/deployment.yaml --timeout=30s');
    expect(await inShop('scale -f base/deployment.yaml --replicas=2')).toBe('deployment.apps/web scaled');
    expect(
      await inShop('label -f base/deployment.yaml --local -o jsonpath={.metadata.labels.team} team=shop'),
    ).toBe('shop');
    expect(await inShop('set image -f base/deployment.yaml web=nginx:1.29 --local -o yaml')).toContain(
      'nginx:1.29',
    );
    expect(await inShop('annotate -f base/deployment.yaml note=x')).toBe('deployment.apps/web annotated');
    expect(await inShop('annotate deployment web --list')).toContain('note=x');
    expect((await inShop('delete -R -f base')).split('\n')).toHaveLength(2);
  });

  test('a kustomization', async () => {
    expect((await inShop('apply -k .')).split('\n').sort()).toEqual([
      expect.stringMatching(/^configmap\/blue-settings-\w{10} created$/),
      'deployment.apps/blue-web created',
      'service/blue-web created',
    ]);
    expect(
      await inShop('get deployment blue-web -o jsonpath={.spec.template.spec.containers[0].image}'),
    ).toBe('nginx:1.28');
    const { code } = await session().run('--namespace shop diff -k .');
    expect(code).toBe(0);
    await inShop('delete -k .');
  });

  test('every form of output', async () => {
    await inShop('create configmap forms --from-literal=a=1 --from-literal=b=2');
    const get = (output: string) => inShop(`get configmap forms -o ${output}`);
    session().file('columns', 'NAME          A\nmetadata.name data.a\n');
    session().file('template', '{{.data.a}}/{{.data.b}}');
    session().file('path', '{.data.b}');
    expect(await get('jsonpath-as-json={.data}')).toContain('"a": "1"');
    expect(await get('jsonpath-file=path')).toBe('2');
    expect(await get('go-template-file=template')).toBe('1/2');
    expect(await get("template --template='{{.data.a}}'")).toBe('1');
    expect(await get('custom-columns-file=columns')).toMatch(/^NAME +A\nforms +1$/);
    expect(await get('kyaml')).toContain('kind: "ConfigMap"');
    expect(await get('name')).toBe('configmap/forms');
    expect(await inShop('get configmap forms --show-kind --no-headers --show-managed-fields')).toMatch(
      /^configmap\/forms +2 /,
    );
    expect(await session().refusal('get configmaps -o none')).toContain(
      'unable to match a printer suitable for the output format "none"',
    );
  });

  test('roles from a file, and who they are for', async () => {
    const role = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: shop }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
`;
    const reconcile = async () => {
      const { stdout, stderr } = await session().run('auth reconcile -f -', { input: role });
      return stdout + stderr;
    };
    expect(await reconcile()).toContain('reconciliation required create');
    expect(await reconcile()).toBe('role.rbac.authorization.k8s.io/reader reconciled\n');
    await inShop('create rolebinding reader --role=reader --user=ann');
    expect(await inShop('set subject rolebinding reader --user=bob')).toBe(
      'rolebinding.rbac.authorization.k8s.io/reader subjects updated',
    );
    expect(await inShop('auth can-i get pods --as bob')).toBe('yes');
  });

  test('a dump of all that there is', async () => {
    await inShop('run dumped --image=nginx:1.27');
    await inShop('wait --for=condition=Ready pod/dumped --timeout=30s');
    await says('cluster-info dump --namespaces shop --output-directory dump');
    const files = readdirSync(join(session().home, 'dump/shop'));
    expect(files).toEqual(expect.arrayContaining(['deployments.json', 'dumped', 'events.json', 'pods.json']));
    expect(readdirSync(join(session().home, 'dump/shop/dumped'))).toEqual(['logs.txt']);
  });

  test('a proxy, which adds the path that the cluster is at', async () => {
    const proxy = session().follow('proxy --port=0 --append-server-path');
    await proxy.until(/Starting to serve on 127\.0\.0\.1:\d+/);
    const address = /127\.0\.0\.1:\d+/.exec(proxy.lines.join())?.[0] ?? '';
    const answer = await fetch(`http://${address}/api/v1/namespaces/shop/pods`);
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ kind: 'PodList' })]);
    proxy.stop();
  });
});
