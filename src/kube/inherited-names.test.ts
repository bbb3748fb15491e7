import { beforeAll, describe, expect, test } from 'vitest';
import type { PatchType } from './api/index.js';
import { TestCluster, refusal } from './fixtures.js';
import { configMaps } from './kinds/index.js';

/** Names that every object of the language has by inheritance: in what is sent they are names like any other. */
const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__'];

let cluster: TestCluster;
beforeAll(() => {
  cluster = new TestCluster();
});

const created = (plural: string, body: object): string =>
  refusal(() => cluster.create(plural, { metadata: { generateName: 'x-' }, ...body }, { dryRun: true }));

/** An object with one member, whatever its name. */
const only = (name: string, value: unknown): object => Object.fromEntries([[name, value]]);
const pod = (container: object): object => ({
  spec: { containers: [{ name: 'main', image: 'app', ...container }] },
});

describe.each(['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio'])(
  '%s of a limit range',
  (list) =>
    test.each(names.filter((name) => name !== '__proto__'))(
      'may name %s, which other lists then do not have',
      (name) => {
        const limit = {
          type: 'PersistentVolumeClaim',
          max: { storage: '1' },
          [list]: { ...(list === 'max' && { storage: '1' }), [`example.com/${name}`]: '2' },
        };
        expect(created('limitranges', { spec: { limits: [limit] } })).toBe('taken');
        expect(created('limitranges', { spec: { limits: [{ ...limit, [list]: only(name, '2') }] } })).toMatch(
          /^422 .*must be/,
        );
      },
    ),
);

test.each(names)('an amount of %s is no resource of a container', (name) => {
  const unknown = /^422 .*must be a standard resource/;
  expect(created('pods', pod({ resources: { limits: only(name, '1') } }))).toMatch(unknown);
  expect(created('pods', pod({ resources: { requests: only(name, '1') } }))).toMatch(unknown);
});

test.each(names)('a quota of %s is refused in words', (name) =>
  expect(created('resourcequotas', { spec: { hard: only(name, '1') } })).toMatch(/^422 /),
);

test('a class may be called constructor', () =>
  expect(
    refusal(() => cluster.create('priorityclasses', { metadata: { name: 'constructor' }, value: 1 })),
  ).toBe('taken'));

test('a schedule of one word is read as one', () => {
  const template = {
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
  };
  expect(created('cronjobs', { spec: { schedule: 'constructor', jobTemplate: template } })).toMatch(/^422 /);
});

const patchesOf = (name: string): readonly (readonly [PatchType, unknown])[] => [
  // The library that applies these refuses the one name that could do harm.
  ...(name === '__proto__' ? [] : [['json', [{ op: 'add', path: `/data/${name}`, value: '2' }]] as const]),
  ['merge', { data: only(name, '2') }],
  ['strategic', { data: only(name, '2') }],
];

describe.each(names)('a key %s of a config map', (name) => {
  const scope = { cluster: 'c', namespace: 'default' };
  const options = { dryRun: false, fieldValidation: 'Strict' } as const;
  const data = (of: string): unknown =>
    JSON.parse(JSON.stringify(cluster.get('configmaps', of)['data'] ?? {}));

  test.each(patchesOf(name))('is set by a %s patch', (type, body) => {
    const { metadata } = cluster.create('configmaps', {
      metadata: { generateName: 'patched-' },
      data: { a: '1' },
    });
    cluster.kubernetes.objects.patch(configMaps, scope, metadata.name, { type, body }, 'object', options);
    expect(data(metadata.name)).toEqual({ a: '1', ...only(name, '2') });
  });

  test('is kept, applied, and given up', () => {
    const of = `applied-${String(names.indexOf(name))}`;
    const apply = (applied: object) =>
      cluster.kubernetes.objects.apply(
        configMaps,
        scope,
        of,
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: of }, data: applied },
        'object',
        { ...options, manager: 'm', conflicts: 'refuse' },
      );
    apply({ a: '1' });
    apply({ a: '1', ...only(name, '2') });
    expect(data(of)).toEqual({ a: '1', ...only(name, '2') });
    apply({ a: '1' });
    expect(data(of)).toEqual({ a: '1' });
  });

  test('is kept of a secret’s texts', () => {
    const { metadata } = cluster.create('secrets', {
      metadata: { generateName: 'text-' },
      stringData: only(name, 'x'),
    });
    expect(Object.keys(cluster.get('secrets', metadata.name)['data'] as object)).toEqual([name]);
  });
});
