import { describe, expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

const deployment = (name: string, replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: ${String(replicas)}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: main, image: "nginx:1.25", ports: [{ containerPort: 80 }] }
        - { name: log, image: "fluent-bit:3.1" }
`;

describeWithCluster('kubectl on workloads', { pools: { work: 2 } }, (session) => {
  const inShop = (line: string) => session().says(`--namespace shop ${line}`);
  const refusal = (line: string) => session().refusal(`--namespace shop ${line}`);
  const get = (object: string, path: string) => inShop(`get ${object} -o 'jsonpath={${path}}'`);
  const rolledOut = (object: string) => inShop(`rollout status ${object} --timeout=60s`);
  const start = async (name: string, replicas = 2) => {
    await session().apply(deployment(name, replicas));
    await rolledOut(`deployment/${name}`);
  };

  test('there is a namespace to work in', () => session().says('create namespace shop'));

  describe('rollout', () => {
    test('goes on, back and to a revision, and keeps its history', async () => {
      await start('rolled');
      await inShop(`annotate deployment rolled kubernetes.io/change-cause='first'`);
      await inShop('set image deployment/rolled main=nginx:1.26');
      await inShop(`annotate deployment rolled kubernetes.io/change-cause='second' --overwrite`);
      expect(await rolledOut('deployment/rolled')).toContain('deployment "rolled" successfully rolled out');
      const history = (await inShop('rollout history deployment/rolled')).split('\n');
      expect(history).toEqual([
        'deployment.apps/rolled ',
        expect.stringMatching(/^REVISION +CHANGE-CAUSE$/),
        expect.stringMatching(/^1 +first$/),
        expect.stringMatching(/^2 +second$/),
      ]);
      expect(await inShop('rollout history deployment/rolled --revision=1')).toContain('Image:\tnginx:1.25');
      expect(await inShop('rollout undo deployment/rolled')).toBe('deployment.apps/rolled rolled back');
      await rolledOut('deployment/rolled');
      expect(await get('deployment rolled', '.spec.template.spec.containers[0].image')).toBe('nginx:1.25');
      expect(await inShop('rollout undo deployment/rolled --to-revision=2')).toBe(
        'deployment.apps/rolled rolled back',
      );
      expect(await refusal('rollout undo deployment/rolled --to-revision=99')).toBe(
        'error: unable to find specified revision 99 in history',
      );
      const revisions = (await inShop('rollout history deployment/rolled')).split('\n').slice(2);
      expect(revisions.map((line) => line.split(' ')[0])).toEqual(['3', '4']);
    });

    test('stands still while it is paused', async () => {
      await start('paused');
      await inShop('set env deployment/paused BEFORE=1');
      await rolledOut('deployment/paused');
      expect(await inShop('rollout pause deployment/paused')).toBe('deployment.apps/paused paused');
      await inShop('set image deployment/paused main=nginx:1.26');
      await inShop('set env deployment/paused A=1');
      expect(await get('pods -l app=paused', '.items[*].spec.containers[0].image')).toBe(
        'nginx:1.25 nginx:1.25',
      );
      expect(await refusal('rollout pause deployment/paused')).toBe(
        'error: deployments.apps "paused" is already paused',
      );
      expect(await refusal('rollout restart deployment/paused')).toContain(
        "can't restart paused deployment (run rollout resume first)",
      );
      expect(await refusal('rollout undo deployment/paused')).toMatch(
        /cannot rollback a paused deployment|no rollout history found/,
      );
      expect(await inShop('rollout resume deployment/paused')).toBe('deployment.apps/paused resumed');
      await rolledOut('deployment/paused');
      expect((await inShop('rollout history deployment/paused')).split('\n').slice(2)).toHaveLength(3);
    });

    test('restarts what it is told to', async () => {
      await start('restarted');
      const before = await get('pods -l app=restarted', '.items[*].metadata.name');
      expect(await inShop('rollout restart deployment/restarted')).toBe(
        'deployment.apps/restarted restarted',
      );
      await rolledOut('deployment/restarted');
      await inShop('wait --for=delete pods --timeout=30s ' + before.split(' ').join(' '));
      const after = (await get('pods -l app=restarted', '.items[*].metadata.name')).split(' ');
      expect(after.some((name) => before.includes(name))).toBe(false);
    });

    test('says when it takes too long', async () => {
      await session().apply(
        deployment('stuck', 1).replace('replicas: 1', 'replicas: 1\n  progressDeadlineSeconds: 20'),
      );
      await rolledOut('deployment/stuck');
      await inShop('set resources deployment/stuck --containers=main --requests=cpu=900');
      expect(await refusal('rollout status deployment/stuck --timeout=60s')).toBe(
        'error: deployment "stuck" exceeded its progress deadline',
      );
      expect(await inShop('describe pods -l app=stuck')).toMatch(
        /0\/4 nodes are available: .*Insufficient cpu/,
      );
      await inShop('rollout undo deployment/stuck');
      await rolledOut('deployment/stuck');
    });

    test('of a StatefulSet and a DaemonSet is told and taken back as well', async () => {
      const set = (kind: string, extra: string) =>
        deployment(kind.toLowerCase(), 2)
          .replace('kind: Deployment', `kind: ${kind}`)
          .replace('replicas: 2', extra);
      await session().apply(
        [set('StatefulSet', 'replicas: 2\n  serviceName: x'), set('DaemonSet', 'minReadySeconds: 0')].join(
          '---',
        ),
      );
      for (const object of ['statefulset/statefulset', 'daemonset/daemonset']) {
        await rolledOut(object);
        await inShop(`set image ${object} main=nginx:1.26`);
        expect(await rolledOut(object)).toMatch(
          /rolling update complete|successfully rolled out|roll out complete/,
        );
        expect(
          (await inShop(`rollout history ${object}`))
            .split('\n')
            .slice(2)
            .map((line) => line.split(' ')[0]),
        ).toEqual(['1', '2']);
        expect(await inShop(`rollout undo ${object}`)).toMatch(/ rolled back$/);
        await rolledOut(object);
        expect(await get(object, '.spec.template.spec.containers[0].image')).toBe('nginx:1.25');
        expect(await inShop(`rollout restart ${object}`)).toMatch(/ restarted$/);
        await rolledOut(object);
      }
    });
  });

  describe('scale, autoscale and expose', () => {
    test('scales, if it is as many as one thinks', async () => {
      await start('scaled', 2);
      expect(await inShop('scale deployment/scaled --replicas=3')).toBe('deployment.apps/scaled scaled');
      expect(await refusal('scale deployment/scaled --current-replicas=9 --replicas=1')).toBe(
        'error: Expected replicas to be 9, was 3',
      );
      expect(await inShop('scale deployment/scaled --current-replicas=3 --replicas=1')).toBe(
        'deployment.apps/scaled scaled',
      );
      expect(await refusal('scale deployment/none --replicas=1')).toContain(
        'deployments.apps "none" not found',
      );
      expect(await inShop('scale deployment/scaled --replicas=0 --timeout=30s')).toBe(
        'deployment.apps/scaled scaled',
      );
      await inShop('wait --for=delete pods -l app=scaled --timeout=30s');
      expect(await refusal('scale deployment -l app=none --replicas=1')).toMatch(
        /no objects passed to scale/,
      );
    });

    test('autoscales', async () => {
      await start('auto', 1);
      expect(await inShop('autoscale deployment auto --min=2 --max=5 --cpu=50%')).toBe(
        'horizontalpodautoscaler.autoscaling/auto autoscaled',
      );
      expect(await refusal('autoscale deployment auto --min=2 --max=5 --cpu=50%')).toContain(
        'already exists',
      );
      expect(await inShop('get hpa auto --no-headers')).toMatch(/^auto +Deployment\/auto +.* 2 +5 +\d+ /);
      await inShop('wait --for=jsonpath={.status.readyReplicas}=2 deployment/auto --timeout=60s');
    });

    test('exposes what there is as a service', async () => {
      await start('exposed', 1);
      expect(await inShop('expose deployment exposed --port=80 --target-port=8080')).toBe(
        'service/exposed exposed',
      );
      expect(await get('service exposed', '.spec.selector')).toBe('{"app":"exposed"}');
      expect(await inShop('expose service exposed --name=again --port=81 --type=NodePort')).toBe(
        'service/again exposed',
      );
      expect(await refusal('expose deployment exposed --port=80')).toContain(
        'services "exposed" already exists',
      );
      expect(
        await get('endpointslices -l kubernetes.io/service-name=exposed', '.items[0].ports[0].port'),
      ).toBe('8080');
    });
  });

  describe('set, run and create', () => {
    test('sets images, variables, resources, accounts and selectors', async () => {
      await start('set', 1);
      await inShop('create serviceaccount robot');
      await inShop('create configmap settings --from-literal=mode=fast');
      expect(await inShop('set image deployment/set *=busybox:1.36')).toBe(
        'deployment.apps/set image updated',
      );
      expect(await inShop('set env deployment/set --from=configmap/settings --prefix=APP_')).toBe(
        'deployment.apps/set env updated',
      );
      expect(await inShop('set env deployment/set PLAIN=1 -c main')).toBe('deployment.apps/set env updated');
      expect(
        await inShop(
          'set resources deployment/set -c main --limits=cpu=200m,memory=512Mi --requests=cpu=100m',
        ),
      ).toBe('deployment.apps/set resource requirements updated');
      expect(await inShop('set serviceaccount deployment set robot')).toBe(
        'deployment.apps/set serviceaccount updated',
      );
      expect(await inShop('set env deployment/set --list')).toContain(
        'APP_MODE from configmap settings, key mode',
      );
      const { spec } = await session().json('--namespace shop get deployment set');
      expect(spec['template']).toMatchObject({
        spec: {
          serviceAccountName: 'robot',
          containers: [
            {
              name: 'main',
              image: 'busybox:1.36',
              resources: { limits: { cpu: '200m' } },
              env: [{ name: 'APP_MODE' }, { name: 'PLAIN' }],
            },
            { name: 'log', image: 'busybox:1.36', env: [{ name: 'APP_MODE' }] },
          ],
        },
      });
      expect(await refusal('set image deployment/set none=x:1')).toBe(
        'error: unable to find container named "none"',
      );
      await inShop('expose deployment set --port=80');
      expect(await inShop('set selector service set app=other')).toBe('service/set selector updated');
    });

    test('runs a pod', async () => {
      expect(await inShop('run one --image=nginx:1.27 --port=80 --env=A=1 --labels=x=y --expose')).toBe(
        'service/one created\npod/one created',
      );
      await inShop('wait --for=condition=Ready pod/one --timeout=30s');
      expect(await inShop('run once --image=busybox:1.36 --restart=Never -- sh -c true')).toBe(
        'pod/once created',
      );
      await inShop('wait --for=jsonpath={.status.phase}=Succeeded pod/once --timeout=60s');
      expect(await refusal('run bad_name --image=x')).toContain(
        'a lowercase RFC 1123 subdomain must consist of',
      );
      expect(await inShop('run dry --image=x --dry-run=client -o name')).toBe('pod/dry');
    });

    test.each([
      ['deployment made --image=nginx --replicas=0 --port=80', 'deployment.apps/made created'],
      ['job made --image=busybox -- sh -c true', 'job.batch/made created'],
      ["cronjob made --image=busybox --schedule='*/5 * * * *'", 'cronjob.batch/made created'],
      ['job from-cron --from=cronjob/made', 'job.batch/from-cron created'],
      ['configmap made --from-literal=a=1 --from-file=kubeconfig', 'configmap/made created'],
      ['secret generic made --from-literal=a=1', 'secret/made created'],
      [
        'secret docker-registry made-pull --docker-server=r --docker-username=u --docker-password=p',
        'secret/made-pull created',
      ],
      ['service clusterip made --tcp=80:8080', 'service/made created'],
      ['service clusterip made-headless --clusterip=None', 'service/made-headless created'],
      ['service nodeport made-port --tcp=80 --node-port=31000', 'service/made-port created'],
      ['service loadbalancer made-balancer --tcp=80', 'service/made-balancer created'],
      ['service externalname made-name --external-name=example.com', 'service/made-name created'],
      [
        "ingress made --class=nginx --rule='shop.example.com/*=made:80,tls=made'",
        'ingress.networking.k8s.io/made created',
      ],
      [
        'poddisruptionbudget made --selector=app=made --min-available=50%',
        'poddisruptionbudget.policy/made created',
      ],
      ['quota made --hard=pods=500,configmaps=500', 'resourcequota/made created'],
      ['priorityclass made --value=100 --description=x', 'priorityclass.scheduling.k8s.io/made created'],
      ['serviceaccount made', 'serviceaccount/made created'],
      [
        'role made --verb=get,list --resource=pods,deployments.apps',
        'role.rbac.authorization.k8s.io/made created',
      ],
      [
        'rolebinding made --role=made --serviceaccount=shop:made',
        'rolebinding.rbac.authorization.k8s.io/made created',
      ],
      [
        'clusterrole made --verb=get --non-resource-url=/metrics',
        'clusterrole.rbac.authorization.k8s.io/made created',
      ],
      [
        'clusterrole made-sum --aggregation-rule=sum=yes',
        'clusterrole.rbac.authorization.k8s.io/made-sum created',
      ],
      [
        'clusterrolebinding made --clusterrole=made --group=shop',
        'clusterrolebinding.rbac.authorization.k8s.io/made created',
      ],
      ['namespace made', 'namespace/made created'],
    ])('create %s', async (rest, printed) => {
      expect(await inShop(`create ${rest}`)).toBe(printed);
    });

    test('create refuses what makes no sense', async () => {
      expect(await refusal('create deployment made --image=nginx')).toBe(
        'error: failed to create deployment: deployments.apps "made" already exists',
      );
      expect(await refusal("create cronjob bad --image=x --schedule='61 * * * *'")).toMatch(
        /spec.schedule: Invalid value: "61 \* \* \* \*"/,
      );
      expect(await refusal('create service nodeport bad --tcp=80 --node-port=80')).toMatch(
        /spec.ports\[0\].nodePort: Invalid value: 80: provided port is not in the valid range/,
      );
      expect(await refusal('create job lost --from=cronjob/none')).toContain(
        'cronjobs.batch "none" not found',
      );
      expect(await refusal('create quota bad --hard=nonsense=x')).toContain(
        'quantities must match the regular expression',
      );
    });

    test('a role that sums up others does', async () => {
      await inShop('label clusterrole made sum=yes');
      await inShop(
        'wait --for=jsonpath={.rules[0].nonResourceURLs[0]}=/metrics clusterrole/made-sum --timeout=10s',
      );
    });
  });

  describe('jobs', () => {
    test('complete, fail, and are made by the clock', async () => {
      await session().apply(`
apiVersion: batch/v1
kind: Job
metadata: { name: many, namespace: shop }
spec:
  completions: 4
  parallelism: 2
  template: { spec: { restartPolicy: Never, containers: [{ name: main, image: "busybox:1.36" }] } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: failing, namespace: shop }
spec:
  backoffLimit: 1
  template:
    metadata: { annotations: { poolkeeper.dev/exit-code: "1" } }
    spec: { restartPolicy: Never, containers: [{ name: main, image: "busybox:1.36" }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: minutely, namespace: shop }
spec:
  schedule: "* * * * *"
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: "busybox:1.36" }] } } } }
`);
      await inShop('wait --for=condition=Complete job/many --timeout=60s');
      expect(await inShop('get job many --no-headers')).toMatch(/^many +Complete +4\/4 /);
      await inShop('wait --for=condition=Failed job/failing --timeout=90s');
      expect(await inShop('get job failing --no-headers')).toMatch(/^failing +Failed +0\/1 /);
      expect(await inShop('describe job failing')).toContain('BackoffLimitExceeded');
      await inShop('wait --for=jsonpath={.status.lastSuccessfulTime} cronjob/minutely --timeout=30s');
      expect(await inShop('get jobs -o name')).toMatch(/job.batch\/minutely-\d+/);
      await inShop(`patch cronjob minutely -p '{"spec":{"suspend":true}}'`);
      expect(await inShop('get cronjob minutely --no-headers')).toMatch(
        /^minutely +\* \* \* \* \* +<none> +True /,
      );
    });
  });

  describe('wait', () => {
    test('wait for conditions, for what a field says, and for the end', async () => {
      await start('waited', 1);
      expect(await inShop('wait --for=condition=Available deployment/waited --timeout=10s')).toBe(
        'deployment.apps/waited condition met',
      );
      expect(await inShop('wait --for=condition=Progressing=true deployment/waited --timeout=10s')).toContain(
        'condition met',
      );
      expect(
        await inShop('wait --for=jsonpath={.status.readyReplicas}=1 deployment/waited --timeout=10s'),
      ).toContain('condition met');
      expect(await inShop('wait --for=create deployment/waited --timeout=10s')).toContain('condition met');
      expect(await refusal('wait --for=condition=Never deployment/waited --timeout=1s')).toBe(
        'error: timed out waiting for the condition on deployments/waited',
      );
      expect(await refusal('wait --for=condition=Ready pod -l app=none --timeout=1s')).toBe(
        'error: no matching resources found',
      );
      const created = session().run('--namespace shop wait --for=create configmap/later --timeout=20s');
      await inShop('create configmap later');
      expect((await created).code).toBe(0);
    });
  });
});
