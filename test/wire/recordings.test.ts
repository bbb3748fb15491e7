import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPoolkeeper } from '../../src/index.js';
import type { Poolkeeper } from '../../src/index.js';
import { send, signIn } from './http-client.js';

interface Recording {
  readonly request: unknown;
  readonly reply: unknown;
}
const recording = (name: string): Recording =>
  JSON.parse(readFileSync(new URL(`./recordings/${name}.json`, import.meta.url), 'utf8')) as Recording;

/** Every member by its path, with the type of its value. */
function shape(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (Array.isArray(value)) return new Map([[path, 'array'], ...shape(value[0], `${path}[]`)]);
  if (typeof value !== 'object' || value === null)
    return new Map([[path, value === null ? 'null' : typeof value]]);
  return new Map([
    [path, 'object'],
    ...Object.entries(value).flatMap(([name, member]) => [...shape(member, `${path}.${name}`)]),
  ]);
}

let poolkeeper: Poolkeeper;
let headers: { readonly authorization: string };
const version = 'api-version=2026-06-01';
const cluster = () =>
  `/subscriptions/${poolkeeper.subscriptionId}/resourceGroups/rg1/providers/Microsoft.ContainerService/managedClusters/shop`;
const put = async (path: string, body: unknown) =>
  (await send(poolkeeper, { method: 'PUT', path: `${path}?${version}`, body, headers })).body;

beforeAll(async () => {
  poolkeeper = await startPoolkeeper({ mode: { kind: 'virtual' } });
  headers = await signIn(poolkeeper);
  await put(`/subscriptions/${poolkeeper.subscriptionId}/resourcegroups/rg1`, { location: 'westus2' });
});
afterAll(() => poolkeeper.stop());

/** Members of ours that are newer than the recordings (AKS: eTags since 2024-09-01, SSH access since 2026). */
const newer = /\.(eTag|sshAccess|undrainableNodeBehavior)$/;

describe('a recorded reply of AKS has the members, types and casing of ours:', () => {
  test.each([
    ['cluster-created', () => cluster()],
    ['pool', () => `${cluster()}/agentPools/np1`],
  ])('%s', async (name, path) => {
    const { request, reply } = recording(name);
    const ours = shape(await put(path(), request));
    poolkeeper.clock.runUntilIdle();
    const theirs = shape(reply);
    const missing = [...theirs].filter(([member, type]) => ours.get(member) !== type);
    expect(missing.map(([member, type]) => `${member}: ${type}, ours ${ours.get(member) ?? 'none'}`)).toEqual(
      [],
    );
    const added = [...ours.keys()].filter((member) => !theirs.has(member) && !newer.test(member));
    expect(added).toEqual([]);
  });

  test('once it is there, a cluster also shows what AKS has made for it', async () => {
    const { body } = await send(poolkeeper, { path: `${cluster()}?${version}`, headers });
    const members = shape(body);
    for (const member of [
      '.properties.identityProfile.kubeletidentity.clientId',
      '.properties.networkProfile.loadBalancerProfile.effectiveOutboundIPs',
    ]) {
      expect(members.has(member)).toBe(true);
    }
  });
});
