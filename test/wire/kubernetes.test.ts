import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { resourceGroups } from '../../src/azure/index.js';
import { startPoolkeeper } from '../../src/index.js';
import type { Poolkeeper } from '../../src/index.js';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What an issued kubeconfig holds. */
interface Config {
  readonly server: string;
  readonly token: string;
}

const cluster = {
  location: 'westeurope',
  properties: {
    dnsPrefix: 'shop',
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 2, vmSize: 'Standard_D4s_v5' }],
  },
};

function send(
  poolkeeper: Poolkeeper,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = init;
    const request = httpsRequest(url, { method, headers, ca: poolkeeper.caPem }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function open(): Promise<{ poolkeeper: Poolkeeper; config: Config }> {
  const poolkeeper = await startPoolkeeper({ mode: { kind: 'running', speed: 20 } });
  const path = { resourceGroup: 'rg1', cluster: 'shop' };
  poolkeeper.world.store.transact((tx) => {
    tx.put(resourceGroups, 'rg1', { name: 'rg1', location: 'westeurope', provisioningState: 'Succeeded' });
  });
  poolkeeper.world.aks.putCluster(path, cluster);
  const text = await poolkeeper.kubeconfig(path);
  const parsed = parse(text) as {
    clusters: readonly [{ cluster: { server: string } }];
    users: readonly [{ user: { token: string } }];
  };
  const config = { server: parsed.clusters[0].cluster.server, token: parsed.users[0].user.token };
  return { poolkeeper, config };
}

describe('the API server', () => {
  let poolkeeper: Poolkeeper;
  let config: Config;
  const call = (path: string, init: Parameters<typeof send>[2] = {}) =>
    send(poolkeeper, `${config.server}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${config.token}`, ...init.headers },
    });
  const json = (body: unknown, type = 'application/json') => ({
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });

  beforeAll(async () => {
    ({ poolkeeper, config } = await open());
  });
  afterAll(() => poolkeeper.stop());

  test.each([
    ['no credentials', '/api/v1/pods', { authorization: '' }, 401],
    ['a token of nobody', '/api/v1/pods', { authorization: 'Bearer x' }, 401],
    ['another scheme', '/api/v1/pods', { authorization: 'Basic eDp4' }, 401],
    ['somebody without rights', '/api/v1/pods', { 'impersonate-user': 'bob' }, 403],
    [
      'a group that may look',
      '/api/v1/nodes',
      { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' },
      200,
    ],
    ['no health without a name', '/healthz', { authorization: '' }, 200],
  ])('%s', async (_, path, headers, status) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
    const own =
      'authorization' in headers && headers.authorization === ''
        ? {}
        : { authorization: `Bearer ${config.token}` };
    const answer = await send(poolkeeper, `${config.server}${path}`, { headers: { ...own, ...given } });
    expect(answer.status).toBe(status);
    if (status >= 400)
      expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
  });

  test('reads headers of up to 1 MB, as selectors may be long', async () => {
    const selector = encodeURIComponent(`app in (${'web,'.repeat(10_000)}web)`);
    const { status } = await call(`/api/v1/pods?labelSelector=${selector}`);
    expect([selector.length > 60_000, status]).toEqual([true, 200]);
  });

  test.each([
    [
      'an unknown kind',
      'GET',
      '/api/v1/nothings',
      undefined,
      404,
      'the server could not find the requested resource',
    ],
    [
      'an object that is not there',
      'GET',
      '/api/v1/namespaces/default/pods/x',
      undefined,
      404,
      'pods "x" not found',
    ],
    [
      'a group object that is not there',
      'GET',
      '/apis/apps/v1/namespaces/default/deployments/x',
      undefined,
      404,
      'deployments.apps "x" not found',
    ],
    ['no body', 'POST', '/api/v1/namespaces', undefined, 400, 'unexpected end of JSON input (<empty>)'],
    [
      'another kind',
      'POST',
      '/api/v1/namespaces',
      json({ kind: 'Pod', apiVersion: 'v1' }),
      400,
      'Pod in version "v1" cannot be handled as a Namespace: converting (v1.Pod) to (core.Namespace): unknown conversion',
    ],
    [
      'no name',
      'POST',
      '/api/v1/namespaces',
      json({}),
      422,
      'Namespace "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      'a bad name',
      'POST',
      '/api/v1/namespaces',
      json({ metadata: { name: 'A' } }),
      422,
      'a lowercase RFC 1123 label must consist of',
    ],
    [
      'a namespace that is not there',
      'POST',
      '/api/v1/namespaces/none/configmaps',
      json({ metadata: { name: 'a' } }),
      404,
      'namespaces "none" not found',
    ],
    [
      'the wrong namespace',
      'POST',
      '/api/v1/namespaces/default/configmaps',
      json({ metadata: { name: 'a', namespace: 'b' } }),
      400,
      'does not match the namespace sent on the request',
    ],
    [
      'an object that exists',
      'POST',
      '/api/v1/namespaces',
      json({ metadata: { name: 'default' } }),
      409,
      'namespaces "default" already exists',
    ],
    [
      'an old version',
      'PUT',
      '/api/v1/namespaces/default',
      json({ metadata: { name: 'default', resourceVersion: '1' } }),
      409,
      'the object has been modified',
    ],
    [
      'a resource version on a new object',
      'POST',
      '/api/v1/namespaces/default/configmaps',
      json({ metadata: { name: 'a', resourceVersion: '1' } }),
      400,
      'resourceVersion should not be set',
    ],
    [
      'another name',
      'PUT',
      '/api/v1/namespaces/default',
      json({ metadata: { name: 'x' } }),
      400,
      'does not match the name on the URL',
    ],
    [
      'an unknown member, strictly',
      'POST',
      '/api/v1/namespaces/default/configmaps?fieldValidation=Strict',
      json({ metadata: { name: 'a' }, dta: {} }),
      400,
      'strict decoding error: unknown field "dta"',
    ],
    [
      'a member of the wrong type',
      'POST',
      '/api/v1/namespaces/default/configmaps',
      json({ metadata: { name: 'a' }, data: { x: 1 } }),
      400,
      'cannot unmarshal number into Go struct field',
    ],
    [
      'a patch that does not apply',
      'PATCH',
      '/api/v1/namespaces/default',
      json([{ op: 'test', path: '/kind', value: 'x' }], 'application/json-patch+json'),
      422,
      'the server rejected our request',
    ],
    [
      'a field nobody selects by',
      'GET',
      '/api/v1/pods?fieldSelector=spec.x%3D1',
      undefined,
      400,
      'field label not supported: spec.x',
    ],
    [
      'a bad label selector',
      'GET',
      '/api/v1/pods?labelSelector=a%20in%20b',
      undefined,
      400,
      'unable to parse requirement',
    ],
    [
      'a bad limit',
      'GET',
      '/api/v1/pods?limit=x',
      undefined,
      400,
      'strconv.ParseInt: parsing "x": invalid syntax',
    ],
    ['a bad continue token', 'GET', '/api/v1/pods?continue=x', undefined, 400, 'continue key is not valid'],
    [
      'a revision of the future',
      'GET',
      '/api/v1/pods?resourceVersion=999999999',
      undefined,
      504,
      'Too large resource version: 999999999',
    ],
    ['another method', 'PUT', '/api/v1/namespaces', json({}), 405, 'the server does not allow this method'],
    [
      'a media type nobody makes',
      'GET',
      '/api/v1/pods',
      { headers: { accept: 'text/html' } },
      406,
      'only the following media types are accepted',
    ],
    ['exec', 'POST', '/api/v1/namespaces/default/pods/x/exec?command=ls', undefined, 400, 'simulated'],
    [
      'a body too large',
      'POST',
      '/api/v1/namespaces/default/configmaps',
      { headers: { 'content-type': 'application/json' }, body: Buffer.alloc(4_000_000, 'x') },
      413,
      'Request entity too large',
    ],
  ])('%s is answered as Kubernetes does', async (_, method, path, init, status, message) => {
    const answer = await call(path, { method, ...init });
    expect(JSON.parse(answer.body)).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      code: status,
      message: expect.stringContaining(message) as string,
    });
    expect(answer.status).toBe(status);
  });

  test.each([
    ['an unknown path', 'GET', '/nothing', undefined, 404, '404 page not found\n'],
    ['an unknown group', 'GET', '/apis/nothing.io/v1/things', undefined, 404, '404 page not found\n'],
    [
      'a patch of no type',
      'PATCH',
      '/api/v1/namespaces/default',
      json({}, 'text/plain'),
      415,
      '415: Unsupported Media Type',
    ],
  ])('%s is refused before the API is reached, as text', async (_, method, path, init, status, text) => {
    const answer = await call(path, { method, ...init });
    expect(answer.body).toBe(text);
    expect(answer.status).toBe(status);
  });

  test('lists in pages that belong together', async () => {
    for (let index = 0; index < 7; index += 1) {
      await call('/api/v1/namespaces/kube-public/configmaps', {
        method: 'POST',
        ...json({ metadata: { name: `page-${String(index)}` } }),
      });
    }
    const page = async (token: string) => {
      const { body } = await call(`/api/v1/namespaces/kube-public/configmaps?limit=3&continue=${token}`);
      return JSON.parse(body) as {
        metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
        items: readonly { metadata: { name: string } }[];
      };
    };
    const first = await page('');
    expect(first.metadata.remainingItemCount).toBe(5);
    // What happens between two pages is not in them.
    await call('/api/v1/namespaces/kube-public/configmaps/page-6', { method: 'DELETE' });
    const second = await page(first.metadata.continue ?? '');
    const third = await page(second.metadata.continue ?? '');
    const names = [first, second, third].flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
    expect(names).toEqual([
      'kube-root-ca.crt',
      ...Array.from({ length: 7 }, (_, index) => `page-${String(index)}`),
    ]);
    expect(third.metadata.continue).toBeUndefined();
    expect(new Set([first, second, third].map(({ metadata }) => metadata.resourceVersion)).size).toBe(1);
  });

  test('a dry run answers as the real one, and keeps nothing', async () => {
    const answer = await call('/api/v1/namespaces/default/configmaps?dryRun=All', {
      method: 'POST',
      ...json({ metadata: { name: 'dry' } }),
    });
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([201, { metadata: { name: 'dry' } }]);
    expect((await call('/api/v1/namespaces/default/configmaps/dry')).status).toBe(404);
  });

  test('a watch sends what is there, marks the end of it, and goes on', async () => {
    const query =
      'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=2';
    const watching = call(`/api/v1/namespaces/default/configmaps?${query}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await call('/api/v1/namespaces/default/configmaps', {
      method: 'POST',
      ...json({ metadata: { name: 'seen' } }),
    });
    await call('/api/v1/namespaces/default/configmaps/seen', { method: 'DELETE' });
    const events = (await watching).body
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { type: string; object: { metadata: { name?: string; annotations?: object } } },
      );
    expect(events.map(({ type, object }) => [type, object.metadata.name])).toEqual([
      ['ADDED', 'kube-root-ca.crt'],
      ['BOOKMARK', undefined],
      ['ADDED', 'seen'],
      ['DELETED', 'seen'],
    ]);
    expect(events[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  test('watches of a custom kind end when its definition changes or goes', async () => {
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const widgets = '/apis/watched.example.com/v1/namespaces/default/widgets';
    const version = (type: string) => ({
      name: 'v1',
      served: true,
      storage: true,
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { size: { type } } } },
        },
      },
    });
    const names = { plural: 'widgets', kind: 'Widget' };
    const spec = { group: 'watched.example.com', scope: 'Namespaced', names, versions: [version('integer')] };
    await call(definitions, {
      method: 'POST',
      ...json({ metadata: { name: 'widgets.watched.example.com' }, spec }),
    });
    const one = { apiVersion: 'watched.example.com/v1', kind: 'Widget', metadata: { name: 'one' } };
    expect((await call(widgets, { method: 'POST', ...json(one) })).status).toBe(201);
    const definition = `${definitions}/widgets.watched.example.com`;
    const patch = (body: object) =>
      call(definition, { method: 'PATCH', ...json(body, 'application/merge-patch+json') });
    const eventsOf = ({ body }: Answer): readonly string[] =>
      body
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { readonly type: string }).type);

    let hasEnded = false;
    const first = call(`${widgets}?watch=1&timeoutSeconds=60`).finally(() => (hasEnded = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What changes nothing of what is served disturbs nobody.
    await patch({ metadata: { labels: { team: 'shop' } } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(hasEnded).toBe(false);
    await patch({ spec: { versions: [version('string')] } });
    expect(eventsOf(await first)).toEqual(['ADDED']);

    const second = call(`${widgets}?watch=1&timeoutSeconds=60`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await call(definition, { method: 'DELETE' });
    const events = eventsOf(await second);
    expect([events.at(0), events.at(-1)]).toEqual(['ADDED', 'DELETED']);
    expect((await call(widgets)).status).toBe(404);
  });
});
