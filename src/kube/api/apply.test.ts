import { beforeEach, describe, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import { builtInTypes, deployments } from '../kinds/index.js';
import type { KubeObject } from '../object.js';
import { fieldAt, membersOf } from '../object.js';

const scope = { cluster: 'c', namespace: 'default' };
const configMaps = builtInTypes.find(({ plural }) => plural === 'configmaps') ?? deployments;
const template = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'a', image: 'a:1' }] },
};
const body = (spec: object = {}, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { paused: true, selector: { matchLabels: { app: 'x' } }, template, ...spec },
  ...more,
});

describe('an apply', () => {
  let cluster: TestCluster;
  beforeEach(() => {
    cluster = new TestCluster();
  });
  const apply = (
    manager: string,
    given: object,
    more: { readonly part?: 'status'; readonly force?: true; readonly dryRun?: true } = {},
  ) =>
    cluster.kubernetes.objects.apply(deployments, scope, 'web', given, more.part ?? 'object', {
      dryRun: more.dryRun ?? false,
      fieldValidation: 'Strict',
      manager,
      conflicts: more.force ? 'force' : 'refuse',
    }).object as KubeObject;
  const owners = (object: KubeObject) =>
    object.metadata.managedFields?.map(({ manager, operation, subresource = '' }) =>
      [manager, operation, subresource].join(' ').trim(),
    );

  test('of a number of fields that others own names each of them', () => {
    apply('a', body({ replicas: 1, minReadySeconds: 3 }));
    apply('b', body({ revisionHistoryLimit: 4 }));
    const other = body({ replicas: 2, minReadySeconds: 4, revisionHistoryLimit: 5 });
    expect(refusal(() => apply('c', other))).toBe(
      [
        '409 Apply failed with 3 conflicts: conflicts with "a":',
        '- .spec.minReadySeconds',
        '- .spec.replicas',
        'conflicts with "b":',
        '- .spec.revisionHistoryLimit',
      ].join('\n'),
    );
    expect(fieldAt(apply('c', other, { force: true }), 'spec.replicas')).toBe(2);
    expect(refusal(() => apply('a', body({ replicas: 1 })))).toBe(
      '409 Apply failed with 1 conflict: conflict with "c": .spec.replicas',
    );
  });

  test('to an object leaves its status alone, and one to the status all else', () => {
    const made = apply('a', body({ replicas: 1 }, { status: { replicas: 9 } }));
    expect(fieldAt(made, 'status.replicas')).toBeUndefined();
    const after = apply('k', { ...body({ replicas: 5 }), status: { readyReplicas: 1 } }, { part: 'status' });
    expect(membersOf(after)).toMatchObject({ spec: { replicas: 1 }, status: { readyReplicas: 1 } });
    expect(owners(after)).toEqual(['a Apply', 'k Apply status']);
    const [, status] = after.metadata.managedFields ?? [];
    expect(status?.fieldsV1).toEqual({ 'f:status': { 'f:readyReplicas': {} } });
    const conflict = refusal(() =>
      apply('a', { ...body(), status: { readyReplicas: 2 } }, { part: 'status' }),
    );
    expect(conflict).toBe(
      '409 Apply failed with 1 conflict: conflict with "k" with subresource "status": .status.readyReplicas',
    );
  });

  test('of what its schema does not declare is refused, and says what of which object', () => {
    const given = { ...body({ replicas: '2' }), metadata: { name: 'web', namespace: 'default' }, more: 1 };
    expect(refusal(() => apply('a', given))).toBe(
      [
        '500 failed to create typed patch object (default/web; apps/v1, Kind=Deployment): errors:',
        '  .spec.replicas: expected numeric (int or float), got string',
        '  .more: field not declared in schema',
      ].join('\n'),
    );
    expect(refusal(() => cluster.get('deployments', 'web'))).toContain('404');
  });

  test('in a dry run answers alike, and keeps nothing', () => {
    const shown = apply('a', body({ replicas: 1 }), { dryRun: true });
    expect(fieldAt(shown, 'spec.replicas')).toBe(1);
    expect(refusal(() => cluster.get('deployments', 'web'))).toContain('404');
    apply('a', body({ replicas: 1 }));
    expect(fieldAt(apply('a', body({ replicas: 4 }), { dryRun: true }), 'spec.replicas')).toBe(4);
    expect(fieldAt(cluster.get('deployments', 'web'), 'spec.replicas')).toBe(1);
  });

  test('gives what its manager leaves out its default', () => {
    apply('a', body({ replicas: 4, revisionHistoryLimit: 2 }));
    const after = apply('a', body());
    expect(membersOf(after)['spec']).toMatchObject({ replicas: 1, revisionHistoryLimit: 10 });
  });

  test('hands a field over: the new owner sets it, the old one leaves it out', () => {
    apply('a', body({ replicas: 4 }));
    apply('b', { ...body(), spec: { replicas: 4 } });
    expect(fieldAt(apply('a', body()), 'spec.replicas')).toBe(4);
    expect(fieldAt(apply('b', { ...body(), spec: { replicas: 6 } }), 'spec.replicas')).toBe(6);
  });

  test('takes over what was applied on the client once its owner is renamed', () => {
    cluster.kubernetes.objects.create(deployments, scope, body({ replicas: 3, minReadySeconds: 7 }), {
      dryRun: false,
      fieldValidation: 'Strict',
      manager: 'kubectl-client-side-apply',
    });
    const { managedFields = [] } = cluster.get('deployments', 'web').metadata;
    const renamed = managedFields.map((entry) => ({ ...entry, manager: 'kubectl', operation: 'Apply' }));
    cluster.patch('deployments', 'web', { metadata: { managedFields: renamed } });
    const after = apply('kubectl', body({ replicas: 2 }));
    expect(owners(after)).toEqual(['kubectl Apply']);
    expect(membersOf(after)['spec']).toMatchObject({ replicas: 2 });
    expect(fieldAt(after, 'spec.minReadySeconds')).toBeUndefined();
  });

  test.each([
    ['cleared by an entry without members', [{}], undefined],
    ['kept where there is none', [], ['a Apply']],
    ['kept where one is in no form that is read', [{ manager: 'm' }], ['a Apply']],
  ])('may have its owners %s', (_, managedFields, expected) => {
    apply('a', body());
    const after = cluster.patch('deployments', 'web', { metadata: { managedFields } });
    expect(owners(after as KubeObject)).toEqual(expected);
  });

  test('owns keys of a map, not the map', () => {
    const write = (manager: string, data: object) =>
      cluster.kubernetes.objects.apply(
        configMaps,
        scope,
        'm',
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data },
        'object',
        { dryRun: false, fieldValidation: 'Strict', manager, conflicts: 'refuse' },
      ).object as KubeObject;
    write('a', { one: '1', two: '2' });
    expect(fieldAt(write('b', { three: '3' }), 'data')).toEqual({ one: '1', two: '2', three: '3' });
    expect(fieldAt(write('a', { one: '1' }), 'data')).toEqual({ one: '1', three: '3' });
    expect(refusal(() => write('b', { one: 'x' }))).toBe(
      '409 Apply failed with 1 conflict: conflict with "a": .data.one',
    );
  });
});
