import { describe, expect, test } from 'vitest';
import { changesTold, describeWithCluster } from './session.js';

const configMap = (name: string, data: object, extra = ''): string => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: shop, labels: { app: shop }${extra} }
data: ${JSON.stringify(data)}
`;
const deployment = (replicas: number, image = 'nginx:1.27'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app: shop } }
spec:
  replicas: ${String(replicas)}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: "${image}", ports: [{ containerPort: 80 }, { containerPort: 443 }] }
        - { name: log, image: "fluent-bit:3.1" }
`;
const service = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: shop } }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }, { name: https, port: 443 }] }
`;
const all = (...documents: readonly string[]): string => documents.join('---');

describeWithCluster(
  'kubectl apply, diff, patch, edit, replace and delete',
  { pools: { work: 1 } },
  (session) => {
    const says = (line: string, input?: string) => session().says(line, input === undefined ? {} : { input });
    const refusal = (line: string, input?: string) =>
      session().refusal(line, input === undefined ? {} : { input });
    const inShop = (line: string, input?: string) => says(`--namespace shop ${line}`, input);
    const data = async (name: string) =>
      JSON.parse(await inShop(`get configmap ${name} -o jsonpath={.data}`)) as unknown;

    test('there is a namespace to work in', async () => {
      expect(await says('create namespace shop')).toBe('namespace/shop created');
      expect(await refusal('create namespace shop')).toBe(
        'Error from server (AlreadyExists): namespaces "shop" already exists',
      );
    });

    describe('on the client', () => {
      test('takes many documents, comments and empty ones among them', async () => {
        const manifest = `# first\n---\n${all(configMap('a', { x: '1' }), '\n# nothing\n', deployment(2), service)}`;
        expect((await session().apply(manifest)).split('\n')).toEqual([
          'configmap/a created',
          'deployment.apps/web created',
          'service/web created',
        ]);
        expect(changesTold(await session().apply(manifest))).toEqual([]);
      });

      test('a list is its items, and JSON is a manifest too', async () => {
        const item = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'in-list', namespace: 'shop' },
        };
        const list = JSON.stringify({
          apiVersion: 'v1',
          kind: 'List',
          items: [item, { ...item, metadata: { ...item.metadata, name: 'in-list-2' } }],
        });
        expect(await session().apply(list)).toBe('configmap/in-list created\nconfigmap/in-list-2 created');
      });

      test('takes the line ends of Windows, and the byte order mark', async () => {
        const windows =
          `\uFEFF${all(configMap('windows', { x: '1' }), configMap('windows-2', { x: '1' }))}`.replaceAll(
            '\n',
            '\r\n',
          );
        expect(await session().apply(windows)).toBe('configmap/windows created\nconfigmap/windows-2 created');
        expect(changesTold(await session().apply(windows))).toEqual([]);
      });

      test('takes away what the manifest no longer says, and leaves what others added', async () => {
        await session().apply(configMap('three-way', { kept: '1', gone: '1' }));
        await inShop(`patch configmap three-way --type=merge -p '{"data":{"theirs":"1"}}'`);
        expect(await session().apply(configMap('three-way', { kept: '2' }))).toBe(
          'configmap/three-way configured',
        );
        expect(await data('three-way')).toEqual({ kept: '2', theirs: '1' });
      });

      test('merges lists by their key', async () => {
        await inShop('set env deployment/web --containers=log LEVEL=debug');
        const [first] = (await session().apply(deployment(2, 'nginx:1.28'))).split('\n');
        expect(first).toBe('deployment.apps/web configured');
        const { spec } = await session().json('--namespace shop get deployment web');
        expect(spec['template']).toMatchObject({
          spec: {
            containers: [
              { name: 'web', image: 'nginx:1.28', ports: [{ containerPort: 80 }, { containerPort: 443 }] },
              { name: 'log', env: [{ name: 'LEVEL', value: 'debug' }] },
            ],
          },
        });
      });

      test('prunes what is labelled and not in the manifest', async () => {
        await session().apply(
          all(configMap('kept', {}), configMap('pruned', {})).replaceAll('app: shop', 'app: prune'),
        );
        const kept = configMap('kept', {}).replace('app: shop', 'app: prune');
        const pruned = await session().apply(kept, '--prune -l app=prune --namespace shop');
        // kubectl says again that there is no data, which the API server does not tell.
        expect(pruned).toBe('configmap/kept configured\nconfigmap/pruned pruned');
      });

      test('prunes what is no longer in the set', async () => {
        const flags = '--prune --applyset=configmaps/set --namespace shop';
        const apply = (manifest: string) =>
          session().says(`apply -f - ${flags}`, { input: manifest, env: { KUBECTL_APPLYSET: 'true' } });
        const set = (name: string) => configMap(name, { x: '1' });
        await session().apply(
          configMap('set', {}, ', annotations: { applyset.kubernetes.io/tooling: kubectl/v1.35 }'),
        );
        await inShop('delete configmap set');
        expect(await apply(all(set('one'), set('two')))).toContain('configmap/two created');
        expect(await apply(set('one'))).toContain('configmap/two pruned');
      });

      test('says what of a manifest is wrong, and applies the rest', async () => {
        const unknown = `${configMap('bad', {})}dta: {}\n`;
        const { code, stdout, stderr } = await session().run('apply -f -', {
          input: all(unknown, configMap('good', {})),
        });
        expect([code, stdout.trim()]).toEqual([1, 'configmap/good created']);
        expect(stderr).toContain('strict decoding error: unknown field "dta"');
        expect(await session().apply(unknown, '--validate=false')).toContain('configmap/bad created');
        expect(await refusal('apply -f -', 'a: [')).toContain('error parsing STDIN');
        expect(await refusal('apply -f -', '')).toBe('error: no objects passed to apply');
        expect(await refusal('apply -f -', '# nothing\n---\n')).toBe('error: no objects passed to apply');
        expect(await refusal('apply -f -', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}')).toContain(
          'resource name may not be empty',
        );
        expect(await refusal('apply -f missing.yaml')).toBe('error: the path "missing.yaml" does not exist');
      });

      test('refuses what is not valid in the words of the API', async () => {
        expect(await refusal('apply -f -', deployment(-1))).toContain(
          'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        );
        expect(await refusal('apply -f -', configMap('Upper', {}))).toContain(
          'The ConfigMap "Upper" is invalid: metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain must consist of',
        );
        expect(
          await refusal(
            'apply -f -',
            deployment(2).replace('matchLabels: { app: web }', 'matchLabels: { app: other }'),
          ),
        ).toMatch(/The Deployment "web" is invalid: .*field is immutable/s);
        expect(
          await refusal('apply -f -', configMap('lost', {}).replace('namespace: shop', 'namespace: none')),
        ).toBe('Error from server (NotFound): error when creating "STDIN": namespaces "none" not found');
      });

      test('dry runs change nothing', async () => {
        expect(await session().apply(configMap('dry', {}), '--dry-run=server')).toBe(
          'configmap/dry created (server dry run)',
        );
        expect(await session().apply(configMap('dry', {}), '--dry-run=client')).toBe(
          'configmap/dry created (dry run)',
        );
        expect(await refusal('--namespace shop get configmap dry')).toContain('not found');
        expect(await refusal('apply --dry-run=server -f -', deployment(-1))).toContain(
          'must be greater than or equal to 0',
        );
      });

      test('last applied can be viewed and set', async () => {
        await session().apply(configMap('last', { x: '1' }));
        expect(await inShop('apply view-last-applied configmap/last')).toContain('x: "1"');
        expect(await says('apply set-last-applied -f -', configMap('last', { x: '2' }))).toBe(
          'configmap/last configured',
        );
        expect(await inShop('apply view-last-applied configmap/last -o json')).toContain('"x": "2"');
      });
    });

    describe('manifests of any size', () => {
      const big = (bytes: number) => `
apiVersion: apps/v1
kind: ControllerRevision
metadata: { name: big, namespace: shop }
revision: 1
data: { text: "${'x'.repeat(bytes)}" }
`;
      test.each([
        ['2.9 MB is taken', 2_900_000, 0, ''],
        ['more than 3 MB is not', 3_200_000, 1, 'Request entity too large: limit is 3145728'],
      ])('%s', async (_, bytes, code, text) => {
        const ran = await session().run('create -f -', { input: big(bytes) });
        expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(text)]);
        await inShop('delete controllerrevision big --ignore-not-found');
      });

      test('what does not fit an annotation is applied on the server', async () => {
        const large = configMap('large', { text: 'y'.repeat(300_000) });
        expect(await refusal('apply -f -', large)).toContain(
          'metadata.annotations: Too long: may not be more than 262144 bytes',
        );
        expect(await session().apply(large, '--server-side')).toBe('configmap/large serverside-applied');
        expect(
          await refusal('apply --server-side -f -', configMap('larger', { text: 'y'.repeat(1_100_000) })),
        ).toContain('Too long: may not be more than 1048576 bytes');
      });

      test('three hundred objects in one file', async () => {
        const many = all(
          ...Array.from({ length: 300 }, (_, index) =>
            configMap(`many-${String(index)}`, { index: String(index) }),
          ),
        );
        const applied = await session().apply(many, '--server-side');
        expect(applied.split('\n').filter((line) => line.endsWith(' serverside-applied'))).toHaveLength(300);
        await inShop('delete configmap -l app=shop --wait=false');
      });
    });

    describe('on the server', () => {
      const apply = (manifest: string, flags = '') => session().apply(manifest, `--server-side ${flags}`);

      test('shares what two want alike, and refuses what they want otherwise', async () => {
        await apply(configMap('shared', { x: '1' }), '--field-manager=one');
        await apply(configMap('shared', { x: '1' }), '--field-manager=two');
        const conflict = await refusal(
          'apply --server-side --field-manager=two -f -',
          configMap('shared', { x: '2' }),
        );
        expect(conflict).toMatch(/^error: Apply failed with 1 conflict: conflict with "one": \.data\.x\n/);
        expect(conflict).toContain('--force-conflicts');
        await apply(configMap('shared', { x: '2' }), '--field-manager=two --force-conflicts');
        expect(
          await refusal(
            'apply --server-side --field-manager=one -f -',
            configMap('shared', { x: '1', y: '1' }),
          ),
        ).toMatch(/^error: Apply failed with 1 conflict: conflict with "two": \.data\.x\n/);
        // What one does not say any more goes, as nobody else said it.
        await apply(configMap('shared', {}), '--field-manager=two');
        expect(await inShop('get configmap shared -o jsonpath={.data}')).toBe('');
      });

      test('tells apart who scaled and who applied', async () => {
        await session().apply(deployment(2));
        expect(await apply(deployment(2))).toBe('deployment.apps/web serverside-applied');
        await inShop('scale deployment/web --replicas=3');
        expect(await refusal('apply --server-side -f -', deployment(2))).toContain(
          'conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
        );
        expect(await apply(deployment(2), '--force-conflicts')).toBe(
          'deployment.apps/web serverside-applied',
        );
        const yaml = await inShop('get deployment web -o yaml --show-managed-fields');
        expect(yaml).toContain('operation: Apply');
        expect(yaml).toContain('k:{"name":"web"}');
      });

      test('takes over from an apply on the client', async () => {
        await session().apply(configMap('moved', { kept: '1', gone: '1' }));
        await apply(configMap('moved', { kept: '1' }));
        expect(await data('moved')).toEqual({ kept: '1' });
      });

      test('refuses what a manifest may not hold', async () => {
        expect(await refusal('apply --server-side -f -', `${configMap('strict', {})}dta: {}`)).toContain(
          'failed to create typed patch object (shop/strict; /v1, Kind=ConfigMap): .dta: field not declared in schema',
        );
        expect(
          await refusal(
            'apply --server-side -f -',
            deployment(2).replace('metadata: { name', 'metadata: { managedFields: [{ manager: x }], name'),
          ),
        ).toContain('metadata.managedFields must be nil');
      });
    });

    describe('diff', () => {
      test.each([
        ['nothing to change', () => deployment(2), 0],
        ['something to change', () => deployment(5), 1],
        ['something new', () => configMap('new', {}), 1],
        ['something wrong', () => deployment(-1), 2],
      ])('%s', async (_, manifest, code) => {
        await session().apply(deployment(2), '--server-side --force-conflicts');
        const ran = await session().run('diff --server-side --force-conflicts -f -', { input: manifest() });
        expect(Math.min(ran.code, 2)).toBe(code);
        if (code === 1) expect(ran.stdout).toMatch(/^diff -u -N /);
      });

      test('shows no values of secrets', async () => {
        const secret = (text: string) => `
apiVersion: v1
kind: Secret
metadata: { name: hidden, namespace: shop }
stringData: { password: ${text} }
`;
        await session().apply(secret('before'));
        const { stdout } = await session().run('diff -f -', { input: secret('afterwards') });
        expect(stdout).toContain("password: '*** (after)'");
        expect(stdout).not.toContain(Buffer.from('afterwards').toString('base64'));
      });
    });

    describe('patch', () => {
      test.each([
        ['merge', '{"data":{"a":"2","b":null}}', { a: '2', c: '3' }],
        [
          'json',
          '[{"op":"replace","path":"/data/a","value":"2"},{"op":"remove","path":"/data/b"}]',
          { a: '2', c: '3' },
        ],
        [
          'json',
          '[{"op":"test","path":"/data/a","value":"1"},{"op":"move","from":"/data/a","path":"/data/z"}]',
          { b: '2', c: '3', z: '1' },
        ],
        ['strategic', '{"data":{"$patch":"replace","only":"1"}}', { only: '1' }],
      ])('%s %s', async (type, patch, expected) => {
        await says(
          'apply --server-side --force-conflicts -f -',
          configMap('patched', { a: '1', b: '2', c: '3' }),
        );
        expect(await inShop(`patch configmap patched --type=${type} -p '${patch}'`)).toBe(
          'configmap/patched patched',
        );
        expect(await data('patched')).toEqual(expected);
        await inShop('delete configmap patched');
      });

      test.each([
        [
          'strategic',
          '{"spec":{"template":{"spec":{"containers":[{"name":"log","$patch":"delete"}]}}}}',
          ['web'],
        ],
        [
          'strategic',
          '{"spec":{"template":{"spec":{"containers":[{"name":"new","image":"x:1"}]}}}}',
          ['new', 'web', 'log'],
        ],
        [
          'strategic',
          '{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"log"},{"name":"web"}]}}}}',
          ['log', 'web'],
        ],
        ['merge', '{"spec":{"template":{"spec":{"containers":[{"name":"only","image":"x:1"}]}}}}', ['only']],
      ])('a list of containers: %s %s', async (type, patch, expected) => {
        await inShop('delete deployment web --ignore-not-found');
        await session().apply(deployment(0));
        await inShop(`patch deployment web --type=${type} -p '${patch}'`);
        expect(
          (await inShop('get deployment web -o jsonpath={.spec.template.spec.containers[*].name}')).split(
            ' ',
          ),
        ).toEqual(expected);
      });

      test('refusals tell why', async () => {
        await session().apply(configMap('patched', { a: '1' }));
        expect(await inShop(`patch configmap patched --type=merge -p '{"data":{"a":"1"}}'`)).toBe(
          'configmap/patched patched (no change)',
        );
        expect(
          await refusal(
            `--namespace shop patch configmap patched --type=json -p '[{"op":"remove","path":"/data/none"}]'`,
          ),
        ).toContain('the server rejected our request due to an error in our request');
        expect(await refusal(`--namespace shop patch configmap none --type=merge -p '{}'`)).toContain(
          'configmaps "none" not found',
        );
        expect(
          await refusal(`--namespace shop patch configmap patched --type=merge -p '{"data":{"a":1}}'`),
        ).toContain('cannot unmarshal number into Go struct field ConfigMap.data of type string');
        expect(
          await refusal(
            `--namespace shop patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":-1}}'`,
          ),
        ).toContain('must be greater than or equal to 0');
      });

      test('a status is patched on its own', async () => {
        await inShop(`patch deployment web --subresource=status --type=merge -p '{"spec":{"replicas":9}}'`);
        expect(await inShop('get deployment web -o jsonpath={.spec.replicas}')).not.toBe('9');
        expect(await inShop('get deployment web --subresource=status -o name')).toBe('deployment.apps/web');
      });
    });

    describe('edit and replace', () => {
      const edit = (script: string, rest: string) =>
        session().run(`--namespace shop edit ${rest}`, { env: { KUBE_EDITOR: `sed -i ${script}` } });

      test('edits what an editor changes', async () => {
        await session().apply(configMap('edited', { mode: 'fast' }));
        expect((await edit('s/fast/slow/', 'configmap edited')).stdout.trim()).toBe(
          'configmap/edited edited',
        );
        expect(await data('edited')).toEqual({ mode: 'slow' });
        expect((await edit('s/none/none/', 'configmap edited')).stderr.trim()).toBe(
          'Edit cancelled, no changes made.',
        );
        // A refused edit is offered again; an editor that changes nothing more gives up.
        const refused = await edit('s/replicas:.*/replicas:-1/', 'deployment web');
        expect([refused.code, refused.stderr]).toEqual([
          1,
          expect.stringContaining('Edit cancelled, no valid changes were saved.'),
        ]);
        expect((await edit('s/slow/fast/', 'configmap edited --output-patch')).stdout).toContain(
          'Patch: {"data":{"mode":"fast"}',
        );
      });

      test('replaces the whole, or not at all when it is old', async () => {
        await session().apply(configMap('replaced', { a: '1', b: '1' }));
        expect(await says('replace -f -', configMap('replaced', { c: '1' }))).toBe(
          'configmap/replaced replaced',
        );
        expect(await data('replaced')).toEqual({ c: '1' });
        const stale = configMap('replaced', { d: '1' }).replace(
          'namespace: shop',
          'namespace: shop, resourceVersion: "1"',
        );
        expect(await refusal('replace -f -', stale)).toBe(
          'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on configmaps "replaced": the object has been modified; please apply your changes to the latest version and try again',
        );
        expect(await refusal('replace -f -', configMap('not-there', {}))).toContain(
          'configmaps "not-there" not found',
        );
        const uid = () => inShop('get configmap replaced -o jsonpath={.metadata.uid}');
        const before = await uid();
        expect(await says('replace --force -f -', configMap('replaced', { e: '1' }))).toContain(
          'configmap/replaced replaced',
        );
        expect(await uid()).not.toBe(before);
      });

      test('what cannot change is replaced by force', async () => {
        const job = (image: string) => `
apiVersion: batch/v1
kind: Job
metadata: { name: fixed, namespace: shop }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: "${image}" }] } } }
`;
        await session().apply(job('a:1'));
        expect(await refusal('apply -f -', job('a:2'))).toMatch(
          /The Job "fixed" is invalid: spec.template: Invalid value: .*field is immutable/s,
        );
        expect(await says('replace --force -f -', job('a:2'))).toContain('job.batch/fixed replaced');
      });
    });

    describe('delete', () => {
      const pods = () => inShop('get pods -l app=web -o name');
      const setUp = async () => {
        await session().apply(deployment(2));
        await inShop('rollout status deployment/web --timeout=60s');
      };

      test('takes along what it owns, before or after', async () => {
        await setUp();
        expect(await inShop('delete deployment web --cascade=foreground')).toContain(
          'deployment.apps "web" deleted',
        );
        expect(await inShop('get replicasets -l app=web -o name')).toBe('');
        await setUp();
        await inShop('delete deployment web --cascade=background');
        await inShop('wait --for=delete pods -l app=web --timeout=30s');
        expect(await pods()).toBe('');
      });

      test('leaves what it owned when told to, and a new owner takes it', async () => {
        await setUp();
        await inShop('delete deployment web --cascade=orphan');
        const orphans = await pods();
        expect(orphans.split('\n')).toHaveLength(2);
        expect(
          await inShop('get replicasets -l app=web -o jsonpath={.items[*].metadata.ownerReferences}'),
        ).toBe('');
        await setUp();
        expect(await pods()).toBe(orphans);
        await inShop('delete deployment web');
      });

      test('waits for finalizers', async () => {
        await session().apply(configMap('held', {}, ', finalizers: [example.com/hold]'));
        const gone = session().run('--namespace shop delete configmap held');
        await inShop(`wait --for=jsonpath={.metadata.deletionTimestamp} configmap/held --timeout=10s`);
        expect(await refusal('--namespace shop delete configmap held --timeout=1s')).toContain(
          'timed out waiting for the condition',
        );
        await inShop(`patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'`);
        expect((await gone).code).toBe(0);
      });

      test('by label, of all, forced, ignored and dry', async () => {
        const pod = (name: string) => inShop(`run ${name} --image=nginx:1.27 --labels=app=lone`);
        await Promise.all([pod('one'), pod('two')]);
        await inShop('wait --for=condition=Ready pod -l app=lone --timeout=30s');
        expect(await inShop('delete pod one --dry-run=server')).toMatch(
          /^pod "one" deleted.*\(server dry run\)/,
        );
        const forced = await session().run('--namespace shop delete pod one --force --grace-period=0');
        expect(forced.stderr).toContain('Warning: Immediate deletion does not wait for confirmation');
        expect(forced.stdout).toContain('pod "one" force deleted');
        expect(await inShop('delete pods -l app=lone')).toContain('pod "two" deleted');
        expect(await inShop('delete pods -l app=lone')).toBe('No resources found');
        expect(await inShop('delete configmap none --ignore-not-found')).toBe('');
        expect(await refusal('--namespace shop delete configmap none')).toBe(
          'Error from server (NotFound): configmaps "none" not found',
        );
        await inShop('delete configmaps --all');
        expect(await inShop('get configmaps -o name')).toBe('configmap/kube-root-ca.crt');
      });

      test('a namespace takes along all that is in it', async () => {
        await setUp();
        expect(await says('delete namespace shop')).toContain('namespace "shop" deleted');
        expect(await refusal('get namespace shop')).toContain('not found');
        expect(
          await says(
            'get deployments,pods,configmaps --all-namespaces -o jsonpath={.items[*].metadata.namespace}',
          ),
        ).not.toContain('shop');
      });
    });
  },
);
