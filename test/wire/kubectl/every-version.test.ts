import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { changesTold, describeWithCluster, fetchedClient } from './session.js';

/** The system's kubectl, and the newest that npm has. */
const binaries: readonly (readonly [name: string, path: string])[] = [
  ['kubectl of the system', 'kubectl'],
  ...(existsSync(fetchedClient('kubectl')) ? [['kubectl 1.35', fetchedClient('kubectl')] as const] : []),
];

const manifest = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx:1.25
          ports: [{ containerPort: 80 }]
          resources: { requests: { cpu: 100m, memory: 128Mi } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec: { minAvailable: 3, selector: { matchLabels: { app: web } } }
`;

// What every kubectl does, whatever its age; the other suites take the newest.
for (const [name, binary] of binaries) {
  describeWithCluster(name, { binary, pools: { work: 3 } }, (session) => {
    const says = (line: string) => session().says(line);
    const inShop = (line: string) => says(`--namespace shop ${line}`);
    const refusal = (line: string) => session().refusal(line);
    const rolledOut = () => inShop('rollout status deployment/web --timeout=60s');

    test('sees the nodes of the pools, in every output', async () => {
      const table = await says('get nodes');
      expect(table.split('\n')[0]).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION$/);
      expect(table).toMatch(/aks-work-\d+-vmss000000 +Ready/);
      expect(await says('get nodes -o wide')).toContain('containerd://');
      const names = (await says('get nodes -o name')).split('\n');
      expect(names.every((line) => line.startsWith('node/aks-'))).toBe(true);
      expect(await says('get nodes -o jsonpath={.items[0].kind}')).toBe('Node');
      const pools = '-o custom-columns=POOL:.metadata.labels.agentpool';
      expect(await says(`get nodes -l agentpool=work ${pools}`)).toBe('POOL\nwork\nwork\nwork');
      expect(await says('get nodes --selector agentpool=none')).toBe('');
      expect(await says('describe node -l agentpool=work')).toContain('agentpool=work');
    });

    test('knows the kinds and their fields', async () => {
      const resources = await says('api-resources --no-headers');
      const kinds = ['deployments', 'poddisruptionbudgets', 'horizontalpodautoscalers', 'storageclasses'];
      expect(kinds.filter((kind) => !resources.includes(kind))).toEqual([]);
      expect(await says('explain deployment.spec.replicas')).toContain('<integer>');
      expect(await says('version')).toMatch(/Server Version:.*v?1\.\d+/);
      expect(
        await session().refusal('apply -f -', {
          input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndat: {}',
        }),
      ).toMatch(/unknown field "(data?|ConfigMap\.dat)"/);
      expect(
        await session().refusal('apply -f -', { input: 'apiVersion: x/v1\nkind: X\nmetadata: { name: a }' }),
      ).toContain('no matches for kind "X" in version "x/v1"');
    });

    test('applies manifests, and applying them again changes nothing', async () => {
      expect((await session().apply(manifest)).split('\n')).toEqual([
        'namespace/shop created',
        'deployment.apps/web created',
        'service/web created',
        'poddisruptionbudget.policy/web created',
      ]);
      expect(await rolledOut()).toContain('successfully rolled out');
      const second = await session().apply(manifest);
      expect(changesTold(second)).toEqual([]);
      expect((await session().run('diff -f -', { input: manifest })).code).toBe(0);
      expect(await inShop('get deployment web --no-headers')).toMatch(/^web +3\/3 +3 +3 /);
      expect(await inShop('get pods --no-headers')).toMatch(/^web-\w+-\w{5} +1\/1 +Running +0 /);
      expect(await inShop('get pods --field-selector status.phase=Pending')).toBe('');
      expect(await inShop('describe deployment web')).toContain('ScalingReplicaSet');
      expect(await inShop('logs deployment/web')).toContain('nginx:1.25');
    });

    test('changes what runs: image, scale, labels, patches, history', async () => {
      await inShop('scale deployment/web --replicas=4');
      await rolledOut();
      await inShop('set image deployment/web web=nginx:1.26');
      await rolledOut();
      const image = () =>
        inShop("get deployment web -o 'jsonpath={.spec.template.spec.containers[0].image}'");
      expect(await image()).toBe('nginx:1.26');
      const history = (await inShop('rollout history deployment/web')).split('\n').slice(-2);
      expect(history.map((line) => line.split(' ')[0])).toEqual(['1', '2']);
      await inShop('rollout undo deployment/web');
      await rolledOut();
      expect(await image()).toBe('nginx:1.25');
      await inShop('rollout restart deployment/web');
      await rolledOut();
      await inShop('label deployment web team=shop');
      await inShop('annotate deployment web note=x');
      await inShop(`patch deployment web --type=json -p '[{"op":"remove","path":"/metadata/labels/team"}]'`);
      await inShop(`patch deployment web --type=merge -p '{"metadata":{"annotations":{"note":null}}}'`);
      await inShop(
        `patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"1"}]}]}}}}'`,
      );
      const deployment = await session().json('--namespace shop get deployment web');
      expect(deployment.metadata['labels']).toEqual({ app: 'web' });
      expect(deployment.metadata['annotations']).not.toHaveProperty('note');
      expect(deployment.spec['template']).toMatchObject({
        spec: { containers: [{ image: 'nginx:1.25', env: [{ name: 'A' }] }] },
      });
    });

    test('applies on the server, and says whose a field is', async () => {
      await rolledOut();
      const flags = '--server-side --field-manager=team';
      const applied = await session().apply(manifest, `${flags} --force-conflicts`);
      expect(applied.split('\n').every((line) => line.endsWith(' serverside-applied'))).toBe(true);
      await rolledOut();
      const version = () => inShop('get deployment web -o jsonpath={.metadata.resourceVersion}');
      const before = await version();
      await session().apply(manifest, flags);
      expect(await version()).toBe(before);
      await inShop('scale deployment/web --replicas=4');
      expect(await session().refusal(`apply -f - ${flags}`, { input: manifest })).toContain('.spec.replicas');
    });

    test('drains a node within the budgets', async () => {
      await rolledOut();
      const node = (await inShop('get pods -o jsonpath={.items[0].spec.nodeName}')).trim();
      expect(await says(`cordon ${node}`)).toBe(`node/${node} cordoned`);
      expect(await says(`get node ${node} --no-headers`)).toContain('Ready,SchedulingDisabled');
      await says(`taint node ${node} maintenance=yes:NoSchedule`);
      // Three of four have to stay, so one after the other leaves: none is refused for good.
      const drained = await says(`drain ${node} --ignore-daemonsets --timeout=90s`);
      expect(drained).toMatch(new RegExp(`node/${node} (drained|evicted)`));
      expect(await inShop(`get pods --field-selector spec.nodeName=${node}`)).toBe('');
      await says(`taint node ${node} maintenance-`);
      expect(await says(`uncordon ${node}`)).toBe(`node/${node} uncordoned`);
    });

    test('makes, exposes, scales, looks into and waits for what there is', async () => {
      await inShop('create configmap settings --from-literal=mode=fast');
      await inShop('create serviceaccount robot');
      expect((await inShop('create token robot')).split('.')).toHaveLength(3);
      expect(await inShop('run lone --image=nginx:1.27 --port=80')).toBe('pod/lone created');
      await inShop('wait --for=condition=Ready pod/lone --timeout=30s');
      expect(await inShop('expose pod lone --port=80')).toBe('service/lone exposed');
      expect(await inShop('autoscale deployment web --min=3 --max=5 --cpu-percent=50')).toContain(
        'autoscaled',
      );
      expect(await inShop('get hpa web --no-headers')).toMatch(/^web +Deployment\/web /);
      await inShop('delete hpa web');
      expect(await inShop('set env pod/lone --list')).toBe('# Pod lone, container lone');
      await inShop('debug lone --image=busybox:1.36 --container=helper --profile=general --attach=false');
      const ended = '{.status.ephemeralContainerStatuses[0].state.terminated.exitCode}=0';
      await inShop(`wait --for=jsonpath=${ended} pod/lone --timeout=60s`);
      expect(await inShop('logs lone -c helper --tail=1')).toContain('msg="exiting" code=0');
      expect(await inShop('events --for pod/lone')).toContain('Started');
      expect(await says('auth whoami')).toContain('masterclient');
      expect(await says('auth can-i delete pods')).toBe('yes');
      expect(await session().refusal('--namespace shop exec lone -- ls')).toContain(
        'pods/exec is not available: containers of this cluster are simulated',
      );
      const edited = await session().run('--namespace shop edit configmap settings', {
        env: { KUBE_EDITOR: 'sed -i s/fast/slow/' },
      });
      expect(edited.stdout).toContain('configmap/settings edited');
      const replaced = JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings' },
      });
      expect(await session().says('--namespace shop replace --force -f -', { input: replaced })).toContain(
        'configmap/settings replaced',
      );
      const watch = session().follow('--namespace shop get pods --watch --output-watch-events');
      await watch.until(/ADDED +lone/);
      await inShop('delete pod lone --cascade=foreground');
      await watch.until(/DELETED +lone/);
      watch.stop();
      await says('wait --for=condition=Ready nodes --all --timeout=10s');
      expect((await says('top nodes --no-headers')).split('\n')).toHaveLength(5);
      expect(await inShop('top pods --no-headers')).toMatch(/^web-\S+ +\d+m +\d+Mi/);
      expect(await says('cluster-info')).toContain('is running at');
    });

    test('prints what the server refuses, in its words', async () => {
      expect(await refusal('get pods none')).toBe('Error from server (NotFound): pods "none" not found');
      expect(await refusal('get nothings')).toBe(
        'error: the server doesn\'t have a resource type "nothings"',
      );
      expect(await refusal('--as bob get pods')).toBe(
        'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
      );
      expect(await refusal('delete namespace kube-system')).toContain('this namespace may not be deleted');
      const bad = { input: manifest.replace('replicas: 3', 'replicas: -1') };
      expect(await session().refusal('apply -f -', bad)).toContain(
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      );
    });

    test('watches while things change', async () => {
      const watching = session().run('--namespace shop wait --for=delete deployment/web --timeout=60s');
      await inShop('delete deployment web --wait=false');
      expect((await watching).code).toBe(0);
      await inShop('wait --for=delete pod -l app=web --timeout=60s');
      expect(await says('delete namespace shop')).toContain('namespace "shop" deleted');
      expect(await says('get namespaces -o name')).not.toContain('shop');
    });
  });
}
