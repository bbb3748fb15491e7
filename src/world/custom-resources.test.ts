import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resourceGroups } from '../azure/index.js';
import { StatusError } from '../kube/index.js';
import type { JsonObject, KubeObject, ResourceType } from '../kube/index.js';
import { instant, seconds } from '../units/index.js';
import { World } from './index.js';

const day = instant(Date.UTC(2026, 7, 21));
const writing = { dryRun: false, fieldValidation: 'Strict', manager: 'test' } as const;
const path = { resourceGroup: 'rg1', cluster: 'shop' };

let home: string;
let world: World;
let cluster: string;

function open(): void {
  world = World.open({ data: join(home, 'data'), mode: { kind: 'virtual' }, start: day });
  if (world.aks.listClusters().length === 0) {
    world.store.transact((tx) => {
      tx.put(resourceGroups, 'rg1', {
        name: 'rg1',
        location: 'westeurope',
        provisioningState: 'Succeeded',
      });
    });
    world.aks.putCluster(path, {
      location: 'westeurope',
      properties: {
        dnsPrefix: 'shop',
        agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D4s_v5' }],
      },
    });
    world.clock.runUntilIdle();
  }
  cluster = world.aks.cluster(path).id.toLowerCase();
}

const typeOf = (apiVersion: string, plural: string): ResourceType => {
  const found = world.kubernetes.kinds.of(cluster).ofPlural(apiVersion, plural);
  if (!found) throw new Error(`${apiVersion} ${plural} is not served`);
  return found;
};
const crds = () => typeOf('apiextensions.k8s.io/v1', 'customresourcedefinitions');
const crontabs = (version = 'v1') => typeOf(`stable.example.com/${version}`, 'crontabs');
const scopeOf = (type: ResourceType, namespace = 'default') =>
  type.namespaced ? { cluster, namespace } : { cluster };
type Shown = KubeObject & { readonly spec: JsonObject; readonly status: JsonObject };
const create = (type: ResourceType, body: object, namespace?: string): Shown =>
  world.kubernetes.objects.create(type, scopeOf(type, namespace), body, writing).object as Shown;
const get = (type: ResourceType, name: string, namespace?: string): Shown =>
  world.kubernetes.objects.get(type, scopeOf(type, namespace), name) as Shown;
const patch = (type: ResourceType, name: string, body: object, part: 'object' | 'status' = 'object'): Shown =>
  world.kubernetes.objects.patch(type, scopeOf(type), name, { type: 'merge', body }, part, writing)
    .object as Shown;
const remove = (type: ResourceType, name: string) =>
  world.kubernetes.objects.delete(type, scopeOf(type), name, {}, { dryRun: false });
const settle = () => world.clock.step(seconds(0));
const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof StatusError) return `${String(error.code)} ${error.message}`;
    throw error;
  }
  return 'was not refused';
};

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['cronSpec'],
        properties: {
          cronSpec: { type: 'string', pattern: '^\\S+$' },
          replicas: { type: 'integer', minimum: 1, default: 1 },
        },
      },
      status: { type: 'object', properties: { ready: { type: 'boolean' } } },
    },
  },
};
const definition = (more: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crontabs.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'] },
    versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    ...more,
  },
});
const crontab = (name: string, spec: object = { cronSpec: '*' }, metadata: object = {}) => ({
  apiVersion: 'stable.example.com/v1',
  kind: 'CronTab',
  metadata: { name, ...metadata },
  spec,
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'poolkeeper-custom-'));
  open();
});
afterEach(async () => {
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

describe('a definition', () => {
  test('is established, and its kind is served from then on', () => {
    create(crds(), definition());
    expect(() => crontabs()).toThrow('not served');
    settle();
    expect(get(crds(), 'crontabs.stable.example.com').status).toMatchObject({
      acceptedNames: {
        plural: 'crontabs',
        singular: 'crontab',
        kind: 'CronTab',
        listKind: 'CronTabList',
        shortNames: ['ct'],
      },
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
      ],
      storedVersions: ['v1'],
    });
    expect(crontabs().shortNames).toEqual(['ct']);
  });

  test('that goes takes its objects with it, and waits for those that are held', () => {
    create(crds(), definition());
    settle();
    create(crontabs(), crontab('free'));
    create(crontabs(), crontab('held', undefined, { finalizers: ['example.com/hold'] }));
    remove(crds(), 'crontabs.stable.example.com');
    settle();
    expect(get(crds(), 'crontabs.stable.example.com').status['conditions']).toMatchObject([
      {},
      {},
      { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress' },
    ]);
    expect(refusal(() => create(crontabs(), crontab('late')))).toBe(
      '405 create not allowed while custom resource definition is terminating',
    );
    expect(crontabs().verbs).not.toContain('create');
    expect(refusal(() => get(crontabs(), 'free'))).toBe('404 crontabs.stable.example.com "free" not found');
    patch(crontabs(), 'held', { metadata: { finalizers: null } });
    settle();
    expect(refusal(() => get(crds(), 'crontabs.stable.example.com'))).toContain('not found');
    expect(() => crontabs()).toThrow('not served');
  });

  test('whose names another of its group has is not established until they are free', () => {
    create(crds(), definition());
    settle();
    const other = definition({ names: { plural: 'others', kind: 'CronTab' } });
    create(crds(), { ...other, metadata: { name: 'others.stable.example.com' } });
    settle();
    expect(get(crds(), 'others.stable.example.com').status['conditions']).toMatchObject([
      {
        type: 'NamesAccepted',
        status: 'False',
        reason: 'ListKindConflict',
        message: '"CronTabList" is already in use',
      },
      { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    ]);
    remove(crds(), 'crontabs.stable.example.com');
    settle();
    expect(get(crds(), 'others.stable.example.com').status['conditions']).toMatchObject([
      { type: 'NamesAccepted', status: 'True' },
      { type: 'Established', status: 'True' },
    ]);
  });
});

describe('custom objects', () => {
  beforeEach(() => {
    create(crds(), definition());
    settle();
  });

  test('are completed, checked and counted', () => {
    const made = create(crontabs(), crontab('a'));
    expect(made).toMatchObject({ metadata: { generation: 1 }, spec: { cronSpec: '*', replicas: 1 } });
    expect(refusal(() => create(crontabs(), crontab('b', { cronSpec: 'x', replicas: 0 })))).toBe(
      '422 CronTab.stable.example.com "b" is invalid: spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1',
    );
    expect(refusal(() => create(crontabs(), crontab('b', { cronSpec: 'x', more: 1 })))).toContain(
      'strict decoding error: unknown field "spec.more"',
    );
    expect(patch(crontabs(), 'a', { status: { ready: true } }, 'status')).toMatchObject({
      metadata: { generation: 1 },
      status: { ready: true },
    });
    expect(patch(crontabs(), 'a', { spec: { replicas: 2 } })).toMatchObject({
      metadata: { generation: 2 },
      status: { ready: true },
    });
  });

  test('go with their owners, and take what they own with them', () => {
    const configMaps = typeOf('v1', 'configmaps');
    const owner = create(crontabs(), crontab('owner'));
    const ownedBy = ({ apiVersion, kind, metadata }: KubeObject) => ({
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
    });
    const map = create(configMaps, { metadata: { name: 'owned', ...ownedBy(owner) } });
    create(crontabs(), crontab('below', undefined, ownedBy(map)));
    remove(crontabs(), 'owner');
    settle();
    expect(refusal(() => get(configMaps, 'owned'))).toContain('not found');
    expect(refusal(() => get(crontabs(), 'below'))).toContain('not found');
  });

  test('stay when nobody can tell whether their owner is there', () => {
    const unknown = { apiVersion: 'example.com/v1', kind: 'Unknown', name: 'x', uid: 'x' };
    create(crontabs(), crontab('kept', undefined, { ownerReferences: [unknown] }));
    settle();
    expect(get(crontabs(), 'kept').metadata.name).toBe('kept');
  });

  test('go with their namespace, and with their cluster', () => {
    create(typeOf('v1', 'namespaces'), { metadata: { name: 'shop' } });
    create(crontabs(), crontab('a'), 'shop');
    create(crontabs(), crontab('b'));
    remove(typeOf('v1', 'namespaces'), 'shop');
    world.clock.step(seconds(10));
    expect(refusal(() => get(crontabs(), 'a', 'shop'))).toContain('not found');
    expect(get(crontabs(), 'b').metadata.name).toBe('b');
    const { collection } = crontabs();
    world.aks.deleteCluster(path);
    world.clock.runUntilIdle();
    expect(world.store.count(collection)).toBe(0);
  });

  test('are shown with what their definition fills in since', () => {
    create(crontabs(), crontab('old'));
    const before = get(crontabs(), 'old').metadata.resourceVersion;
    const { properties } = schema.openAPIV3Schema;
    const fills = { ...properties.spec.properties, suspend: { type: 'boolean', default: true } };
    const spec = { ...properties.spec, properties: fills };
    const versions = [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { ...properties, spec } } },
      },
    ];
    patch(crds(), 'crontabs.stable.example.com', { spec: { versions } });
    expect(get(crontabs(), 'old')).toMatchObject({
      metadata: { resourceVersion: before },
      spec: { suspend: true },
    });
  });

  test('may stay as they are when their definition asks for more', () => {
    create(crontabs(), crontab('old'));
    const { properties } = schema.openAPIV3Schema;
    const cronSpec = { type: 'string', pattern: '^[0-9]+$' };
    const spec = { ...properties.spec, properties: { ...properties.spec.properties, cronSpec } };
    const stricter = { openAPIV3Schema: { type: 'object', properties: { ...properties, spec } } };
    const versions = [{ name: 'v1', served: true, storage: true, schema: stricter }];
    patch(crds(), 'crontabs.stable.example.com', { spec: { versions } });
    expect(patch(crontabs(), 'old', { spec: { replicas: 2 } }).spec['replicas']).toBe(2);
    expect(refusal(() => patch(crontabs(), 'old', { spec: { cronSpec: 'x' } }))).toContain('should match');
  });

  test('are one in all versions, and keep the version that was stored', () => {
    const both = [
      { name: 'v1', served: true, storage: false, schema },
      { name: 'v2', served: true, storage: true, schema },
    ];
    create(crontabs(), crontab('old'));
    patch(crds(), 'crontabs.stable.example.com', { spec: { versions: both } });
    settle();
    expect(get(crds(), 'crontabs.stable.example.com').status['storedVersions']).toEqual(['v1', 'v2']);
    expect(get(crontabs('v2'), 'old')).toMatchObject({ apiVersion: 'stable.example.com/v2' });
    expect(get(crontabs('v1'), 'old')).toMatchObject({ apiVersion: 'stable.example.com/v1' });
    patch(crontabs('v1'), 'old', { spec: { replicas: 4 } });
    expect(get(crontabs('v2'), 'old')).toMatchObject({ spec: { replicas: 4 }, metadata: { generation: 2 } });
    const without = both.filter(({ name }) => name === 'v2');
    expect(
      refusal(() => patch(crds(), 'crontabs.stable.example.com', { spec: { versions: without } })),
    ).toContain('v1 was previously a storage version');
  });

  test('are there after a restart, and go with their definition then', async () => {
    create(crontabs(), crontab('a'));
    const before = get(crontabs(), 'a');
    await world.close();
    open();
    expect(get(crontabs(), 'a')).toEqual(before);
    remove(crds(), 'crontabs.stable.example.com');
    settle();
    expect(() => crontabs()).toThrow('not served');
    await world.close();
    open();
    expect(() => crontabs()).toThrow('not served');
  });
});
