import { describe, expect, test } from 'vitest';
import { chart, describeWithHelm } from './session.js';

const shop = chart('shop');
const raw = chart('raw');
const object = (apiVersion: string, kind: string, more: object, name = 'thing') => ({
  apiVersion,
  kind,
  metadata: { name },
  ...more,
});
const pod = (spec: object, annotations: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'thing', annotations },
  spec: { containers: [{ name: 'main', image: 'nginx:1.27', ...spec }] },
});
/** Values by which no pod of a revision gets its image. */
const broken = `--set-string image.tag=none --set-string 'annotations.poolkeeper\\.dev/image-pull-failure=not-found'`;

describeWithHelm("Helm and what doesn't work", { pools: { work: 2 }, speed: 60 }, (helm) => {
  const says = (line: string) => helm().says(line);
  const refusal = (line: string) => helm().refusal(line);
  const kubectl = (line: string) => helm().session.says(line);
  const withObjects = (...objects: readonly object[]) => `-f ${helm().values('objects', { objects })}`;
  const last = async (release: string) => (await helm().history(release)).at(-1);
  const small = '--set hooks.enabled=false --set cache.enabled=false';

  test('there is a release to begin with', async () => {
    expect(await says(`install web ${shop} ${small} --wait --timeout 60s`)).toContain('STATUS: deployed');
  });

  describe('a revision that does not come up', () => {
    test('is told of when the time is over, and stays', async () => {
      const told = await refusal(`upgrade web ${shop} ${small} ${broken} --wait --timeout 1s`);
      expect(told).toContain(
        'Error: UPGRADE FAILED: resource Deployment/default/web-shop not ready. status: InProgress, message: Updated: 1/2\ncontext deadline exceeded',
      );
      expect(await last('web')).toContain(
        '2 failed: Upgrade "web" failed: resource Deployment/default/web-shop',
      );
      expect(await kubectl('get pods -l app.kubernetes.io/instance=web --no-headers')).toMatch(
        / 0\/1 +(ErrImagePull|ImagePullBackOff|ContainerCreating) /,
      );
      const legacy = `upgrade web ${shop} ${small} ${broken} --wait=legacy --timeout 1s`;
      expect(await refusal(legacy)).toContain('Error: UPGRADE FAILED: context deadline exceeded');
    });

    test('is taken back where that is asked for', async () => {
      await says(`rollback web 1 --wait --timeout 60s`);
      const told = await refusal(`upgrade web ${shop} ${small} ${broken} --rollback-on-failure --timeout 1s`);
      expect(told).toContain(
        'Error: UPGRADE FAILED: release web failed, and has been rolled back due to rollback-on-failure being set',
      );
      expect(await last('web')).toBe('6 deployed: Rollback to 4');
      expect(
        await kubectl("get deployment web-shop -o 'jsonpath={.spec.template.spec.containers[0].image}'"),
      ).toBe('nginx:1.27');
      await kubectl('rollout status deployment/web-shop --timeout=30s');
    });

    test('of a new release is uninstalled where that is asked for', async () => {
      const told = await refusal(`install new ${shop} ${small} ${broken} --rollback-on-failure --timeout 1s`);
      expect(told).toContain(
        'release new failed, and has been uninstalled due to rollback-on-failure being set',
      );
      expect(await refusal('status new')).toContain('release: not found');
      expect(await kubectl('get all -l app.kubernetes.io/instance=new -o name')).toBe('');
    });

    test.each<[string, object, string]>([
      [
        'a pod on no node',
        pod({ resources: { requests: { cpu: '900' } } }),
        'resource Pod/default/thing not ready. status: Failed, message: Pod could not be scheduled',
      ],
      [
        'a claim that nobody binds',
        object('v1', 'PersistentVolumeClaim', {
          spec: {
            storageClassName: 'none',
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
          },
        }),
        'resource PersistentVolumeClaim/default/thing not ready. status: InProgress, message: PVC is not Bound. phase: Pending',
      ],
      [
        'a set whose pods have no place',
        object('apps/v1', 'StatefulSet', {
          spec: {
            serviceName: 'x',
            replicas: 1,
            selector: { matchLabels: { app: 'x' } },
            template: {
              metadata: { labels: { app: 'x' } },
              spec: {
                containers: [{ name: 'main', image: 'nginx', resources: { requests: { memory: '1Ti' } } }],
              },
            },
          },
        }),
        'resource StatefulSet/default/thing not ready. status: InProgress, message: Ready: 0/1',
      ],
    ])('%s is named', async (_, made, told) => {
      expect(await refusal(`install slow ${raw} ${withObjects(made)} --wait --timeout 1s`)).toContain(told);
      await says('uninstall slow');
    });

    test('a hook that fails stops it before anything is changed', async () => {
      const told = await refusal(
        `upgrade web ${shop} --set cache.enabled=false --set replicas=3 --set hooks.exitCodes.pre-upgrade=3 --timeout 60s`,
      );
      expect(told).toContain(
        'Error: UPGRADE FAILED: pre-upgrade hooks failed: resource Job/default/web-shop-pre-upgrade not ready. status: Failed',
      );
      expect(await kubectl('get deployment web-shop -o jsonpath={.spec.replicas}')).toBe('2');
      expect(await kubectl('get job web-shop-pre-upgrade --no-headers')).toMatch(/ Failed +0\/1 /);
    });
  });

  describe('whose an object is', () => {
    test('what somebody else has made is not taken over unasked', async () => {
      await kubectl('create configmap theirs-shop --from-literal=a=1');
      expect(await refusal(`install theirs ${shop} ${small}`)).toContain(
        'Error: INSTALLATION FAILED: unable to continue with install: ConfigMap "theirs-shop" in namespace "default" exists and cannot be imported into the current release: invalid ownership metadata',
      );
      await says(`install theirs ${shop} ${small} --take-ownership`);
      expect(await kubectl('get configmap theirs-shop -o jsonpath={.data}')).toBe(
        '{"BANNER":"welcome","MODE":"fast","a":"1"}',
      );
      await says('uninstall theirs');
    });

    test('a field that somebody else has set is not set back unasked', async () => {
      await kubectl('scale deployment web-shop --replicas=4');
      expect(await refusal(`upgrade web ${shop} ${small} --set replicas=3`)).toContain(
        'conflict occurred while applying object default/web-shop apps/v1, Kind=Deployment: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
      );
      await says(`upgrade web ${shop} ${small} --set replicas=3 --force-conflicts --wait --timeout 60s`);
      expect(await kubectl('get deployment web-shop -o jsonpath={.status.readyReplicas}')).toBe('3');
    });

    test('Helm itself may merge instead of the server, as its third generation does', async () => {
      const owners = () =>
        kubectl(
          `get deployment web-shop --show-managed-fields -o 'jsonpath={range .metadata.managedFields[?(@.manager=="helm")]}{.operation} {end}'`,
        );
      expect((await owners()).trim()).toBe('Apply');
      await says(`upgrade web ${shop} ${small} --set replicas=2 --server-side=false --wait --timeout 60s`);
      expect(await owners()).toContain('Update');
      await says(`upgrade web ${shop} ${small} --set replicas=2 --server-side=true --force-conflicts`);
      await says(
        `upgrade web ${shop} ${small} --set service.type=NodePort --force-replace --server-side=false`,
      );
      expect(await kubectl('get service web-shop --no-headers')).toContain(' NodePort ');
    });

    test('one change of a release at a time, and one that was cut off is in the way of others', async () => {
      const { session, binary } = helm();
      const cutOff = session.start(`install busy ${shop} ${broken} --wait --timeout 60s`, {}, binary);
      await kubectl('wait --for=create deployment/busy-shop --timeout=30s');
      cutOff.kill('SIGKILL');
      expect(await refusal(`upgrade busy ${shop}`)).toContain(
        'another operation (install/upgrade/rollback) is in progress',
      );
      expect(await refusal(`install busy ${shop}`)).toContain('cannot reuse a name that is still in use');
      expect(await says('list --pending')).toMatch(/^busy\s+default\s+1\s.*\spending-install\s/m);
      await says('uninstall busy --no-hooks');
    });
  });

  describe('is refused', () => {
    const deployment = (replicas: unknown, container: object = {}) =>
      object('apps/v1', 'Deployment', {
        spec: {
          replicas,
          selector: { matchLabels: { app: 'x' } },
          template: {
            metadata: { labels: { app: 'x' } },
            spec: { containers: [{ name: 'main', image: 'nginx:1.27', ...container }] },
          },
        },
      });

    test.each<[string, object, string]>([
      [
        'a kind that there is not',
        object('nothing.example.com/v1', 'Nothing', {}),
        'resource mapping not found for name: "thing" namespace: "" from "": no matches for kind "Nothing" in version "nothing.example.com/v1"\nensure CRDs are installed first',
      ],
      [
        'a field that there is not',
        object('v1', 'ConfigMap', { dta: {} }),
        'failed to create typed patch object (default/thing; /v1, Kind=ConfigMap): .dta: field not declared in schema',
      ],
      [
        'a value of another type',
        deployment('two'),
        '.spec.replicas: expected numeric (int or float), got string',
      ],
      [
        'a variable twice',
        deployment(1, {
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        }),
        '.spec.template.spec.containers[name="main"].env: duplicate entries for key [name="A"]',
      ],
      [
        'a value that makes no sense',
        deployment(-1),
        'Deployment.apps "thing" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      ],
      [
        'a name that is none',
        object('v1', 'ConfigMap', {}, 'Upper'),
        'ConfigMap "Upper" is invalid: metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain must consist of',
      ],
      [
        'a custom resource that is not valid',
        object('shop.example.com/v1', 'Offer', { spec: { percent: 95 } }),
        'Offer.shop.example.com "thing" is invalid: spec.percent: Invalid value: 95: spec.percent in body should be less than or equal to 90',
      ],
    ])('%s', async (_, made, told) => {
      const { code, stderr } = await helm().run(`install bad ${raw} ${withObjects(made)}`);
      expect([code, stderr]).toEqual([1, expect.stringContaining(told)]);
      await says('uninstall bad --ignore-not-found');
    });

    test('what cannot change', async () => {
      const service = (clusterIP: string) =>
        object('v1', 'Service', { spec: { clusterIP, ports: [{ port: 80 }] } });
      await says(`install fixed ${raw} ${withObjects(service('10.0.77.7'))}`);
      expect(await refusal(`upgrade fixed ${raw} ${withObjects(service('10.0.77.8'))}`)).toContain(
        'Service "thing" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.77.8"]: may not change once set',
      );
      await says('uninstall fixed');
    });

    test('a release that does not fit into its Secret', async () => {
      // Random letters, as a release is packed before it is kept.
      const letters = Array.from({ length: 260_000 }, (_, index) =>
        (index * index * 7919 + index * 104_729).toString(36),
      );
      const big = object('v1', 'ConfigMap', { data: { text: letters.join('').slice(0, 1_030_000) } });
      expect(await refusal(`install big ${raw} ${withObjects(big)}`)).toContain(
        'Secret "sh.helm.release.v1.big.v1" is invalid: data: Too long: may not be more than 1048576 bytes',
      );
    });

    test('a namespace that there is not, and a person who may not', async () => {
      expect(await refusal(`install web ${raw} --namespace nowhere`)).toContain(
        'create: failed to create: namespaces "nowhere" not found',
      );
      expect(await refusal('list --kube-as-user bob')).toContain(
        'secrets is forbidden: User "bob" cannot list resource "secrets" in API group "" in the namespace "default"',
      );
    });

    test('values that the chart itself has no use for', async () => {
      const told = await refusal(`upgrade web ${shop} --set replicas=-1 --set service.type=Magic`);
      expect(told).toContain("values don't meet the specifications of the schema(s)");
      expect(told).toContain("at '/replicas': minimum: got -1, want 0");
      expect(told).toContain(
        "at '/service/type': value must be one of 'ClusterIP', 'NodePort', 'LoadBalancer'",
      );
    });
  });
});
