import { describe, expect, test } from 'vitest';
import { describeWithCluster } from './session.js';

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      initContainers: [{ name: prepare, image: "busybox:1.36" }]
      containers:
        - { name: main, image: "nginx:1.27", ports: [{ containerPort: 80 }] }
        - { name: log, image: "fluent-bit:3.1" }
---
apiVersion: v1
kind: Pod
metadata:
  name: crashing
  namespace: shop
  labels: { app: crashing }
  annotations: { poolkeeper.dev/run-duration: 12s, poolkeeper.dev/exit-code: "3" }
spec: { containers: [{ name: main, image: "busybox:1.36" }] }
---
apiVersion: v1
kind: Pod
metadata:
  name: pulling
  namespace: shop
  annotations: { poolkeeper.dev/image-pull-failure: not-found }
spec: { containers: [{ name: main, image: "nowhere:1" }] }
`;

describeWithCluster('kubectl on containers', { pools: { work: 1 } }, (session) => {
  const inShop = (line: string) => session().says(`--namespace shop ${line}`);
  const refusal = (line: string) => session().refusal(`--namespace shop ${line}`);
  const lines = async (line: string) => (await inShop(line)).split('\n');
  const pod = async () => (await inShop('get pods -l app=web -o jsonpath={.items[0].metadata.name}')).trim();

  test('there are pods to look into', async () => {
    await session().says('create namespace shop');
    await session().apply(manifest);
    await inShop('rollout status deployment/web --timeout=60s');
    await inShop(
      'wait --for=jsonpath={.status.containerStatuses[0].restartCount}=1 pod/crashing --timeout=60s',
    );
  });

  describe('logs', () => {
    test('of one container, of all, of several pods', async () => {
      const name = await pod();
      expect(await inShop(`logs ${name} -c main`)).toContain('msg="started" container=main');
      expect(await inShop(`logs ${name} -c prepare`)).toContain('msg="exiting" code=0');
      expect((await lines(`logs ${name} --all-containers --prefix --tail=1`)).sort()).toEqual(
        ['log', 'main', 'prepare'].map((one) => expect.stringContaining(`[pod/${name}/${one}] `) as string),
      );
      expect(await lines('logs -l app=web -c main --tail=1')).toHaveLength(2);
      expect(await lines('logs -l app=web --all-pods --all-containers --tail=1')).toHaveLength(6);
      const { stderr } = await session().run('--namespace shop logs deployment/web');
      expect(stderr).toMatch(/Found 2 pods, using pod\/web-/);
      expect(stderr).toContain('Defaulted container "main" out of: main, log, prepare (init)');
    });

    test('as much of them as is asked for', async () => {
      const name = await pod();
      await inShop('wait --for=condition=Ready pods -l app=web --timeout=30s');
      expect(await lines(`logs ${name} -c log --tail=1`)).toHaveLength(1);
      expect(await inShop(`logs ${name} -c log --tail=0`)).toBe('');
      expect(await inShop(`logs ${name} -c log --timestamps`)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
      expect(await inShop(`logs ${name} -c log --limit-bytes=12`)).toHaveLength(12);
      const whole = await lines(`logs ${name} -c log`);
      expect((await lines(`logs ${name} -c log --since=1h`)).length).toBeGreaterThanOrEqual(whole.length);
      expect(await inShop(`logs ${name} -c log --since-time=2050-01-01T00:00:00Z`)).toBe('');
      expect(await refusal(`logs ${name} -c log --since=1h --since-time=2050-01-01T00:00:00Z`)).toContain(
        'at most one of `sinceTime` or `sinceSeconds` may be specified',
      );
    });

    test('of the run before the present one', async () => {
      expect(await inShop('logs crashing --previous')).toContain('msg="exiting" code=3');
      expect(await refusal(`logs ${await pod()} -c main --previous`)).toMatch(
        /previous terminated container "main" in pod "web-\S+" not found/,
      );
    });

    test.each([
      ['logs none', 'pods "none" not found'],
      ['logs crashing -c none', 'container none is not valid for pod crashing'],
      ['logs pulling', 'container "main" in pod "pulling" is waiting to start: '],
      ['logs deployment/none', 'deployments.apps "none" not found'],
      ['logs -l app=none --tail=bad', 'invalid argument "bad"'],
    ])('%s is refused', async (line, told) => {
      expect(await refusal(line)).toContain(told);
    });
  });

  describe('debug', () => {
    const debugged = (name: string) =>
      inShop(
        `get pod ${name} -o 'jsonpath={range .status.ephemeralContainerStatuses[*]}{.name}:{.state}{end}'`,
      );

    test('adds a container to a running pod, which runs, ends and is not run again', async () => {
      await inShop('run bugged --image=nginx:1.27');
      await inShop('wait --for=condition=Ready pod/bugged --timeout=30s');
      await inShop(
        'debug bugged --image=busybox:1.36 --container=helper --profile=general --target=bugged -- cat /proc/1/status',
      );
      const ended = '{.status.ephemeralContainerStatuses[0].state.terminated.reason}=Completed';
      await inShop(`wait --for=jsonpath=${ended} pod/bugged --timeout=60s`);
      expect(await inShop('logs bugged -c helper')).toContain('msg="exiting" code=0');
      expect(await inShop('get pod bugged --no-headers')).toMatch(/^bugged +1\/1 +Running +0 /);
      expect(await inShop('describe pod bugged')).toMatch(
        /Ephemeral Containers:\n {2}helper:\n(.*\n)* {4}State: +Terminated\n {6}Reason: +Completed/,
      );
      expect(
        await inShop(
          "get events --field-selector 'involvedObject.fieldPath=spec.ephemeralContainers{helper}' -o name",
        ),
      ).not.toBe('');
      expect(await refusal('debug bugged --image=busybox --container=helper --profile=general')).toContain(
        'existing ephemeral containers "helper" may not be changed',
      );
    });

    test('stays while its input is open, though nobody can attach', async () => {
      const { stderr, stdout } = await session().run(
        '--namespace shop debug bugged --stdin --image=busybox:1.36 --container=shell --profile=general',
      );
      expect(stderr).toContain(
        "warning: couldn't attach to pod/bugged, falling back to streaming logs: pods/attach",
      );
      expect(stdout).toContain('msg="started" container=shell');
      expect(await debugged('bugged')).toMatch(/shell:\{"running"/);
    });

    test('an image that can not be had leaves the pod as it is', async () => {
      await session().apply(`
apiVersion: v1
kind: Pod
metadata: { name: missing, namespace: shop, annotations: { poolkeeper.dev/helper.image-pull-failure: not-found } }
spec: { containers: [{ name: main, image: "nginx:1.27" }] }
`);
      await inShop('wait --for=condition=Ready pod/missing --timeout=30s');
      await inShop('debug missing --image=nowhere:2 --container=helper --profile=general --attach=false');
      const waits = '{.status.ephemeralContainerStatuses[0].state.waiting.reason}=ImagePullBackOff';
      await inShop(`wait --for=jsonpath=${waits} pod/missing --timeout=30s`);
      expect(await inShop('get pod missing --no-headers')).toMatch(/^missing +1\/1 +Running +0 /);
      expect(await refusal('logs missing -c helper')).toContain('trying and failing to pull image');
    });

    test('copies a pod, and changes the copy', async () => {
      await inShop(
        'debug bugged --image=busybox:1.36 --attach=false --copy-to=copy --share-processes --profile=general',
      );
      await inShop('wait --for=condition=PodReadyToStartContainers pod/copy --timeout=30s');
      expect(await inShop('get pod copy -o jsonpath={.spec.containers[*].image}')).toBe(
        'nginx:1.27 busybox:1.36',
      );
      await inShop("debug bugged --copy-to=other --set-image='*=nginx:1.28' --profile=general");
      expect(await inShop('get pod other -o jsonpath={.spec.containers[*].image}')).toBe('nginx:1.28');
    });

    test('looks at a node', async () => {
      const node = await session().says('get nodes -l agentpool=work -o jsonpath={.items[0].metadata.name}');
      const told = await inShop(`debug node/${node} --image=busybox:1.36 --attach=false --profile=sysadmin`);
      const [, name = ''] =
        /Creating debugging pod (node-debugger-\S+) with container debugger on node/.exec(told) ?? [];
      await inShop(`wait --for=jsonpath={.status.phase} pod/${name} --timeout=30s`);
      expect(await inShop(`get pod ${name} -o jsonpath={.spec.nodeName}/{.spec.hostPID}`)).toBe(
        `${node}/true`,
      );
    });
  });

  describe('exec, attach, cp and port-forward', () => {
    test.each([
      ['exec bugged -- ls', 'pods/exec'],
      ['exec -it bugged -- sh', 'pods/exec'],
      ['exec deployment/web -- ls', 'pods/exec'],
      ['attach bugged', 'pods/attach'],
      ['run seen --image=nginx:1.27 --attach --restart=Never', 'pods/attach'],
      ['port-forward pod/bugged 0:80', 'pods/portforward'],
      ['port-forward deployment/web 0:80', 'pods/portforward'],
      ['cp bugged:/etc/hosts hosts', 'pods/exec'],
      ['cp kubeconfig bugged:/tmp/file', 'pods/exec'],
    ])('%s is refused, and says why', async (line, what) => {
      const { stderr, stdout } = await session().run(`--namespace shop ${line}`);
      expect(stderr + stdout).toContain(
        `${what} is not available: containers of this cluster are simulated, there is nothing to connect to`,
      );
    });

    test.each(['exec none -- ls', 'attach none', 'port-forward none 0:80'])(
      '%s names the pod',
      async (line) => {
        expect(await refusal(line)).toContain('Error from server (NotFound): pods "none" not found');
      },
    );
  });
});
