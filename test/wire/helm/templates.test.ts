import { expect, test } from 'vitest';
import { chart, describeWithHelm } from './session.js';

const shop = chart('shop');

describeWithHelm('Helm and what it renders', {}, (helm) => {
  const says = (line: string) => helm().says(line);
  const kubectl = (line: string) => helm().session.says(line);
  const secret = async (flags: string) =>
    /key: (\S+)/.exec(
      await says(`template web ${shop} --set offer.enabled=false --show-only templates/secret.yaml ${flags}`),
    )?.[1];

  test('a chart on its own, of any version of Kubernetes', async () => {
    const whole = await says(`template web ${shop} --include-crds`);
    expect(whole.match(/^kind: .*$/gm)?.sort()).toEqual(
      [
        ...[
          'ConfigMap',
          'CustomResourceDefinition',
          'Deployment',
          'Ingress',
          'Job',
          'Job',
          'Job',
          'Job',
          'Offer',
        ],
        ...['Pod', 'PodDisruptionBudget', 'Secret', 'Service', 'Service', 'ServiceAccount', 'StatefulSet'],
      ].map((kind) => `kind: ${kind}`),
    );
    expect(await says(`template web ${shop} --show-only charts/cache/templates/statefulset.yaml`)).toContain(
      'name: web-cache',
    );
    expect(await says(`lint ${shop} --strict`)).toContain('0 chart(s) failed');
  });

  test('what a cluster can do is known to its charts', async () => {
    const server = JSON.parse(await kubectl('version -o json')) as { serverVersion: { gitVersion: string } };
    const printed = await says(`install web ${shop} --set offer.enabled=false --dry-run=server`);
    expect(printed).toContain(`on Kubernetes ${server.serverVersion.gitVersion}.`);
    expect(printed).toContain('It can be scaled by what it uses.');
    expect(await kubectl('get crd -o name')).not.toContain('offers');
  });

  test('the kinds of `crds` have to be there for a run against the server', async () => {
    expect(await helm().refusal(`install web ${shop} --dry-run=server`)).toContain(
      'no matches for kind "Offer" in version "shop.example.com/v1"\nensure CRDs are installed first',
    );
  });

  test('what a chart asks the cluster for is asked', async () => {
    await says(`install web ${shop} --set hooks.enabled=false --set cache.enabled=false`);
    const kept = await kubectl('get secret web-shop-session -o jsonpath={.data.key}');
    expect(await secret('--dry-run=server')).toBe(kept);
    expect(await secret('')).not.toBe(kept);
  });

  test('an upgrade that is only tried shows what it would do, and does nothing', async () => {
    const printed = await says(
      `upgrade web ${shop} --dry-run=server --set replicas=7 --set hooks.enabled=false`,
    );
    expect(printed).toContain('STATUS: pending-upgrade\nREVISION: 2');
    expect(printed).toContain('replicas: 7');
    expect(printed).toContain(`key: ${await kubectl('get secret web-shop-session -o jsonpath={.data.key}')}`);
    expect(await helm().history('web')).toEqual(['1 deployed: Install complete']);
    expect(await kubectl('get deployment web-shop -o jsonpath={.spec.replicas}')).toBe('2');
  });
});
