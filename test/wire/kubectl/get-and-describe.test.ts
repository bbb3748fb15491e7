import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

const everyKind = readFileSync(new URL('../manifests/every-kind.yaml', import.meta.url), 'utf8');
const widget = `
apiVersion: every.example.com/v1
kind: Widget
metadata: { name: small, namespace: every }
spec: { size: 1 }
`;

describeWithCluster('kubectl get and describe', { pools: { work: 2 } }, (session) => {
  const says = (line: string) => session().says(line);
  const lines = async (line: string): Promise<readonly string[]> => (await says(line)).split('\n');

  test('apply takes one of every kind, and all of it comes to run', async () => {
    const applied = await session().apply(everyKind);
    expect(applied.split('\n').filter((line) => !line.endsWith(' created'))).toEqual([]);
    await says('wait --for=condition=Established crd/widgets.every.example.com --timeout=30s');
    await session().apply(widget);
    const every = '--namespace every --timeout=60s';
    await says(`rollout status deployment/web ${every}`);
    await says(`rollout status daemonset/agent ${every}`);
    await says(`rollout status statefulset/db ${every}`);
    await says(`wait --for=condition=Ready pod/lone ${every}`);
    await says(`wait --for=condition=Complete job/once ${every}`);
    await says(`wait --for=jsonpath={.status.phase}=Bound pvc/files ${every}`);
    await says(`wait --for=condition=ScalingActive hpa/web ${every}`);
    const generations = () =>
      says('get deployments,statefulsets,daemonsets,networkpolicies,pdb -o name --namespace every').then(
        (names) =>
          says(
            `get ${names.split('\n').join(' ')} --namespace every -o jsonpath={.items[*].metadata.generation}`,
          ),
      );
    const before = await generations();
    // What it says of lists that are compared whole differs from what it changes: nothing.
    await session().apply(everyKind);
    expect(await generations()).toBe(before);
  });

  /** What whoever reads every kind is warned of. */
  const deprecated = 'Warning: v1 ComponentStatus is deprecated in v1.19+\n';

  test('get prints every kind there is, short, wide and whole', async () => {
    const kinds = (await lines('api-resources --verbs=get,list -o name')).filter(
      // What is measured has no list of one kind with others: it is looked at with top.
      (name) => !name.endsWith('metrics.k8s.io'),
    );
    expect(kinds.length).toBeGreaterThan(50);
    const all = kinds.join(',');
    const [table, wide, names, json] = await Promise.all([
      session().run(`get ${all} --all-namespaces`),
      session().run(`get ${all} --all-namespaces -o wide --show-labels`),
      session().run(`get ${all} --all-namespaces -o name`),
      session().run(`get ${all} --all-namespaces -o json`),
    ]);
    for (const { code, stderr } of [table, wide, names, json])
      expect([code, stderr]).toEqual([0, deprecated]);
    expect(table.stdout).not.toContain('<unknown>');
    expect(table.stdout).not.toContain('<invalid>');
    const { items } = JSON.parse(json.stdout) as { items: readonly { kind: string; apiVersion: string }[] };
    expect(items.length).toBe(names.stdout.trim().split('\n').length);
    expect(items.every(({ kind, apiVersion }) => kind !== '' && apiVersion !== '')).toBe(true);
  });

  test('describe tells of every kind, and misses nothing', async () => {
    const kinds = (await lines('api-resources --verbs=get,list -o name')).filter(
      (name) => !name.endsWith('metrics.k8s.io') && !name.startsWith('events'),
    );
    const half = Math.ceil(kinds.length / 2);
    const told = await Promise.all(
      [kinds.slice(0, half), kinds.slice(half)].map((some) =>
        session().run(`describe ${some.join(',')} --all-namespaces`),
      ),
    );
    expect(told.map(({ stderr }) => stderr).join('')).toBe(deprecated);
    for (const { code, stdout } of told) {
      expect(code).toBe(0);
      const faults = stdout
        .split('\n')
        .filter((line) => /<unknown>|<error>|<invalid>|Failed to|%!/.test(line));
      expect(faults).toEqual([]);
    }
  });

  test.each([
    // object                   what must be told of it
    [
      'node -l agentpool=work',
      ['Non-terminated Pods:', 'Allocated resources:', 'HolderIdentity:', 'Ready  '],
    ],
    [
      'pod lone',
      [
        'Init Containers:',
        'QoS Class:',
        'Burstable',
        'kube-api-access-',
        'Successfully assigned every/lone to aks-',
        'Started container',
      ],
    ],
    [
      'deployment web',
      [
        'StrategyType:',
        'RollingUpdate',
        '25% max unavailable, 25% max surge',
        'NewReplicaSetAvailable',
        'Scaled up replica set web-',
      ],
    ],
    [
      'replicaset bare',
      ['1 current / 1 desired', '1 Running / 0 Waiting / 0 Succeeded / 0 Failed', 'SuccessfulCreate'],
    ],
    ['statefulset db', ['1 desired | 1 total', 'Volume Claims:', 'SuccessfulCreate']],
    [
      'daemonset agent',
      ['Desired Number of Nodes Scheduled: 4', 'Number of Nodes Scheduled with Available Pods: 4'],
    ],
    ['job once', ['Pods Statuses:', '0 Active (0 Ready) / 1 Succeeded / 0 Failed', 'Completed']],
    ['cronjob nightly', ['0 2 * * *']],
    ['service web', ['LoadBalancer Ingress:', 'TargetPort:', 'Endpoints:']],
    ['service manual', ['192.0.2.10:443']],
    ['ingress web', ['secret terminates shop.example.com', 'shop.example.com', 'web:80 (10.']],
    [
      'poddisruptionbudget web',
      ['Allowed disruptions:  1', 'Current:              2', 'Desired:              1'],
    ],
    ['hpa web', ['Deployment/web', 'ScalingActive', 'AbleToScale']],
    ['resourcequota quota', ['pods', 'requests.cpu', '50', '20']],
    ['limitrange limits', ['Container']],
    ['pvc files', ['Bound', '20Gi', 'azurefile-csi']],
    ['serviceaccount robot', ['robot']],
    ['rolebinding reader', ['ServiceAccount', 'robot']],
    ['networkpolicy web', ['Allowing ingress traffic', 'app=front', '10.1.0.0/16']],
    ['widget small', ['Kind:         Widget', 'Color:', 'blue']],
  ])('describe %s', async (object, facts) => {
    const text = await says(`describe ${object} --namespace every`);
    expect(facts.filter((fact) => !text.includes(fact))).toEqual([]);
  });

  test('get prints what is asked for, in the form that is asked for', async () => {
    const get = (rest: string) => says(`get ${rest} --namespace every`);
    const [wide, name, labels, column, sorted, yaml, template, custom, jsonpath] = await Promise.all([
      get('deployment web -o wide'),
      get('pods -l app=web -o name'),
      get('deployment web --show-labels --no-headers'),
      get('pods -L app --no-headers'),
      get('pods --sort-by=.metadata.name -o jsonpath={.items[*].metadata.name}'),
      get('configmap config -o yaml'),
      get("configmap config -o 'go-template={{range $k, $v := .data}}{{$k}};{{end}}'"),
      get(
        'deployment web -o custom-columns=NAME:.metadata.name,IMAGES:.spec.template.spec.containers[*].image',
      ),
      get(`pods -o 'jsonpath={range .items[?(@.metadata.labels.app=="bare")]}{.status.phase}{"\\n"}{end}'`),
    ]);
    expect(wide.split('\n')[0]).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR$/,
    );
    expect(wide.split('\n')[1]).toMatch(/^web +2\/2 +2 +2 +\w+ +web +nginx:1.27 +app=web$/);
    expect(name).toMatch(/^pod\/web-\w+-\w{5}\npod\/web-\w+-\w{5}$/);
    expect(labels).toMatch(/ app=web$/);
    expect(column).toMatch(/^lone .* lone$/m);
    expect(sorted.split(' ')).toEqual([...sorted.split(' ')].sort());
    expect(yaml).toContain('app.ini: |\n    [a]\n    b = 1\n');
    expect(yaml).not.toContain('managedFields');
    expect(template).toBe('app.ini;mode;');
    expect(custom).toMatch(/^NAME +IMAGES\nweb +nginx:1.27$/);
    expect(jsonpath).toBe('Running');
  });

  test.each([
    ['pods --field-selector status.phase=Succeeded', /^once-/],
    ['pods --field-selector status.phase!=Running,status.phase!=Succeeded', /^$/],
    ['pods --field-selector metadata.name=lone', /^lone +1\/1 +Running/],
    ['pods --field-selector spec.serviceAccountName=robot', /^lone /],
    ['secrets --field-selector type=Opaque', /^secret +Opaque +1 /],
    [
      'events --field-selector involvedObject.name=lone,reason=Scheduled',
      / Normal +Scheduled +pod\/lone +Successfully assigned/,
    ],
    ['pods -l app!=web,app', /^agent-/],
    ["pods -l 'app in (lone,bare)'", /^bare-\w{5} [^]*\nlone /],
    ["pods -l '!app'", /^once-/],
    [
      'services',
      /^db +ClusterIP +None +<none> +5432\/TCP +\w+\nelsewhere +ExternalName +<none> +db.example.com +<none> /,
    ],
    ['services web', /^web +LoadBalancer +10\.0\.\d+\.\d+ +\d+\.\d+\.\d+\.\d+ +80:3\d{4}\/TCP /],
    ['endpoints manual', /^manual +192.0.2.10:443 /],
    ['ingress web', /^web +every +shop.example.com +.*80, 443 /],
    ['pdb', /^web +1 +N\/A +1 /],
    ['cronjob', /^nightly +0 2 \* \* \* +Europe\/Amsterdam +False +0 +<none> /],
    ['job once', /^once +Complete +1\/1 +\d+s /],
    ['statefulset', /^db +1\/1 /],
    ['daemonset', /^agent +4 +4 +4 +4 +4 +<none> /],
    ['resourcequota', /^quota +pods: \d+\/50, requests.cpu: [^ ]+\/20/],
    [
      'role,rolebinding',
      /^role.rbac.authorization.k8s.io\/reader +.*\n+rolebinding.rbac.authorization.k8s.io\/reader +Role\/reader /,
    ],
    ['wg', /^small +1$/],
    ['priorityclass every', /^every +1000 +false +\w+ +PreemptLowerPriority$/],
    ['storageclass every', /^every +disk.csi.azure.com +Delete +WaitForFirstConsumer +false /],
    ['pvc data-db-0', /^data-db-0 +Bound +pvc-[\w-]+ +8Gi +RWO +default +<unset> /],
  ])('get %s', async (rest, printed) => {
    expect(await says(`get ${rest} --no-headers --namespace every`)).toMatch(printed);
  });

  test('get with a limit fetches page after page', async () => {
    const roles = await lines('get clusterroles -o name');
    expect(roles.length).toBeGreaterThan(7);
    expect(await lines('get clusterroles -o name --chunk-size=7')).toEqual(roles);
  });

  test('events are told in order, of one object or of a namespace', async () => {
    const events = await says('events --namespace every --for pod/lone');
    const reasons = ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started'];
    for (const reason of reasons) expect(events).toContain(` ${reason} `);
    expect(await says('events --namespace every --types=Warning --for pod/lone')).not.toContain('Normal');
    expect(await says('get events --namespace every --sort-by=.lastTimestamp')).toContain('deployment/web');
  });

  test('explain knows the fields of every kind, custom ones as well', async () => {
    const [plain, nested, recursive, custom, version] = await Promise.all([
      says('explain pods'),
      says('explain deployment.spec.strategy.rollingUpdate.maxSurge'),
      says('explain hpa.spec --recursive'),
      says('explain widget.spec'),
      says('explain cronjob --api-version=batch/v1'),
    ]);
    expect(plain).toContain('KIND:       Pod\nVERSION:    v1');
    expect(nested).toContain('GROUP:      apps\nKIND:       Deployment\nVERSION:    v1');
    expect(nested).toContain('FIELD: maxSurge <IntOrString>');
    expect(recursive).toContain('averageUtilization\t<integer>');
    expect(custom).toContain('What is wanted of a widget.');
    expect(custom).toContain('size\t<integer> -required-');
    expect(version).toContain('KIND:       CronJob');
    expect(await session().refusal('explain pod.nothing')).toBe('error: field "nothing" does not exist');
  });

  test('discovery tells names, groups and verbs', async () => {
    const [wide, namespaced, group, versions, info] = await Promise.all([
      says('api-resources -o wide --no-headers'),
      says('api-resources --namespaced=false -o name'),
      says('api-resources --api-group=apps -o name'),
      lines('api-versions'),
      says('cluster-info'),
    ]);
    expect(wide).toMatch(
      /^pods +po +v1 +true +Pod +create,delete,deletecollection,get,list,patch,update,watch +all$/m,
    );
    expect(wide).toMatch(/^widgets +wg +every.example.com\/v1 +true +Widget /m);
    expect(namespaced.split('\n')).toContain('nodes');
    expect(namespaced.split('\n')).not.toContain('pods');
    expect(group.split('\n').sort()).toEqual(
      ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'].map(
        (name) => `${name}.apps`,
      ),
    );
    expect(versions).toEqual([...versions].sort());
    expect(versions).toEqual(expect.arrayContaining(['v1', 'apps/v1', 'every.example.com/v1']));
    expect(info).toContain('is running at');
  });

  test('raw paths are answered beside the kinds', async () => {
    expect(await says('get --raw /readyz')).toBe('ok');
    expect(await says("get --raw '/readyz?verbose'")).toContain('readyz check passed');
    expect(JSON.parse(await says('get --raw /version'))).toMatchObject({
      major: '1',
      platform: 'linux/amd64',
    });
    expect(JSON.parse(await says('get --raw /api/v1/namespaces/every/pods/lone'))).toMatchObject({
      kind: 'Pod',
    });
    expect(await session().refusal('get --raw /nothing')).toBe(
      'Error from server (NotFound): the server could not find the requested resource',
    );
  });

  test('top tells what nodes, pods and containers use', async () => {
    await says(
      'wait --for=jsonpath={.status.currentMetrics[0].type}=Resource hpa/web --namespace every --timeout=60s',
    );
    const [nodes, pods, containers] = await Promise.all([
      says('top nodes --no-headers'),
      says('top pods --namespace every --no-headers --sort-by=cpu'),
      says('top pod lone --namespace every --containers --no-headers'),
    ]);
    expect(nodes.split('\n')).toHaveLength(4);
    expect(nodes).not.toContain('<unknown>');
    expect(nodes).toMatch(/^aks-system-\S+ +\d+m +\d+% +\d+Mi +\d+%/m);
    expect(pods).toMatch(/^lone +\d+m +\d+Mi/m);
    expect(containers).toMatch(/^lone +main +\d+m +\d+Mi/);
  });

  test('deleting the manifest leaves nothing of it', async () => {
    await session().says('delete -f - --ignore-not-found --timeout=60s', {
      input: `${everyKind}---${widget}`,
    });
    expect(await says('get namespaces,crds,pv -o name')).not.toContain('every');
  });
});
