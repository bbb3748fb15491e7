import { expect, test } from 'vitest';
import { chart, describeWithHelm, helms } from './session.js';

const shop = chart('shop');
const patient = '--wait --timeout 60s';

interface Listed {
  readonly name: string;
  readonly namespace: string;
  readonly revision: string;
  readonly status: string;
  readonly chart: string;
}

// What both Helms do: the life of one release from its first day to its last.
for (const [name, binary] of helms) {
  describeWithHelm(
    `${name} and the life of a release`,
    { pools: { work: 2 }, speed: 60 },
    (helm) => {
      const says = (line: string) => helm().says(line);
      const kubectl = (line: string) => helm().session.says(`--namespace team ${line}`);
      const inTeam = (line: string) => says(`--namespace team ${line}`);
      const field = (object: string, path: string) => kubectl(`get ${object} -o 'jsonpath={${path}}'`);
      const listed = async (flags = '') =>
        (await helm().json<readonly Listed[]>(`list --all-namespaces ${flags}`)).map(
          (one) => `${one.namespace}/${one.name} ${one.revision} ${one.status} ${one.chart}`,
        );
      const upgrade = (flags: string) => inTeam(`upgrade web ${shop} ${patient} ${flags}`);
      let key = '';

      test('a dry run installs nothing', async () => {
        const printed = await inTeam(`install web ${shop} --set offer.enabled=false --dry-run=server`);
        expect(printed).toContain('# Source: shop/templates/deployment.yaml');
        expect(printed).toContain('STATUS: pending-install');
        expect(await listed('--pending')).toEqual([]);
      });

      test('install makes the namespace, runs the hooks, and waits until all of it is there', async () => {
        const printed = await inTeam(`install web ${shop} --create-namespace ${patient}`);
        expect(printed).toMatch(/^NAME: web\n/);
        expect(printed).toContain('STATUS: deployed\nREVISION: 1');
        expect(printed).toMatch(/shop 1\.27 is installed as web-shop, on Kubernetes v1\.\d+\.\d+\./);
        expect(printed).toContain('It can be scaled by what it uses.');
        expect(await kubectl('get deployment web-shop --no-headers')).toMatch(/^web-shop +2\/2 +2 +2 /);
        expect(await kubectl('get statefulset web-cache --no-headers')).toMatch(/^web-cache +1\/1 /);
        expect(
          await kubectl('get ingress,pdb,serviceaccount -l app.kubernetes.io/instance=web -o name'),
        ).toBe(
          [
            'ingress.networking.k8s.io/web-shop',
            'poddisruptionbudget.policy/web-shop',
            'serviceaccount/web-shop',
          ].join('\n'),
        );
        // Of the chart's `crds` folder, and an object of the kind that it defines.
        expect(await kubectl('get offers --no-headers')).toMatch(/^web-shop +10$/);
        expect(
          await field('endpointslices -l kubernetes.io/service-name=web-shop', '.items[0].ports[0].port'),
        ).toBe('8080');
        key = await field('secret web-shop-session', '.data.key');
        expect(key).toHaveLength(32);
      });

      test('a hook stays or goes as its policy says', async () => {
        // Before it is made again; once it has succeeded.
        expect(await kubectl('get jobs -o name')).toBe('job.batch/web-shop-pre-install');
        expect(await kubectl('get job web-shop-pre-install --no-headers')).toMatch(/ Complete +1\/1 /);
        const reasons = await kubectl(
          "get events --field-selector reason=Completed -o 'jsonpath={.items[*].involvedObject.name}'",
        );
        expect(reasons.split(' ').sort()).toEqual(['web-shop-post-install', 'web-shop-pre-install']);
      });

      test('list, status and get tell of it', async () => {
        expect(await listed()).toEqual(['team/web 1 deployed shop-1.2.0']);
        expect(await listed('--filter none')).toEqual([]);
        const status = await inTeam(`status web${name === 'Helm 3' ? ' --show-resources' : ''}`);
        expect(status).toContain('STATUS: deployed');
        expect(status).toMatch(
          /==> v1\/Deployment\nNAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb-shop +2\/2 /,
        );
        expect(status).toMatch(/==> v1\/Pod\(related\)\nNAME +READY +STATUS +RESTARTS +AGE\n/);
        expect(status).toMatch(/web-cache-0 +1\/1 +Running /);
        expect(await inTeam('get manifest web')).toContain('kind: PodDisruptionBudget');
        expect(await inTeam('get manifest web')).not.toContain('kind: Job');
        expect(await inTeam('get hooks web')).toContain('helm.sh/hook: pre-install');
        expect(await inTeam('get notes web')).toContain('shop 1.27 is installed as web-shop');
        expect(await inTeam('get values web')).toBe('USER-SUPPLIED VALUES:\nnull');
        expect(await inTeam('get values web --all -o json')).toContain('"banner":"welcome"');
        const all = await inTeam('get all web');
        for (const part of ['COMPUTED VALUES:', 'HOOKS:', 'MANIFEST:', 'NOTES:']) expect(all).toContain(part);
        expect(await inTeam('get metadata web')).toContain('REVISION: 1');
      });

      test('upgrade changes what the values say, and keeps what a template looks up', async () => {
        const printed = await upgrade('--set replicas=3 --set settings.mode=slow');
        expect(printed).toContain('Release "web" has been upgraded. Happy Helming!');
        expect(printed).toContain('shop 1.27 is upgraded as web-shop');
        expect(await field('deployment web-shop', '.status.readyReplicas')).toBe('3');
        expect(await field('configmap web-shop', '.data.MODE')).toBe('slow');
        expect(await field('secret web-shop-session', '.data.key')).toBe(key);
        // The pods of other settings are other pods.
        expect(await kubectl('get replicasets -l app.kubernetes.io/instance=web -o name')).toContain('\n');
        // This hook goes once it has succeeded.
        expect(await kubectl('get jobs -o name')).toBe('job.batch/web-shop-pre-install');
      });

      test('values are used again, or set back', async () => {
        await upgrade('--reuse-values --set-string image.tag=1.28');
        expect(await inTeam('get values web -o json')).toBe(
          '{"image":{"tag":"1.28"},"replicas":3,"settings":{"mode":"slow"}}',
        );
        expect(await field('deployment web-shop', '.spec.template.spec.containers[0].image')).toBe(
          'nginx:1.28',
        );
        await upgrade('--reset-values --set ingress.enabled=false');
        expect(await inTeam('get values web -o json')).toBe('{"ingress":{"enabled":false}}');
        expect(await field('deployment web-shop', '.spec.replicas')).toBe('2');
        // What a revision does not hold any more is taken away.
        expect(await kubectl('get ingress -o name')).toBe('');
      });

      test('what scales itself is left to do so', async () => {
        await upgrade('--set autoscaling.enabled=true --set autoscaling.min=3');
        await kubectl('wait --for=jsonpath={.status.currentReplicas}=3 hpa/web-shop --timeout=60s');
      });

      test('rollback goes back to a revision, by a new one', async () => {
        expect(await inTeam(`rollback web 3 ${patient}`)).toBe('Rollback was a success! Happy Helming!');
        expect(await field('deployment web-shop', '.spec.template.spec.containers[0].image')).toBe(
          'nginx:1.28',
        );
        expect(await field('deployment web-shop', '.status.readyReplicas')).toBe('3');
        expect(await kubectl('get hpa -o name')).toBe('');
        expect(await kubectl('get ingress -o name')).toBe('ingress.networking.k8s.io/web-shop');
        expect((await helm().history('--namespace team web')).slice(-2)).toEqual([
          '5 superseded: Upgrade complete',
          '6 deployed: Rollback to 3',
        ]);
        expect(await helm().refusal('--namespace team rollback web 99')).toContain(
          'release has no 99 version',
        );
      });

      test('test runs the test pods, and shows their logs', async () => {
        const printed = await inTeam('test web --logs --timeout 60s');
        expect(printed).toMatch(/TEST SUITE: +web-shop-connection\n(.*\n)*Phase: +Succeeded/);
        expect(printed).toContain('POD LOGS: web-shop-connection');
        expect(printed).toContain('msg="exiting" code=0');
        await upgrade('--reuse-values --set hooks.exitCodes.test=7');
        const failed = await helm().run('--namespace team test web --logs --timeout 60s');
        expect(failed.code).toBe(1);
        expect(failed.stdout).toMatch(/Phase: +Failed/);
        expect(failed.stdout).toContain('msg="exiting" code=7');
        expect(failed.stderr).toMatch(/pod web-shop-connection failed/i);
      });

      test('upgrade installs what is not there yet, beside the first', async () => {
        const printed = await inTeam(
          `upgrade --install second ${shop} ${patient} --set cache.enabled=false --set hooks.enabled=false`,
        );
        expect(printed).toContain('Release "second" does not exist. Installing it now.');
        expect(await kubectl('get statefulsets -o name')).toBe('statefulset.apps/web-cache');
        expect(await listed()).toEqual([
          'team/second 1 deployed shop-1.2.0',
          'team/web 7 deployed shop-1.2.0',
        ]);
      });

      test('uninstall takes all of it away, and waits for it', async () => {
        expect(await inTeam('uninstall second --wait --timeout 60s')).toBe('release "second" uninstalled');
        expect(
          await kubectl('get all,pdb,offers,configmaps -l app.kubernetes.io/instance=second -o name'),
        ).toBe('');
        expect(await helm().refusal('--namespace team status second')).toContain('release: not found');
      });

      test('uninstall may keep the history, to go back to', async () => {
        expect(await inTeam('uninstall web --keep-history --wait --timeout 60s')).toBe(
          'release "web" uninstalled',
        );
        expect(await listed('--uninstalled')).toEqual(['team/web 7 uninstalled shop-1.2.0']);
        expect(await kubectl('get deployments,services,offers,ingress -o name')).toBe('');
        await inTeam(`rollback web 6 ${patient}`);
        expect(await field('deployment web-shop', '.status.readyReplicas')).toBe('3');
        await inTeam('uninstall web --wait --timeout 60s');
        expect(await kubectl('get secrets -l owner=helm -o name')).toBe('');
        // What a hook made and no policy took away, and what came from `crds`, stays.
        expect(await kubectl('get jobs -o name')).toBe('job.batch/web-shop-pre-install');
        expect(await kubectl('get crd offers.shop.example.com -o name')).toContain('offers.shop.example.com');
      });
    },
    binary,
  );
}
