import { beforeAll, expect, test } from 'vitest';
import { TestCluster, refusal } from '../fixtures.js';
import { configMaps, pods, secrets } from '../kinds/index.js';
import type { ResourceType } from '../resource-type.js';
import type { Scope } from './context.js';

let cluster: TestCluster;
const scope: Scope = { cluster: 'c', namespace: 'default' };
const list = (type: ResourceType, where: Scope, continueToken?: string) =>
  cluster.kubernetes.lists.list(type, where, { limit: 1, ...(continueToken && { continueToken }) });

beforeAll(() => {
  cluster = new TestCluster();
  for (const name of ['a', 'b', 'c']) cluster.create('secrets', { metadata: { name } });
});

test('pages follow one another to the last', () => {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = list(secrets, scope, token);
    names.push(...page.items.map(({ metadata }) => metadata.name));
    token = page.continueToken;
  } while (token !== undefined);
  expect(names).toEqual(['a', 'b', 'c']);
});

/** Whoever may not list secrets could read them elsewhere. */
test.each<[string, () => ResourceType, Scope]>([
  ['another kind', () => configMaps, scope],
  ['a kind of other columns', () => pods, scope],
  ['another namespace', () => secrets, { cluster: 'c', namespace: 'kube-system' }],
  ['all namespaces', () => secrets, { cluster: 'c' }],
  ['another cluster', () => secrets, { cluster: 'd', namespace: 'default' }],
])('a list’s next page is no page of %s', (_, type, where) => {
  const { continueToken } = list(secrets, scope);
  expect(refusal(() => list(type(), where, continueToken))).toMatch(/^400 invalid continue token/);
});

test.each([
  ['a list', {}, 1],
  ['a list not older than it', { resourceVersionMatch: 'NotOlderThan' }, 1],
  ['exactly it', { resourceVersionMatch: 'Exact' }, undefined],
  ['a page of it', { limit: 1 }, undefined],
])('of a revision to come, %s is refused', (_, query, retryAfterSeconds) => {
  const asked = { ...query, resourceVersion: '999999' };
  expect(() => cluster.kubernetes.lists.list(secrets, scope, asked)).toThrow(
    expect.objectContaining({
      code: 504,
      reason: 'Timeout',
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      },
    }),
  );
});
