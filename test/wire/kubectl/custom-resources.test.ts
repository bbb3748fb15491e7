import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { minutes } from '../../../src/units/index.js';
import { describeWithCluster } from './session.js';

const manifest = (name: string): string =>
  readFileSync(new URL(`../manifests/${name}.yaml`, import.meta.url), 'utf8');

const certificate = (spec: string, name = 'web'): string => `
apiVersion: pki.example.com/v1
kind: Certificate
metadata: { name: ${name}, namespace: default }
spec: ${spec}
`;
const prometheus = (spec: string, version = 'v1'): string => `
apiVersion: monitoring.example.com/${version}
kind: Prometheus
metadata: { name: main, namespace: default }
spec: ${spec}
`;
const external = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.external.example.com }
spec:
  group: external.example.com
  version: v1
  groupPriorityMinimum: 1000
  versionPriority: 15
  service: { namespace: default, name: nobody }
`;

describeWithCluster('kubectl and custom resources', { pools: { work: 1 } }, (session) => {
  const says = (line: string): Promise<string> => session().says(line);
  const refusal = (line: string, input = ''): Promise<string> => session().refusal(line, { input });

  test('definitions are applied, established and told', async () => {
    const applied = [
      await session().apply(manifest('certificate-definitions')),
      await session().apply(manifest('monitoring-definitions')),
    ];
    expect(applied.join('\n').match(/created/g)).toHaveLength(3);
    await says('wait --for=condition=Established crd --all --timeout=20s');
    expect(await says('get crd')).toMatch(/^NAME +CREATED AT\n/);
    expect(await says('api-resources --api-group=pki.example.com --no-headers')).toMatch(
      /certificates +cert,certs +pki.example.com\/v1 +true +Certificate\nclusterissuers +pki.example.com\/v1 +false +ClusterIssuer/,
    );
    expect(await says('api-resources --api-group=monitoring.example.com --no-headers')).toContain(
      'monitoring.example.com/v1 ',
    );
    expect((await says('api-versions')).split('\n')).toEqual(
      expect.arrayContaining(['monitoring.example.com/v1', 'monitoring.example.com/v1beta1']),
    );
    expect(await says('get apiservice v1.pki.example.com --no-headers')).toMatch(
      /^v1\.pki\.example\.com +Local +True/,
    );
  });

  test('explain tells their fields', async () => {
    expect(await says('explain certificate')).toContain('A certificate that is asked for');
    expect(await says('explain cert.spec.issuerRef.kind')).toMatch(
      /(ENUM:\n +Issuer\n +ClusterIssuer|enum: Issuer, ClusterIssuer)/,
    );
    const whole = await says('explain certificate --recursive');
    expect(whole).toContain('secretName\t<string> -required-');
    expect(whole).toContain('conditions\t<[]Object>');
    expect(
      await says('explain prometheus.spec.replicas --api-version=monitoring.example.com/v1beta1'),
    ).toMatch(/VERSION: +v1beta1/);
  });

  test('objects are made, and printed in their columns', async () => {
    await session().apply(
      certificate('{ secretName: web-tls, issuerRef: { name: ca }, dnsNames: [a.example.com] }'),
    );
    await says(
      `patch cert web --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"Ready","status":"True"}]}}'`,
    );
    expect(await says('get cert')).toMatch(/^NAME +READY +SECRET +AGE\nweb +True +web-tls +\d+s$/);
    expect(await says('get cert -o wide')).toMatch(
      /^NAME +READY +SECRET +ISSUER +EXPIRES +AGE\nweb +True +web-tls +ca +\d+s$/,
    );
    const { spec, metadata } = await session().json('get cert web');
    expect(spec).toEqual({
      secretName: 'web-tls',
      duration: '2160h',
      dnsNames: ['a.example.com'],
      issuerRef: { name: 'ca', kind: 'Issuer' },
    });
    expect(metadata['generation']).toBe(1);
    expect(await says('get cert --field-selector spec.issuerRef.name=ca -o name')).toBe(
      'certificate.pki.example.com/web',
    );
    expect(await says('get cert --field-selector spec.issuerRef.name=other -o name')).toBe('');
    expect(await says('get pki -o name')).toBe('certificate.pki.example.com/web');
    expect(await says('describe cert web')).toContain('Secret Name:');
  });

  test('what their schema does not allow is refused in its words', async () => {
    expect(
      await refusal(
        'apply --validate=false -f -',
        certificate('{ issuerRef: { name: ca, kind: Nobody } }', 'bad'),
      ),
    ).toBe(
      'The Certificate "bad" is invalid: \n* spec.secretName: Required value\n* spec.issuerRef.kind: Unsupported value: "Nobody": supported values: "Issuer", "ClusterIssuer"\n* <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    );
    expect(
      await refusal(
        'apply -f -',
        certificate('{ secretName: x, issuerRef: { name: ca }, duration: 1h, renewBefore: 2h }', 'bad'),
      ),
    ).toContain('spec: Invalid value: "object": renewBefore must be less than duration');
    expect(
      await refusal(
        'apply -f -',
        certificate('{ secretName: x, issuerRef: { name: ca }, colour: red }', 'bad'),
      ),
    ).toContain('unknown field "spec.colour"');
    expect(
      await refusal(
        'apply -f -',
        certificate('{ secretName: x, issuerRef: { name: ca }, privateKey: { size: big } }', 'bad'),
      ),
    ).toContain('spec.privateKey.size in body must be of type integer: "string"');
    expect(await refusal(`patch cert web --type=strategic -p '{"spec":{"duration":"1h"}}'`)).toContain(
      'the body of the request was in an unknown format',
    );
  });

  test('they are patched, edited and applied again', async () => {
    await says(`patch cert web --type=merge -p '{"spec":{"dnsNames":["b.example.com"]}}'`);
    await says(
      `patch cert web --type=json -p '[{"op":"add","path":"/spec/dnsNames/-","value":"c.example.com"}]'`,
    );
    const { spec, metadata } = await session().json('get cert web');
    expect([spec['dnsNames'], metadata['generation']]).toEqual([['b.example.com', 'c.example.com'], 3]);
    await says('label cert web tier=front');
    expect((await session().json('get cert web')).metadata['generation']).toBe(3);
    const again = certificate('{ secretName: web-tls, issuerRef: { name: ca }, dnsNames: [a.example.com] }');
    expect(await session().apply(again)).toContain('configured');
    expect(await session().apply(again)).toContain('unchanged');
  });

  test('server-side apply merges their lists by the keys of the schema', async () => {
    const apply = (spec: string, manager: string, flags = '') =>
      session().says(`apply --server-side --field-manager=${manager} ${flags} -f -`, {
        input: prometheus(spec),
      });
    await apply('{ version: v3, additionalArgs: [{ name: a, value: "1" }] }', 'one');
    await apply('{ additionalArgs: [{ name: b, value: "2" }] }', 'two');
    const args = async () => (await session().json('get prom main')).spec['additionalArgs'];
    expect(await args()).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ]);
    await apply('{ version: v3 }', 'one');
    expect(await args()).toEqual([{ name: 'b', value: '2' }]);
    expect(
      await session().refusal('apply --server-side --field-manager=two -f -', {
        input: prometheus('{ version: v4 }'),
      }),
    ).toContain('conflict with "one": .spec.version');
  });

  test('they scale, and show other versions', async () => {
    expect(await says('scale prom main --replicas=3')).toContain('scaled');
    expect(await says('get prom --no-headers')).toMatch(/^main +v3 +3 +/);
    const other = await session().run('get prometheuses.v1beta1.monitoring.example.com main -o json');
    expect(JSON.parse(other.stdout)).toMatchObject({
      apiVersion: 'monitoring.example.com/v1beta1',
      spec: { replicas: 3 },
    });
    const written = await session().run('apply -f -', { input: prometheus('{ version: v5 }', 'v1beta1') });
    expect(written.stderr).toContain('monitoring.example.com/v1beta1 Prometheus is deprecated; use v1');
    expect((await session().json('get prom main')).spec['version']).toBe('v5');
  });

  test('what a schema leaves open is kept', async () => {
    await session().apply(
      prometheus(
        '{ version: v5, extra: { any: { thing: [1, two] } }, resources: { requests: { cpu: 2, memory: 1Gi } } }',
      ),
    );
    const { spec } = await session().json('get prom main');
    expect(spec).toMatchObject({
      extra: { any: { thing: [1, 'two'] } },
      resources: { requests: { cpu: 2, memory: '1Gi' } },
    });
  });

  test('a definition takes its objects with it', async () => {
    await says('delete crd prometheuses.monitoring.example.com --timeout=20s');
    // Clients remember for a while what there was.
    expect(await refusal('get prom')).toContain('could not find the requested resource');
    expect(await says('api-versions')).not.toContain('monitoring.example.com');
    await session().apply(manifest('monitoring-definitions'));
    await says('wait --for=condition=Established crd/prometheuses.monitoring.example.com --timeout=20s');
    expect(await says('get prometheuses.monitoring.example.com -o name')).toBe('');
  });

  test('autoscalers and events are shown in either version', async () => {
    await says('create deployment web --image=nginx');
    await says('autoscale deployment web --min=1 --max=3 --cpu-percent=70');
    const v1 = await session().json('get horizontalpodautoscalers.v1.autoscaling web');
    const v2 = await session().json('get horizontalpodautoscalers.v2.autoscaling web');
    expect(v1.spec['targetCPUUtilizationPercentage']).toBe(70);
    expect(v2.spec['metrics']).toMatchObject([{ resource: { target: { averageUtilization: 70 } } }]);
    await says('wait --for=condition=Available deployment/web --timeout=30s');
    const { items } = await session().json('get events.events.k8s.io');
    expect(items).not.toEqual([]);
    expect(items.every((event) => 'regarding' in event && 'note' in event)).toBe(true);
    expect(await says('get events.events.k8s.io')).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE/);
  });

  test('top tells what nodes and pods use', async () => {
    session().cluster.poolkeeper.clock.step(minutes(1));
    expect(await says('top node')).toMatch(
      /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) *\naks-/,
    );
    expect(await says('top pod')).toMatch(/^NAME +CPU\(cores\) +MEMORY\(bytes\) *\nweb-/);
    expect(await says('top pod --containers -l app=web --no-headers')).toContain('nginx');
    expect(await says('get nodes.metrics.k8s.io')).toMatch(/^NAME +CPU +MEMORY +WINDOW\naks-/);
    expect(await refusal('get podmetrics nobody')).toContain(
      'podmetrics.metrics.k8s.io "default/nobody" not found',
    );
  });

  test('a group that is left to a service which is not there says so', async () => {
    expect(await says('get apiservice v1beta1.metrics.k8s.io --no-headers')).toMatch(
      /^v1beta1\.metrics\.k8s\.io +kube-system\/metrics-server +True/,
    );
    await session().apply(external);
    expect(await says('get apiservice v1.external.example.com --no-headers')).toMatch(
      /default\/nobody +False \(ServiceNotFound\)/,
    );
    expect(await refusal('get --raw /apis/external.example.com/v1/things')).toContain(
      'the server is currently unable to handle the request',
    );
    expect(await says('get --raw /apis')).toContain('"external.example.com/v1"');
    expect(await says('api-resources --no-headers')).toContain('deployments');
    await says('delete apiservice v1.external.example.com');
    expect(await says('get --raw /apis')).not.toContain('external.example.com');
    expect(await refusal('get --raw /apis/external.example.com/v1/things')).toContain('NotFound');
  });

  test('client-side validation knows every kind', async () => {
    const [code, text] = await session()
      .run('create --dry-run=client --validate=strict -f -', {
        input: certificate('{ secretName: x, issuerRef: { name: ca } }', 'client'),
      })
      .then(({ code: ended, stdout, stderr }) => [ended, stdout + stderr]);
    expect([code, text]).toEqual([0, 'certificate.pki.example.com/client created (dry run)\n']);
  });
});
