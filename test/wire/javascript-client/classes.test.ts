import { request } from 'node:https';
import * as k8s from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCluster } from '../cluster.js';
import type { TestCluster } from '../cluster.js';
import { apiClasses, callOf, callsOf, servedKinds } from './api-classes.js';
import type { ServedKind } from './api-classes.js';
import { questions, writtenObjects } from './objects.js';
import type { WrittenObject } from './objects.js';

let cluster: TestCluster;
let config: k8s.KubeConfig;
let served: readonly ServedKind[];
beforeAll(async () => {
  cluster = await openCluster();
  config = new k8s.KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  served = servedKinds(await Promise.all(['/api', '/apis'].map(discovery)));
});
afterAll(() => cluster.poolkeeper.stop());

function discovery(path: string): Promise<string> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const { server, token, poolkeeper } = cluster;
  const headers = { authorization: `Bearer ${token}`, accept };
  return new Promise((resolve, reject) => {
    request(`${server}${path}`, { headers, ca: poolkeeper.caPem }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

test('discovery tells what the client’s classes can do, kind by kind', () => {
  for (const { name, calls } of apiClasses) {
    const kinds = served.filter((kind) => kind.className === name);
    if (kinds.length === 0) continue;
    const expected = kinds.flatMap(callsOf).sort();
    const actual = calls.filter((call) => !/^connect/.test(call));
    expect([...actual].sort(), name).toEqual(expected);
  }
});

test('no class that the client has for a version in general use is without a group here', () => {
  const names = new Set(served.map(({ className }) => className));
  const missing = apiClasses
    .map(({ name }) => name)
    .filter((name) => /V\d+Api$/.test(name) && !names.has(name));
  expect(missing).toEqual([]);
});

/** What a call of a class takes. */
type Parameters = Readonly<Record<string, unknown>>;

type Calls = Readonly<Record<string, (parameters: Parameters, options?: unknown) => Promise<unknown>>>;

/** One class of the client for one kind. */
class KindClient {
  readonly kind: ServedKind;
  readonly #client: Calls;

  constructor(kind: ServedKind) {
    this.kind = kind;
    const found = apiClasses.find(({ name }) => name === kind.className);
    if (!found) throw new Error(`the client has no ${kind.className}`);
    this.#client = config.makeApiClient(found.constructor) as unknown as Calls;
  }

  /** @throws k8s.ApiException for a refusal */
  call<T = k8s.KubernetesObject>(name: string, parameters: Parameters, options?: unknown): Promise<T> {
    const method = this.#client[name];
    if (!method) throw new Error(`${this.kind.className} has no ${name}`);
    return method.call(this.#client, parameters, options) as Promise<T>;
  }
}

function clientFor({ apiVersion, kind }: WrittenObject): KindClient {
  const found = served.find((one) => one.apiVersion === apiVersion && one.kind === kind);
  if (!found) throw new Error(`${apiVersion}/${kind} is not served`);
  return new KindClient(found);
}

const mergePatch = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch);
const strategicPatch = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.StrategicMergePatch);
const applyPatch = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.ServerSideApply);

/** What others need stays as it is: a round is made with one of another name. */
const needed = new Set(['Namespace', 'ServiceAccount', 'Endpoints']);
const alone = (object: WrittenObject): WrittenObject =>
  needed.has(object.kind)
    ? { ...object, metadata: { ...object.metadata, name: `${object.metadata.name ?? ''}-other` } }
    : object;

/** Subresources that are read and written as the object is. */
const isRead = (name: string): boolean => !['log', 'proxy', 'exec', 'attach', 'portforward'].includes(name);

beforeAll(async () => {
  const core = config.makeApiClient(k8s.CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: 'every' } } });
  await core.createNamespacedServiceAccount({ namespace: 'every', body: { metadata: { name: 'robot' } } });
});

test('there is an object to try of every kind that is kept', () => {
  const kept = served.filter(({ verbs }) => verbs.includes('create') && verbs.includes('list'));
  const tried = new Set(writtenObjects.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`));
  const asked = served.filter(({ verbs }) => verbs.includes('create') && !verbs.includes('list'));
  expect(
    kept.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`).filter((one) => !tried.has(one)),
  ).toEqual([]);
  // A Binding is an order, and has a test of its own.
  expect(asked.map(({ kind }) => kind).sort()).toEqual(
    ['Binding', ...questions.map(({ kind }) => kind)].sort(),
  );
});

test.each(
  writtenObjects.map(
    (object) => [`${object.apiVersion} ${object.kind} ${object.metadata.name ?? ''}`, alone(object)] as const,
  ),
)('%s goes round: created, read, listed, replaced, patched, deleted', async (_, written) => {
  const client = clientFor(written);
  const { kind } = client;
  const { name = '', namespace } = written.metadata;
  const place = namespace === undefined ? {} : { namespace };
  const at = { ...place, name };
  const created = await client.call(callOf(kind, 'create'), { ...place, body: written });
  expect(created).toMatchObject({ apiVersion: written.apiVersion, kind: written.kind, metadata: at });
  const read = () => client.call(callOf(kind, 'get'), at);
  expect((await read()).metadata?.uid).toBe(created.metadata?.uid);

  const lists = kind.isNamespaced
    ? [callOf(kind, 'list'), `list${kind.kind}ForAllNamespaces`]
    : [callOf(kind, 'list')];
  for (const list of lists) {
    const { items } = await client.call<k8s.KubernetesListObject<k8s.KubernetesObject>>(list, place);
    expect(
      items.map(({ metadata }) => metadata?.uid),
      list,
    ).toContain(created.metadata?.uid);
  }

  // Controllers may write between reading and replacing.
  const replaced = await retried(async () => {
    const present = await read();
    const body = { ...present, metadata: { ...present.metadata, labels: { round: 'replaced' } } };
    return client.call(callOf(kind, 'update'), { ...at, body });
  });
  expect(replaced.metadata?.labels).toMatchObject({ round: 'replaced' });

  const patch = (body: unknown, options?: unknown, more: Parameters = {}) =>
    client.call(callOf(kind, 'patch'), { ...at, body, ...more }, options);
  const label = (value: string) => ({ metadata: { labels: { round: value } } });
  const patched = [
    await patch([{ op: 'replace', path: '/metadata/labels/round', value: 'json' }]),
    await patch(label('merge'), mergePatch),
    await patch(label('strategic'), strategicPatch),
    await patch(
      {
        apiVersion: kind.apiVersion,
        kind: kind.kind,
        metadata: { name, ...place, labels: { round: 'applied' } },
      },
      applyPatch,
      { fieldManager: 'tests', force: true },
    ),
  ];
  expect(patched.map(({ metadata }) => metadata?.labels?.['round'])).toEqual([
    'json',
    'merge',
    'strategic',
    'applied',
  ]);

  for (const { name: part, verbs } of kind.subresources) {
    if (!verbs.includes('get') || !isRead(part)) continue;
    const partOf = () => client.call(callOf(kind, 'get', part), at);
    expect((await partOf()).metadata?.name, part).toBe(name);
    if (verbs.includes('update'))
      await retried(async () => client.call(callOf(kind, 'update', part), { ...at, body: await partOf() }));
    if (verbs.includes('patch'))
      await client.call(callOf(kind, 'patch', part), { ...at, body: {} }, mergePatch);
  }

  await client.call(callOf(kind, 'delete'), at);
  // What finalizers or a grace period hold is on its way.
  const left = await read().catch((error: unknown) => error);
  if (left instanceof k8s.ApiException) expect(left.code).toBe(404);
  else expect((left as k8s.KubernetesObject).metadata?.deletionTimestamp).toBeDefined();
  if (kind.verbs.includes('deletecollection'))
    await client.call(callOf(kind, 'deletecollection'), { ...place, labelSelector: 'round=none' });
});

test.each(questions.map((object) => [object.kind, object] as const))(
  '%s is answered',
  async (_, question) => {
    const client = clientFor(question);
    const { namespace } = question.metadata;
    const parameters = { ...(namespace !== undefined && { namespace }), body: question };
    const answer = await client.call(callOf(client.kind, 'create'), parameters);
    expect(answer).toMatchObject({ kind: question.kind, status: expect.anything() as unknown });
  },
);

test('a Binding binds a pod, whose name is in it alone', async () => {
  const core = config.makeApiClient(k8s.CoreV1Api);
  const spec = { schedulerName: 'nobody', containers: [{ name: 'main', image: 'nginx:1.27' }] };
  const body = { metadata: { name: 'to-bind' }, spec };
  await core.createNamespacedPod({ namespace: 'every', body });
  const [node] = (await core.listNode()).items;
  const target = { kind: 'Node', name: node?.metadata?.name ?? '' };
  const binding = { metadata: { name: 'to-bind' }, target };
  await core.createNamespacedBinding({ namespace: 'every', body: binding });
  const bound = await core.readNamespacedPod({ namespace: 'every', name: 'to-bind' });
  expect(bound.spec?.nodeName).toBe(target.name);
  const again = core.createNamespacedBinding({ namespace: 'every', body: binding });
  await expect(again).rejects.toMatchObject({ code: 409 });
  const nameless = core.createNamespacedBinding({ namespace: 'every', body: { metadata: {}, target } });
  await expect(nameless).rejects.toMatchObject({ code: 400 });
});

test('the parts of the control plane are well', async () => {
  const core = config.makeApiClient(k8s.CoreV1Api);
  const { items } = await core.listComponentStatus();
  expect(items.map(({ metadata, conditions }) => [metadata?.name, conditions?.[0]?.message])).toEqual([
    ['controller-manager', 'ok'],
    ['scheduler', 'ok'],
    ['etcd-0', 'ok'],
  ]);
  expect(await core.readComponentStatus({ name: 'etcd-0' })).toMatchObject({
    conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  });
  await expect(core.readComponentStatus({ name: 'none' })).rejects.toMatchObject({ code: 404 });
});

/** Tries again what somebody else's write came before. */
async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !(error instanceof k8s.ApiException) || error.code !== 409) throw error;
    }
  }
}

/** As the client's types name its members: `_default` is sent as `default`, and so on. */
const gadgetDefinition: k8s.V1CustomResourceDefinition = {
  metadata: { name: 'gadgets.round.example.com' },
  spec: {
    group: 'round.example.com',
    scope: 'Namespaced',
    names: { plural: 'gadgets', kind: 'Gadget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: { size: { type: 'integer' }, color: { type: 'string', _default: 'blue' } },
              },
              status: { type: 'object', x_kubernetes_preserve_unknown_fields: true },
            },
          },
        },
      },
    ],
  },
};

test('objects of a custom kind go round by CustomObjectsApi', async () => {
  const extensions = config.makeApiClient(k8s.ApiextensionsV1Api);
  await extensions.createCustomResourceDefinition({ body: gadgetDefinition });
  const custom = config.makeApiClient(k8s.CustomObjectsApi);
  const gadgets = { group: 'round.example.com', version: 'v1', plural: 'gadgets', namespace: 'every' };
  const one = { ...gadgets, name: 'one' };
  const body = {
    apiVersion: 'round.example.com/v1',
    kind: 'Gadget',
    metadata: { name: 'one' },
    spec: { size: 2 },
  };
  const created = (await custom.createNamespacedCustomObject({ ...gadgets, body })) as k8s.KubernetesObject;
  expect(created).toMatchObject({ spec: { size: 2, color: 'blue' } });
  expect(await custom.getNamespacedCustomObject(one)).toEqual(created);
  expect(await custom.listNamespacedCustomObject(gadgets)).toMatchObject({
    kind: 'GadgetList',
    items: [created],
  });
  expect(await custom.listClusterCustomObject(gadgets)).toMatchObject({ items: [created] });
  const { resourceVersion } = created.metadata ?? {};
  const next = { ...body, metadata: { name: 'one', resourceVersion }, spec: { size: 3 } };
  expect(await custom.replaceNamespacedCustomObject({ ...one, body: next })).toMatchObject({
    spec: { size: 3 },
  });
  const smaller = [{ op: 'replace', path: '/spec/size', value: 1 }];
  expect(await custom.patchNamespacedCustomObject({ ...one, body: smaller })).toMatchObject({
    spec: { size: 1 },
  });
  const status = { status: { phase: 'Ready' } };
  expect(await custom.patchNamespacedCustomObjectStatus({ ...one, body: status }, mergePatch)).toMatchObject(
    status,
  );
  expect(await custom.getNamespacedCustomObjectStatus(one)).toMatchObject(status);
  expect(await custom.deleteNamespacedCustomObject(one)).toMatchObject({ kind: 'Status', status: 'Success' });
  await expect(custom.getNamespacedCustomObject(one)).rejects.toMatchObject({ code: 404 });
});
